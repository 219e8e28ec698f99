"""Questions to the past: what differs, whence a figure came, who changed it, bring it back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pypdfium2
import pytest

from tests.conftest import SCHEME, Sheet, World
from tests.run.life import answer, run

KIND = "acceptance_report"


@pytest.fixture(scope="module")
def changed(small: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a workspace where one household's income was corrected after the papers were made."""
    root = tmp_path_factory.mktemp("asking") / "w"
    shutil.copytree(small.root, root)
    world = World(root)
    village = world.roster().villages[0]
    asked = ("--village", village.name, "-q")
    run(world, "make", SCHEME, *asked, "--by", "王五", "--on", "2016-11-03")

    def edit(sheet: Sheet) -> None:
        sheet.set(1, "年可支配收入", 98765)

    world.change("02", "贫困户", edit)
    run(world, "make", SCHEME, *asked, "--by", "赵六", "--on", "2016-11-05")
    return world


def document(world: World) -> str:
    return f"{KIND}/{world.roster().villages[0].code}"


def test_diff_names_figures_cells_and_words(changed: World, tmp_path: Path) -> None:
    one = document(changed)
    told = answer(changed, "history", SCHEME, "diff", f"{one}@1", f"{one}@2")
    figures = {field["path"]: field for field in told["fields"]}
    income = figures["households[0].disposable"]
    [cell] = income["cells"]
    assert cell["new"]["value"] == "98765"
    assert (cell["new"]["file"], cell["new"]["sheet"]) == ("02 贫困户名册.xlsx", "贫困户")
    assert cell["new"]["row"] == cell["old"]["row"] == 4
    assert cell["old"]["column"] == cell["new"]["column"] != ""
    assert income["old"] in {part["text"] for part in told["text"] if part["how"] == "gone"}
    said = run(changed, "history", SCHEME, "diff", f"{one}@1", f"{one}@2",
               "--html", str(tmp_path / "d.html")).stdout  # fmt: skip
    assert f"[-{income['old']}-]" in said
    page = (tmp_path / "d.html").read_text(encoding="utf-8")
    assert f"<del>{income['old']}</del>" in page
    assert "02 贫困户名册.xlsx·贫困户·" in page


def test_pages_side_by_side_mark_what_differs(changed: World, tmp_path: Path) -> None:
    one = document(changed)
    refs = (f"{one}@1", f"{one}@2")
    for name in ("p.pdf", "p.png"):
        run(changed, "history", SCHEME, "diff", *refs, "--pages", str(tmp_path / name))
    pages = answer(changed, "history", SCHEME, "show", f"{one}@1")["pages"]
    with pypdfium2.PdfDocument(tmp_path / "p.pdf") as drawn:
        assert len(drawn) == pages
        colours = set()
        for page in drawn:
            pixels = page.render().to_numpy()[..., ::-1]
            marked = abs(pixels.max(axis=2).astype(int) - pixels.min(axis=2)) > 80
            colours.add(bool(marked.any()))
    assert True in colours
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")
    refused = run(changed, "history", SCHEME, "diff", *refs, "--pages", "x.gif", code=7)
    assert "不会画" in refused.stderr


@pytest.mark.parametrize(
    ("path", "table", "field"),
    [
        ("village.population", "行政村", "户籍人口"),
        ("households[0].head", "贫困户", "户主姓名"),
        ("households[0].net", "贫困户", "年纯收入"),
        ("totals.persons", "家庭成员", "户编号"),
        ("targets[0].outcome", "贫困户", "年可支配收入"),
        ("conclusion", "贫困户", "年可支配收入"),
    ],
)
def test_trace_leads_to_the_cells(changed: World, path: str, table: str, field: str) -> None:
    told = answer(changed, "history", SCHEME, "trace", document(changed), path)
    assert any(cell["sheet"] == table and cell["field"] == field for cell in told["cells"])
    assert all(cell["file"] and cell["row"] and cell["column"] for cell in told["cells"])


