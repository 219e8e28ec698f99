"""G01–G08: paper, type area, rows and characters, sizes, red head and red line."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from itertools import pairwise

from pipeline.measure.ink import Ink
from pipeline.measure.paper import Paper
from pipeline.measure.rows import Row, around
from pipeline.measure.sheet import MM
from pipeline.measure.standard import Figure, items, number, standard, type_area
from pipeline.model import Box

_CLOSING = frozenset("，。、；：？！”’）》〉〕】…")
_ONE_PITCH = 1.35
"""Pitches farther apart than this part of a usual one have a blank row between them."""


def sheet_size(paper: Paper) -> Iterator[Figure]:
    """G01: every page is A4; it may lie across where there is no red head."""
    wanted = (standard()["sheet"]["width"], standard()["sheet"]["height"])
    slack = items()["G01.sheet"].within or 0
    for sheet in paper.sheets:
        size = (sheet.width, sheet.height)
        ways = [wanted] if paper.form else [wanted, wanted[::-1]]
        yield Figure(
            item="G01.sheet",
            page=sheet.number,
            value=f"{sheet.width:.1f}×{sheet.height:.1f} mm",
            fits=any(
                all(abs(one - other) <= slack for one, other in zip(size, way, strict=True))
                for way in ways
            ),
            boxes=(Box(0, 0, sheet.width, sheet.height),),
        )


def inside(paper: Paper, ink: Ink) -> Iterator[Figure]:
    """G02: text ink lies in the type area; a closing mark may hang out on the right."""
    area, slack = type_area(), items()["G02.ink"].within or 0
    wide = Box(area.left - slack, area.top - slack, area.right + slack, area.bottom + slack)
    free = {id(row) for row in paper.folios.values()}
    if paper.form == "信函":
        free |= {id(row) for row in (*paper.mark, paper.number)}
    for page, rows in paper.pages(paper.rows):
        outside = [
            glyph.box
            for row in rows
            if id(row) not in free
            for glyph in row.ink
            if not wide.holds(glyph.box, 0)
            and not (glyph.text in _CLOSING and glyph.box.left > area.right - 2)
            and _shows(ink, page, glyph.box, wide)
        ]
        kept = [row.box for row in rows if id(row) not in free]
        if kept:
            box = around(kept)
            yield Figure(
                item="G02.ink",
                page=page,
                value=f"左{box.left:.1f} 上{box.top:.1f} 右{box.right:.1f} 下{box.bottom:.1f} mm",
                fits=not outside,
                boxes=tuple(outside),
            )


def _shows(ink: Ink, page: int, box: Box, wide: Box) -> bool:
    """Tell whether a box that sticks out has ink where it does."""
    found = ink.dark(page, box)
    return found is not None and not wide.holds(found, 0)


def flush(paper: Paper) -> Iterator[Figure]:
    """G03: rows that aren't indented begin at the left edge of the type area."""
    indent = standard()["sheet"]["indent"] * standard()["sheet"]["cell"]
    for page, rows in paper.pages(paper.main):
        lefts = sorted(row.left for row in rows)
        if len(lefts) < 4:
            continue
        first = lefts[0]
        if abs(first - indent - type_area().left) <= (items()["G03.left"].within or 0):
            continue  # every row of the page begins a paragraph
        near = [row for row in rows if row.left - first < 2]
        yield number(
            "G03.left",
            statistics.median(row.left for row in near),
            page,
            (row.box for row in near),
        )


def row_count(paper: Paper) -> Iterator[Figure]:
    """G04: 22 rows a page, and a full page has no fewer than 21."""
    usual = _pitch(paper.body)
    if usual is None:
        return
    for page, rows in paper.pages(paper.body):
        yield number("G04.rows", len(rows), page, (row.box for row in rows[22:]))
        following = [row for row in paper.body if row.page == page + 1]
        whole = page > 1 and len(rows) == len([row for row in paper.text if row.page == page])
        if whole and following and _goes_on(following[0]):
            span = rows[-1].y - rows[0].y
            yield number("G04.full", round(span / usual) + 1, page, (rows[-1].box,))
    yield number("G04.pitch", usual / MM, 0)


def _goes_on(row: Row) -> bool:
    """Tell whether a row continues a paragraph of the page before."""
    return row.left < type_area().left + 3 and not row.words.startswith("附件")


def _pitch(rows: tuple[Row, ...]) -> float | None:
    """Return the usual distance of base lines, millimetres."""
    steps = [
        after.y - before.y
        for before, after in pairwise(rows)
        if before.page == after.page and after.y > before.y
    ]
    if not steps:
        return None
    least = statistics.quantiles(steps, n=4)[0] if len(steps) > 3 else min(steps)
    return statistics.median(step for step in steps if step <= least * _ONE_PITCH)


def row_length(paper: Paper) -> Iterator[Figure]:
    """G05: 28 characters a row, as counted and as the distance of characters says."""
    longest = max(paper.body, key=lambda row: row.cells, default=None)
    if longest is None:
        return
    yield number("G05.most", longest.cells, longest.page, (longest.box,))
    steps = sorted(
        statistics.median(distances)
        for row in paper.body
        if len(distances := list(_distances(row))) >= 8
    )
    if steps:
        # a justified row is stretched: the closest rows show how it was meant
        step = steps[len(steps) // 20]
        yield number("G05.cells", (type_area().width + 0.15) // step, 0)


def _distances(row: Row) -> Iterator[float]:
    for one, other in pairwise(row.ink):
        if all("\u4e00" <= glyph.text <= "\u9fff" for glyph in (one, other)):
            yield other.x - one.x


def sizes(paper: Paper) -> Iterator[Figure]:
    """G06: body 三号, title 二号, 版记 and page number 四号."""
    if paper.body:
        yield number("G06.body", paper.body_size, paper.body[0].page, (paper.body[0].box,))
    for item, rows in (
        ("G06.title", paper.title),
        ("G06.imprint", paper.imprint),
        ("G06.folio", tuple(paper.folios.values())),
    ):
        for row in rows:
            yield number(item, row.size, row.page, (row.box,))


def head(paper: Paper, ink: Ink) -> Iterator[Figure]:
    """G07: the red head's ink begins at its height and stands in the middle."""
    first = paper.mark[0].box
    left = min(row.box.left for row in paper.mark)  # “文件” of joint issuers is a row of its own
    right = max(row.box.right for row in paper.mark)
    near = Box(left - 3, first.top - 4, right + 3, first.bottom + 1)
    found = ink.red(1, near) or first
    yield number("G07.top", found.top, 1, (found,), aim=standard()["head"][paper.form])
    yield number("G07.middle", found.middle, 1, (found,))


def red_line(paper: Paper) -> Iterator[Figure]:
    """G08: the red line is as wide as the type area and 4 mm below the 发文字号."""
    line, written = paper.red_rule, paper.number
    if line is None:
        if paper.form == "文件":
            yield Figure(item="G08.width", page=1, value="没有红线", fits=False)
        return
    letter = paper.form == "信函"
    aim = standard()["letter"]["line"] if letter else type_area().width
    yield number("G08.width", line.box.width, 1, (line.box,), aim=aim)
    if written is not None and not letter:
        # the brackets 〔〕 hang lower than the characters
        feet = [one.box.bottom for one in written.ink if one.text not in "〔〕[]（）()【】"]
        yield number("G08.gap", line.box.top - max(feet), 1, (line.box,))
