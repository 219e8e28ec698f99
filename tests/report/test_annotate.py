"""Marked copies: each finding on its cell and in the list, and nothing else moved."""

from __future__ import annotations

import io
import posixpath
import shutil
import stat
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from lxml import etree
from openpyxl.comments import Comment
from openpyxl.styles import Border, PatternFill, Side
from python_calamine import CalamineWorkbook

from pipeline.checks import check
from pipeline.errors import OutputError
from pipeline.model import Finding, Severity, Source
from pipeline.report import sentence
from pipeline.report.annotate import COLOURS, LIST, annotate
from pipeline.report.words import todo
from pipeline.roster.sheet import grids
from tests.conftest import AS_OF, SCHEME, World
from tests.roster.writers import ods
from tests.run.test_main_job import juanzong

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
Members = dict[str, tuple[int, bytes]]


def finding(
    place: str,
    *,
    file: str = "名册.xlsx",
    sheet: str = "家庭",
    severity: Severity = "error",
    name: str = "样一",
    code: str = "R02",
) -> Finding:
    """Return a finding at `C5`, in row `5`, in column `C` or in the whole sheet."""
    column = "".join(one for one in place if one.isalpha())
    row = int("".join(one for one in place if one.isdigit()) or 0)
    return Finding(
        code=code,
        severity=severity,
        source=Source(file=file, sheet=sheet, row=row, column=column),
        details={"name": name, "expected": "末位应为4", "found": "5"},
    )


def marked(path: Path, *findings: Finding) -> Path:
    """Annotate one workbook and prove that the copy is sound."""
    into = path.parent.parent / "退回"
    (copy,) = annotate(path.parent, findings, into, grids)
    sound(copy)
    return copy


def members(path: Path) -> Members:
    """Return the checksum and the compressed bytes of each member of a zip."""
    data = path.read_bytes()
    found: Members = {}
    with zipfile.ZipFile(path) as book:
        for info in book.infolist():
            head = info.header_offset
            names = sum(
                int.from_bytes(data[head + at : head + at + 2], "little") for at in (26, 28)
            )
            start = head + 30 + names
            found[info.filename] = (info.CRC, data[start : start + info.compress_size])
    return found


def changed(before: Path, after: Path) -> tuple[set[str], set[str]]:
    """Return which members differ, and which are new; none may be missing."""
    old, new = members(before), members(after)
    assert list(new)[: len(old)] == list(old)
    return {name for name in old if old[name] != new[name]}, new.keys() - old.keys()


def sound(path: Path) -> None:
    """Prove that a package holds together: XML, relations, content types, both readers."""
    with zipfile.ZipFile(path) as book:
        assert book.testzip() is None
        names = book.namelist()
        assert len(names) == len({name.lower() for name in names})
        types = etree.fromstring(book.read("[Content_Types].xml"))
        parts = [one.get("PartName", "") for one in types.iter("{*}Override")]
        assert len(parts) == len(set(parts))
        assert {part.lstrip("/") for part in parts} <= set(names)
        endings = {one.get("Extension") for one in types.iter("{*}Default")}
        for name in names:
            if name.endswith((".xml", ".rels", ".vml")):
                etree.fromstring(book.read(name))
            assert f"/{name}" in parts or name.rpartition(".")[2] in endings or "Types" in name
            if name.endswith(".rels"):
                base = posixpath.dirname(posixpath.dirname(name))
                relations = list(etree.fromstring(book.read(name)))
                assert len({one.get("Id") for one in relations}) == len(relations)
                for one in relations:
                    if one.get("TargetMode") != "External":
                        target = posixpath.join("/", base, one.get("Target", ""))
                        assert posixpath.normpath(target).lstrip("/") in names
    openpyxl.load_workbook(path).close()
    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names[-1].startswith(LIST)
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


def fill(cell: openpyxl.cell.Cell) -> str:
    return str(cell.fill.fgColor.rgb)[2:] if cell.fill.fill_type == "solid" else ""


