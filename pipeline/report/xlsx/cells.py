"""The cells of a sheet's part, found by their bytes: a style is set, and nothing else moves.

expat tells at which byte each tag begins, so a sheet of any size is changed without a tree of it,
and everything between the changes stays as its author's program wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from pipeline.report.xlsx.places import Place, address, anchors, place

_TAG = re.compile(rb"<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>")
_NAME = re.compile(rb"<[^\s/>]+")
_STYLE = re.compile(rb"(?<=\s)s\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_CONTENT = {"v", "is", "f"}
_BEHIND = {
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "AlternateContent",
    "webPublishItems",
    "tableParts",
    "extLst",
}
"""What stands behind `legacyDrawing` in a sheet (ECMA-376 part 1, 18.3.1.99)."""


@dataclass(slots=True)
class _Row:
    start: int
    style: int | None
    cells: list[tuple[int, int, int]] = field(default_factory=list)
    """Column, first byte and style of each cell."""
    end: int = 0
    used: int = 0
    """First column that holds something."""


class Cells:
    """Where the cells that matter are in a sheet's part."""

    def __init__(self, data: bytes, places: Iterable[Place]) -> None:
        """Look a sheet over.

        Args:
            data: the sheet's part.
            places: what will be marked; column 0 stands for the first used cell of the row.

        Raises:
            xml.parsers.expat.ExpatError: when the part isn't XML.
            ValueError: for a sheet without cells, an address that is none, a document type.
        """
        wanted = set(places)
        self._data = data
        self._shown = anchors(data, {at for at in wanted if at[1]})
        rows = {row for row, _ in wanted} | {row for row, _ in self._shown.values()}
        self._layout = _scan(data, rows)
        self.drawing = self._layout.drawing
        """Id of the relation to the sheet's legacy drawing, which shows notes."""
        self.prefix = self._layout.prefix
        """What stands before the names of tags, with its colon."""

    def shown(self, at: Place) -> Place:
        """Return the cell that is marked for a place."""
        row, column = at
        if column:
            return self._shown[at]
        return row, (self._layout.rows[row].used if row in self._layout.rows else 0) or 1

    def styled(self, styles: Mapping[Place, Callable[[int], int]], drawing: str = "") -> bytes:
        """Return the part with other styles.

        Args:
            styles: for each cell that changes, from the style it has to the one it gets.
            drawing: a `legacyDrawing` element for a sheet that has none.
        """
        by_row: dict[int, dict[int, Callable[[int], int]]] = {}
        for (line, column), style in sorted(styles.items(), key=lambda one: one[0]):
            by_row.setdefault(line, {})[column] = style  # both ascending
        splices: list[tuple[int, int, bytes]] = []
        added: dict[int, bytes] = {}
        for number, columns in by_row.items():
            row = self._layout.rows.get(number)
            if row:
                splices += self._in_row(number, row, columns)
            else:
                cells = b"".join(
                    self._cell((number, column), style(self._layout.column_style(column)))
                    for column, style in columns.items()
                )
                start = self._layout.before[number]
                added[start] = added.get(start, b"") + self._element(f'row r="{number}"', cells)
        splices += self._new_rows(added)
        if drawing:
            splices.append((self._layout.drawing_at, self._layout.drawing_at, drawing.encode()))
        return _spliced(self._data, splices)

    def _new_rows(self, added: Mapping[int, bytes]) -> Iterable[tuple[int, int, bytes]]:
        body = self._layout.body
        for start, rows in added.items():
            if start == body:  # the sheet has no rows at all: <sheetData/>
                tag = _tag(self._data, body)
                yield body, body + len(tag), self._opened(tag) + rows + self._close("sheetData")
            else:
                yield start, start, rows

    def _in_row(
        self, number: int, row: _Row, columns: Mapping[int, Callable[[int], int]]
    ) -> Iterable[tuple[int, int, bytes]]:
        there = {column: (start, style) for column, start, style in row.cells}
        new: dict[int, bytes] = {}
        for column, restyle in columns.items():
            if column in there:
                start, style = there[column]
                tag = _tag(self._data, start)
                yield start, start + len(tag), _with_style(tag, restyle(style))
                continue
            style = self._layout.column_style(column) if row.style is None else row.style
            at = next((start for other, start, _ in row.cells if other > column), row.end)
            new[at] = new.get(at, b"") + self._cell((number, column), restyle(style))
        tag = _tag(self._data, row.start)
        for at, cells in new.items():
            if tag.endswith(b"/>"):
                yield row.start, at, self._opened(tag) + cells + self._close("row")
            else:
                yield at, at, cells

    def _cell(self, at: Place, style: int) -> bytes:
        return f'<{self.prefix}c r="{address(at)}" s="{style}"/>'.encode()

    def _element(self, head: str, inside: bytes) -> bytes:
        return f"<{self.prefix}{head}>".encode() + inside + self._close("row")

    def _opened(self, tag: bytes) -> bytes:
        return tag[:-2].rstrip() + b">"

    def _close(self, name: str) -> bytes:
        return f"</{self.prefix}{name}>".encode()


