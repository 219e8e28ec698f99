"""The part of a context that shows households: the row, its incomes, its help, its verdict."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pipeline.model import Household, Outcome
from pipeline.plan.judged import figure
from pipeline.plan.openness import responsible
from pipeline.plan.view import View

_INCOMES = (
    "wage", "operating", "property", "transfer", "cost", "net_income", "disposable",
)  # fmt: skip
_LIVING = (
    "farmland", "irrigated", "forest", "orchard", "water_area", "cooperative", "housing_area",
    "dilapidated", "dilapidated_grade", "water_safe", "power", "broadcast", "road", "toilet",
)  # fmt: skip


def households(view: View) -> list[dict[str, Any]]:
    """Return the household the subject is, or those of the village it is."""
    return [
        {
            "head": household.head,
            "group": household.group,
            "size": household.size,
            "labour": household.labour,
            "disposable": _each(household, household.disposable, view),
            "net": _each(household, household.net_income, view),
            "reached_on": household.reached_on,
            "outcome": _exit(household, view),
            **{
                name: view.told(household, name) or ""
                for name in ("cause", "other_causes", "cause_note", "kind")
            },
            "incomes": _filled(household, _INCOMES, view),
            "living": _filled(household, _LIVING, view),
            "works": _works(household, view),
            **responsible(household, view),
        }
        for household in view.households()
    ]


def _each(household: Household, total: Decimal | None, view: View) -> str | None:
    people = len(view.roster.members_of.get(household.code, ())) or household.size
    return figure(total / people, None) if total is not None and people else None


def _exit(household: Household, view: View) -> str:
    name = str(view.rule.settings.get("exits", ""))
    verdict = view.facts.verdict("household", household.code, name)
    return (verdict.outcome if verdict else Outcome.INAPPLICABLE).value


def _filled(household: Household, names: Sequence[str], view: View) -> list[dict[str, Any]]:
    """Return what the row says in these fields, by their names; a flag as 是 or 否."""
    found = []
    for name in names:
        column = view.roster.tables["households"].column(name)
        value = view.told(household, name)
        if column is not None and value not in (None, ""):
            told = figure(value, None) if not isinstance(value, bool) else "是" if value else "否"
            found.append({"name": column.name, "value": told, "unit": column.unit})
    return found


def _works(household: Household, view: View) -> list[str]:
    rows = view.roster.projects_of.get(household.village_code, ())
    return [one.name for one in rows if one.household_code == household.code]