def contents(
    path: Path, leave_out: Sequence[str] = ()
) -> dict[tuple[str, str], tuple[object, ...]]:
    """Return value and looks of every cell but the list."""
    return {
        (sheet.title, cell.coordinate): (
            cell.value,
            cell.number_format,
            cell.font.name,
            cell.border.left.style,
            cell.alignment.horizontal,
            fill(cell),
        )
        for sheet in openpyxl.load_workbook(path)
        if not sheet.title.startswith(LIST)
        for row in sheet.iter_rows()
        for cell in row
        if cell.coordinate not in leave_out
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "名册"
    made.mkdir()
    return made


@pytest.fixture
def office(folder: Path) -> Path:
    """Return a workbook as openpyxl writes it: shared strings, a merge, a comment, a name."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "家庭"
    sheet.append(["户编号", "姓名", "出生日期", "收入"])
    for number in range(1, 6):
        sheet.append([f"HD{number:03}", f"样{number}", AS_OF, 1234.5])
        sheet.cell(number + 1, 4).number_format = "#,##0.00"
        sheet.cell(number + 1, 4).border = Border(left=Side(style="thin"))
    sheet.merge_cells("A5:A6")
    sheet["B3"].comment = Comment("镇里已核", "张三")
    sheet["B3"].fill = PatternFill("solid", fgColor="00FF00")
    book.create_sheet("机关")["A1"] = "甲"
    path = folder / "名册.xlsx"
    book.save(path)
    return path


def test_a_bad_cell_is_coloured_and_says_what_to_do(office: Path) -> None:
    bad = finding("D4")
    sheet = openpyxl.load_workbook(marked(office, bad))["家庭"]
    assert fill(sheet["D4"]) == COLOURS["error"]
    assert sheet["D4"].number_format == "#,##0.00"
    assert sheet["D4"].border.left.style == "thin"
    assert sheet["D4"].value == 1234.5
    assert sheet["D4"].comment.text == f"错误 R02：{sentence(bad)}\n请{todo(bad)}"


def test_nothing_but_the_marked_cell_changes(office: Path) -> None:
    copy = marked(office, finding("D4"))
    assert contents(copy, ["D4"]) == contents(office, ["D4"])
    before, after = (
        zipfile.ZipFile(one).read("xl/worksheets/sheet1.xml") for one in (office, copy)
    )
    style = after.split(b'r="D4" s="')[1].split(b'"')[0]
    assert after == before.replace(b'r="D4" s="2"', b'r="D4" s="%s"' % style)
    assert style != b"2"


def test_untouched_members_are_copied_as_they_were_compressed(office: Path) -> None:
    differing, new = changed(office, marked(office, finding("D4")))
    assert differing == {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
        "xl/worksheets/sheet1.xml", "xl/comments/comment1.xml",
        "xl/drawings/commentsDrawing1.vml",
    }  # fmt: skip
    assert new == {"xl/worksheets/juanzong1.xml"}
    # openpyxl's own names for notes; a sheet without any gets parts of ours
    assert changed(office, marked(office, finding("A1", sheet="机关")))[1] == {
        "xl/worksheets/juanzong1.xml", "xl/worksheets/_rels/sheet2.xml.rels",
        "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml",
    }  # fmt: skip


def test_severities_have_their_colours_and_the_worst_wins(office: Path) -> None:
    copy = marked(
        office,
        finding("B2", severity="info"),
        finding("B4", severity="warning"),
        finding("C4", severity="warning", name="样二"),
        finding("C4", severity="error", name="样三"),
    )
    sheet = openpyxl.load_workbook(copy)["家庭"]
    assert [fill(sheet[at]) for at in ("B2", "B4", "C4")] == [
        COLOURS["info"], COLOURS["warning"], COLOURS["error"]
    ]  # fmt: skip
    words = sheet["C4"].comment.text
    assert words.index("样三") < words.index("样二")


def test_a_note_that_was_there_stays_above_ours(office: Path) -> None:
    sheet = openpyxl.load_workbook(marked(office, finding("B3"), finding("B4")))["家庭"]
    assert sheet["B3"].comment.text.startswith("镇里已核\n\n卷宗 juanzong：\n错误 R02")
    assert sheet["B3"].comment.author == "张三"
    assert sheet["B4"].comment.author == "卷宗 juanzong"
    assert fill(sheet["B3"]) == COLOURS["error"]


def test_every_note_has_one_box(office: Path) -> None:
    copy = marked(office, finding("B3"), finding("B4"))
    drawing = etree.fromstring(zipfile.ZipFile(copy).read("xl/drawings/commentsDrawing1.vml"))
    boxes = [
        (one.findtext("{*}Row"), one.findtext("{*}Column"))
        for one in drawing.iter("{urn:schemas-microsoft-com:office:excel}ClientData")
    ]
    assert sorted(boxes) == [("2", "1"), ("3", "1")]
    ids = [one.get("id") for one in drawing.iter("{urn:schemas-microsoft-com:vml}shape")]
    assert len(set(ids)) == 2


def test_a_copy_that_comes_back_says_it_once(office: Path) -> None:
    again = office.with_name("again.xlsx")
    shutil.copy(marked(office, finding("B4")), again)
    copy = marked(again, finding("B4", file="again.xlsx", name="样二"))
    book = openpyxl.load_workbook(copy)
    assert book["家庭"]["B4"].comment.text.count("R02") == 1
    assert book.sheetnames == ["家庭", "机关", LIST, f"{LIST} 2"]


def test_a_row_is_marked_at_its_first_used_cell_and_a_sheet_only_listed(office: Path) -> None:
    copy = marked(office, finding("4"), finding("", sheet="机关"), finding("C"))
    book = openpyxl.load_workbook(copy)
    assert fill(book["家庭"]["A4"]) == COLOURS["error"]
    assert book["机关"]["A1"].comment is None
    listed = [[cell.value for cell in row] for row in book[LIST].iter_rows(min_row=2)]
    assert [(row[2], row[3] or "") for row in listed] == [
        ("家庭", "第4行"), ("机关", ""), ("家庭", "C列")
    ]  # fmt: skip


def test_a_cell_inside_a_merge_is_marked_where_it_shows(office: Path) -> None:
    sheet = openpyxl.load_workbook(marked(office, finding("A6"), finding("A5")))["家庭"]
    assert fill(sheet["A5"]) == COLOURS["error"]
    assert sheet["A5"].comment.text.count("R02") == 2
    assert [str(one) for one in sheet.merged_cells.ranges] == ["A5:A6"]


@pytest.mark.parametrize("place", ["F3", "B9", "A20", "AB2"])
def test_a_cell_that_is_not_there_is_added_in_its_place(office: Path, place: str) -> None:
    copy = marked(office, finding(place), finding("D2"))
    sheet = openpyxl.load_workbook(copy)["家庭"]
    assert fill(sheet[place]) == COLOURS["error"]
    part = etree.fromstring(zipfile.ZipFile(copy).read("xl/worksheets/sheet1.xml"))
    rows = [int(row.get("r", "")) for row in part.iter("{*}row")]
    assert rows == sorted(set(rows))
    for row in part.iter("{*}row"):
        at = [openpyxl.utils.cell.coordinate_from_string(c.get("r"))[0] for c in row]
        columns = [openpyxl.utils.column_index_from_string(one) for one in at]
        assert columns == sorted(set(columns))


def test_an_empty_sheet_can_be_marked(folder: Path) -> None:
    path = folder / "名册.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("家庭").set_column("B:B", 9, book.add_format({"num_format": "0.000"}))
    sheet = openpyxl.load_workbook(marked(path, finding("B7"), finding("A9"), finding("3")))["家庭"]
    assert [fill(sheet[at]) for at in ("B7", "A9", "A3")] == [COLOURS["error"]] * 3
    assert sheet["B7"].number_format == "0.000"


def test_the_list_links_to_the_cells(folder: Path) -> None:
    path = folder / "名册.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("张三's & 表").write_string(0, 0, "甲")
    bad = finding("A1", sheet="张三's & 表")
    listed = openpyxl.load_workbook(marked(path, bad))[LIST]
    row = [cell.value for cell in listed[2]]
    assert row[:4] == ["R02", "错误", "张三's & 表", "A1"]
    assert row[4:6] == [sentence(bad), todo(bad)]
    assert listed["D2"].hyperlink.location == "'张三''s & 表'!A1"
    assert fill(listed["B2"]) == COLOURS["error"]


@pytest.mark.parametrize(
    "name", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "_x0041_", "a\x00\x1bb"]
)
def test_words_of_a_roster_never_become_a_formula(office: Path, name: str) -> None:
    copy = marked(office, finding("B2", name=name))
    cell = openpyxl.load_workbook(copy)[LIST]["E2"]
    assert cell.data_type in {"s", "inlineStr"}
    assert cell.number_format == "@"
    shown = CalamineWorkbook.from_path(copy).get_sheet_by_name(LIST).to_python()[1][4]
    assert shown.startswith(name.replace("\x00", "�").replace("\x1b", "�"))


def test_macros_pictures_names_and_formats_stay(folder: Path) -> None:
    path = folder / "名册.xlsm"
    macros = b"\xd0\xcf\x11\xe0" + bytes(range(256)) * 20
    with xlsxwriter.Workbook(path) as book:
        book.add_vba_project(io.BytesIO(macros), is_stream=True)
        sheet = book.add_worksheet("家庭")
        sheet.write_string("A1", "甲")
        sheet.write_formula("A2", "=LEN(A1)", None, 1)
        sheet.conditional_format("A1:A9", {"type": "duplicate", "format": book.add_format()})
        sheet.insert_button("C3", {"macro": "检查"})
        sheet.add_table("F1:G3")
        book.define_name("户数", "=家庭!$A$1")
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=家庭!$A$2:$A$2"})
        book.add_chartsheet("图").set_chart(chart)
    copy = marked(path, finding("A1", file=path.name))
    assert copy.name == path.name
    assert members(copy)["xl/vbaProject.bin"] == members(path)["xl/vbaProject.bin"]
    book = openpyxl.load_workbook(copy, keep_vba=True)
    assert book.defined_names["户数"].value == "家庭!$A$1"
    assert book.sheetnames == ["家庭", "图", LIST]
    assert len(book["家庭"].conditional_formatting) == 1
    assert book["家庭"]["A2"].value == "=LEN(A1)"
    drawing = zipfile.ZipFile(copy).read("xl/drawings/vmlDrawing1.vml")
    assert b'ObjectType="Button"' in drawing
    assert b'ObjectType="Note"' in drawing


def test_the_drawing_of_notes_stands_before_tables(folder: Path) -> None:
    path = folder / "名册.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("家庭").add_table("A1:B3")
    part = etree.fromstring(
        zipfile.ZipFile(marked(path, finding("A2"))).read("xl/worksheets/sheet1.xml")
    )
    order = [etree.QName(one).localname for one in part]
    assert order[-2:] == ["legacyDrawing", "tableParts"]


def by_hand(path: Path, sheet: str, space: str = MAIN, office: str = OFFICE) -> Path:
    """Write the least a workbook can be: no styles, no addresses that aren't needed."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/s.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{space}" xmlns:r="{office}"><sheets>'
        '<sheet name="家庭" sheetId="7" r:id="rId2"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId2" Type="{office}/worksheet" Target="s.xml"/></Relationships>',
        "xl/s.xml": sheet,
    }
    with zipfile.ZipFile(path, "w") as book:
        for name, words in parts.items():
            book.writestr(name, words)
    return path