@dataclass(slots=True)
class _Layout:
    """What a scan of a sheet's part finds."""

    rows: dict[int, _Row] = field(default_factory=dict)
    before: dict[int, int] = field(default_factory=dict)
    """For each wanted row that isn't there, the byte it belongs at."""
    columns: list[tuple[int, int, int]] = field(default_factory=list)
    """First and last column and style, where columns have a style."""
    body: int = -1
    prefix: str = ""
    drawing: str = ""
    drawing_at: int = -1

    def column_style(self, column: int) -> int:
        """Return the style of an empty cell of a column."""
        return next((style for a, z, style in self.columns if a <= column <= z), 0)


def _scan(data: bytes, rows: Iterable[int]) -> _Layout:
    layout = _Layout()
    parser = expat.ParserCreate()
    pending = sorted(set(rows), reverse=True)
    depth = number = column = 0
    inside = False
    row: _Row | None = None

    def doctype(*_: object) -> None:
        raise ValueError("a document type has no place in a workbook")

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, number, column, inside, row
        depth += 1
        local = name.rpartition(":")[2]
        if not inside:
            if depth == 2:
                inside = local == "sheetData"
                _notice(layout, name, attributes, parser.CurrentByteIndex)
            elif depth == 3 and local == "col" and "style" in attributes:
                first, last, style = (int(attributes[key]) for key in ("min", "max", "style"))
                layout.columns.append((first, last, style))
        elif local == "row":
            number = int(attributes.get("r", number + 1))
            column = 0
            at = parser.CurrentByteIndex
            while pending and pending[-1] < number:
                layout.before[pending.pop()] = at
            if pending and pending[-1] == number:
                pending.pop()
                styled = attributes.get("customFormat") in {"1", "true"}
                row = _Row(at, int(attributes.get("s", 0)) if styled else None)
                layout.rows[number] = row
        elif row is not None:
            if local == "c":
                column = place(attributes["r"])[1] if "r" in attributes else column + 1
                style = int(attributes.get("s", 0))
                row.cells.append((column, parser.CurrentByteIndex, style))
            elif local in _CONTENT:
                row.used = row.used or column

    def end(name: str) -> None:
        nonlocal depth, inside, row
        depth -= 1
        if row is not None and depth == 2:
            row.end = parser.CurrentByteIndex
            row = None
        elif inside and depth == 1:
            inside = False
            empty = _tag(data, layout.body).endswith(b"/>")
            at = layout.body if empty else parser.CurrentByteIndex
            layout.before.update((one, at) for one in reversed(pending))
            pending.clear()
        elif depth == 0 and layout.drawing_at < 0:
            layout.drawing_at = parser.CurrentByteIndex

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(data, True)
    if layout.body < 0:
        raise ValueError("a sheet without sheetData")
    return layout


def _notice(layout: _Layout, name: str, attributes: Mapping[str, str], at: int) -> None:
    """Remember what stands directly in the sheet: its cells, its drawing, what is behind it."""
    prefix, colon, local = name.rpartition(":")
    if local == "sheetData":
        layout.body, layout.prefix = at, prefix + colon
    elif local == "legacyDrawing":
        layout.drawing = next((v for k, v in attributes.items() if k.endswith(":id")), "")
    if local not in _BEHIND:
        layout.drawing_at = -1
    elif layout.drawing_at < 0:
        layout.drawing_at = at


def _tag(data: bytes, start: int) -> bytes:
    found = _TAG.match(data, start)
    if not found:
        raise ValueError(f"no tag at byte {start}")
    return found[0]


def _with_style(tag: bytes, style: int) -> bytes:
    said = f's="{style}"'.encode()
    if _STYLE.search(tag):
        return _STYLE.sub(said, tag, count=1)
    name = _NAME.match(tag)
    end = name.end() if name else 0
    return tag[:end] + b" " + said + tag[end:]


def _spliced(data: bytes, splices: Iterable[tuple[int, int, bytes]]) -> bytes:
    parts: list[bytes] = []
    done = 0
    for start, end, new in sorted(splices, key=lambda one: one[:2]):
        parts += (data[done:start], new)
        done = end
    return b"".join((*parts, data[done:]))
