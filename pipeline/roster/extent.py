"""How far the cells of an .xlsx sheet reach, found before anything allocates the grid.

Eight million cells are too many to look at one by one: a pattern finds those beyond the reach
known so far, and is made anew whenever one is found. Reach grows in steps of two digits and of 8
columns, so that there are few.
"""

from __future__ import annotations

import re

from pipeline.roster.limits import CELLS, damaged

_OTHER_PREFIX = re.compile(rb":c[\s/>]")
_TAG = re.compile(rb"<(?:[^\s<>/:]+:)?(row|c)(?=[\s/>])([^>]*)>")
_ROW = re.compile(rb'<row [^>]*?\br="(\d{1,7})"')
_AT = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]*)(\d+)[\"']")
_ROWS, _COLUMNS = 1_048_576, 16_384
"""The most a program writes."""
_STEP = 8
_MOST_TAGS = 2_000_000
"""Cells written in another way than Excel, WPS and LibreOffice do; more take too long."""


def extent(name: str, data: bytes) -> tuple[int, int]:
    """Return the rows and columns that the cells with content reach, or a little more.

    Raises:
        RosterError: when the sheet isn't written as any spreadsheet program would.
    """
    if b"\0" in data:
        raise damaged(name, "工作表的编码不是 UTF-8")
    if _OTHER_PREFIX.search(data):
        return _slowly(name, data)
    last = _ROW.match(data, max(0, data.rfind(b"<row ")))
    rows, columns = _reach(name, data, _rounded(max(9, int(last[1]) if last else 9)))
    if rows * columns > CELLS:  # most rows may be empty ones
        rows, columns = _reach(name, data, 9)
    return rows, columns


def _reach(name: str, data: bytes, rows: int) -> tuple[int, int]:
    """Return the reach of the cells with content, beginning with a guess of the rows."""
    columns, at = _STEP, 0
    beyond = _beyond(rows, columns)
    while found := beyond.search(data, at):
        at = found.end()
        place = _AT.search(found[0])
        if not found[0].startswith(b'<c r="') or not place:
            return _slowly(name, data)
        if found[0].endswith(b"/>"):
            continue  # a cell with a style and no value: not allocated
        rows, columns = max(rows, int(place[2])), max(columns, number(place[1]))
        rows, columns = (
            max(rows, _rounded(rows)),
            max(columns, min(-(-columns // _STEP) * _STEP, _COLUMNS)),
        )
        beyond = _beyond(rows, columns)
    return rows, columns


def number(letters: bytes) -> int:
    """Return the one-based number of column letters: A → 1, AB → 28."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + letter - 64
    return index


def _rounded(rows: int) -> int:
    """Return the largest number with the same first two digits and length."""
    digits = str(rows)
    return min(int(digits[:2].ljust(len(digits), "9")), _ROWS)


def _beyond(rows: int, columns: int) -> re.Pattern[bytes]:
    """Return what finds a cell that isn't plainly within these rows and columns."""
    digits = str(rows)
    first, rest = int(digits[0]), len(digits) - 1
    near = [rf"[1-{first - 1}]?\d{{1,{rest}}}" if first > 1 else rf"\d{{1,{rest}}}"] if rest else []
    near.append(rf"{first}[0-{digits[1]}]\d{{{rest - 1}}}" if rest else rf"[0-{first}]")
    return re.compile(
        rf'<c(?! r="(?:{_within(columns)})(?:{"|".join(near)})")(?=[\s/>])[^>]*>'.encode()
    )


def _within(columns: int) -> str:
    """Return the pattern of column letters up to this number of columns."""
    first, last = divmod(columns - 1, 26)
    if first > 26:
        return "[A-Z]{1,2}"
    if first == 0:
        return f"[A-{_letter(last)}]"
    own = f"{_letter(first - 1)}[A-{_letter(last)}]"
    before = f"|[A-{_letter(first - 2)}][A-Z]" if first > 1 else ""
    return f"[A-Z]|{own}{before}"


def _letter(index: int) -> str:
    return chr(ord("A") + index)


def _slowly(name: str, data: bytes) -> tuple[int, int]:
    rows = columns = row = column = 0
    for count, found in enumerate(_TAG.finditer(data)):
        attributes = found[2]
        if attributes.count(b'"') % 2 or attributes.count(b"'") % 2 or count > _MOST_TAGS:
            raise damaged(name, "工作表的标记不是 Excel 或 WPS 写出的")
        at = _AT.search(attributes)
        if found[1] == b"row":
            row, column = int(at[2]) if at else row + 1, 0
            continue
        column = number(at[1]) if at else column + 1
        if not attributes.endswith(b"/"):
            rows, columns = max(rows, int(at[2]) if at else row), max(columns, column)
    return rows, columns
