"""Pictures made of boxes: a tile map of towns, a tree of organs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import ceil
from typing import Any

from markupsafe import Markup

from pipeline.render.drawing import WIDTH, Drawing, width_of, wrapped
from pipeline.render.figures import figure, given, printed

_TILE = (66.0, 44.0)
_SHADES = ("#ffffff", "#e4e4e4", "#c4c4c4", "#969696", "#5a5a5a", "#2a2a2a")
_DARK = 3
_ROW = 34.0
_GAP = 8.0
_SIZE = 10.0

Node = Mapping[str, Any]


def tiles(places: Sequence[Node], steps: Sequence[Any], unit: str = "") -> Markup:
    """Draw a tile for each place, the darker the higher its figure.

    Args:
        places: each with `name`, `value`, perhaps `shown`, and perhaps `row` and `column` from 0.
        steps: rising figures between the shades, five at most.
        unit: printed after a figure without `shown`.

    Raises:
        ValueError: for text that is no figure, steps that don't rise or are more than five, and
            two places on one spot.
    """
    marks = [figure(step) for step in steps]
    if len(marks) >= len(_SHADES) or marks != sorted(set(marks)):
        raise ValueError("分级界限要从小到大，最多五个")
    spots = _spots(places)
    picture = Drawing()
    y = picture.legend([*_classes(marks, unit), "缺数据"], [*_shades(marks), "slash"], 0)
    columns = max((column for _, column in spots), default=0) + 1
    wide = min(_TILE[0], WIDTH / columns)
    left = (WIDTH - wide * columns) / 2
    for place, (row, column) in zip(places, spots, strict=True):
        _tile(picture, place, (left + wide * column, y + _TILE[1] * row, wide), marks, unit)
    bottom = y + _TILE[1] * (max((row for row, _ in spots), default=0) + 1)
    said = "；".join(f"{place['name']}{printed(place, unit)}" for place in places) or "没有数据"
    return picture.svg(bottom + 2, f"分布图：{said}")


def tree(root: Node) -> Markup:
    """Draw an organisation: boxes joined from above; many at the foot stand upright.

    Args:
        root: with `name`, perhaps `note` under it, and `children` of the same form.
    """
    top = _measured(root, 0)
    if top.wide > WIDTH:
        top = _measured(root, 0, upright=True)
    picture = Drawing(max(WIDTH, top.wide + 2))
    bottom = _place(picture, top, (picture.width - top.wide) / 2, _rows(top))
    return picture.svg(bottom + 2, f"机构图：{'；'.join(_paths(root)) or root['name']}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Box:
    lines: tuple[str, ...]
    upright: bool
    depth: int
    size: tuple[float, float]
    wide: float
    children: tuple[_Box, ...]


def _measured(node: Node, depth: int, *, upright: bool = False) -> _Box:
    """Measure a node and all below it; leaves stand upright where there are too many to lie."""
    children = tuple(
        _measured(child, depth + 1, upright=upright) for child in node.get("children") or ()
    )
    texts = [text for text in (node["name"], node.get("note") or "") if text]
    if upright and depth and not children:
        lines = tuple(texts)
        size = (14.0 * len(lines) + 5, 11.5 * max(map(len, lines)) + 8)
        return _Box(lines=lines, upright=True, depth=depth, size=size, wide=size[0], children=())
    lines = tuple(line for text in texts for line in wrapped(text, 160, _SIZE))
    size = (max(width_of(line, _SIZE) for line in lines) + 14, 13.0 * len(lines) + 8)
    below = sum(child.wide for child in children) + _GAP * max(0, len(children) - 1)
    return _Box(
        lines=lines,
        upright=False,
        depth=depth,
        size=size,
        wide=max(size[0], below),
        children=children,
    )


def _rows(top: _Box) -> list[float]:
    """Return where each level begins."""
    tallest: dict[int, float] = {}
    for box in _all(top):
        tallest[box.depth] = max(tallest.get(box.depth, 0), box.size[1])
    starts = [1.0]
    for depth in range(len(tallest) - 1):
        starts.append(starts[-1] + tallest[depth] + _ROW * 0.7)
    return starts


def _all(box: _Box) -> Iterator[_Box]:
    yield box
    for child in box.children:
        yield from _all(child)


def _place(picture: Drawing, box: _Box, left: float, rows: Sequence[float]) -> float:
    """Draw a box with all below it; return its lowest edge."""
    middle, y = left + box.wide / 2, rows[box.depth]
    width, height = box.size
    picture.box(middle - width / 2, y, width, height, "#ececec" if box.depth == 0 else "white", 0.8)
    if box.upright:
        _upright(picture, box, middle, y)
    else:
        for place, line in enumerate(box.lines):
            picture.words(middle, y + 14.5 + 13 * place, line, _SIZE, "middle")
    bottom = y + height
    if not box.children:
        return bottom
    bar = rows[box.depth + 1] - _ROW * 0.35
    picture.rule(middle, bottom, middle, bar, 0.8)
    span = sum(child.wide for child in box.children) + _GAP * (len(box.children) - 1)
    x = left + (box.wide - span) / 2
    centres = []
    for child in box.children:
        centre = x + child.wide / 2
        picture.rule(centre, bar, centre, rows[child.depth], 0.8)
        centres.append(centre)
        bottom = max(bottom, _place(picture, child, x, rows))
        x += child.wide + _GAP
    picture.rule(min(*centres, middle), bar, max(*centres, middle), bar, 0.8)
    return bottom


def _upright(picture: Drawing, box: _Box, middle: float, y: float) -> None:
    """Write from above, columns from right to left."""
    first = middle + 7.0 * (len(box.lines) - 1)
    for column, line in enumerate(box.lines):
        for row, letter in enumerate(line):
            picture.words(first - 14.0 * column, y + 13.5 + 11.5 * row, letter, _SIZE, "middle")


def _paths(node: Node) -> Iterator[str]:
    children = node.get("children") or ()
    if children:
        yield f"{node['name']}下设{'、'.join(child['name'] for child in children)}"
    for child in children:
        yield from _paths(child)


def _spots(places: Sequence[Node]) -> list[tuple[int, int]]:
    """Return row and column of each place: its own, or in reading order."""
    across = min(6, max(1, ceil((len(places) * 1.5) ** 0.5)))
    spots = [
        (int(place.get("row", number // across)), int(place.get("column", number % across)))
        for number, place in enumerate(places)
    ]
    if len(set(spots)) < len(spots) or any(min(spot) < 0 for spot in spots):
        raise ValueError("两个地方占了同一格，或者行列号小于零")
    return spots


def _shades(marks: Sequence[Decimal]) -> list[str]:
    """Pick as many shades as there are classes, from lightest to darkest."""
    if not marks:
        return [_SHADES[0]]
    return [_SHADES[n * (len(_SHADES) - 1) // len(marks)] for n in range(len(marks) + 1)]


def _classes(marks: Sequence[Decimal], unit: str) -> list[str]:
    if not marks:
        return [f"单位：{unit}" if unit else "各地"]
    between = [f"{low:f}～{high:f}{unit}" for low, high in pairwise(marks)]
    return [f"{marks[0]:f}{unit}以下", *between, f"{marks[-1]:f}{unit}以上"]


def _tile(
    picture: Drawing,
    place: Node,
    spot: tuple[float, float, float],
    marks: Sequence[Decimal],
    unit: str,
) -> None:
    x, y, wide = spot
    value = given(place["value"])
    fill = "slash" if value is None else _shades(marks)[sum(value >= mark for mark in marks)]
    picture.box(x + 1.5, y + 1.5, wide - 3, _TILE[1] - 3, fill, 0.7)
    if value is None:
        picture.box(x + 6, y + 8, wide - 12, _TILE[1] - 16, "#ffffff", 0)
    colour = "#fff" if fill in _SHADES[_DARK + 1 :] else "#000"
    size = min(_SIZE, _SIZE * (wide - 8) / width_of(place["name"], _SIZE))
    picture.words(x + wide / 2, y + 19, place["name"], round(size, 1), "middle", colour)
    picture.words(x + wide / 2, y + 33, printed(place, unit), 9, "middle", colour)
