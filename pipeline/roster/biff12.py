"""The records of .xlsb parts, read only for where cells are and what is hidden.

Source: MS-XLSB 2.1.4 (records), 2.4 (BrtRowHdr, BrtColInfo, BrtMergeCell, BrtBundleSh, BrtWbProp).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.roster.biff import SheetRecords
from pipeline.roster.ole import Broken

_ROW, _COLUMNS, _MERGED, _SHEET, _BOOK = 0, 60, 176, 156, 153
_FIRST_CELL, _LAST_CELL = 2, 11
_SHORT = range(12, 19)
"""Cells that say no column: the one after the last. No Excel writes them, calamine leaves them
out, so that they would be lost."""
_ERRORS = {3, 11}
_LAST_COLUMN = 16_383
_MOST = 8_500_000
"""Records of one sheet: 200 000 rows of 40 cells, looked at in 6 s."""


@dataclass(slots=True, kw_only=True)
class Book:
    """What the workbook part says."""

    sheets: dict[str, str] = field(default_factory=dict)
    """Name of each sheet to the id of the relation that says where it is."""
    from_1904: bool = False


def book(part: bytes) -> Book:
    """Read the workbook part of an .xlsb.

    Raises:
        Broken: when it ends within a record.
    """
    found = Book()
    for kind, start, end in _records(part):
        if kind == _SHEET:
            relation, at = _word(part, start + 8, end)
            name, _ = _word(part, at, end)
            found.sheets[name] = relation
        elif kind == _BOOK:
            found.from_1904 = bool(part[start] & 1)
    return found


def sheet(part: bytes) -> SheetRecords:
    """Read the part of one sheet; it says no name.

    Raises:
        Broken: when it ends within a record, or isn't written as Excel and WPS do.
    """
    found = SheetRecords(name="")
    row = rows = columns = 0
    for kind, start, end in _records(part):
        if _FIRST_CELL <= kind <= _LAST_CELL:
            column = _number(part, start)
            rows = row if row > rows else rows
            columns = column if column > columns else columns
            if kind in _ERRORS:
                found.errors.add((row, column))
        elif kind == _ROW:
            row = _number(part, start)
            if end - start > 11 and part[start + 11] & 0x10:
                found.hidden_rows.add(row)
        elif kind == _COLUMNS and end - start > 16 and part[start + 16] & 1:
            last = min(_number(part, start + 4), _LAST_COLUMN)
            found.hidden_columns |= set(range(_number(part, start), last + 1))
        elif kind == _MERGED and end - start >= 16:
            top, bottom, left, right = (_number(part, start + 4 * one) for one in range(4))
            found.merges.append(((top, left), (bottom, right)))
        elif kind in _SHORT:
            raise Broken("单元格的写法不是 Excel 或 WPS 的")
        if kind <= _LAST_CELL and end - start < 4:
            raise Broken("文件不完整")
    found.rows, found.columns = rows + 1, columns + 1
    return found


def _records(part: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the kind, the start and the end of each record."""
    at, end = 0, len(part) - 1
    for _ in range(_MOST):
        if at >= end:
            break
        kind, length = part[at], part[at + 1]
        if kind < 0x80 > length:  # nearly all: both in one byte
            at += 2
        else:
            kind, at = _varying(part, at, 2)
            length, at = _varying(part, at, 4)
        after = at + length
        if after > end + 1:
            raise Broken("文件不完整")
        yield kind, at, after
        at = after
    else:
        raise Broken(f"一张工作表有 {_MOST // 10_000} 万条以上的记录")
    if at <= end:
        raise Broken("文件不完整")


def _varying(part: bytes, at: int, most: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, and the place after it."""
    number = shift = 0
    for byte in part[at : at + most]:
        number |= (byte & 0x7F) << shift
        shift += 7
        at += 1
        if byte < 0x80:
            break
    return number, at


def _number(part: bytes, at: int) -> int:
    return int.from_bytes(part[at : at + 4], "little")


def _word(part: bytes, at: int, end: int) -> tuple[str, int]:
    """Return a text of so many UTF-16 units, and the place after it."""
    after = at + 4 + 2 * _number(part, at)
    if after > end:
        raise Broken("文件不完整")
    return part[at + 4 : after].decode("utf-16-le", "replace"), after
