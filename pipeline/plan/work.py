"""The parts of a context that show what is done: projects and their money, who helps whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from pipeline.model import Fund, Household, Project
from pipeline.plan.judged import percent
from pipeline.plan.view import View

NO_PAYER = "未登记来源"
"""What a project costs beyond the funds the roster has for it."""
NO_YEAR = "未定"


def projects(view: View) -> list[dict[str, Any]]:
    """Return the projects of the household the subject is, or of all its villages."""
    return [_project(one, view) for one in own_projects(view)]


def works(view: View) -> list[dict[str, Any]]:
    """Return the projects of the subject's villages that are not of a single household."""
    return [_project(one, view) for one in own_projects(view) if not one.household_code]


def _project(project: Project, view: View) -> dict[str, Any]:
    household = view.roster.household.get(project.household_code)
    village = view.roster.village.get(project.village_code)
    paid = _paid(project, view)
    fields = ("name", "kind", "content", "start", "end", "total", "unit", "status")
    return {
        **{name: project.value(name) for name in fields},
        "year": _year(project),
        "village": village.name if village else "",
        "head": household.head if household else "",
        "amount": _sum(amount for _, amount in paid),
        "payers": [payer for payer, _ in paid],
        **_spent(_funds_of(project, view)),
    }


def own_projects(view: View) -> Iterator[Project]:
    """Yield the projects of the household the subject is, or of all its villages."""
    if isinstance(view.record, Household):
        rows = view.roster.projects_of.get(view.record.village_code, ())
        yield from (one for one in rows if one.household_code == view.record.code)
        return
    for village in view.villages():
        yield from view.roster.projects_of.get(village.code, ())


def own_funds(view: View) -> Iterator[Fund]:
    """Yield the funds of all villages of the subject; a household has none of its own."""
    if not isinstance(view.record, Household):
        for village in view.villages():
            yield from view.roster.funds_of.get(village.code, ())


def funds(view: View) -> dict[str, Any]:
    """Return what the funds of the subject's villages come to."""
    rows = list(own_funds(view))
    spent = _spent(rows)
    rate = spent["spent"] / spent["allocated"] if spent["allocated"] else None
    return {
        "planned": _sum(fund.planned or Decimal(0) for fund in rows),
        **spent,
        "spent_rate": percent(rate),
    }


def _spent(rows: Iterable[Fund]) -> dict[str, Decimal]:
    """Return what of these funds has been given and what has been spent."""
    rows = list(rows)
    return {
        "allocated": _sum(fund.allocated or Decimal(0) for fund in rows),
        "spent": _sum(fund.spent or Decimal(0) for fund in rows),
    }


def _funds_of(project: Project, view: View) -> list[Fund]:
    funds = view.roster.funds_of.get(project.village_code, ())
    return [fund for fund in funds if fund.project_code == project.code]


def schedule(view: View) -> dict[str, Any]:
    """Return the subject's projects by year, payer and kind, with their sums.

    A project's money is what its funds plan; what is left of its total has no payer. So the years,
    the payers and the kinds each add up to the same amount, that of all projects.
    """
    rows = [(one, _paid(one, view)) for one in own_projects(view)]
    payers = _payers(rows)
    alone = [row for row in rows if row[0].household_code]
    shared = [row for row in rows if not row[0].household_code]
    years = sorted({_year(one) for one, _ in rows})
    return {
        "projects": len(rows),
        "amount": _total(rows),
        "payers": [
            {
                "payer": payer,
                "projects": sum(payer in dict(paid) for _, paid in rows),
                "amount": _of(payer, rows),
            }
            for payer in payers
        ],
        "years": [
            {
                "year": year,
                "projects": sum(_year(one) == year for one, _ in rows),
                "amounts": [_of(payer, rows, year) for payer in payers],
                "amount": _total([row for row in rows if _year(row[0]) == year]),
            }
            for year in years
        ],
        "kinds": _kinds(rows),
        "home": _kinds(alone),
        "home_projects": len(alone),
        "home_amount": _total(alone),
        "works": len(shared),
        "works_amount": _total(shared),
    }


_Rows = list[tuple[Project, list[tuple[str, Decimal]]]]


def _payers(rows: _Rows) -> list[str]:
    """Return the payers, the one that gives most first; money without one last."""
    names = {payer for _, paid in rows for payer, _ in paid}
    return sorted(names, key=lambda payer: (payer == NO_PAYER, -_of(payer, rows), payer))


def _of(payer: str, rows: _Rows, year: str = "") -> Decimal:
    return _sum(
        amount
        for one, paid in rows
        if not year or _year(one) == year
        for name, amount in paid
        if name == payer
    )


def _kinds(rows: _Rows) -> list[dict[str, Any]]:
    """Return the projects by kind, the dearest first."""
    of: dict[str, _Rows] = {}
    for row in rows:
        of.setdefault(row[0].kind or "未填", []).append(row)
    found = [
        {
            "kind": kind,
            "projects": len(some),
            "households": len({one.household_code for one, _ in some if one.household_code}),
            "amount": _total(some),
        }
        for kind, some in of.items()
    ]
    return sorted(found, key=lambda row: (-row["amount"], row["kind"]))


def _paid(project: Project, view: View) -> list[tuple[str, Decimal]]:
    """Return who pays how much of a project, and what is left without a payer."""
    given: dict[str, Decimal] = {}
    for fund in _funds_of(project, view):
        payer = fund.payer or NO_PAYER
        given[payer] = given.get(payer, Decimal(0)) + (fund.planned or Decimal(0))
    rest = (project.total or Decimal(0)) - _sum(given.values())
    if rest > 0 or not given:
        given[NO_PAYER] = given.get(NO_PAYER, Decimal(0)) + max(rest, Decimal(0))
    return list(given.items())


def _year(project: Project) -> str:
    return str(project.start.year) if project.start else NO_YEAR


def _total(rows: _Rows) -> Decimal:
    return _sum(amount for _, paid in rows for _, amount in paid)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))
