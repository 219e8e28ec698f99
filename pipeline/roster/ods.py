"""How far the cells of an OpenDocument sheet reach once its repetitions are written out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

_TAG = re.compile(
    rb"<(/?)table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])([^>]*?)(/?)>"
)
_TIMES = re.compile(rb'table:number-(?:rows|columns)-repeated="(\d+)"')
_NAME = re.compile(rb'table:name="([^"]*)"')


def extents(content: bytes) -> Iterator[tuple[str, int, int]]:
    """Yield each sheet's name with the rows and columns that its filled cells reach.

    Source: OpenDocument 1.2, part 1, 19.675 and 19.679.
    """
    name = ""
    rows = columns = height = width = 0
    for found in _TAG.finditer(content):
        closes, tag, attributes, empty = found.groups()
        if tag == b"table":
            if closes:
                yield name, rows, columns
            else:
                named = _NAME.search(attributes)
                name = unescape(named[1].decode("utf-8", "replace")) if named else ""
                rows = columns = height = 0
            continue
        if closes:
            continue
        times = _TIMES.search(attributes)
        repeated = int(times[1]) if times else 1
        if tag == b"table-row":
            height += repeated
            width = 0
        else:
            width += repeated
            if not empty or b"office:value" in attributes:
                rows, columns = height, max(columns, width)