def test_prefixed_tags_and_cells_without_addresses_are_understood(folder: Path) -> None:
    cell = '<x:c t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c>'
    path = by_hand(
        folder / "名册.xlsx",
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row>{cell * 3}</x:row>\n'
        f'<x:row r="4"/><x:row>{cell}</x:row></x:sheetData></x:worksheet>',
    )
    copy = marked(path, *(finding(at) for at in ("B1", "B4", "A5", "C3")))
    sheet = openpyxl.load_workbook(copy)["家庭"]
    assert [fill(sheet[at]) for at in ("B1", "B4", "A5", "C3")] == [COLOURS["error"]] * 4
    assert [fill(sheet[at]) for at in ("A1", "C1", "A4", "B5")] == [""] * 4
    part = zipfile.ZipFile(copy).read("xl/s.xml").decode()
    style = part.split(' s="')[1].split('"')[0]
    assert part.count(" s=") == 4
    assert f'<x:row r="3"><x:c r="C3" s="{style}"/></x:row><x:row r="4">' in part
    assert f'<x:row r="4"><x:c r="B4" s="{style}"/></x:row><x:row>' in part


def test_a_workbook_in_the_strict_spelling_stays_strict(folder: Path) -> None:
    space, office = (f"http://purl.oclc.org/ooxml/{one}" for one in (
        "spreadsheetml/main", "officeDocument/relationships"
    ))  # fmt: skip
    sheet = (
        f'<worksheet xmlns="{space}"><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>'
    )
    path = by_hand(folder / "名册.xlsx", sheet, space, office)
    (copy,) = annotate(folder, [finding("A1")], folder.parent / "退回", grids)
    with zipfile.ZipFile(copy) as book:
        new = "".join(book.read(name).decode() for name in book.namelist())
    assert MAIN not in new
    assert OFFICE not in new
    assert f'Type="{office}/comments"' in new
    assert path.exists()


