"""G13, G16, G18 and the rules of numbers (GB/T 15835) and punctuation (GB/T 15834) on the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.measure.paper import PRINTED, Paper
from pipeline.measure.rows import Row
from pipeline.measure.standard import NO_FAULT, Figure, items, patterns, standard, type_area

_CHINESE = "一二三四五六七八九十"
_LEVELS = (
    re.compile(rf"^([{_CHINESE}]{{1,3}})、"),
    re.compile(rf"^（([{_CHINESE}]{{1,3}})）"),
    re.compile(r"^(\d{1,2})[.．、](?!\d)"),
    re.compile(r"^（(\d{1,2})）"),
)
_BAD_MARK = re.compile(rf"^(?:（[{_CHINESE}\d]{{1,3}}）[、，.．]|\d{{1,2}}(?:、|[)）]))")
_EVERYWHERE = ("G16.left", "G16.blank", "G18.empty")
"""Looked for in tables too; the others in prose, since a cell is no sentence."""


@dataclass(frozen=True)
class _Passage:
    """Rows as one text; `starts` says where each of them begins in it."""

    text: str
    starts: tuple[tuple[int, Row], ...]

    def row(self, place: int) -> Row:
        return [row for start, row in self.starts if start <= place][-1]


def wrong_forms(paper: Paper) -> Iterator[Figure]:
    """G16, G18, N and P: whatever standard.toml says a wrong form looks like."""
    everything, prose = _passage(paper.rows), _passage(paper.prose)
    for item, pattern in patterns().items():
        if not (paper.form or items()[item].plain):
            continue
        of = everything if item in _EVERYWHERE else prose
        met: set[tuple[str, int]] = set()
        for match in pattern.finditer(of.text):
            row = of.row(match.start())
            if (match[0], row.page) not in met:
                met.add((match[0], row.page))
                yield Figure(
                    item=item, page=row.page, value=match[0].strip(), fits=False, boxes=(row.box,)
                )
        if of.text.strip() and not met:
            yield Figure(item=item, page=0, value=NO_FAULT, fits=True)


def _passage(rows: Iterable[Row]) -> _Passage:
    """Join rows; one that goes on where the row before ended full is joined without a break."""
    cell, area = standard()["sheet"]["cell"], type_area()
    text, starts, full = "", [], False
    for row in rows:
        if text and not (full and row.left < area.left + cell / 2):
            text += "\n"
        starts.append((len(text), row))
        text += row.text
        full = row.box.right > area.right - 2.5 * cell
    return _Passage(text, tuple(starts))


def headings(paper: Paper) -> Iterator[Figure]:
    """G13: numbers of headings run on, and what follows them is right."""
    counts = [0, 0, 0, 0]
    heads = {(row.page, row.y) for row in paper.attachments}
    at = sorted(heads)
    passed = 0
    for row in paper.body:
        while passed < len(at) and at[passed] < (row.page, row.y):
            counts, passed = [0, 0, 0, 0], passed + 1
        found = _numbered(row)
        if found is None:
            continue
        level, value = found
        fits = value == counts[level] + 1
        counts[level:] = [value, *[0] * (3 - level)]
        yield Figure(
            item="G13.order", page=row.page, value=row.words[:12], fits=fits, boxes=(row.box,)
        )
        yield Figure(
            item="G13.mark",
            page=row.page,
            value=row.words[:6],
            fits=not _BAD_MARK.match(row.words),
            boxes=(row.box,),
        )


def _numbered(row: Row) -> tuple[int, int] | None:
    """Return level and number of a heading: it begins two characters in."""
    cell = standard()["sheet"]["cell"]
    inset = row.left - type_area().left
    if abs(inset - standard()["sheet"]["indent"] * cell) > 0.6 * cell:
        return None
    for level, pattern in enumerate(_LEVELS):
        if match := pattern.match(row.words):
            return level, int(match[1]) if match[1].isdigit() else _value(match[1])
    return None


def _value(words: str) -> int:
    """Read 一 to 九十九."""
    tens, ten, ones = words.rpartition("十")
    high = (_CHINESE.index(tens) + 1 if tens else 1) if ten else 0
    return high * 10 + (_CHINESE.index(ones) + 1 if ones else 0)


def copied(paper: Paper) -> Iterator[Figure]:
    """P7: the list of 抄送 ends with a full stop."""
    listed: list[Row] = []
    for row in paper.imprint:
        if row.words.startswith("抄送"):
            listed = [row]
        elif PRINTED.search(row.words):
            break
        elif listed:
            listed.append(row)
    if listed:
        yield Figure(
            item="P7.end",
            page=listed[-1].page,
            value=listed[-1].words[-6:],
            fits=listed[-1].words.endswith("。"),
            boxes=(listed[-1].box,),
        )
