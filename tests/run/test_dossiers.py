"""Dossiers from the command line: attachments of the office's own, and every level."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pikepdf
import pypdf
import pytest

from pipeline.measure import measure_pdfa
from pipeline.plan import APART
from tests.conftest import SCHEME, World
from tests.dossier.papers import BAR, drawn, saved
from tests.dossier.signer import WHO, appended, signed
from tests.dossier.test_foreign import image
from tests.run.test_main_job import answer, juanzong

LIST = (
    "文件,题名,日期,责任者,类别,文号,文种,签字,盖章,备注\r\n"
    "02_识别/评议.pdf,贫困户民主评议会议记录,2016-05-20,村民委员会,识别,,,有,有,\r\n"
    "申请.docx,帮扶申请,2016年6月1日,村民委员会,施策,,,有,无,\r\n"
    "不在.pdf,核查报告,2016-07-01,镇政府,脱贫,,,,,\r\n"
)

SIGNED = signed(drawn(BAR))
CHANGED = appended(SIGNED)


def word(text: str) -> bytes:
    stream = BytesIO()
    document = docx.Document()
    document.add_paragraph(text)
    document.save(stream)
    return stream.getvalue()


def workbook() -> bytes:
    stream = BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["项目", "金额"])
    book.active.append(["种植", 12000])
    book.save(stream)
    return stream.getvalue()


def locked() -> bytes:
    with pikepdf.open(BytesIO(drawn(BAR))) as pdf:
        return saved(pdf, encryption=pikepdf.Encryption(owner="o", user="u", R=6))


@pytest.fixture(scope="module")
def bound(small: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """A workspace with papers made, attachments for one village, a household and a town, bound."""
    root = tmp_path_factory.mktemp("bound") / "w"
    shutil.copytree(small.root, root)
    world = World(root)
    roster = world.roster()
    village = roster.villages[0]
    town = roster.town[village.town_code]
    household = roster.households_of[village.code][0]
    folder = root / "inputs" / SCHEME / "attachments" / town.name
    own = folder / village.name
    files = {
        own / "attachments.csv": LIST.encode("gb18030"),
        own / "02_识别/评议.pdf": drawn(BAR, BAR),
        own / "02_识别/签章件.pdf": SIGNED,
        own / "02_识别/签后改动.pdf": CHANGED,
        own / "申请.docx": word("帮扶申请"),
        own / "预算.xlsx": workbook(),
        own / "加密.pdf": locked(),
        own / "空.pdf": b"",
        own / "照片.pdf": image("JPEG"),
        own / "户" / household.code / "户照片.jpg": image("JPEG"),
        folder / "综合/镇工作方案.pdf": drawn(BAR),
    }
    for path, data in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    juanzong(world, "make", SCHEME)
    said = juanzong(world, "bind", SCHEME, "--village", village.code, code=3)
    for reason in (
        "不在.pdf：清单里有，文件夹里没有",
        "加密.pdf：要密码才能打开",
        "空.pdf：文件是空的",
    ):
        assert reason in said
    return world


def book_of(world: World) -> Path:
    village = world.roster().villages[0]
    version = answer(world, "history", SCHEME, "show", f"dossier/{village.code}")
    return world.outputs / version["files"][0]["path"]


def test_attachments_stand_in_class_order_with_what_the_list_says(bound: World) -> None:
    village = bound.roster().villages[0]
    version = answer(bound, "history", SCHEME, "show", f"dossier/{village.code}")
    lines = [
        (line["class"], line["title"], line["date"], line["pages"], line["note"])
        for line in version["context"]["dossier"]["entries"]
        if line["note"] != "草稿"
    ]
    authors = [line["author"] for line in version["context"]["dossier"]["entries"]]
    assert f"{village.name}村民委员会" in authors
    assert not any("{" in author for author in authors)
    assert lines == [
        ("综合", "加密", "", 1, "缺件"),
        ("综合", "照片", "", 1, ""),
        ("综合", "空", "", 1, "缺件"),
        ("综合", "预算", "", 1, ""),
        ("识别", "贫困户民主评议会议记录", "20160520", 2, "图像"),
        ("识别", "签后改动", "", 1, "图像，电子签名后有增补，原件附后"),
        ("识别", "签章件", "", 1, f"图像，电子签名完整（{WHO}），原件附后"),
        ("施策", "帮扶申请", "20160601", 1, ""),
        ("脱贫", "核查报告", "20160701", 1, "缺件"),
    ]


def test_with_all_that_it_is_archival_and_holds_the_signed_original(bound: World) -> None:
    pdf = book_of(bound).read_bytes()
    (said,) = measure_pdfa([pdf])
    assert (said.flavour, said.faults) == ("3u", ())
    reader = pypdf.PdfReader(BytesIO(pdf))
    kept = {name.partition("-")[2]: data for name, (data,) in reader.attachments.items()}
    assert kept == {"签章件.pdf": SIGNED, "签后改动.pdf": CHANGED}
    assert "缺件说明" in "".join(page.extract_text() for page in reader.pages)


def test_nothing_changed_nothing_is_bound_again(bound: World) -> None:
    village = bound.roster().villages[0]
    before = book_of(bound).read_bytes()
    assert answer(bound, "bind", SCHEME, "--village", village.code, code=3)["bound"] == []
    book_of(bound).unlink()
    again = answer(bound, "bind", SCHEME, "--village", village.code, code=3)["bound"]
    assert [one["number"] for one in again] == [1]
    assert book_of(bound).read_bytes() == before
    assert answer(bound, "history", SCHEME, "verify")["faults"] == []


def test_a_town_and_a_household_have_dossiers_of_their_own(bound: World) -> None:
    roster = bound.roster()
    village = roster.villages[0]
    household = roster.households_of[village.code][0]
    town = roster.town[village.town_code]
    (of_town,) = answer(bound, "bind", SCHEME, "--level", "镇", "--town", town.name)["bound"]
    shown = answer(bound, "history", SCHEME, "show", of_town["document"])
    titles = [line["title"] for line in shown["context"]["dossier"]["entries"]]
    assert titles == [f"{town.name}脱贫攻坚责任书", "镇工作方案"]
    (of_household,) = answer(bound, "bind", SCHEME, "--level", "户")["bound"]
    assert of_household["document"] == f"dossier/{household.code}"
    assert f"{village.name}{household.head}户" in of_household["title"]
    shown = answer(bound, "history", SCHEME, "show", of_household["document"])
    assert shown["context"]["dossier"]["draft"] is False
    assert len(shown["context"]["dossier"]["head"]) == 64
    said = juanzong(bound, "bind", SCHEME, "--level", "项目", code=3)
    assert "跳过 1 份" in said, "one line for all the projects nothing was filed for"
    project = roster.projects[0]
    of, own = roster.village[project.village_code], (APART["project"], project.code)
    folder = bound.root / "inputs" / SCHEME / "attachments" / roster.town[of.town_code].name
    path = folder.joinpath(of.name, *own, "验收单.pdf")
    path.parent.mkdir(parents=True)
    path.write_bytes(drawn(BAR))
    (of_project,) = answer(bound, "bind", SCHEME, "--level", "项目")["bound"]
    assert of_project["document"] == f"dossier/{project.code}"


def test_an_issued_dossier_is_kept_as_bytes(bound: World) -> None:
    juanzong(bound, "bind", SCHEME, "--level", "户")
    household = bound.roster().households_of[bound.roster().villages[0].code][0]
    version = answer(bound, "history", SCHEME, "show", f"dossier/{household.code}")
    sha256 = version["files"][0]["sha256"]
    assert (bound.outputs / "store/sha256" / sha256[:2] / sha256).is_file()
    assert "定卷" in juanzong(bound, "history", SCHEME, "log")


def test_a_list_with_a_fault_stops_before_anything_is_bound(bound: World, tmp_path: Path) -> None:
    shutil.copytree(bound.root, tmp_path / "w")
    world = World(tmp_path / "w")
    (path,) = world.root.glob(f"inputs/{SCHEME}/attachments/*/*/attachments.csv")
    for text, why in (
        ("文件,颜色\na.pdf,红\n", "不认识的列“颜色”"),
        ("文件\n../../x.pdf\n", "第 2 行的“文件”不是这个文件夹里的文件名"),
        ("文件,类别\na.pdf,其他\n", "类别“其他”"),
    ):
        path.write_text(text, encoding="utf-8")
        assert why in juanzong(world, "bind", SCHEME, code=4)


def test_check_says_what_is_missing_undated_unsigned_and_who_owes_it(
    bound: World, tmp_path: Path
) -> None:
    village = bound.roster().villages[0]
    book, lists = tmp_path / "缺件.xlsx", tmp_path / "清单"
    asked = ("bind", SCHEME, "--check", "--village", village.code)
    (one,) = answer(bound, *asked, "--xlsx", str(book), "--pdf", str(lists), code=3)
    assert (one["subject"], one["complete"]) == (village.code, False)
    assert one["needed"] >= one["held"] > 0
    found = {(gap["code"], gap["title"]): gap for gap in one["gaps"]}
    town = bound.roster().town[village.town_code].name
    draft = found["D10", f"{town}脱贫攻坚责任书"]
    assert (draft["problem"], draft["who"].split()[0]) == ("未印发", town)
    assert found["D04", "帮扶申请"]["problem"] == "未盖章"
    assert ("签后改动", "电子签名后有增补") in {
        (gap["title"], gap["problem"]) for gap in one["gaps"]
    }
    assert "电子签名" not in str(found["D04", "签章件"])
    assert found["D04", "签章件"]["who"] == f"{bound.roster().villages[0].name}村民委员会"
    assert all(gap["who"] for gap in one["gaps"])
    assert found["D08", "加密"]["detail"] == "要密码才能打开，请附未加密的"
    assert found["D08", "核查报告"]["detail"] == "清单里有，文件夹里没有"
    sheet = openpyxl.load_workbook(book).active
    assert sheet.max_row == len(one["gaps"]) + 1
    (path,) = lists.iterdir()
    assert path.name == f"缺件清单-{one['title']}.pdf"
    reader = pypdf.PdfReader(path)
    assert len(reader.pages) == 1
    assert "帮扶申请" in reader.pages[0].extract_text()
    assert "核对 1 卷：齐全 0 卷，有缺 1 卷" in juanzong(bound, *asked, code=3)


def test_binding_names_the_gaps_that_check_knows(bound: World) -> None:
    village = bound.roster().villages[0]
    asked = ("bind", SCHEME, "--village", village.code)
    (known,) = answer(bound, *asked, "--check", code=3)
    assert answer(bound, *asked, code=3)["lacking"] == [known]
    said = juanzong(bound, *asked, code=3)
    assert "加 --check 看全部" in said
    for gap in known["gaps"][:6]:
        assert f"[{gap['class']}] {gap['title']}：{gap['problem']}" in said
    assert "核对 1 卷：齐全 0 卷，有缺 1 卷" in said
    table = juanzong(bound, *asked, "--check", code=3)
    advised = sum(not gap["needed"] for gap in known["gaps"])
    heads, _, row = table.splitlines()[1:4]
    assert heads.split()[-2] == "建议补充"
    assert row.split()[-2] == str(advised) != "0"


def test_who_owes_a_paper_is_called_as_in_its_town(world: World) -> None:
    towns = {town.name: town.kind for town in world.roster().towns}
    assert set(towns.values()) == {"镇", "街道"}
    for one in answer(world, "bind", SCHEME, "--check", code=3):
        owed = {gap["title"]: gap["who"] for gap in one["gaps"]}
        letter, notice = owed["脱贫攻坚责任书"], owed["贫困户名单第二次公示"]
        assert ("镇长" in letter) == ("镇人民政府" in notice) == ("街道" not in one["title"])
        assert ("街道办主任" in letter) == ("街道办事处" in notice) == ("街道" in one["title"])


def test_check_works_before_anything_is_made_and_writes_nothing(world: World) -> None:
    found = answer(world, "bind", SCHEME, "--check", code=3)
    assert len(found) == 6
    assert all(one["held"] == 0 < one["needed"] for one in found)
    assert {gap["code"] for gap in found[0]["gaps"]} == {"D06"}
    assert not world.outputs.exists()
