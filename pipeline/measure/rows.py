"""Glyphs gathered into rows, as an eye reads a page."""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pipeline.measure.sheet import MM, Glyph, Sheet, is_red
from pipeline.model import Box

_SHIFT = 0.45
"""Part of a character's height by which a base line may stray and still be the same row."""
_GAP = 2.2
"""Characters of white after which a new part of a row begins."""
_UNSEEN = frozenset({"Cc", "Cf"})
_WIDE = re.compile(r"[^\x00-\u00ff]")


@dataclass(frozen=True)
class Row:
    """A row of glyphs from left to right, the spaces between them too."""

    page: int
    glyphs: tuple[Glyph, ...]

    @cached_property
    def ink(self) -> tuple[Glyph, ...]:
        """Return the glyphs that can be seen."""
        return tuple(glyph for glyph in self.glyphs if seen(glyph))

    @cached_property
    def text(self) -> str:
        """Return its words as they were written, with their spaces."""
        return "".join(
            glyph.text for glyph in self.glyphs if seen(glyph) or glyph.text.isspace()
        ).strip()

    @cached_property
    def words(self) -> str:
        """Return its words without white space."""
        return "".join(glyph.text for glyph in self.ink)

    @cached_property
    def box(self) -> Box:
        """Return the box around its ink."""
        return around(glyph.box for glyph in self.ink)

    @cached_property
    def size(self) -> float:
        """Return the size of most of its characters, points to a tenth."""
        return Counter(round(glyph.size, 1) for glyph in self.ink).most_common(1)[0][0]

    @cached_property
    def left(self) -> float:
        """Return where its first character stands, which may be left of that one's ink."""
        return min(glyph.x for glyph in self.ink)

    @cached_property
    def y(self) -> float:
        """Return its base line."""
        return statistics.median(glyph.y for glyph in self.ink)

    @cached_property
    def cells(self) -> float:
        """Return its length in characters; a figure or letter counts half."""
        return sum(1.0 if _WIDE.match(glyph.text) else 0.5 for glyph in self.ink)

    @cached_property
    def font(self) -> str:
        """Return the font of most of its wide characters."""
        wide = [glyph.font for glyph in self.ink if _WIDE.match(glyph.text)]
        return Counter(wide or [glyph.font for glyph in self.ink]).most_common(1)[0][0]

    @cached_property
    def red(self) -> bool:
        """Tell whether most of it is red."""
        return sum(is_red(glyph.colour) for glyph in self.ink) * 2 > len(self.ink)

    def parts(self) -> tuple[Row, ...]:
        """Return the row cut where it has wide gaps: 文号 and 签发人 are two parts."""
        found: list[list[Glyph]] = []
        for glyph in self.ink:
            gap = glyph.box.left - found[-1][-1].box.right if found else 0.0
            if not found or gap > _GAP * glyph.size * MM:
                found.append([])
            found[-1].append(glyph)
        return tuple(Row(self.page, tuple(part)) for part in found)


def rows(sheet: Sheet, exempt: Iterable[Box] = ()) -> tuple[Row, ...]:
    """Return the upright rows of a page from top to bottom, without what lies in exempt boxes."""
    spared = tuple(exempt)
    glyphs = [
        glyph
        for glyph in sheet.glyphs
        if glyph.upright and not any(box.holds(glyph.box) for box in spared)
    ]
    lines: list[list[Glyph]] = []
    for glyph in sorted(filter(seen, glyphs), key=lambda one: one.y):
        line = lines[-1] if lines else None
        if line and glyph.y - line[-1].y <= _SHIFT * min(glyph.size, line[0].size) * MM:
            line.append(glyph)
        else:
            lines.append([glyph])
    spaces = [glyph for glyph in glyphs if glyph.text.isspace()]
    return tuple(_row(sheet.number, line, spaces) for line in lines)


def seen(glyph: Glyph) -> bool:
    """Tell whether a glyph draws anything."""
    return not glyph.text.isspace() and unicodedata.category(glyph.text) not in _UNSEEN


def around(boxes: Iterable[Box]) -> Box:
    """Return the box around boxes; there is at least one."""
    listed = list(boxes)
    return Box(
        min(box.left for box in listed),
        min(box.top for box in listed),
        max(box.right for box in listed),
        max(box.bottom for box in listed),
    )


def _row(page: int, line: list[Glyph], spaces: list[Glyph]) -> Row:
    low, high = min(one.y for one in line) - 0.5, max(one.y for one in line) + 0.5
    inside = [one for one in spaces if low <= one.y <= high]
    return Row(page, tuple(sorted((*line, *inside), key=lambda one: one.x)))
