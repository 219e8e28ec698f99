"""XML Spreadsheet 2003, which older systems and Excel save as .xls: its sheets as grids.

Source: Microsoft, XML Spreadsheet Reference (Office 2003).
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipeline.roster.limits import check_extent, check_total, damaged
from pipeline.roster.peek import SheetPeek

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_SS = f"{{{NAMESPACE}}}"
_VISIBLE = "{urn:schemas-microsoft-com:office:excel}Visible"
_SHEET, _ROW, _COLUMN = f"{_SS}Worksheet", f"{_SS}Row", f"{_SS}Column"
_MOST = 1 << 20
"""Rows of the largest grid of a spreadsheet program; columns are fewer."""

Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass(slots=True, kw_only=True)
class XmlSheet:
    """One sheet; only cells that hold something are kept until its extent is known."""

    name: str
    filled: dict[tuple[int, int], object] = field(default_factory=dict)
    merges: list[Range] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    unvalued: set[tuple[int, int]] = field(default_factory=set)
    next_row: int = 0
    next_column: int = 0

    def extent(self) -> tuple[int, int]:
        """Return the rows and columns that the cells reach."""
        rows = max((row for row, _ in self.filled), default=-1) + 1
        return rows, max((column for _, column in self.filled), default=-1) + 1

    def cells(self) -> list[list[object]]:
        """Return the grid; empty cells are empty text."""
        rows, columns = self.extent()
        grid: list[list[object]] = [[""] * columns for _ in range(rows)]
        for (row, column), value in self.filled.items():
            grid[row][column] = value
        return grid

    def peek(self) -> SheetPeek:
        """Return what is hidden, and which formulas have no value."""
        return SheetPeek(
            hidden_rows=frozenset(self.hidden_rows),
            hidden_columns=frozenset(self.hidden_columns),
            unvalued=frozenset(self.unvalued),
        )


def sheets(name: str, data: bytes) -> list[XmlSheet]:
    """Return every sheet of a workbook.

    Raises:
        RosterError: when it isn't well-formed, declares entities, or asks for too much.
    """
    plain = data.replace(b"\0", b"")
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise damaged(name, "含有实体声明，不是 Excel 或 WPS 写出的")
    try:
        found = list(_sheets(data))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise damaged(name, f"XML 有误：{error}") from error
    total = 0
    for sheet in found:
        rows, columns = sheet.extent()
        check_extent(name, sheet.name, rows, columns)
        total += rows * columns
        check_total(name, total)
    return found


def _sheets(data: bytes) -> Iterator[XmlSheet]:
    events = etree.iterparse(
        io.BytesIO(data),
        events=("start", "end"),
        tag=(_SHEET, _ROW, _COLUMN, _VISIBLE),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
    )
    sheet = XmlSheet(name="")
    for event, element in events:
        if event == "start":
            if element.tag == _SHEET:
                sheet = XmlSheet(name=str(element.get(f"{_SS}Name") or ""))
        elif element.tag == _SHEET:
            yield sheet
            element.clear()
        elif element.tag == _ROW:
            _row(sheet, element)
            element.clear()
        elif element.tag == _COLUMN:
            first, last = _span(element, sheet.next_column)
            sheet.next_column = last + 1
            if element.get(f"{_SS}Hidden") == "1":
                sheet.hidden_columns |= set(range(first, last + 1))
        else:
            sheet.hidden = (element.text or "").strip() in {"SheetHidden", "SheetVeryHidden"}


def _row(sheet: XmlSheet, element: etree._Element) -> None:
    row, last = _span(element, sheet.next_row)
    sheet.next_row = last + 1
    if element.get(f"{_SS}Hidden") == "1":
        sheet.hidden_rows |= set(range(row, last + 1))
    column = 0
    for cell in element.iterchildren(f"{_SS}Cell"):
        column = _number(cell, "Index", column + 1) - 1
        right, down = _number(cell, "MergeAcross", 0), _number(cell, "MergeDown", 0)
        value = _value(cell.find(f"{_SS}Data"))
        if value is not None:
            sheet.filled[row, column] = value
        elif cell.get(f"{_SS}Formula"):
            sheet.filled[row, column] = ""
            sheet.unvalued.add((row, column))
        if right or down:
            sheet.merges.append(((row, column), (row + down, column + right)))
        column += right + 1


def _span(element: etree._Element, following: int) -> tuple[int, int]:
    """Return the first and last row or column an element speaks of."""
    first = _number(element, "Index", following + 1) - 1
    last = first + _number(element, "Span", 0)
    if last >= _MOST:
        raise ValueError(f"Index={last + 1}")
    return first, last


def _number(element: etree._Element, name: str, usual: int) -> int:
    number = int(element.get(f"{_SS}{name}") or usual)
    least = int(name == "Index")
    if not least <= number <= _MOST:
        raise ValueError(f"{name}={number}")
    return number


def _value(data: etree._Element | None) -> object:
    """Return a cell's value, None for one that is empty or an error."""
    kind = data.get(f"{_SS}Type") if data is not None else "Error"
    if data is None or kind == "Error":
        return None
    text = "".join(map(str, data.itertext()))
    if kind == "Number":
        return float(text)
    if kind == "DateTime":
        return dt.datetime.fromisoformat(text)
    if kind == "Boolean":
        return text.strip() == "1"
    return text or None
