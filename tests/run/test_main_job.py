"""The main job from the command line: rosters in, papers and dossiers out, and again."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pypdfium2
import pytest

from tests.conftest import SCHEME, Sheet, World


def juanzong(world: World, *words: str, code: int = 0) -> str:
    """Run the command in a workspace and return what it prints; its exit code must be `code`."""
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *words, "-C", str(world.root)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "JUANZONG_DEBUG": "1"},
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + ("" if "--json" in words or not code else done.stderr)


def answer(world: World, *words: str, code: int = 0) -> Any:
    return json.loads(juanzong(world, *words, "--json", code=code))


def text_of(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    return "".join(page.get_textpage().get_text_range() for page in document)


@pytest.fixture(scope="module")
def done(small: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a workspace where everything has been made and bound once."""
    root = tmp_path_factory.mktemp("done") / "w"
    shutil.copytree(small.root, root)
    world = World(root)
    juanzong(world, "make", SCHEME)
    juanzong(world, "bind", SCHEME)
    return world


@pytest.fixture
def again(done: World, tmp_path: Path) -> World:
    """Return a copy of the finished workspace that a test may change."""
    shutil.copytree(done.root, tmp_path / "w")
    return World(tmp_path / "w")


def set_income(world: World, head: str, amount: float) -> None:
    def edit(sheet: Sheet) -> None:
        sheet.set(sheet.find("户主姓名", head), "年可支配收入", amount)

    world.change("02", "贫困户", edit)


def test_every_village_has_its_papers_and_its_dossier(done: World) -> None:
    roster = done.roster()
    for village in roster.villages:
        town = roster.town[village.town_code].name
        inside = done.outputs / "内部/花都区" / town / village.name
        public = done.outputs / "公开/花都区" / town / village.name
        assert {path.name for path in inside.iterdir()} == {"卷宗.pdf", "督查验收报告.pdf"}
        assert {path.name for path in public.iterdir()} == {"贫困户名单公示.pdf"}
    for town in roster.towns:
        folder = done.outputs / "内部/花都区" / town.name
        assert (folder / "脱贫攻坚责任书.docx").is_file()
        assert (folder / "脱贫攻坚责任书.pdf").is_file()


def test_each_page_of_each_paper_says_it_is_a_sample(done: World) -> None:
    for path in done.outputs.rglob("*.pdf"):
        for page in pypdfium2.PdfDocument(path):
            assert "样例数据" in page.get_textpage().get_text_range(), path


def test_the_public_list_shows_its_four_columns_and_nothing_personal(done: World) -> None:
    roster = done.roster()
    village = roster.villages[0]
    path = next(done.outputs.glob(f"公开/花都区/*/{village.name}/贫困户名单公示.pdf"))
    words = text_of(path)
    for household in roster.households_of[village.code]:
        assert household.head in words
        members = roster.members_of[household.code]
        assert not any(member.id_no in words for member in members)
        assert household.phone not in words
    assert "系统默认" in words


def test_a_dossier_numbers_its_papers_as_its_catalogue_says(done: World) -> None:
    version = answer(done, "history", SCHEME, "show", f"dossier/{done.roster().villages[0].code}")
    book = pypdfium2.PdfDocument(done.outputs / version["files"][0]["path"])
    entries = version["context"]["dossier"]["entries"]
    assert entries[0]["title"].endswith("脱贫攻坚责任书")
    assert len(book) == 3 + sum(entry["pages"] for entry in entries)
    for entry in entries:
        page = book[2 + entry["first_page"] - 1].get_textpage().get_text_range()
        assert str(entry["first_page"]) in page.split()


def test_a_second_run_makes_nothing_and_says_so_whatever_day_it_is(done: World) -> None:
    before = {path: path.stat().st_mtime_ns for path in done.outputs.rglob("*.pdf")}
    for on in ((), ("--on", "2031-05-05")):
        assert "没有变化，无需制作" in juanzong(done, "make", SCHEME, *on)
        assert "没有变化，无需装订" in juanzong(done, "bind", SCHEME, *on)
    assert before == {path: path.stat().st_mtime_ns for path in done.outputs.rglob("*.pdf")}


def test_an_empty_row_above_the_data_makes_nothing_new(again: World) -> None:
    again.change("02", "贫困户", lambda sheet: sheet.sheet.insert_rows(sheet.head + 1))
    assert answer(again, "plan", SCHEME)["due"] == []


