"""Where a cell is: numbers, letters, and the merged range it is hidden in."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import TypeAlias

Place: TypeAlias = tuple[int, int]
"""Row and column of a cell, both from 1."""

_AT = re.compile(r"([A-Za-z]+)(\d+)")
_MERGED = re.compile(rb"<(?:[^\s<>/:]+:)?mergeCell\s[^>]*?\bref\s*=\s*[\"']([A-Z]+\d+):([A-Z]+\d+)")


def number(letters: str) -> int:
    """Return the number of column letters: A → 1, AB → 28; 0 for none."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index


def address(at: Place) -> str:
    """Return the address of a place: (5, 28) → `AB5`."""
    name, column = "", at[1]
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return f"{name}{at[0]}"


def place(text: str) -> Place:
    """Return the place of an address: `AB5` → (5, 28).

    Raises:
        ValueError: when it isn't one.
    """
    found = _AT.fullmatch(text)
    if not found:
        raise ValueError(f"{text} is no address of a cell")
    return int(found[2]), number(found[1])


def anchors(sheet: bytes, places: Iterable[Place]) -> dict[Place, Place]:
    """Return the cell that is shown for each place: itself, or the first of its merged range."""
    shown = {at: at for at in places}
    rows = sorted({row for row, _ in shown})
    for found in _MERGED.finditer(sheet):
        first, last = (place(corner.decode()) for corner in found.groups())
        for row in rows[bisect_left(rows, first[0]) : bisect_right(rows, last[0])]:
            for column in range(first[1], last[1] + 1):
                if (row, column) in shown:
                    shown[row, column] = first
    return shown
