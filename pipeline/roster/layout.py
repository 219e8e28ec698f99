"""Where in a grid the header is, which field each column holds, and what each row below is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from pipeline.model import Column, Table
from pipeline.roster.cells import clean
from pipeline.roster.sheet import Grid

_SEARCHED = 30
"""Rows looked at for a header."""
_TOTAL = re.compile(r"^(合\s*计|总\s*计|小\s*计|共\s*计)")
_NOTE = re.compile(r"^(注|说明|备注|填表|制表|审核|填报|单位负责人|截止)[：:\s人]")

RowKind = Literal["record", "blank", "total", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The header row of a sheet: column index to field and unit."""

    row: int
    """Zero-based."""
    fields: dict[int, tuple[Column, str]]


def find_table(grid: Grid, tables: Sequence[Table]) -> Table | None:
    """Return the roster table a sheet is named after."""
    name = _plain(grid.sheet)
    for table in tables:
        if name in {_plain(word) for word in (table.name, table.id, *table.aliases)}:
            return table
    return None


def find_header(grid: Grid, table: Table) -> Header | None:
    """Return the row that names the most columns of the table; at least two and its key."""
    words = {
        _plain(word): column
        for column in table.columns
        for word in (column.id, column.name, *column.aliases)
    } | {_plain(column.name): column for column in table.columns}
    best: Header | None = None
    for number, row in enumerate(grid.cells[:_SEARCHED]):
        fields: dict[int, tuple[Column, str]] = {}
        taken: set[str] = set()
        for index, cell in enumerate(row):
            word, unit = split_unit(clean(cell))
            column = words.get(_plain(word)) or words.get(_plain(clean(cell)))
            if column and column.id not in taken:
                fields[index] = (column, unit)
                taken.add(column.id)
        if len(fields) >= 2 and (best is None or len(fields) > len(best.fields)):
            best = Header(row=number, fields=fields)
    return best


def row_kind(row: Sequence[object]) -> RowKind:
    """Tell a record from the rows an office puts around it."""
    filled = (word for cell in row if cell != "" and (word := clean(cell)))
    words = list(islice(filled, 2))
    if not words:
        return "blank"
    if _TOTAL.match(words[0]) or (len(words) > 1 and _TOTAL.match(words[1]) and len(words[0]) < 4):
        return "total"
    if _NOTE.match(words[0]) or (len(words) == 1 and len(words[0]) > 20):
        return "note"
    return "record"


def split_unit(word: str) -> tuple[str, str]:
    """Split `年可支配收入（元）` into the name and the unit."""
    found = re.match(r"^(.*?)[（(]\s*(元|万元|人|户|门|亩|户次)\s*[）)]$", word)
    return (found[1], found[2]) if found else (word, "")


def _plain(word: str) -> str:
    return re.sub(r"[\s*＊:：]", "", unicodedata.normalize("NFKC", word)).lower()