def test_a_workbook_nobody_can_mark_is_named_and_nothing_is_written(office: Path) -> None:
    by_hand(office.with_name("奇怪.xlsx"), "<worksheet/>")
    into = office.parent.parent / "退回"
    with pytest.raises(OutputError, match=r"奇怪\.xlsx：标注不了这个工作簿"):
        annotate(office.parent, [finding("D4"), finding("A1", file="奇怪.xlsx")], into, grids)
    assert not into.exists()


def test_other_formats_come_back_as_xlsx(folder: Path) -> None:
    path = folder / "旧表.ods"
    path.write_bytes(ods({"家庭/户": [["户编号", "姓名"], ["=HD1", "样一"]]}))
    copy = marked(path, finding("A2", file=path.name, sheet="家庭/户"))
    assert copy.name == "旧表.xlsx"
    book = openpyxl.load_workbook(copy)
    sheet = book["家庭_户"]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=HD1", "s")
    assert fill(sheet["A2"]) == COLOURS["error"]
    assert "R02" in sheet["A2"].comment.text
    assert book[LIST]["D2"].hyperlink.location == "'家庭_户'!A2"


def test_text_comes_back_as_xlsx_beside_a_workbook_of_its_name(folder: Path, office: Path) -> None:
    path = folder / "名册.csv"
    path.write_bytes("户编号,姓名\r\n449999000000000001,样一\r\n".encode("gb18030"))
    copy = marked(path, finding("A2", file=path.name, sheet="名册"))
    assert copy.name == "名册.csv.xlsx"
    assert openpyxl.load_workbook(copy)["名册"]["A2"].value == "449999000000000001"


