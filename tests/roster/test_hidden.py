"""What is hidden in files of other programs is read and said, as it is of .xlsx."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipeline.model import Roster
from pipeline.roster import read_roster
from pipeline.roster.sheet import grids
from tests.roster import writers
from tests.roster.test_shapes import HEAD, HOUSEHOLDS, LI, ZHANG, taken

HIDDEN = [("N-hidden-sheet", ""), ("N-hidden-rows", ""), ("N-hidden-column", "D")]


def read(folder: Path, name: str, data: bytes) -> Roster:
    (folder / name).write_bytes(data)
    return taken(read_roster(folder, {"households": HOUSEHOLDS}))


def said(roster: Roster) -> list[tuple[str, str]]:
    return [(one.code, one.source.column) for one in roster.notices]


def edited(data: bytes, *pairs: tuple[str, str]) -> bytes:
    """Change the content of an .ods."""
    text = writers.content(data)
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return writers.with_content(data, text)


def test_hidden_parts_of_an_ods(tmp_path: Path) -> None:
    plain = writers.ods({"贫困户": [HEAD, ZHANG, LI]})
    assert said(read(tmp_path, "册.ods", plain)) == []
    hidden = edited(
        plain,
        ("<office:body>", "<office:automatic-styles><style:style style:name=\"ta2\" "
         "style:family=\"table\"><style:table-properties table:display=\"false\"/></style:style>"
         "</office:automatic-styles><office:body>"),
        ("xmlns:office", "xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" "
         "xmlns:office"),
        ("<table:table table:name=\"贫困户\">", "<table:table table:name=\"贫困户\" "
         "table:style-name=\"ta2\"><table:table-column table:number-columns-repeated=\"3\"/>"
         "<table:table-column table:visibility=\"collapse\"/><table:table-column "
         "table:number-columns-repeated=\"16380\" table:visibility=\"visible\"/>"),
    )  # fmt: skip
    last = "</table:table-row><table:table-row>"
    at = writers.content(hidden).rindex(last)
    text = writers.content(hidden)
    text = text[:at] + text[at:].replace(
        last, "</table:table-row><table:table-row table:visibility=\"filter\">"
    ).replace(
        "</table:table>", "<table:table-row table:number-rows-repeated=\"1048573\" "
        "table:visibility=\"collapse\"><table:table-cell/></table:table-row></table:table>",
    )  # fmt: skip
    roster = read(tmp_path, "册.ods", writers.with_content(hidden, text))
    assert said(roster) == HIDDEN
    assert roster.notices[1].details == {"rows": "1", "which": "3"}
    assert [row.head for row in roster.households] == ["张三", "李四"]


def test_hidden_parts_of_an_xlsb_of_another_program() -> None:
    """Its first sheet hides row 3 and column D, the second is hidden and holds an error.

    Written by SheetJS 0.18.5, with every cell's column; LibreOffice shows it so, too.
    """
    first, second = grids(Path(__file__).parent / "hidden.xlsb")
    assert (first.sheet, first.hidden) == ("贫困户", False)
    assert (first.peek.hidden_rows, first.peek.hidden_columns) == ({2}, {3})
    assert first.merges == (((1, 1), (2, 1)),)
    assert [row[2] for row in first.cells] == ["户主姓名", "张三", "李四"]
    assert (second.hidden, second.peek.hidden_rows, second.peek.unvalued) == (True, set(), {(2, 4)})


def test_hidden_parts_of_an_xlsb_are_said(tmp_path: Path) -> None:
    book = writers.xlsb(
        {"贫困户": [HEAD, ZHANG, LI]}, hidden=("贫困户",), hidden_rows=(2,), hidden_columns=(3,)
    )
    roster = read(tmp_path, "册.xlsb", book)
    assert said(roster) == HIDDEN
    assert roster.notices[1].details == {"rows": "1", "which": "3"}
    assert [row.head for row in roster.households] == ["张三", "李四"]


@pytest.mark.parametrize(("from_1904", "serial"), [(False, 42633), (True, 42633 - 1462)])
def test_days_of_an_xlsb_are_counted_from_its_own_epoch(
    from_1904: bool, serial: int, tmp_path: Path
) -> None:
    rows = [HEAD, [*ZHANG[:-1], serial], LI]
    roster = read(tmp_path, "册.xlsb", writers.xlsb({"贫困户": rows}, from_1904=from_1904))
    assert roster.households[0].reached_on == dt.date(2016, 9, 20)


def test_a_key_merged_down_holds_for_each_row_in_every_format(tmp_path: Path) -> None:
    bare = [LI[0], "", *LI[2:]]
    xlsb = writers.xlsb({"贫困户": [HEAD, ZHANG, bare]}, merges=((1, 2, 1, 1),))
    ods = writers.ods({"贫困户": [HEAD, ZHANG, bare]})
    cell = '<table:table-cell office:value-type="string"><text:p>440114</text:p>'
    spanned = cell.replace("cell ", 'cell table:number-rows-spanned="2" ')
    for name, book in (("册.xlsb", xlsb), ("册.ods", edited(ods, (cell, spanned)))):
        folder = tmp_path / name.replace(".", "-")
        folder.mkdir()
        roster = read(folder, name, book)
        assert [row.village_code for row in roster.households] == ["440114", "440114"]


def test_hidden_parts_of_an_xml_spreadsheet(tmp_path: Path) -> None:
    text = writers.xml2003({"贫困户": [HEAD, ZHANG, LI]}).decode()
    text = text.replace("<Table>", '<Table><Column/><Column ss:Index="4" ss:Hidden="1"/>')
    text = text.replace('<Row ss:Index="3">', '<Row ss:Hidden="1">')
    text = text.replace(
        "</Table>", "</Table><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible>"
        "</x:WorksheetOptions>",
    )  # fmt: skip
    roster = read(tmp_path, "册.xls", text.encode())
    assert said(roster) == HIDDEN
    assert [row.head for row in roster.households] == ["张三", "李四"]


def test_the_cells_of_an_xml_spreadsheet_stand_where_it_says(tmp_path: Path) -> None:
    rows = (
        '<Row><Cell ss:MergeAcross="1"><Data ss:Type="String">题</Data></Cell>'
        '<Cell><Data ss:Type="Number">1.5</Data></Cell></Row>'
        '<Row ss:Index="4"><Cell ss:Index="2" ss:MergeDown="1"><Data ss:Type="DateTime">'
        "2016-09-20T00:00:00.000</Data></Cell>"
        '<Cell ss:Formula="=1/0"><Data ss:Type="Error">#DIV/0!</Data></Cell></Row>'
        '<Row><Cell><Data ss:Type="Boolean">1</Data></Cell></Row>'
    )
    text = writers.xml2003({"甲": []}).decode().replace("<Table>", f"<Table>{rows}")
    path = tmp_path / "册.xls"
    path.write_text(text, encoding="utf-8")
    (grid,) = grids(path)
    assert grid.cells == [
        ["题", "", 1.5],
        ["", "", ""],
        ["", "", ""],
        ["", dt.datetime.fromisoformat("2016-09-20"), ""],
        [True, "", ""],
    ]
    assert grid.merges == (((0, 0), (0, 1)), ((3, 1), (4, 1)))
    assert grid.peek.unvalued == {(3, 2)}
