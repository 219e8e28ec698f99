"""A big sheet read all at once holds what it holds when it is read cell by cell."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from itertools import accumulate
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.convert.office import find_office
from pipeline.errors import RosterError
from pipeline.roster import peek, scan, thin
from pipeline.roster.packed import Packed
from pipeline.roster.sheet import Grid, grids, letters

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
STRINGS = ("张三", "", "a", " 首尾有空 ", "甲&乙", "<b>", "李四" * 40, "44999919800101001X")
STYLES = (
    "General",
    "yyyy-mm-dd",
    "0.00",
    "hh:mm",
    "[h]:mm:ss",
    '#,##0.00"元"',
    "@",
    "yyyy年m月d日",
)


@cache
def parts(strings: tuple[str, ...] = STRINGS) -> dict[str, bytes]:
    """Return the parts of a workbook with these shared strings and the styles above."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("户")
        for row, text in enumerate(strings):
            sheet.write_string(row, 0, text or "-")
        for row, look in enumerate(STYLES):
            sheet.write_number(row, 1, 1, book.add_format({"num_format": look}))
    with zipfile.ZipFile(out) as book:
        found = {name: book.read(name) for name in book.namelist()}
    shared = found["xl/sharedStrings.xml"].replace(b"<t>-</t>", b"<t></t>")
    return found | {"xl/sharedStrings.xml": shared}


def workbook(rows: str, tail: str = "", head: str = "", strings: str = "") -> bytes:
    page = f"<worksheet {NS}>{head}<sheetData>{rows}</sheetData>{tail}</worksheet>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts().items():
            if name == "xl/worksheets/sheet1.xml":
                book.writestr(name, page)
            elif name == "xl/sharedStrings.xml" and strings:
                book.writestr(name, f"<sst {NS}>{strings}</sst>")
            else:
                book.writestr(name, content)
    return out.getvalue()


