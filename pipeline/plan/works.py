"""The projects of a subject in the paper's period, by their own dates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.model import Fund, Project
from pipeline.plan.times import bounds
from pipeline.plan.view import View

_NUMBERS = "一二三四"


def construction(view: View) -> dict[str, Any] | None:
    """Return how far the projects are on the last day of the period, and what changed in it.

    A project is finished from its last day on and runs from its first: what is to come is known
    by its dates. None where no project has begun by then.
    """
    first, day = _days(view)
    projects = [one for one in _projects(view) if one.start is None or one.start <= day]
    if not projects:
        return None
    towns = view.places_below()
    return {
        "day": day,
        "total": _counted(projects, first, day),
        "below": [
            {"name": name, **_counted(some, first, day)}
            for name, some in _grouped(
                projects, lambda one: towns.get(one.village_code, ""), dict.fromkeys(towns.values())
            )
        ],
        "kinds": [
            {"name": name, **_counted(some, first, day)}
            for name, some in _grouped(projects, lambda one: one.kind or "未填")
        ],
        "begun": [_row(one, view) for one in _own(projects) if _within(one.start, first, day)],
        "finished": [_row(one, view) for one in _own(projects) if _within(one.end, first, day)],
    }


def agenda(view: View) -> dict[str, Any] | None:
    """Return a year's projects: those that go on from the year before, and those of the year.

    Projects of the village stand one by one, those of households by kind. None without any.
    """
    year = int(view.period[:4] or view.facts.as_of.year)
    first, last = bounds(str(year))
    projects = [
        one
        for one in _projects(view)
        if one.start and one.start <= last and (one.end is None or one.end >= first)
    ]
    if not projects:
        return None
    own = list(_own(projects))
    aid = [one for one in projects if one.household_code]
    return {
        "year": year,
        "works": [{**_row(one, view), "carried": _carried(one, first)} for one in own],
        "aid": [
            {
                "kind": kind,
                "projects": len(some),
                "carried": sum(_carried(one, first) for one in some),
                "households": len({one.household_code for one in some}),
                "total": _sum(some),
            }
            for kind, some in _grouped(aid, lambda one: one.kind or "未填")
        ],
        "quarters": [_quarter(f"{year}Q{number}", own, aid) for number in (1, 2, 3, 4)],
        "total": {
            "projects": len(projects),
            "carried": sum(_carried(one, first) for one in projects),
            "works": len(own),
            "works_money": _sum(own),
            "aid": len(aid),
            "aid_money": _sum(aid),
            "money": _sum(projects),
        },
        "payers": _payers(view, {one.code for one in projects}),
    }


def outlay(view: View) -> dict[str, Any] | None:
    """Return the funds of the ledger by payer, place and kind of project.

    Of a period only those approved, or where that isn't told applied for, within it.
    """
    first, day = _days(view)
    funds = [
        fund
        for fund in _funds(view)
        if (not view.period or _within(fund.approved_on or fund.applied_on, first, day))
    ]
    if not funds:
        return None
    towns = view.places_below()
    kinds = {one.code: one.kind for one in view.roster.projects}
    return {
        "total": {"funds": len(funds), **_money(funds)},
        "payers": _by(funds, lambda fund: fund.payer or "未填"),
        "below": _by(funds, lambda fund: towns.get(fund.village_code, "")),
        "kinds": _by(funds, lambda fund: kinds.get(fund.project_code) or "未填"),
    }


def _days(view: View) -> tuple[date, date]:
    """Return the first and last day a paper is about; no later than the roster's own."""
    if not view.period:
        return view.scheme.since, view.facts.as_of
    first, last = bounds(view.period)
    return first, min(last, view.facts.as_of)


def _projects(view: View) -> Iterator[Project]:
    for village in view.villages():
        yield from view.roster.projects_of.get(village.code, ())


def _funds(view: View) -> Iterator[Fund]:
    for village in view.villages():
        yield from view.roster.funds_of.get(village.code, ())


def _own(projects: Iterable[Project]) -> Iterator[Project]:
    """Yield the projects of villages, not of single households, by their first day."""
    own = [one for one in projects if not one.household_code]
    yield from sorted(own, key=lambda one: (one.start or date.max, one.code))


def _within(day: date | None, first: date, last: date) -> bool:
    return day is not None and first <= day <= last


def _carried(project: Project, first: date) -> bool:
    return project.start is not None and project.start < first


def _counted(projects: list[Project], first: date, day: date) -> dict[str, Any]:
    finished = [one for one in projects if one.end and one.end <= day]
    return {
        "projects": len(projects),
        "finished": len(finished),
        "running": len(projects) - len(finished),
        "began": sum(_within(one.start, first, day) for one in projects),
        "ended": sum(_within(one.end, first, day) for one in projects),
        "money": _sum(projects),
        "rate": f"{(Decimal(len(finished)) / len(projects) * 100).normalize():f}"
        if projects
        else None,
    }


def _grouped(
    projects: Iterable[Project], by: Callable[[Project], str], order: Iterable[str] = ()
) -> list[tuple[str, list[Project]]]:
    """Group projects in the order given, or the largest group first."""
    groups: dict[str, list[Project]] = {name: [] for name in order}
    for one in projects:
        groups.setdefault(by(one), []).append(one)
    found = [(name, some) for name, some in groups.items() if some]
    return found if order else sorted(found, key=lambda one: (-len(one[1]), one[0]))


def _row(project: Project, view: View) -> dict[str, Any]:
    village = view.roster.village.get(project.village_code)
    town = view.roster.town.get(village.town_code) if village else None
    return {
        "name": project.name,
        "village": village.name if village else "",
        "town": town.name if town else "",
        "kind": project.kind,
        "content": project.content,
        "start": project.start,
        "end": project.end,
        "total": project.total,
        "unit": project.unit,
    }


def _quarter(period: str, own: list[Project], aid: list[Project]) -> dict[str, Any]:
    first, last = bounds(period)
    return {
        "period": period,
        "name": f"第{_NUMBERS[int(period[-1]) - 1]}季度",
        "begin": [one.name for one in own if _within(one.start, first, last)],
        "finish": [one.name for one in own if _within(one.end, first, last)],
        "aid_begin": sum(_within(one.start, first, last) for one in aid),
        "aid_finish": sum(_within(one.end, first, last) for one in aid),
    }


def _payers(view: View, projects: set[str]) -> list[dict[str, Any]]:
    paying = [fund for fund in _funds(view) if fund.project_code in projects]
    return _by(paying, lambda fund: fund.payer or "未填")


def _by(funds: Iterable[Fund], key: Callable[[Fund], str]) -> list[dict[str, Any]]:
    groups: dict[str, list[Fund]] = {}
    for fund in funds:
        groups.setdefault(key(fund), []).append(fund)
    rows = [{"name": name, "funds": len(some), **_money(some)} for name, some in groups.items()]
    return sorted(rows, key=lambda row: (-row["planned"], row["name"]))


def _money(funds: Iterable[Fund]) -> dict[str, Decimal]:
    rows = list(funds)
    return {
        name: sum((getattr(fund, name) or Decimal(0) for fund in rows), Decimal(0))
        for name in ("planned", "allocated", "spent")
    }


def _sum(projects: Iterable[Project]) -> Decimal:
    return sum((one.total or Decimal(0) for one in projects), Decimal(0))