@pytest.mark.parametrize(
    ("figure", "table", "field"),
    [
        ("帮扶责任人到户 达标数", "帮扶责任人", "户编号"),
        ("至少掌握一门技能 达标数", "家庭成员", "掌握技能门数"),
        ("纳入重特大疾病救助 达标数", "家庭成员", "纳入重特大疾病救助范围"),
    ],
)
def test_trace_of_a_group_leads_to_whom_it_counts(
    changed: World, figure: str, table: str, field: str
) -> None:
    told = answer(changed, "history", SCHEME, "trace", document(changed), figure)
    assert (table, field) in {(cell["sheet"], cell["field"]) for cell in told["cells"]}


def test_trace_of_the_persons_listed_leads_to_cells_that_add_up(changed: World) -> None:
    village = document(changed).split("/")[1]
    notice = f"publicity_household/{village}"
    told = answer(changed, "history", SCHEME, "trace", notice, "listed.persons")
    assert {cell["field"] for cell in told["cells"]} == {"家庭人口数"}
    assert sum(int(cell["value"]) for cell in told["cells"]) == told["value"]


def test_trace_says_what_does_not_come_from_the_roster(changed: World) -> None:
    one = document(changed)
    assert "不来自名册" in run(changed, "history", SCHEME, "trace", one, "scheme.year").stdout
    wrong = run(changed, "history", SCHEME, "trace", one, "households[99].head", code=2)
    assert "没有“households[99].head”" in wrong.stderr


def test_trace_reads_the_snapshot_of_the_version(changed: World) -> None:
    one = document(changed)
    path = "households[0].disposable"
    old, new = (
        answer(changed, "history", SCHEME, "trace", f"{one}@{number}", path) for number in (1, 2)
    )
    values = [told["cells"][0]["value"] for told in (old, new)]
    assert values[1] == "98765" != values[0]


def test_papers_and_figures_are_found_by_what_people_call_them(changed: World) -> None:
    village = changed.roster().villages[0].name
    one = document(changed)
    for name in (f"督查验收报告/{village}", f"{KIND}/{village}"):
        assert answer(changed, "history", SCHEME, "show", f"{name}@1")["document"] == one
        assert answer(changed, "history", SCHEME, "show", name)["number"] == 2
    head = answer(changed, "history", SCHEME, "trace", one, "households[0].head")["value"]
    by_name = answer(changed, "history", SCHEME, "trace", f"督查验收报告/{village}",
                     f"{head} 年人均可支配收入")  # fmt: skip
    assert by_name == answer(changed, "history", SCHEME, "trace", one, "households[0].disposable")


def test_a_wrong_name_is_answered_with_the_nearest(changed: World) -> None:
    one = document(changed)
    for wrong in (
        one.replace("report", "raport"),
        f"验收报告书/{changed.roster().villages[0].name}",
    ):
        said = run(changed, "history", SCHEME, "show", wrong, code=2).stderr
        assert one in said, wrong
    said = run(changed, "history", SCHEME, "trace", one, "户籍人数", code=2).stderr
    assert "户籍人口" in said
    several = run(changed, "history", SCHEME, "trace", one, "年人均可支配收入", code=2).stderr
    assert "households[0].disposable" in several


def test_the_log_is_asked_by_the_name_or_id_of_a_kind(changed: World) -> None:
    by_id, by_name = (
        answer(changed, "history", SCHEME, "log", "--kind", word) for word in (KIND, "督查验收报告")
    )
    assert by_id == by_name != []
    assert "没有" in run(changed, "history", SCHEME, "log", "--kind", "x", code=2).stderr


