"""Charts as SVG from the data of a context: the same figures as the tables beside them.

Each takes plain rows whose figures are whole numbers or the text of a `Decimal`; `shown` beside a
figure says how it is to be printed. A missing figure is named, never drawn as nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from pipeline.render.boxes import tiles, tree
from pipeline.render.drawing import FILLS, WIDTH, Drawing, width_of, wrapped
from pipeline.render.figures import figure, given, printed

_TEXT = 9.5
_PITCH = 19.0
_BAR = 11.0
_LABEL = 110.0
_DASHES = ("", "5 2.5", "1.5 2", "7 2 1.5 2")
_EMPTY = "没有数据"

Row = Mapping[str, Any]


def bars(rows: Sequence[Row], unit: str = "", aim: Any = None, by: str = "value") -> Markup:
    """Draw a ranking: a bar for each row, in the order given, its figure at the end.

    Args:
        rows: each with `name`, `value` and perhaps `shown`.
        unit: printed after a figure without `shown`.
        aim: a figure to mark with a broken rule.
        by: the name of the figure in a row, where it isn't `value`.

    Raises:
        ValueError: for figures below zero and text that is no figure.
    """
    picture = Drawing()
    rows = [{**row, "value": row[by]} for row in rows]
    values = [given(row["value"]) for row in rows]
    goal = given(aim)
    most = max((value for value in (*values, goal) if value is not None), default=Decimal(0))
    start, labels = _labels([row["name"] for row in rows])
    ends = [printed(row, unit) for row in rows]
    room = WIDTH - start - max((width_of(end, _TEXT) for end in ends), default=0) - 8
    top = 14.0 if goal is not None else 2.0
    heights = [max(_PITCH, 12.0 * len(label) + 4) for label in labels]
    if goal is not None:
        x = start + _length(goal, most, room)
        picture.rule(x, top - 2, x, top + sum(heights), 0.8, "3 2")
        picture.words(x, top - 5, f"目标{goal.normalize():f}{unit}", 9, _side(x))
    y = top
    for label, value, end, height in zip(labels, values, ends, heights, strict=True):
        _beside(picture, start - 6, y + height / 2, label)
        length = _length(value, most, room)
        if value is not None and length:
            low = goal is not None and value < goal
            picture.box(start, y + (height - _BAR) / 2, length, _BAR, "slash" if low else "solid")
        picture.box(
            start + length + 2, y + height / 2 - 6, width_of(end, _TEXT) + 4, 12, "#ffffff", 0
        )
        picture.words(start + length + 4, y + height / 2 + 3.4, end)
        y += height
    picture.rule(start, top, start, y, 0.8)
    return _done(picture, y + 2, "条形图", [_said(row, unit) for row in rows])


def stack(rows: Sequence[Row], parts: Sequence[str], unit: str = "") -> Markup:
    """Draw each row as one bar of parts, as funds by source.

    Args:
        rows: each with `name` and `values`, one figure for each part.
        parts: names of the parts, eight at most.
        unit: printed after a row's total.

    Raises:
        ValueError: for figures below zero, text that is no figure and more than eight parts.
    """
    if len(parts) > len(FILLS):
        raise ValueError(f"一条最多分{len(FILLS)}段，这里有{len(parts)}段")
    picture = Drawing()
    y = picture.legend(parts, FILLS[: len(parts)], 0)
    values = [[given(each) for each in row["values"]] for row in rows]
    totals = [sum((each or Decimal(0) for each in line), Decimal(0)) for line in values]
    ends = [f"{total.normalize():f}{unit}" for total in totals]
    start, labels = _labels([row["name"] for row in rows])
    room = WIDTH - start - max((width_of(end, _TEXT) for end in ends), default=0) - 8
    most, top = max(totals, default=Decimal(0)), y
    for label, line, end in zip(labels, values, ends, strict=True):
        height = max(_PITCH + 2, 12.0 * len(label) + 4)
        _beside(picture, start - 6, y + height / 2, label)
        x = start
        for value, fill in zip(line, FILLS[: len(parts)], strict=True):
            length = _length(value, most, room)
            if value is not None and length:
                picture.box(x, y + (height - 15) / 2, length, 15, fill)
                _inside(picture, x, y + height / 2, length, f"{value.normalize():f}")
                x += length
        picture.words(x + 4, y + height / 2 + 3.4, end)
        y += height
    picture.rule(start, top, start, y, 0.8)
    said = [
        f"{row['name']}" + "、".join(f"{part}{each}{unit}" for part, each in _pairs(parts, row))
        for row in rows
    ]
    return _done(picture, y + 2, "分段条形图", said)


def histogram(
    values: Sequence[Any], edges: Sequence[Any], unit: str = "", of: str = "户"
) -> Markup:
    """Draw how many values lie between edges, below the first and from the last up.

    Args:
        values: figures; one that is missing is counted apart.
        edges: rising figures, two at least.
        unit: of the values.
        of: what is counted.

    Raises:
        ValueError: for text that is no figure, and edges that don't rise.
    """
    marks = [figure(edge) for edge in edges]
    if len(marks) < 2 or any(one >= other for one, other in pairwise(marks)):
        raise ValueError("分组界限要从小到大，至少两个")
    known = [figure(value) for value in values if value not in (None, "")]
    bounds = [None, *marks, None]
    groups = list(pairwise(bounds))
    counts = [sum(_between(each, low, high) for each in known) for low, high in groups]
    names = [_group(low, high) for low, high in groups]
    picture, base, most = Drawing(), 132.0, max(*counts, 1)
    wide = (WIDTH - 4) / len(groups)
    for place, (count, name) in enumerate(zip(counts, names, strict=True)):
        x, height = 2 + place * wide, 104.0 * count / most
        if count:
            picture.box(x, base - height, wide, height, "light", 0.7)
        picture.words(x + wide / 2, base - height - 4, f"{count}{of}", _TEXT, "middle")
        small = min(9.0, 9.0 * (wide - 3) / width_of(name, 9))
        picture.words(x + wide / 2, base + 12, name, round(small, 1), "middle")
    picture.rule(2, base, WIDTH - 2, base, 0.8)
    missing = len(values) - len(known)
    note = f"单位：{unit}" if unit else ""
    note += f"{'；' if note else ''}缺数据{missing}{of}" if missing else ""
    picture.words(WIDTH - 2, 10, note, 9, "end")
    said = [f"{name}{unit}{count}{of}" for name, count in zip(names, counts, strict=True)]
    return _done(picture, base + 18, "分布图", said)


def lines(series: Sequence[Row], ticks: Sequence[str], unit: str = "") -> Markup:
    """Draw progress over periods, each line named at its end.

    Args:
        series: four at most, each with `name` and `values`; a missing figure breaks the line.
        ticks: names of the periods.
        unit: of the figures, printed above the axis.

    Raises:
        ValueError: for figures below zero, text that is no figure and more than four lines.
    """
    if len(series) > len(_DASHES):
        raise ValueError(f"一张图最多画{len(_DASHES)}条线，这里有{len(series)}条")
    picture = Drawing()
    values = [[given(each) for each in row["values"]] for row in series]
    scale = _scale(max((v for line in values for v in line if v is not None), default=Decimal(0)))
    names = max((width_of(row["name"], _TEXT) for row in series), default=0)
    left, right = 8 + max(width_of(f"{step:f}", 9) for step in scale), WIDTH - names - 12
    base, tall = 122.0, 100.0

    def height(value: Decimal) -> float:
        return base - tall * float(value / scale[-1])

    picture.words(0, 9, f"单位：{unit}" if unit else "", 9)
    for mark in scale:
        picture.rule(left, height(mark), right, height(mark), 0.25 if mark else 0.8)
        picture.words(left - 4, height(mark) + 3, f"{mark:f}", 9, "end")
    step = (right - left - 34) / max(1, len(ticks) - 1)
    places = [left + 24 + step * n for n in range(len(ticks))]
    for place, tick in zip(places, ticks, strict=True):
        picture.words(place, base + 13, tick, 9, "middle")
    taken: list[float] = []
    for number, (row, line) in enumerate(zip(series, values, strict=True)):
        points = [
            None if value is None else (place, height(value))
            for place, value in zip(places, line, strict=False)
        ]
        _connect(picture, points, number)
        last = next((point[1] for point in reversed(points) if point), base)
        picture.words(right + 4, _free(last, taken) + 3.4, row["name"])
    said = [
        f"{row['name']}"
        + "、".join(f"{tick}{_or_missing(each)}" for tick, each in _pairs(ticks, row))
        for row in series
    ]
    return _done(picture, base + 18, "折线图", said)


CHARTS: dict[str, Callable[..., Markup]] = {
    "bars": bars,
    "lines": lines,
    "stack": stack,
    "histogram": histogram,
    "tiles": tiles,
    "tree": tree,
}
"""Name of a chart in a template to what draws it."""


def _labels(names: Sequence[str]) -> tuple[float, list[tuple[str, ...]]]:
    """Return where bars begin, and the lines of each label."""
    made = [wrapped(name, _LABEL, _TEXT) for name in names]
    widest = max((width_of(line, _TEXT) for label in made for line in label), default=0.0)
    return widest + 8, made


def _beside(picture: Drawing, x: float, middle: float, label: Sequence[str]) -> None:
    first = middle + 3.4 - 6.0 * (len(label) - 1)
    for place, line in enumerate(label):
        picture.words(x, first + 12.0 * place, line, _TEXT, "end")


def _inside(picture: Drawing, x: float, middle: float, length: float, text: str) -> None:
    """Write a figure into its part of a bar, on white so that hatching doesn't cross it."""
    wide = width_of(text, 8.5) + 4
    if wide + 3 <= length:
        picture.box(x + (length - wide) / 2, middle - 5, wide, 10, "#ffffff", 0)
        picture.words(x + length / 2, middle + 3, text, 8.5, "middle")


