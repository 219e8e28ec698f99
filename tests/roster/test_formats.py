"""One roster in every format an office sends reads as the same roster."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from pipeline.model import Record, Roster
from pipeline.roster import load_tables, read_roster
from pipeline.roster.make import RECORDS
from tests.conftest import World
from tests.roster import writers
from tests.roster.writers import Rows

Write = Callable[[Path, dict[str, Rows]], None]


def values(roster: Roster) -> dict[str, list[dict[str, object]]]:
    """Return what the records of a roster say, without where it stood."""
    places = set(Record.__dataclass_fields__) - {"key", "more"}
    return {
        table: [
            {
                name: getattr(row, name)
                for name in type(row).__dataclass_fields__
                if name not in places
            }
            for row in roster.rows(table)
        ]
        for table in RECORDS
    }


def texts(encoding: str, ending: str, separator: str = ",", newline: str = "\r\n") -> Write:
    def write(folder: Path, sheets: dict[str, Rows]) -> None:
        for name, rows in sheets.items():
            data = writers.text(rows, separator, newline).encode(encoding)
            (folder / f"{name}{ending}").write_bytes(data)

    return write


def utf16_without_mark(folder: Path, sheets: dict[str, Rows]) -> None:
    for name, rows in sheets.items():
        data = writers.text(rows, "\t").encode("utf-16-be")
        assert not data.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE))
        (folder / f"{name}.txt").write_bytes(data)


def stated_separator(folder: Path, sheets: dict[str, Rows]) -> None:
    for name, rows in sheets.items():
        text = "sep=;\r\n" + writers.text(rows, ";")
        (folder / f"{name}.csv").write_text(text, encoding="utf-8-sig", newline="")


def pages(folder: Path, sheets: dict[str, Rows]) -> None:
    for name, rows in sheets.items():
        (folder / f"{name}.xls").write_text(writers.page(rows), encoding="utf-8")


def ods(folder: Path, sheets: dict[str, Rows]) -> None:
    (folder / "名册.ods").write_bytes(writers.ods(sheets))


def xml2003(encoding: str) -> Write:
    def write(folder: Path, sheets: dict[str, Rows]) -> None:
        (folder / "名册.xls").write_bytes(writers.xml2003(sheets, encoding))

    return write


def xls(folder: Path, sheets: dict[str, Rows]) -> None:
    (folder / "名册.xls").write_bytes(writers.xls(sheets))


def et(folder: Path, sheets: dict[str, Rows]) -> None:
    (folder / "名册.et").write_bytes(writers.xls(sheets))


def two_headers(folder: Path, sheets: dict[str, Rows]) -> None:
    """Put 收入（元） over the incomes of the households and merge all other headings down."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        head = next(number for number, row in enumerate(rows) if sum(map(bool, row)) > 3)
        spread = [
            index
            for index, cell in enumerate(rows[head])
            if name == "贫困户" and str(cell).endswith("性收入（元）")
        ]
        bare = [str(cell).removesuffix("（元）") for cell in rows[head]]
        upper = [
            ("收入（元）" if i == spread[0] else "") if i in spread else cell
            for i, cell in enumerate(rows[head])
        ]
        lower = [bare[i] if i in spread else "" for i in range(len(bare))]
        for row in [*rows[:head], upper, lower, *rows[head + 1 :]]:
            sheet.append([None if cell == "" else cell for cell in row])
        if spread:
            sheet.merge_cells(
                start_row=head + 1,
                end_row=head + 1,
                start_column=spread[0] + 1,
                end_column=spread[-1] + 1,
            )
        for index in set(range(len(bare))) - set(spread):
            sheet.merge_cells(
                start_row=head + 1, end_row=head + 2, start_column=index + 1, end_column=index + 1
            )
    book.save(folder / "名册.xlsx")


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(texts("gb18030", ".csv"), id="gb18030 csv"),
        pytest.param(texts("gb18030", ".txt", "\t", "\n"), id="txt with LF"),
        pytest.param(texts("utf-8", ".csv", ",", "\r"), id="utf-8 csv, CR"),
        pytest.param(texts("utf-8-sig", ".csv", ";"), id="utf-8 csv with mark"),
        pytest.param(texts("utf-16", ".tsv", "\t"), id="utf-16 tsv"),
        pytest.param(texts("gb18030", ".xls", "\t"), id="text called xls"),
        pytest.param(utf16_without_mark, id="utf-16 without mark"),
        pytest.param(stated_separator, id="sep="),
        pytest.param(pages, id="web page called xls"),
        pytest.param(ods, id="ods"),
        pytest.param(xml2003("utf-8"), id="xml 2003 called xls"),
        pytest.param(xml2003("utf-16"), id="utf-16 xml 2003"),
        pytest.param(xml2003("gb18030"), id="gb18030 xml 2003"),
        pytest.param(xls, id="xls"),
        pytest.param(et, id="et"),
        pytest.param(two_headers, id="two headers"),
    ],
)
def test_the_same_roster_in_every_format(small: World, tmp_path: Path, write: Write) -> None:
    expected = small.roster()
    write(tmp_path, writers.sheets_of(small.snapshot))
    roster = read_roster(tmp_path, load_tables(small.scheme()))
    assert not roster.findings
    assert values(roster) == values(expected)
    for count in roster.counts:
        assert count.rows == (
            count.accepted + count.rejected + sum(ignored.rows for ignored in count.ignored)
        )
