"""How far the cells of an OpenDocument sheet reach, repetitions written out; what is hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from pipeline.roster.biff import Range

_TAG = re.compile(
    rb"<(/?)table:(table|table-row|table-column|table-cell|covered-table-cell)(?=[\s/>])([^>]*?)(/?)>"
)
_TIMES = re.compile(rb'table:number-(?:rows|columns)-repeated="(\d+)"')
_DOWN, _RIGHT = (
    re.compile(rb'table:number-%s-spanned="(\d{1,7})"' % way) for way in (b"rows", b"columns")
)
_NAME = re.compile(rb'table:name="([^"]*)"')
_HIDDEN = re.compile(rb'table:visibility="(?:collapse|filter)"')
MOST = 1 << 20
"""Rows of the largest grid of a spreadsheet program; columns are fewer."""

Ranges = tuple[range, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OdsSheet:
    """One sheet: how far its filled cells reach, and its hidden rows and columns, zero-based."""

    name: str
    rows: int
    columns: int
    hidden_rows: Ranges
    hidden_columns: Ranges
    merges: tuple[Range, ...]


def extents(content: bytes) -> Iterator[OdsSheet]:
    """Yield what each sheet's tags say.

    Source: OpenDocument 1.2, part 1, 19.675, 19.678, 19.679, 19.682 and 19.749.
    """
    name = ""
    rows = columns = height = width = across = 0
    hidden_rows: list[range] = []
    hidden_columns: list[range] = []
    merges: list[Range] = []
    for found in _TAG.finditer(content):
        closes, tag, attributes, empty = found.groups()
        if tag == b"table":
            if closes:
                yield OdsSheet(
                    name=name,
                    rows=rows,
                    columns=columns,
                    hidden_rows=tuple(hidden_rows),
                    hidden_columns=tuple(hidden_columns),
                    merges=tuple(merges),
                )
            else:
                named = _NAME.search(attributes)
                name = unescape(named[1].decode("utf-8", "replace")) if named else ""
                rows = columns = height = across = 0
                hidden_rows, hidden_columns, merges = [], [], []
            continue
        if closes:
            continue
        times = _TIMES.search(attributes)
        repeated = int(times[1]) if times else 1
        if tag == b"table-column":
            if _HIDDEN.search(attributes):
                hidden_columns.append(range(across, across + repeated))
            across += repeated
        elif tag == b"table-row":
            if _HIDDEN.search(attributes):
                hidden_rows.append(range(height, height + repeated))
            height += repeated
            width = 0
        else:
            if b"-spanned=" in attributes:
                merges += _merged(attributes, height - 1, width)
            width += repeated
            if not empty or b"office:value" in attributes:
                rows, columns = height, max(columns, width)


def _merged(attributes: bytes, top: int, left: int) -> Iterator[Range]:
    """Yield the range a cell reaches over, if it reaches over any other."""
    down, right = (
        int(found[1]) if (found := way.search(attributes)) else 1 for way in (_DOWN, _RIGHT)
    )
    if down * right > 1:
        yield (top, left), (top + down - 1, left + right - 1)
