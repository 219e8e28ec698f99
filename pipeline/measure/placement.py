"""G12 and G15: page numbers and the 版记, where they stand and how they look."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.measure.paper import FOLIO, Paper
from pipeline.measure.rows import Row
from pipeline.measure.sheet import Rule
from pipeline.measure.standard import Figure, items, number, standard, type_area


def folios(paper: Paper) -> Iterator[Figure]:
    """G12: — 1 — 7 mm below the type area, at the outer edge, on every page, in sequence."""
    last = None
    for sheet in paper.sheets:
        row = paper.folios.get(sheet.number)
        if row is None:
            if not _may_lack(paper, sheet.number):
                yield Figure(item="G12.order", page=sheet.number, value="没有页码", fits=False)
            continue
        before, digits, after = FOLIO.match(row.words).groups()  # type: ignore[union-attr]
        value = int(digits)
        yield Figure(
            item="G12.form",
            page=sheet.number,
            value=row.text,
            fits=_is_dash(before) and _is_dash(after) and row.words == before + digits + after,
            boxes=(row.box,),
        )
        yield number("G12.y", _height(row), sheet.number, (row.box,))
        yield _side(row, value)
        yield Figure(
            item="G12.order",
            page=sheet.number,
            value=digits,
            fits=last is None or value == last[1] + sheet.number - last[0],
            boxes=(row.box,),
        )
        last = (sheet.number, value)


def _may_lack(paper: Paper, page: int) -> bool:
    """Tell whether a page needs no number: blank, the 版记 after a blank one, a letter's first."""
    filled = {row.page for row in paper.text}
    if page not in filled:
        return True
    return paper.form == "信函" and page == 1


def _is_dash(text: str) -> bool:
    return len(text) == 1 and text in "—–－―─"


def _height(row: Row) -> float:
    """Return the middle of its dashes, or of its figures where it has none."""
    dashes = [glyph.box for glyph in row.ink if not glyph.text.isdigit()]
    boxes = dashes or [glyph.box for glyph in row.ink]
    return sum((box.top + box.bottom) / 2 for box in boxes) / len(boxes)


def _side(row: Row, value: int) -> Figure:
    inset, area = standard()["sheet"]["folio_inset"], type_area()
    slack = items()["G12.side"].within or 0
    left, right = row.box.left - area.left, area.right - row.box.right
    gap = right if value % 2 else left
    return Figure(
        item="G12.side",
        page=row.page,
        value=f"{'右' if right < left else '左'}空 {min(left, right):.1f} mm",
        fits=abs(gap - inset) <= slack,
        boxes=(row.box,),
    )


def imprint(paper: Paper) -> Iterator[Figure]:
    """G15: the 版记 ends the last page, an even one; its lines are thick, thin, thick."""
    if not paper.imprint:
        return
    page = paper.imprint[0].page
    yield Figure(
        item="G15.page",
        page=page,
        value=f"第{page}页，共{len(paper.sheets)}页",
        fits=page == len(paper.sheets) and page % 2 == 0,
        boxes=(paper.imprint[0].box,),
    )
    lines = paper.imprint_rules
    if not lines:
        yield Figure(item="G15.bottom", page=page, value="没有版记线", fits=False)
        return
    yield number("G15.bottom", _middle(lines[-1]), page, (lines[-1].box,))
    for line in lines:
        yield number("G15.width", line.box.width, page, (line.box,))
    for line in dict.fromkeys((lines[0], lines[-1])):
        yield number("G15.thick", line.box.height, page, (line.box,))
    for line in lines[1:-1]:
        yield number("G15.thin", line.box.height, page, (line.box,))


def _middle(line: Rule) -> float:
    return (line.box.top + line.box.bottom) / 2