def test_blame_says_who_changed_what_between_two_days(changed: World) -> None:
    name = changed.roster().villages[0].name
    steps = answer(changed, "history", SCHEME, "blame", name)
    assert [step["operator"] for step in steps if step["fields"]] == ["赵六"]
    [step] = [step for step in steps if step["fields"]]
    income = next(one for one in step["fields"] if one["path"] == "households[0].disposable")
    assert income["cells"][0]["new"]["value"] == "98765"
    late = answer(changed, "history", SCHEME, "blame", name, "--since", "2016-11-04")
    assert {step["operator"] for step in late} == {"赵六"}
    early = answer(changed, "history", SCHEME, "blame", name, "--until", "2016-11-04")
    assert {step["operator"] for step in early} == {"王五"}
    assert "没有“月球”的文书" in run(changed, "history", SCHEME, "blame", "月球", code=2).stderr


def test_restore_brings_back_and_rebuilds_the_same_bytes(changed: World, tmp_path: Path) -> None:
    one = f"{document(changed)}@1"
    shown = answer(changed, "history", SCHEME, "show", one)
    run(changed, "history", SCHEME, "restore", one, "-o", str(tmp_path / "a"))
    told = answer(
        changed, "history", SCHEME, "restore", one, "-o", str(tmp_path / "b"), "--rebuild"
    )
    assert told["rebuilt"] is True
    first, second = ((tmp_path / folder / "督查验收报告.pdf").read_bytes() for folder in ("a", "b"))
    assert first == second
    assert len(shown["files"]) == 1
    assert (tmp_path / "a/context.json").is_file()
    (tmp_path / "a/督查验收报告.pdf").write_bytes(b"other")
    kept = run(changed, "history", SCHEME, "restore", one, "-o", str(tmp_path / "a"), code=7)
    assert "同名而内容不同" in kept.stderr


def test_rebuild_says_when_the_template_is_another(changed: World, tmp_path: Path) -> None:
    shutil.copytree(changed.root, tmp_path / "w")
    world = World(tmp_path / "w")
    from pipeline.config import BUILTIN

    own = world.root / "templates/html"
    shutil.copytree(BUILTIN / "templates/html" / KIND, own / KIND)
    page = own / KIND / "template.html"
    page.write_text(page.read_text(encoding="utf-8").replace("验收结论", "结论"), encoding="utf-8")
    refused = run(world, "history", SCHEME, "restore", f"{document(world)}@1",
                  "-o", str(tmp_path / "a"), "--rebuild", code=8)  # fmt: skip
    assert "模板已改过" in refused.stderr


def test_a_letter_with_codes_on_its_pages_is_rebuilt_too(changed: World, tmp_path: Path) -> None:
    town = changed.roster().towns[0]
    asked = ("--kind", "responsibility_letter", "--town", town.name, "-q")
    run(changed, "make", SCHEME, *asked, "--by", "王五", "--on", "2016-11-07")
    letter = f"responsibility_letter/{town.code}"
    told = answer(changed, "history", SCHEME, "restore", letter, "-o", str(tmp_path), "--rebuild")
    assert told["rebuilt"] is True
    assert (tmp_path / "脱贫攻坚责任书.docx").is_file()


def test_the_log_is_asked_by_subject_and_user(changed: World) -> None:
    here, elsewhere = (village.name for village in changed.roster().villages[:2])
    lines = answer(changed, "history", SCHEME, "log", "--village", here)
    assert {line["operator"] for line in lines} == {"王五", "赵六"}
    assert all(here in one["title"] for line in lines for one in line["versions"])
    assert answer(changed, "history", SCHEME, "log", "--village", elsewhere) == []
    said = run(changed, "history", SCHEME, "log", "--user", "赵六").stdout
    assert "赵六" in said
    assert "王五" not in said
    nothing = run(changed, "history", SCHEME, "log", "--household", "没有这个人", code=2).stderr
    assert "没有这个人" in nothing


def test_stats_tell_the_size_of_the_newest_and_of_all_versions(changed: World) -> None:
    [report] = [one for one in answer(changed, "history", SCHEME, "stats") if one["kind"] == KIND]
    assert (report["documents"], report["versions"]) == (1, 2)
    newest = changed.outputs / report["example"]
    assert newest.stat().st_size == report["bytes"] < report["bytes_of_all_versions"]
