"""From a figure of a ranking or of the reports back to the rows of the subject it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from pipeline.errors import UsageError
from pipeline.model import FLOWS, Cell, Item, Progress, Ranking, Record, Standing, Subject
from pipeline.plan.reports import FIGURES, at, series
from pipeline.plan.rows import belonging
from pipeline.plan.standing import named, ranked
from pipeline.plan.times import before, bounds
from pipeline.plan.view import View

_T = TypeVar("_T")
_Ranked = tuple[Ranking, str, tuple[Standing, ...]]
_ENDS = {"highest": "top", "lowest": "bottom"}
"""A part that names who is on a ranking's lists to the end they are cut from."""
_RATES = {
    "reached_rate": ("reached", "households"),
    "spent_rate": ("spent", "allocated"),
    "reached_more": ("reached",),
    "spent_more": ("spent",),
}
"""A figure worked out of two reported ones."""
_PLACED = frozenset({"place", "score", "before", "moved", "lists"})
Evidence = Callable[[View, str], Iterator[Cell]]
"""Yields the cells of a target's verdict on the subject of a view."""


def drawn(view: View, path: str, evidence: Evidence) -> Iterator[Cell]:
    """Yield the cells of a figure of rankings (`highest`, `lowest`), `progress` or `series`.

    Args:
        view: What the paper may look at.
        path: `rankings[0].rows[3].score`, `progress.below[2].reached_rate`.
        evidence: Leads from a target to its cells.

    Raises:
        UsageError: when there is no such row.
    """
    part, *inner = re.findall(r"[^.\[\]]+", path)
    if part == "ranking":
        part, inner = "rankings", ["0", *inner]
    if part in _ENDS:
        yield from _ranking(view, named(view, _ENDS[part]), path, inner, evidence)
    elif part == "rankings":
        yield from _ranking(view, ranked(view), path, inner, evidence)
    elif part == "series":
        told = series(view)
        chosen = [_at(told, inner[0], path)] if inner else told
        for one in chosen:
            yield from _reports(view, one["period"], _names(inner[1:]))
    else:
        yield from _progress(view, path, inner)


def _ranking(
    view: View, found: list[_Ranked], path: str, inner: list[str], evidence: Evidence
) -> Iterator[Cell]:
    for rule, period, standings in [_at(found, inner[0], path)] if inner else found:
        rest = inner[1:]
        if rest[:1] == ["rows"]:
            chosen: Iterable[Standing] = [_at(standings, rest[1], path)] if rest[1:] else standings
            for one in chosen:
                yield from _standing(view, rule, period, one, rest[2:], evidence)
        elif not rest or (rest[0] == "lists" and rest[-1] == "names"):
            # Who is on a list follows from the places of all.
            for one in standings:
                yield from _standing(view, rule, period, one, [], evidence)


def _standing(
    view: View, rule: Ranking, period: str, one: Standing, rest: list[str], evidence: Evidence
) -> Iterator[Cell]:
    """Yield the cells one subject's place was drawn from, or one of its rates."""
    own = replace(
        view, subject=Subject(level=rule.level, code=one.code, name=one.name), record=None
    )
    field = rest[0] if rest else "score"
    if field == "reported":
        yield from _reports(own, period, _names(rest[1:]))
        return
    if field == "rates" and rest[1:]:
        yield from _item(own, _at(rule.item, rest[1], field), period, evidence)
    elif field == "rates" or field in _PLACED:
        for item in rule.item:
            yield from _item(own, item, period, evidence)
    if field in ("before", "moved"):
        for item in rule.item:
            yield from _item(own, item, before(period), evidence)


def _item(own: View, item: Item, period: str, evidence: Evidence) -> Iterator[Cell]:
    """Yield the cells of one rate of a score."""
    if item.target:
        yield from evidence(own, item.target)
        return
    names = tuple(name for name in (item.field, item.over) if name)
    if item.table == "progress":
        yield from _reports(own, period, names)
        return
    rows = belonging(own, item.table)
    for row in [row for row in rows if row.value("code") == own.subject.code] or rows:
        if row.value("year") in (None, int(period[:4])):
            yield from _cells(row, names)


def _progress(view: View, path: str, inner: list[str]) -> Iterator[Cell]:
    now = at(view, view.subject, view.period)
    period = now["period"] if now else view.period
    match inner:
        case ["now", *rest] | ["before", *rest]:
            period = period if inner[0] == "now" else before(period)
            yield from _reports(view, period, _names(rest))
        case ["below" | "lower" as name, *rest]:
            subjects = [one for one in _below(view, name) if at(view, one, period) is not None]
            for subject in [_at(subjects, rest[0], path)] if rest else subjects:
                own = replace(view, subject=subject, record=None)
                yield from _reports(own, period, _names(rest[1:]))
                if rest[1:] and rest[1].endswith("_more"):
                    yield from _reports(own, before(period), _names(rest[1:]))
        case []:
            yield from _reports(view, period, FIGURES)


def _below(view: View, name: str) -> list[Subject]:
    below = list(view.below())
    return below if name == "below" else [one for each in below for one in view.below(each)]


def _names(rest: list[str]) -> tuple[str, ...]:
    """Return the reported fields of a figure: all of them for a row, none for a name."""
    if not rest:
        return FIGURES
    return _RATES.get(rest[0], (rest[0],) if rest[0] in FIGURES else ())


def _reports(view: View, period: str, names: Iterable[str]) -> Iterator[Cell]:
    """Yield the cells that a figure of a period adds up: as of its end, what was last reported."""
    first, last = bounds(period)
    months: dict[str, list[Progress]] = {}
    for row in belonging(view, "progress"):
        if _day(row.month) <= last:
            months.setdefault(row.village_code, []).append(row)
    for rows in months.values():
        rows.sort(key=lambda row: row.month)
        for name in names:
            told = [row for row in rows if row.value(name) is not None]
            if name in FLOWS:
                told = [row for row in told if _day(row.month) >= first]
            for row in told if name in FLOWS else told[-1:]:
                yield from _cells(row, (name,))


def _day(month: str) -> date:
    return bounds(month)[0]


def _cells(row: Record, names: Iterable[str]) -> Iterator[Cell]:
    for name in names:
        yield Cell(table=row.table, key=row.key, field=name)


def _at(found: Sequence[_T], place: str, path: str) -> _T:
    if not place.isdecimal() or int(place) >= len(found):
        raise UsageError(f"“{path}”：只有 {len(found)} 行", todo="行从 0 数起")
    return found[int(place)]