def test_a_workbook_under_a_wrong_name_keeps_all_it_has(folder: Path, office: Path) -> None:
    path = office.rename(folder / "家庭.xls")
    copy = marked(path, finding("D4", file=path.name))
    assert copy.name == "家庭.xlsx"
    assert contents(copy, ["D4"]) == contents(path.rename(folder / "家庭.xlsx"), ["D4"])


def test_the_same_findings_give_the_same_bytes_for_their_owner_only(office: Path) -> None:
    first = marked(office, finding("D4"), finding("B3"))
    data = first.read_bytes()
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    first.unlink()
    assert marked(office, finding("D4"), finding("B3")).read_bytes() == data
    assert marked(office, finding("D4")).read_bytes() != data  # ours, so it may be replaced


def test_a_copy_somebody_worked_in_is_not_replaced(office: Path) -> None:
    copy = marked(office, finding("D4"))
    book = openpyxl.load_workbook(copy)
    book["家庭"]["D4"] = 99
    book.save(copy)
    kept = copy.read_bytes()
    with pytest.raises(OutputError, match=r"名册\.xlsx：那里已有别的文件"):
        marked(office, finding("D4"))
    assert copy.read_bytes() == kept


def test_the_rosters_themselves_are_never_written(office: Path) -> None:
    before = office.read_bytes()
    with pytest.raises(OutputError, match="不能写进名册文件夹"):
        annotate(office.parent, [finding("D4")], office.parent, grids)
    assert office.read_bytes() == before


def test_a_finding_in_another_file_marks_nothing(office: Path) -> None:
    elsewhere = [finding("D4", file="别的.xlsx"), finding("", file="")]
    assert annotate(office.parent, elsewhere, office.parent.parent / "退回", grids) == ()


def test_check_writes_marked_copies_and_names_the_clean_workbooks(world: World) -> None:
    world.change("02", "家庭成员", lambda s: s.set(3, "身份证号码", "44999919700101000X"))
    found = check(world.roster(), world.scheme(), AS_OF)
    into = world.root / "退回"
    said = juanzong(world, "check", SCHEME, "--annotate", str(into), code=3)
    (copy,) = into.glob("02*.xlsx")
    sound(copy)
    assert f"已标注：{copy}" in said
    assert "没有发现：" in said
    assert any(one.code == "R02" and one.source.column for one in found)
    book = openpyxl.load_workbook(copy)
    for one in found:
        if one.source.row and one.source.column:
            cell = book[one.source.sheet][f"{one.source.column}{one.source.row}"]
            assert one.code in cell.comment.text
            assert fill(cell) in COLOURS.values()
    assert book[LIST].max_row > len(found)
