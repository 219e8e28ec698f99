"""A sheet to draw a chart on: rectangles, rules, hatching and words, as SVG text.

Lengths are points. Hatching is drawn line by line, so every reader and printer shows it, and a
chart stays legible in black and white.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from pipeline import fonts

WIDTH = 442.0
"""The type area, 156 mm, in points."""
INK = "#000"
FILLS = ("solid", "slash", "light", "cross", "flat", "backslash", "dark", "white")
"""Fills in the order they are given out: neighbours differ most."""

_FONTS = ",".join(
    dict.fromkeys(("Gongwen Latin", *fonts.ROLES["hei"], *fonts.ROLES["song"], *fonts.RARE))
)
_PAINT = {"solid": "#404040", "light": "#d0d0d0", "dark": "#808080"}
_GAP = 4.0
_ITEM = re.compile("[^、]+、?|、")


def width_of(text: str, size: float) -> float:
    """Measure words in points: a character is 1 em wide, a figure or Latin letter about half."""
    return size * sum(0.5 if letter.isascii() else 1 for letter in text)


def wrapped(text: str, room: float, size: float) -> tuple[str, ...]:
    """Cut words into lines that fit into so many points; what stands between 、 stays whole."""
    made, line = [], ""
    for item in _ITEM.findall(text):
        if line and width_of(line + item, size) > room >= width_of(item, size):
            made.append(line)
            line = ""
        for letter in item:
            if line and width_of(line + letter, size) > room:
                made.append(line)
                line = ""
            line += letter
    return (*made, line)


class Drawing:
    """Collects the parts of one picture."""

    def __init__(self, width: float = WIDTH) -> None:
        self.width = width
        self._parts: list[str] = []

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str = "white",
        rule: float = 0.6,
    ) -> None:
        """Draw a rectangle: a fill of `FILLS` or a grey as #rrggbb, and its outline."""
        paint = fill if fill.startswith("#") else _PAINT.get(fill, "#fff")
        self._parts.append(
            f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" '
            f'fill="{paint}" stroke="{INK}" stroke-width="{rule}"/>'
        )
        strokes = "".join(_hatching(x, y, width, height, fill))
        if strokes:
            self.path(strokes, 0.5)

    def rule(
        self, x: float, y: float, to_x: float, to_y: float, weight: float = 0.6, dash: str = ""
    ) -> None:
        """Draw a straight rule."""
        self.path(f"M{x:.2f} {y:.2f}L{to_x:.2f} {to_y:.2f}", weight, dash=dash)

    def line(self, points: Sequence[tuple[float, float]], weight: float, dash: str = "") -> None:
        """Draw a line through points."""
        self.path("M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points), weight, dash=dash)

    def path(self, strokes: str, weight: float, *, dash: str = "", fill: str = "none") -> None:
        """Draw a path in SVG's own words."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<path d="{strokes}" fill="{fill}" stroke="{INK}" stroke-width="{weight}"{dashes}/>'
        )

    def dot(self, x: float, y: float, form: int) -> None:
        """Mark a point: filled and open circles and squares, by number."""
        fill = INK if form % 2 == 0 else "#fff"
        if form % 4 < 2:
            self._parts.append(
                f'<circle cx="{x:.2f}" cy="{y:.2f}" r="2.4" fill="{fill}" stroke="{INK}" '
                'stroke-width="0.8"/>'
            )
        else:
            self.box(x - 2.2, y - 2.2, 4.4, 4.4, "#000000" if form % 2 == 0 else "#ffffff", 0.8)

    def words(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 9.5,
        anchor: str = "start",
        colour: str = INK,
    ) -> None:
        """Write words with their baseline at `y`."""
        if not text:
            return
        placed = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self._parts.append(
            f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size}" fill="{colour}"{placed}>'
            f"{escape(text)}</text>"
        )

    def legend(self, names: Sequence[str], fills: Sequence[str], y: float) -> float:
        """Explain fills from `y` down, as many on a line as fit; return where the legend ends."""
        x = 1.0
        for name, fill in zip(names, fills, strict=True):
            room = 20 + width_of(name, 9.5) + 14
            if x > 1 and x + room > self.width:
                x, y = 1.0, y + 15
            self.box(x, y + 1.5, 15, 9, fill)
            self.words(x + 19, y + 9.5, name)
            x += room
        return y + 20

    def svg(self, height: float, alt: str) -> Markup:
        """Return the picture with the text that stands for it, no wider than the type area."""
        said, scale = escape(alt), min(1.0, WIDTH / self.width)
        return Markup(
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{said}" '
            f'width="{self.width * scale:.2f}pt" height="{height * scale:.2f}pt" '
            f'viewBox="0 0 {self.width:.2f} {height:.2f}" font-family="{escape(_FONTS)}">'
            f"<title>{said}</title>{''.join(self._parts)}</svg>"
        )


def _hatching(x: float, y: float, width: float, height: float, fill: str) -> Iterator[str]:
    """Yield the strokes of a hatched rectangle, clipped to it."""
    if fill == "flat":
        for step in range(1, int(height / _GAP) + 1):
            if step * _GAP < height:
                yield f"M{x:.2f} {y + step * _GAP:.2f}h{width:.2f}"
        return
    if fill not in ("slash", "backslash", "cross"):
        return
    for step in range(1, int((width + height) / _GAP) + 1):
        reach = step * _GAP
        left, right = max(0.0, reach - height), min(width, reach)
        if left >= right:
            continue
        if fill != "backslash":
            yield f"M{x + left:.2f} {y + reach - left:.2f}L{x + right:.2f} {y + reach - right:.2f}"
        if fill != "slash":
            top, low = y + height - (reach - left), y + height - (reach - right)
            yield f"M{x + left:.2f} {top:.2f}L{x + right:.2f} {low:.2f}"
