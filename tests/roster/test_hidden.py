"""What is hidden in files of other programs is read and said, as it is of .xlsx."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

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