def read(data: bytes) -> Grid | str:
    """Read a workbook of one sheet, or return why it can't be."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "册.xlsx"
        path.write_bytes(data)
        try:
            (grid,) = grids(path)
        except RosterError as error:
            return str(error)
        return grid


def trimmed(grid: Grid) -> list[list[object]]:
    """Return the rows without empty cells at the end of each, and empty rows at the end of all."""
    rows = [
        row[: max((at for at, one in enumerate(row, 1) if one != ""), default=0)]
        for row in grid.cells
    ]
    return rows[: max((at for at, row in enumerate(rows, 1) if row), default=0)]


def assert_same(data: bytes, *, packed: bool = True) -> Grid:
    """Read a workbook cell by cell, and all at once; return the second, which is like the first."""
    slow = read(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(peek, "_LARGE", 0)
        fast = read(data)
    assert isinstance(slow, Grid), slow
    assert isinstance(fast, Grid), fast
    assert isinstance(fast.cells, Packed) is packed
    assert list(map(repr, trimmed(fast))) == list(map(repr, trimmed(slow)))
    assert fast.merges == slow.merges
    assert fast.peek == slow.peek
    return fast


ODD = "0|-0|007|1E3|+5|.5|5.|"
days = st.one_of(
    st.integers(-(10**6), 10**6).map(str),
    st.decimals(0, 10**6, places=2).map(str),
    st.floats(0, 10**5).map("{:.17g}".format),
    st.sampled_from(ODD.split("|")),
)
figures = st.one_of(
    days,
    st.integers(-(10**17), 10**17).map(str),
    st.decimals(-(10**9), 10**9, places=2).map(str),
    st.decimals(-(10**4), 10**4, places=1).map(str),
    st.floats(allow_nan=False).map(repr),
    st.sampled_from(["90071992547409.93", "2814749767106.55", "2814749767106.56"]),
)
formulas = st.sampled_from(["", "<f>A1*2</f>", '<f t="shared" si="0"/>', '<f ca="1">A1&lt;2</f>'])
styles = st.one_of(st.just(""), st.integers(0, 12).map(' s="{}"'.format))
numbers = st.sampled_from(["", ' t="n"'])
cells = st.one_of(
    st.tuples(styles, numbers, formulas, days).map("{0[0]}{0[1]}>{0[2]}<v>{0[3]}</v></c>".format),
    st.tuples(numbers, formulas, figures).map("{0[0]}>{0[1]}<v>{0[2]}</v></c>".format),
    st.tuples(styles, formulas).map("{0[0]}>{0[1]}</c>".format),
    st.tuples(styles, formulas).map("{0[0]}>{0[1]}<v/></c>".format),
    st.tuples(styles, st.integers(0, len(STRINGS) - 1)).map(
        '{0[0]} t="s"><v>{0[1]}</v></c>'.format
    ),
    st.sampled_from(
        [
            *("/>", ' s="2"/>', ' t="s"/>', ' s="1" t="n"/>'),
            *(' t="b"><v>1</v></c>', ' t="e"><v>#N/A</v></c>', "><v>3</v> </c>"),
            ' t="e"><f>1/0</f><v>#DIV/0!</v></c>',
            ' t="str"><f>A1&amp;"x"</f><v>甲x</v></c>',
            ' t="inlineStr"><is><t>甲</t></is></c>',
            ' t="inlineStr"><is><t xml:space="preserve"> 乙 </t></is></c>',
            *("><v> 5 </v></c>", "><v>1_0</v></c>"),
            ' cm="1" t="s"><v>0</v></c>',
            ' t="s" s="1"><v>2</v></c>',
        ]
    ),
)
rows = st.lists(
    st.tuples(
        st.integers(1, 40),
        st.sampled_from(
            [
                "",
                ' spans="1:3"',
                ' hidden="1"',
                ' hidden="false" ht="12"',
                ' customHeight="1" hidden="true"',
            ]
        ),
        st.lists(st.tuples(st.integers(1, 30), cells), max_size=6),
    ),
    max_size=6,
)


def markup(content: list[tuple[int, str, list[tuple[int, str]]]]) -> str:
    """Write rows, and cells in them, each so many places after the one before."""
    numbers = accumulate(step for step, _, _ in content)
    return "".join(
        f'<row r="{number}"{look}>'
        + "".join(
            f'<c r="{letters(at - 1)}{number}"{cell}'
            for at, (_, cell) in zip(accumulate(step for step, _ in row), row, strict=True)
        )
        + "</row>"
        for number, (_, look, row) in zip(numbers, content, strict=True)
    )


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows)
def test_any_cells_are_what_they_are_one_by_one(
    content: list[tuple[int, str, list[tuple[int, str]]]],
) -> None:
    assert_same(workbook(markup(content)))


@pytest.mark.parametrize("piece", [1, 7, 64, 1000])
def test_where_the_bytes_are_cut_changes_nothing(
    piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thin, "_PIECE", piece)
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c>'
        f'<c r="AB{row}" s="3"><v>{row}.5</v></c></row>'
        for row in range(2, 300, 3)
    )
    data = workbook(rows, '<mergeCells count="1"><mergeCell ref="A2:A4"/></mergeCells>')
    if piece < 100:  # not even what stands before the rows is in the first piece
        assert_same(data, packed=False)
    else:
        assert assert_same(data).merges == (((1, 0), (3, 0)),)


def test_what_stands_around_the_rows_is_told() -> None:
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
        '<row r="2" hidden="1"><c r="A2"><f>B2</f></c><c r="B2"><f>B3</f><v>2</v></c></row>'
        '<row r="4"><c r="C4"><f>B2</f></c><c r="D4" t="e"><v>#REF!</v></c></row>'
    )
    head = '<cols><col min="2" max="3" width="9" hidden="1"/></cols>'
    tail = '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'
    grid = assert_same(workbook(rows, tail, head))
    assert grid.merges == (((0, 0), (0, 1)),)
    assert grid.peek.hidden_rows == {1}
    assert grid.peek.hidden_columns == {1, 2}
    assert grid.peek.unvalued == {(1, 0), (3, 2), (3, 3)}
    assert grid.cells[1] == ["", 2.0, "", ""]


def test_a_number_nobody_can_read_is_said_either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    data = workbook('<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="n"><v>-</v></c></row>')
    said = read(data)
    monkeypatch.setattr(peek, "_LARGE", 0)
    assert read(data) == said
    assert "打不开这个工作簿" in str(said)


@pytest.mark.parametrize(
    "string",
    [
        "<t> 首 </t>",
        "<t>_x000D_</t>",
        "<t>&#65;</t>",
        "<r><t>富</t></r><r><t>文本</t></r>",
        "<t>a\r\nb</t>",
    ],
)
def test_shared_strings_that_are_more_than_letters_are_asked(string: str) -> None:
    row = "".join(f'<c r="{letters(at)}1" t="s"><v>{at % 3}</v></c>' for at in range(40))
    data = workbook(
        f'<row r="1">{row}</row>',
        strings=f"<si><t>甲</t></si><si>{string}</si><si><t>&lt;乙&amp;lt;&quot;</t></si>",
    )
    assert assert_same(data).cells[0][2] == '<乙&lt;"'


@pytest.mark.parametrize(
    "rows",
    {
        "a comment": '<row r="1"><!--x--><c r="A1"><v>1</v></c></row>',
        "a section": '<row r="1"><c r="A1" t="str"><v><![CDATA[<c r="B1">]]></v></c></row>',
        "a prefix": '<x:row xmlns:x="x" r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>',
        "rows out of order": '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"></row>',
        "cells out of order": '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        "a cell twice": '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        "a cell of another row": '<row r="1"><c r="A2"><v>1</v></c></row>',
        "a longer row": '<row r="1"><c r="A12"><v>1</v></c></row>',
        "no place": '<row r="1"><c><v>1</v></c></row>',
        "no number": '<row><c r="A1"><v>1</v></c></row>',
        "another quote": "<row r='1'><c r='A1'><v>1</v></c></row>",
        "small letters": '<row r="1"><c r="a1"><v>1</v></c></row>',
        "far to the right": '<row r="1"><c r="AAA1"><v>1</v></c></row>',
        "rich text": '<row r="1"><c r="A1" t="inlineStr"><is><r><t>a</t></r></is></c></row>',
    }.values(),
)
def test_what_is_written_in_another_way_is_read_one_by_one(rows: str) -> None:
    assert_same(workbook(rows), packed=False)


def test_a_sheet_of_hardly_any_plain_cells_is_read_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(thin, "_MANY", 10)
    row = "".join(f'<c r="{letters(at)}1"><v>0.{at:03}1</v></c>' for at in range(20))
    assert_same(workbook(f'<row r="1">{row}</row>'), packed=False)


def by_openpyxl(path: Path) -> None:
    book = openpyxl.Workbook()
    fill(book.active.append)
    book.active.merge_cells("A2:A4")
    book.active.row_dimensions[3].hidden = True
    book.active["F2"] = "=B2*2"
    book.save(path)


def by_xlsxwriter(path: Path, *, inline: bool = False) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": inline}) as book:
        sheet, day = book.add_worksheet("户"), book.add_format({"num_format": "yyyy/m/d"})
        lines: list[list[object]] = []
        fill(lines.append)
        for number, line in enumerate(lines):
            for at, one in enumerate(line):
                sheet.write(number, at, one, day if isinstance(one, dt.date) else None)


def by_libreoffice(path: Path) -> None:
    source = path.with_name("源.xlsx")
    by_openpyxl(source)
    home = path.parent / "home"
    call = [find_office(), f"-env:UserInstallation=file://{home}", "--headless"]
    call += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", home, source]
    subprocess.run(call, check=True, capture_output=True)
    (home / source.name).rename(path)


def fill(append: Callable[[list[object]], None]) -> None:
    append(["户主", "收入（元）", "达标日期", "电话", "脱贫"])
    for number in range(1, 30):
        day = dt.date(2016, 1, number)
        append([f"样例{number}", number * 1234.56, day, f"1540000{number:04}", number % 2 == 0])


@pytest.mark.parametrize(
    "write",
    [by_openpyxl, by_xlsxwriter, lambda path: by_xlsxwriter(path, inline=True), by_libreoffice],
)
def test_what_programs_write_is_read_all_at_once(
    write: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "册.xlsx"
    write(path)
    grid = assert_same(path.read_bytes())
    assert grid.cells[29][0] == "样例29"
    assert grid.cells[29][3] == "15400000029"


def test_codes_are_columns_of_words_and_figures() -> None:
    codes = scan.scan(
        b'<row r="3"><c r="B3" t="s"><v>4</v></c><c r="C3"><v>12.5</v></c></row>' + scan.PAD,
        scan.np.array([True]),
        scan.Extras(),
    )
    assert codes.rows.tolist() == [2]
    assert codes.codes.tolist() == [[0, 10, 2501]]