def test_one_changed_income_makes_exactly_the_papers_that_show_it(again: World) -> None:
    roster = again.roster()
    household = next(row for row in roster.households if row.labour == "有")
    set_income(again, household.head, 4321)
    planned = answer(again, "plan", SCHEME)
    assert [paper["document"] for paper in planned["due"]] == [
        f"acceptance_report/{household.village_code}"
    ]
    (cell,) = planned["roster_changes"]
    assert cell["field"] == "贫困户·年可支配收入"
    assert (cell["of"], cell["new"]) == (household.head, "4321")
    fields = {(change["of"], change["field"]) for change in planned["due"][0]["changes"]}
    assert (household.head, "年人均可支配收入") in fields
    words = juanzong(again, "plan", SCHEME)
    assert "年可支配收入" in words
    assert "督查验收报告" in words
    made = answer(again, "make", SCHEME)
    assert [paper["document"] for paper in made["made"]] == [
        f"acceptance_report/{household.village_code}"
    ]
    assert made["made"][0]["number"] == 2
    bound = answer(again, "bind", SCHEME)
    assert [book["document"] for book in bound["bound"]] == [f"dossier/{household.village_code}"]


def test_the_figures_of_accept_are_those_in_the_cells_it_names(done: World) -> None:
    found = answer(done, "accept", SCHEME)
    assert len(found["villages"]) == 6
    books = {path.name: openpyxl.load_workbook(path) for path in done.snapshot.glob("*.xlsx")}
    checked = 0
    for village in found["villages"]:
        for row in village["rows"]:
            if row["target"] == "HD-T1":
                income, size = (
                    books[cell["file"]][cell["sheet"]][f"{cell['column']}{cell['row']}"].value
                    for cell in row["evidence"]
                )
                assert float(row["value"]) == pytest.approx(income / size)
                assert income / size < 10000
                checked += 1
    assert checked


def test_a_file_edited_by_hand_is_never_overwritten(again: World) -> None:
    household = again.roster().households[0]
    path = next(
        again.outputs.glob(
            f"内部/花都区/*/{again.roster().village[household.village_code].name}/督查验收报告.pdf"
        )
    )
    path.write_bytes(b"my own notes")
    assert "手改" in juanzong(again, "make", SCHEME, code=3)
    set_income(again, household.head, 1)
    assert answer(again, "plan", SCHEME)["due"][0]["reason"] == "edited"
    assert "手改" in juanzong(again, "make", SCHEME, code=3)
    assert path.read_bytes() == b"my own notes"


def test_a_lost_output_is_put_back_from_the_store(again: World) -> None:
    path = next(again.outputs.glob("公开/**/*.pdf"))
    data = path.read_bytes()
    path.unlink()
    assert answer(again, "make", SCHEME)["restored"] == 1
    assert path.read_bytes() == data


def test_one_bad_household_costs_its_village_only(again: World) -> None:
    def edit(sheet: Sheet) -> None:
        sheet.set(1, "家庭年纯收入", 1)

    again.change("02", "贫困户", edit)
    village = again.roster().households[0].village_code
    assert "四项收入之和减支出" in juanzong(again, "check", SCHEME, code=3)
    made = answer(again, "make", SCHEME, code=3)
    assert {skip["document"].split("/")[1] for skip in made["skipped"]} == {village}


def test_a_public_paper_with_a_telephone_in_it_is_not_released(world: World) -> None:
    world.change("02", "贫困户", lambda sheet: sheet.set(1, "村民小组", "电话15400001234"))
    made = answer(world, "make", SCHEME, "--kind", "公示", code=3)
    (skipped,) = made["skipped"]
    assert "公开件里有个人信息（D09）" in skipped["reason"]
    assert "15400001234" not in skipped["reason"]
    name = world.roster().village[world.roster().households[0].village_code].name
    assert not list(world.outputs.glob(f"公开/花都区/*/{name}/*"))


def test_a_name_no_font_has_is_skipped_and_named(world: World) -> None:
    world.change("02", "贫困户", lambda sheet: sheet.set(1, "户主姓名", "陈\U0002ebf0"))
    made = answer(world, "make", SCHEME, "--kind", "公示", code=3)
    assert "U+2EBF0" in made["skipped"][0]["reason"]
    said = juanzong(world, "check", SCHEME)
    assert re.search(r"贫困户·\w+  “户主姓名”里的 U\+2EBF0", said)
    assert len(made["made"]) == 5


