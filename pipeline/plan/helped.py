"""The households a paper is about, each with helper and projects, and how many are to leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from pipeline.model import Helper, Household, Village
from pipeline.plan.times import bounds
from pipeline.plan.view import View


def exits(view: View) -> dict[str, Any]:
    """Return how many households had left poverty before the year, and how many are to in it.

    The paper's setting `exit_share` names the parameter that says which share is to have left it
    by the end of the year, rounded up to whole households; `task` the field of the subject's own
    row that says how many are to leave it in the year the roster is of. Without either there is
    no aim.
    """
    first, last = _year(view)
    households = list(view.all_households())
    past = sum(_out(one, first) for one in households)
    share = _share(view, last)
    aim = None
    if share is not None:
        aim = int((share * len(households)).to_integral_value(ROUND_CEILING))
    task = None
    if view.record is not None and first.year == view.facts.as_of.year:
        task = view.record.value(str(view.rule.settings.get("task", "")))
    left = len(households) - past
    return {
        "households": len(households),
        "persons": sum(one.size or 0 for one in households),
        "before": past,
        "left": left,
        "left_persons": sum(one.size or 0 for one in households if not _out(one, first)),
        "percent": None if share is None else f"{(share * 100).normalize():f}",
        "aim": aim,
        "due": max(0, aim - past) if aim is not None else task,
        "villages": [_of_village(village, view, first) for village in view.villages()],
    }


def _of_village(village: Village, view: View, first: date) -> dict[str, Any]:
    households = view.roster.households_of.get(village.code, ())
    past = sum(_out(one, first) for one in households)
    return {
        "name": village.name,
        "households": len(households),
        "persons": sum(one.size or 0 for one in households),
        "before": past,
        "left": len(households) - past,
    }


def helped(view: View) -> list[dict[str, Any]]:
    """Return the households of the subject; of a year only those still poor when it began.

    Projects are those of the household that run in the year.
    """
    first, last = _year(view)
    column = view.roster.tables["households"].column("cause")
    causes = column.codes if column else {}
    rows = []
    for household in still_poor(view):
        village = view.roster.village.get(household.village_code)
        rows.append(
            {
                "village": village.name if village else "",
                "group": household.group,
                "head": household.head,
                "size": household.size,
                "labour": household.labour,
                "cause": causes.get(household.cause, household.cause),
                "helpers": [
                    {"name": one.name, "title": one.title, "unit": one.unit}
                    for one in _helpers(household, view, last)
                ],
                "projects": list(_aid(household, view, first, last)),
            }
        )
    return rows


def still_poor(view: View) -> Iterator[Household]:
    """Yield the households of the subject; of a year only those still poor when it began."""
    first, _ = _year(view)
    for household in view.all_households():
        if not (view.period and _out(household, first)):
            yield household


def unit(view: View) -> dict[str, Any]:
    """Return the helper unit the subject is or is helped by, and who answers for it there."""
    village = view.village()
    name = view.subject.name if view.subject.level == "unit" else village.unit if village else ""
    record = next((one for one in view.roster.units if one.name == name), None)
    return {
        "name": name,
        **{
            field: record.value(field) if record else None
            for field in ("leader", "deputy", "contact")
        },
    }


def _year(view: View) -> tuple[date, date]:
    if view.period:
        return bounds(view.period[:4])
    return view.scheme.since, view.scheme.until


def _out(household: Household, day: date) -> bool:
    return household.reached_on is not None and household.reached_on < day


def _share(view: View, day: date) -> Decimal | None:
    name = str(view.rule.settings.get("exit_share", ""))
    return view.scheme.parameter_of(name).on(day) if name else None


def _helpers(household: Household, view: View, day: date) -> Iterator[Helper]:
    """Yield who helps a household on a day, or on the roster's where that comes first."""
    day = min(day, view.facts.as_of)
    for helper in view.roster.helpers_of.get(household.code, ()):
        begun = helper.since is None or helper.since <= day
        if begun and (helper.until is None or helper.until >= day):
            yield helper


def _aid(household: Household, view: View, first: date, last: date) -> Iterator[str]:
    for project in view.roster.projects_of.get(household.village_code, ()):
        if (
            project.household_code == household.code
            and (project.start is None or project.start <= last)
            and (project.end is None or project.end >= first)
        ):
            yield project.name