def _length(value: Decimal | None, most: Decimal, room: float) -> float:
    return room * float(value / most) if value and most else 0.0


def _side(x: float) -> str:
    return "end" if x > WIDTH * 0.6 else "start"


def _between(value: Decimal, low: Decimal | None, high: Decimal | None) -> bool:
    return (low is None or value >= low) and (high is None or value < high)


def _group(low: Decimal | None, high: Decimal | None) -> str:
    if low is None:
        return f"{high:f}以下"
    return f"{low:f}以上" if high is None else f"{low:f}～{high:f}"


def _scale(most: Decimal) -> list[Decimal]:
    """Return the steps of an axis from 0 to a round figure not below `most`."""
    if not most:
        return [Decimal(0), Decimal(1)]
    unit = Decimal(10) ** (most.adjusted() - 1)
    step = next(unit * size for size in (2, 5, 10, 20, 25, 50, 100) if most <= unit * size * 5)
    count = int((most / step).to_integral_value(ROUND_CEILING))
    return [Decimal(f"{(step * n).normalize():f}") for n in range(count + 1)]


def _connect(picture: Drawing, points: Sequence[tuple[float, float] | None], number: int) -> None:
    run: list[tuple[float, float]] = []
    for point in (*points, None):
        if point:
            run.append(point)
            continue
        if len(run) > 1:
            picture.line(run, 1.2, _DASHES[number])
        run = []
    for point in points:
        if point:
            picture.dot(*point, number)


def _free(y: float, taken: list[float]) -> float:
    """Move a name down until it covers no other."""
    while any(abs(y - other) < 11 for other in taken):
        y += 1
    taken.append(y)
    return y


def _pairs(names: Sequence[str], row: Row) -> list[tuple[str, Any]]:
    return list(zip(names, row["values"], strict=False))


def _or_missing(value: Any) -> str:
    return "缺数据" if value in (None, "") else str(value)


def _said(row: Row, unit: str) -> str:
    return f"{row['name']}{printed(row, unit)}"


def _done(picture: Drawing, height: float, kind: str, said: Sequence[str]) -> Markup:
    if not said:
        picture.words(WIDTH / 2, height / 2 + 12, _EMPTY, _TEXT, "middle")
        return picture.svg(height + 24, f"{kind}：{_EMPTY}")
    return picture.svg(height, f"{kind}：{'；'.join(said)}")