def test_history_is_sound_and_names_what_is_not(again: World) -> None:
    assert "全部相符" in juanzong(again, "history", SCHEME, "verify")
    blob = max((again.outputs / "store/sha256").rglob("*"), key=lambda path: path.stat().st_size)
    blob.chmod(0o600)
    blob.write_bytes(blob.read_bytes()[:-1] + b"!")
    said = juanzong(again, "history", SCHEME, "verify", code=8)
    assert blob.name in said
    assert "已损坏" in said


def test_the_log_can_be_asked_about_one_kind_in_one_village(done: World) -> None:
    village = done.roster().villages[0]
    town = done.roster().town[village.town_code].name
    (event,) = answer(
        done, "history", SCHEME, "log", "--kind", "验收", "--village", village.name, "--town", town
    )
    assert [one["document"] for one in event["versions"]] == [f"acceptance_report/{village.code}"]


def test_the_store_and_the_outputs_are_for_their_owner_only(done: World) -> None:
    for path in (done.outputs, done.outputs / "store", done.outputs / "内部"):
        assert path.stat().st_mode & 0o077 == 0


def test_a_village_name_in_two_towns_means_both_unless_a_town_is_named(done: World) -> None:
    roster = done.roster()
    village = roster.villages[0]
    town = roster.town[village.town_code].name
    found = answer(done, "accept", SCHEME, "--village", village.name, "--town", town)
    assert [one["code"] for one in found["villages"]] == [village.code]
    juanzong(done, "accept", SCHEME, "--village", "没有的村", code=2)


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ("per_member = true", "per_membr = true", 5, "不认识的键"),
        ('code = "R01"', 'code = "R99"', 5, "没有规则 R99"),
    ],
)
def test_a_wrong_scheme_stops_before_anything_is_written(
    world: World, old: str, new: str, code: int, says: str
) -> None:
    world.edit_scheme(old, new)
    assert says in juanzong(world, "make", SCHEME, code=code)
    assert not world.outputs.exists()


def test_a_missing_sheet_stops_before_anything_is_written(world: World) -> None:
    next(world.snapshot.glob("03*.xlsx")).unlink()
    assert "找不到工作表“帮扶单位”" in juanzong(world, "make", SCHEME, code=4)
    assert not world.outputs.exists()


def test_a_template_with_an_unknown_variable_stops_before_anything_is_written(
    world: World,
) -> None:
    folder = world.root / "templates/html/publicity_household"
    builtin = Path(__file__).parents[2] / "templates/html/publicity_household"
    shutil.copytree(builtin, folder)
    template = folder / "template.html"
    words = template.read_text(encoding="utf-8")
    template.write_text(
        words.replace("{{ subject.name }}", "{{ subject.nam }}", 1), encoding="utf-8"
    )
    said = juanzong(world, "make", SCHEME, code=5)
    assert "publicity_household/template.html 第" in said
    assert "上下文里没有“nam”" in said
    assert not world.outputs.exists()


def test_plan_writes_nothing(world: World) -> None:
    assert len(answer(world, "plan", SCHEME)["due"]) == 18
    assert not world.outputs.exists()


def test_an_unknown_scheme_names_those_there_are(world: World) -> None:
    assert "改用已有的方案：huadu-2016" in juanzong(world, "check", "nowhere", code=2)


def test_no_identity_number_is_ever_printed(done: World) -> None:
    numbers = {member.id_no for member in done.roster().members}
    village = done.roster().villages[0].name
    for words in (
        ("accept", SCHEME, "--json"),
        ("check", SCHEME, "--json"),
        ("plan", SCHEME, "--json"),
        ("explain", SCHEME, "HD-T10", village, "--json"),
        ("history", SCHEME, "log", "--json"),
    ):
        said = juanzong(done, *words)
        assert not any(number in said for number in numbers), words


def test_every_line_of_a_catalogue_leads_to_its_paper(done: World) -> None:
    version = answer(done, "history", SCHEME, "show", f"dossier/{done.roster().villages[0].code}")
    book = pypdf.PdfReader(done.outputs / version["files"][0]["path"])
    entries = version["context"]["dossier"]["entries"]
    targets = {
        book.get_page_number(link.get_object()["/Dest"][0].get_object()) + 1
        for link in book.pages[1]["/Annots"]
    }
    assert targets == {2 + entry["first_page"] for entry in entries}
