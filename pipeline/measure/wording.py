"""G09–G11, G14: what stands on the page with what, and whether the same thing is said alike."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.measure.paper import DATE, NUMBER, PRINTED, Paper
from pipeline.measure.rows import Row
from pipeline.measure.sheet import MM, is_red
from pipeline.measure.standard import Figure, items, standard, type_area
from pipeline.model import Box

_IN_NAME = re.compile(r"[\u4e00-\u9fff]{1,12}〔(?:19|20)\d{2}〕\d{1,5}号")
_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_BOUND_APART = re.compile(r"^([\u4e00-\u9fff]{1,12}〔\d{4}〕\d{1,5}号)附件\d*$")
_ENTRY = re.compile(r"^(\d{1,2})[.．、](.+)$")
_NAMED = re.compile(r"^附件[：:](.*)$")


def company(paper: Paper) -> Iterator[Figure]:
    """G09: page 1 and the page with the date show some of the body."""
    first = [row for row in paper.main if row.page == 1 and not _addressed(row)]
    yield Figure(item="G09.first", page=1, value=f"{len(first)} 行", fits=bool(first))
    if paper.date is not None:
        date = paper.date
        signed = _signed(paper)
        beside = [
            row
            for row in paper.main
            if row.page == date.page and row.y < date.y - 0.1 and row not in signed
        ]
        yield Figure(
            item="G09.date",
            page=date.page,
            value=f"{len(beside)} 行",
            fits=bool(beside),
            boxes=(date.box,),
        )


def _addressed(row: Row) -> bool:
    """Tell whether a row is a 主送机关."""
    return row.words.endswith(("：", ":")) and row.left < type_area().left + 3


def _signed(paper: Paper) -> list[Row]:
    """Return the 署名 above the date: rows that begin far right of the margin, up to the body."""
    found: list[Row] = []
    for row in reversed([row for row in paper.main if _before(row, paper.date)]):
        if row.left < type_area().left + 25:
            break
        found.append(row)
    return found


def _before(row: Row, date: Row | None) -> bool:
    return date is not None and row.page == date.page and row.y < date.y - 0.1


def document_number(paper: Paper) -> Iterator[Figure]:
    """G10: the number has its form, and is the same wherever the paper names itself."""
    row = paper.number
    if row is None:
        if paper.form == "文件" and not paper.draft:
            yield Figure(item="G10.form", page=1, value="没有发文字号", fits=False)
        return
    yield Figure(
        item="G10.form",
        page=1,
        value=row.words,
        fits=bool(NUMBER.match(row.words)) and " " not in row.text,
        boxes=(row.box,),
    )
    for head in paper.attachments:
        if named := _BOUND_APART.match(head.words):
            yield _same(named[1], row, head.page, (head.box,))
    if named := _IN_NAME.search(paper.name):
        yield _same(named[0], row, 0, ())


def _same(value: str, row: Row, page: int, boxes: tuple[Box, ...]) -> Figure:
    return Figure(
        item="G10.same", page=page, value=value, fits=value == row.words, boxes=boxes or (row.box,)
    )


def dates(paper: Paper) -> Iterator[Figure]:
    """G11: the date has its form and place; it isn't printed before it is made."""
    date = paper.date
    if date is None:
        if not paper.draft:
            yield Figure(item="G11.form", page=0, value="没有成文日期", fits=False)
        return
    yield Figure(
        item="G11.form",
        page=date.page,
        value=date.words,
        fits=bool(DATE.match(date.words)),
        boxes=(date.box,),
    )
    yield _right_gap(paper, date)
    made = _day(date.words)
    for row in paper.imprint:
        if (found := PRINTED.search(row.words)) and made is not None:
            yield Figure(
                item="G11.order",
                page=row.page,
                value=f"{date.words}，{found[0]}",
                fits=(_day(found[1]) or made) >= made,
                boxes=(row.box,),
            )


def _right_gap(paper: Paper, date: Row) -> Figure:
    """Measure the white right of a date: four characters under a seal, at least two without."""
    cell = date.size * MM
    gap = (type_area().right - date.box.right) / cell
    slack = items()["G11.place"].within or 0
    sealed = _sealed(paper, date)
    return Figure(
        item="G11.place",
        page=date.page,
        value=f"右空 {gap:.1f} 字" + ("，盖章" if sealed else ""),
        # 日 doesn't fill its cell: its ink ends before the character does
        fits=4 - slack <= gap <= 4 + 2 * slack if sealed else gap >= 2 - slack,
        boxes=(date.box,),
    )


def _sealed(paper: Paper, date: Row) -> bool:
    sheet = paper.sheets[date.page - 1]
    near = Box(date.box.left, date.box.top - 25, date.box.right, date.box.bottom + 25)
    return any(picture.meets(date.box) and picture.width < 60 for picture in sheet.pictures) or any(
        is_red(glyph.colour) and near.holds(glyph.box) for glyph in sheet.glyphs
    )


def _day(words: str) -> tuple[int, ...] | None:
    found = _DAY.search(words)
    return tuple(map(int, found.groups())) if found else None


def attachments(paper: Paper) -> Iterator[Figure]:
    """G14: each attachment named below the body is there under the same number and title."""
    named = _named(paper)
    heads = [
        (re.sub(r"^.*附件", "", row.words), _title_of(paper, row), row) for row in paper.attachments
    ]
    if not named and not heads:
        return
    for at in range(max(len(named), len(heads))):
        said = named[at] if at < len(named) else None
        head = heads[at] if at < len(heads) else None
        fits = said is not None and head is not None and said[0] == head[0] and said[1] == head[1]
        row = head[2] if head else said[2] if said else None
        yield Figure(
            item="G14.pairs",
            page=row.page if row else 0,
            value=f"说明：{_label(said)}；附件：{_label(head)}",
            fits=fits,
            boxes=(row.box,) if row else (),
        )


def _label(entry: tuple[str, str, Row] | None) -> str:
    return f"{entry[0]} {entry[1]}".strip() if entry else "无"


def _named(paper: Paper) -> list[tuple[str, str, Row]]:
    """Return number, title and row of each entry of the 附件说明."""
    found: list[tuple[str, str, Row]] = []
    inside = False
    last: Row | None = None
    for row in paper.main:
        words = row.words
        if start := _NAMED.match(words):
            inside, words = True, start[1]
        elif not inside:
            continue
        elif row is paper.date or (last is not None and _apart(last, row)):
            break
        entry = _ENTRY.match(words)
        if entry:
            found.append((entry[1], entry[2], row))
        elif found and not start:
            number, title, first = found[-1]
            found[-1] = (number, title + words, first)
        else:
            found.append(("", words, row))
        last = row
    return found


def _apart(last: Row, row: Row) -> bool:
    """Tell whether a blank row or a page lies between two rows."""
    return row.page != last.page or row.y - last.y > 1.5 * standard()["sheet"]["pitch"]


def _title_of(paper: Paper, head: Row) -> str:
    """Return the title of an attachment: the larger or centred rows below its head."""
    below = [row for row in paper.text if row.page == head.page and row.y > head.y + 0.1]
    found: list[Row] = []
    for row in below:
        if not (row.size > paper.body_size + 1.5 or not found):
            break
        found.append(row)
    return "".join(row.words for row in found)
