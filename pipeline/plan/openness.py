"""What the public is told: who is listed and helped, what was built and paid, what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from pipeline.model import Fund, Household, Project
from pipeline.plan.view import View

_DONE = "已完成"
_AMOUNTS = ("planned", "allocated", "spent")
_LISTED = ("unit", "town", "village", "household")


def listed(view: View) -> dict[str, Any]:
    """Return how many households the paper lists, and how many people live in them."""
    households = view.households()
    return {"households": len(households), "persons": sum(one.size or 0 for one in households)}


def responsible(household: Household, view: View) -> dict[str, str]:
    """Return who is responsible for a household on the day of the roster, and their units.

    The paper's setting `helpers = false` leaves them out.
    """
    if view.rule.settings.get("helpers") is False:
        return {"responsible": "", "responsible_unit": ""}
    day = view.facts.as_of
    helpers = [
        one
        for one in view.roster.helpers_of.get(household.code, ())
        if (one.since is None or one.since <= day) and (one.until is None or one.until >= day)
    ]
    return {
        "responsible": "、".join(dict.fromkeys(one.name for one in helpers)),
        "responsible_unit": "、".join(dict.fromkeys(one.unit for one in helpers if one.unit)),
    }


def built(view: View) -> list[dict[str, Any]]:
    """Return the projects of whole villages one by one, with the village each stands in.

    Up to a town: a county's or an area's are too many to read, and told by village and kind.
    """
    if view.subject.level not in _LISTED:
        return []
    fields = ("name", "kind", "content", "start", "end", "total", "unit", "status")
    return [
        {"village": _place(project, view)} | {name: project.value(name) for name in fields}
        for project in _projects(view)
        if not project.household_code
    ]


def sorts(view: View) -> list[dict[str, Any]]:
    """Return the projects by kind, the costliest first: how many, done, for how many households."""
    found: dict[str, list[Project]] = {}
    for project in _projects(view):
        found.setdefault(project.kind or "未分类", []).append(project)
    rows = [
        {
            "kind": kind,
            "projects": len(of),
            "done": sum(project.status == _DONE for project in of),
            "households": _beneficiaries(of),
            "total": _sum(project.total for project in of),
        }
        for kind, of in found.items()
    ]
    return sorted(rows, key=lambda row: (-row["total"], row["kind"]))


def payers(view: View) -> list[dict[str, Any]]:
    """Return the funds by who pays, the largest first: planned, allocated, spent in 元."""
    found: dict[str, list[Fund]] = {}
    for fund in _funds(view):
        found.setdefault(fund.payer or "来源未填", []).append(fund)
    rows = [{"payer": payer} | amounts(of) for payer, of in found.items()]
    return sorted(rows, key=lambda row: (-row["planned"], row["payer"]))


def results(view: View) -> dict[str, Any]:
    """Return what came of it: projects done, households reached, money that went through."""
    projects = list(_projects(view))
    funds = amounts(_funds(view))
    households = list(view.all_households())
    return {
        "projects": len(projects),
        "done": sum(project.status == _DONE for project in projects),
        "invested": _sum(project.total for project in projects),
        "beneficiaries": _beneficiaries(projects),
        "households": len(households),
        "met": _met(view),
        **funds,
        "spent_rate": _percent(funds["spent"], funds["allocated"]),
        "met_rate": _percent(Decimal(_met(view)), Decimal(len(households))),
    }


def staff(view: View) -> dict[str, int]:
    """Return how many help: units, the persons responsible for households, village teams."""
    roster = view.roster
    codes = {household.code for household in view.all_households()}
    villages = {village.code for village in view.villages()}
    known = "teams" in roster.tables
    team = [row for row in roster.rows("teams") if row.value("village_code") in villages]
    return {
        "units": len({village.unit for village in view.villages() if village.unit}),
        "helpers": len(
            {(one.unit, one.name) for one in roster.helpers if one.household_code in codes}
        ),
        "team": len(team) if known else 0,
    }


def amounts(funds: Iterable[Fund]) -> dict[str, Decimal]:
    """Add funds up: planned, allocated, spent."""
    rows = list(funds)
    return {name: _sum(fund.value(name) for fund in rows) for name in _AMOUNTS}


def _projects(view: View) -> Iterator[Project]:
    only = view.subject.code if view.subject.level == "household" else ""
    for village in view.villages():
        for project in view.roster.projects_of.get(village.code, ()):
            if not only or project.household_code == only:
                yield project


def _funds(view: View) -> Iterator[Fund]:
    for village in view.villages():
        yield from view.roster.funds_of.get(village.code, ())


def _place(project: Project, view: View) -> str:
    village = view.roster.village.get(project.village_code)
    return village.name if village else ""


def _beneficiaries(projects: Iterable[Project]) -> int:
    return len({project.household_code for project in projects} - {""})


def _met(view: View) -> int:
    return sum(
        int(view.facts.tallies[("village", village.code)]["met"]) for village in view.villages()
    )


def _sum(values: Iterable[Any]) -> Decimal:
    return sum((Decimal(str(value)) for value in values if value is not None), Decimal(0))


def _percent(part: Decimal, whole: Decimal) -> str | None:
    return f"{part / whole * 100:.1f}" if whole else None
