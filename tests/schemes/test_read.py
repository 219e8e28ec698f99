from __future__ import annotations

import pytest

from pipeline.config import BUILTIN
from pipeline.errors import ExitCode, SchemeError
from pipeline.schemes import read_kinds, read_scheme
from tests.conftest import World


def test_the_scheme_of_huadu_asks_for_its_26_papers_and_three_of_the_systems() -> None:
    scheme = read_scheme(BUILTIN / "inputs/huadu-2016")
    extra = [rule for rule in scheme.document if rule.status == "extra"]
    further = [rule for rule in scheme.document if rule.of]
    assert [rule.kind for rule in further] == ["acceptance_overview"]
    assert len(scheme.document) - len(extra) - len(further) == 26
    assert [rule.kind for rule in extra] == [
        "publicity_household",
        "publicity_household",
        "publicity_exit",
    ]
    assert {total.value for total in scheme.total} == {182, 2228, 1091, 1137}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('form = "threshold"', 'form = "treshold"', "target[1].form：不在允许的取值之中"),
        ("per_member = true", "per_membr = true", "target[1].per_membr：不认识的键"),
        ("year = 2016", 'year = "今年"', "year：不是整数"),
        ("since = 2016-01-01", 'since = "元旦"', "since"),
        ('parameter = "income_line"', 'parameter = "income"', "没有定义的参数 income"),
        ('all_of = ["HD-T1"]', 'all_of = ["HD-T99"]', "没有定义的目标 HD-T99"),
        ('stage = "第一次公示"', 'steps = "HD-T99"', "文书 HD-X01 用到没有定义的目标 HD-T99"),
        ('of = "HD-D25"', 'of = "HD-D99"', "文书 HD-D25Z 属于没有定义的文书 HD-D99"),
        ('exits = "HD-H17"', 'exits = "HD-H99"', "文书 HD-D25 用到没有定义的目标 HD-H99"),
        ('exits = "HD-H17"', 'ranking = "HD-R9"', "文书 HD-D25 用到没有定义的排名 HD-R9"),
        ('id = "HD-T3"', 'id = "HD-T1"', "目标 HD-T1 定义了不止一次"),
        ("[area]", "[area", "不是合法的 TOML"),
    ],
)
def test_a_wrong_key_is_named_with_its_place(world: World, old: str, new: str, says: str) -> None:
    world.edit_scheme(old, new)
    with pytest.raises(SchemeError) as caught:
        world.scheme()
    assert says in str(caught.value)
    assert "scheme.toml" in str(caught.value)
    assert caught.value.exit_code == ExitCode.SCHEME


def test_the_line_of_a_wrong_key_is_right(world: World) -> None:
    world.edit_scheme("per_member = true", "per_membr = true")
    path = world.root / "inputs/huadu-2016/scheme.toml"
    line = path.read_text(encoding="utf-8").splitlines().index("per_membr = true") + 1
    with pytest.raises(SchemeError, match=f"第{line}行"):
        world.scheme()


def test_the_line_of_a_value_in_a_list_is_the_line_of_the_list(world: World) -> None:
    world.edit_scheme("value = 10000 }", 'value = "一万" }')
    path = world.root / "inputs/huadu-2016/scheme.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    line = next(number for number, words in enumerate(lines, 1) if "一万" in words)
    with pytest.raises(SchemeError, match=f"第{line}行"):
        world.scheme()


def test_every_built_in_kind_can_be_read_and_its_folder_is_its_id() -> None:
    kinds = read_kinds({"docx": [BUILTIN / "templates/docx"], "html": [BUILTIN / "templates/html"]})
    assert {"responsibility_letter", "publicity_household", "acceptance_report"} <= set(kinds)
    assert kinds["publicity_household"].audience == "public"


def test_a_kind_whose_id_is_not_its_folder_is_refused(world: World) -> None:
    folder = world.root / "templates/html/other"
    folder.mkdir(parents=True)
    (folder / "kind.toml").write_text(
        (BUILTIN / "templates/html/publicity_household/kind.toml").read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    with pytest.raises(SchemeError, match=r"publicity_household.*other"):
        read_kinds({"html": [folder.parent]})
