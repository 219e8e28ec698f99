"""The little of CFF fonts we read: is each glyph's number also its CID, and where the table lies.

If it is (Noto CJK), a subset may renumber its glyphs: a PDF finds them by CID, through the charset.
Otherwise the subset must keep an empty place for every unused glyph, a hundred kilobytes a face.
"""

from __future__ import annotations

from collections.abc import Iterator

_ROS = (12, 30)
_CHARSET = (15,)


def identity_keyed(table: memoryview | bytes, glyphs: int) -> bool:
    """Say whether a CFF table is CID-keyed and its charset maps every glyph to its own number.

    Args:
        table: the whole `CFF ` table.
        glyphs: the number of glyphs of the face.
    """
    operands = dict(_top(bytes(table[: _head(table)])))
    if _ROS not in operands or _CHARSET not in operands:
        return False
    at = operands[_CHARSET]
    kind, rest = table[at], bytes(table[at + 1 : at + 5])
    first, more = int.from_bytes(rest[:2], "big"), int.from_bytes(rest[2:4], "big")
    return kind == 2 and first == 1 and more >= glyphs - 2


def cff_of(font: bytes) -> bytes:
    """Cut the `CFF ` table out of an OpenType font.

    Raises:
        StopIteration: when the font has none.
    """
    records = (font[at : at + 16] for at in range(12, 12 + 16 * font[5], 16))
    found = next(record for record in records if record[:4] == b"CFF ")
    at = int.from_bytes(found[8:12], "big")
    return font[at : at + int.from_bytes(found[12:16], "big")]


def _head(table: memoryview | bytes) -> int:
    """Return where the Top DICT ends: header, Name INDEX, Top DICT INDEX."""
    return _index(table, _index(table, table[2])[1])[1]


def _index(table: memoryview | bytes, at: int) -> tuple[int, int]:
    """Return where the first object of an INDEX starts, and where the INDEX ends."""
    count = int.from_bytes(bytes(table[at : at + 2]), "big")
    if count == 0:
        return at + 2, at + 2
    size = table[at + 2]
    base = at + 2 + (count + 1) * size
    last = at + 3 + count * size
    return base + 1, base + int.from_bytes(bytes(table[last : last + size]), "big")


def _top(head: bytes) -> Iterator[tuple[tuple[int, ...], int]]:
    """Yield operator and last operand of each entry of the Top DICT."""
    at, end = _index(head, _index(head, head[2])[1])
    value = 0
    while at < end:
        byte = head[at]
        if byte <= 21:
            size = 2 if byte == 12 else 1
            yield tuple(head[at : at + size]), value
        elif byte == 28:
            size, value = 3, int.from_bytes(head[at + 1 : at + 3], "big", signed=True)
        elif byte == 29:
            size, value = 5, int.from_bytes(head[at + 1 : at + 5], "big", signed=True)
        elif byte == 30:
            size = 1 + next(n for n, each in enumerate(head[at + 1 :], 1) if each & 15 == 15)
        elif byte <= 246:
            size, value = 1, byte - 139
        else:
            size, value = 2, 0
        at += size
