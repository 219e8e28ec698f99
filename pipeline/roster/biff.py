"""The records of .xls sheets, read only for where cells are and what is hidden.

Source: MS-XLS.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.roster.ole import Broken

Range = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a merged range, zero-based."""

_END, _DIMENSIONS, _ROW, _COLUMNS, _SHEET, _PASSWORD, _1904 = (
    0x000A,
    0x0200,
    0x0208,
    0x007D,
    0x0085,
    0x002F,
    0x0022,
)
_CLEAR = {0x0809, _PASSWORD, 0x00E1, 0x0138, 0x0194, 0x0195, 0x0196}
"""Records that are never encrypted."""
_FORMULA, _BOOLEAN, _MANY = 0x0006, 0x0205, {0x00BD, 0x00BE}
_CELLS = {0x0203, 0x00FD, 0x0204, 0x027E, 0x00D6, _FORMULA, _BOOLEAN, *_MANY}


@dataclass(slots=True, kw_only=True)
class SheetRecords:
    """What the records of one .xls or .xlsb sheet say; indices are zero-based."""

    name: str
    rows: int = 0
    columns: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    errors: set[tuple[int, int]] = field(default_factory=set)
    merges: list[Range] = field(default_factory=list)
    """Only of .xlsb: calamine reads those of .xls."""


@dataclass(slots=True, kw_only=True)
class BookRecords:
    """What the records of an .xls workbook say."""

    sheets: list[SheetRecords] = field(default_factory=list)
    locked: bool = False
    from_1904: bool = False


def xls(stream: bytes) -> BookRecords:
    """Read the workbook stream of an .xls file.

    Raises:
        Broken: when the stream ends within a record.
    """
    book = BookRecords()
    starts: list[int] = []
    try:
        for kind, body in _records(stream, 0):
            if kind == _PASSWORD:
                book.locked = True
                return book  # what follows is encrypted
            if kind == _SHEET:
                starts.append(struct.unpack_from("<I", body)[0])
                book.sheets.append(SheetRecords(name=_name(body)))
            elif kind == _1904:
                book.from_1904 = body[:1] == b"\x01"
        walked = 0
        for start, sheet in zip(starts, book.sheets, strict=True):
            for kind, body in _records(stream, start):
                _note(sheet, kind, body)
                walked += 4 + len(body)
            if walked > len(stream):
                raise Broken("工作表互相重叠")
    except struct.error as error:
        raise Broken("文件不完整") from error
    return book


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records from a place on to the end of their substream."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == _END:
            return
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def clear(stream: bytes | bytearray) -> Iterator[tuple[int, int]]:
    """Yield the ranges of an encrypted workbook stream that are in clear: headers, some bodies.

    Source: MS-XLS 2.2.10.
    """
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        body = length if kind in _CLEAR else 4 if kind == _SHEET else 0
        yield at, min(at + 4 + body, len(stream))
        at += 4 + length


def forget_password(stream: bytearray) -> None:
    """Turn the record that says a workbook is encrypted into one that says nothing."""
    for start, end in clear(stream):
        if struct.unpack_from("<H", stream, start)[0] == _PASSWORD:
            stream[start:end] = struct.pack("<HH", 0, end - start - 4) + bytes(end - start - 4)
            return


def _note(sheet: SheetRecords, kind: int, body: bytes) -> None:
    if kind in _CELLS:
        row, column = struct.unpack_from("<HH", body)
        last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind in _MANY else column
        sheet.rows, sheet.columns = max(sheet.rows, row + 1), max(sheet.columns, last + 1)
        if (kind == _BOOLEAN and body[7:8] == b"\x01") or (
            kind == _FORMULA and body[6:7] == b"\x02" and body[12:14] == b"\xff\xff"
        ):
            sheet.errors.add((row, column))
    elif kind == _DIMENSIONS:  # calamine reserves this much
        form = "<4I" if len(body) >= 14 else "<4H"
        values = (
            struct.unpack_from("<IIHH", body) if form == "<4I" else struct.unpack_from(form, body)
        )
        sheet.rows = max(sheet.rows, values[1] - min(values[:2]))
        sheet.columns = max(sheet.columns, values[3] - min(values[2:]))
    elif kind == _ROW and len(body) >= 16:
        if body[12] & 0x20:
            sheet.hidden_rows.add(struct.unpack_from("<H", body)[0])
    elif kind == _COLUMNS and len(body) >= 10 and body[8] & 1:
        first, last = struct.unpack_from("<HH", body)
        sheet.hidden_columns |= set(range(first, min(last, 255) + 1))


def _name(body: bytes) -> str:
    length, wide = body[6], body[7:8] == b"\x01"
    return (
        body[8 : 8 + length * 2].decode("utf-16-le", "replace")
        if wide
        else body[8 : 8 + length].decode("latin-1")
    )
