"""The parts of a context that show what is still to be reached: by year, item by item."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import Any

from pipeline.model import Outcome, Record
from pipeline.plan.judged import figure, shown
from pipeline.plan.view import View


def stages(view: View) -> list[dict[str, Any]]:
    """Return how many households are to be out of poverty by each day of a dated share.

    The paper's setting `stages` names the parameter. Counted up, a part of a household as one, so
    that what the years add is what the subject has.
    """
    name = str(view.rule.settings.get("stages", ""))
    if not name:
        return []
    total = sum(1 for _ in view.all_households())
    before, rows = 0, []
    for dated in sorted(view.scheme.parameter_of(name).values, key=lambda one: one.since):
        reached = int((dated.value * total).to_integral_value(ROUND_CEILING))
        rows.append(
            {
                "until": dated.since,
                "year": str(dated.since.year),
                "share": dated.value,
                "households": reached,
                "added": reached - before,
            }
        )
        before = reached
    return rows


def checklists(view: View) -> list[dict[str, Any]]:
    """Return each list of things the subject should have, and which of them it has."""
    if view.record is None:
        return []
    return [
        {
            "name": target.name,
            "hedge": target.hedge,
            "deadline": target.deadline,
            "items": [
                {"name": _label(name, view.record, view), "has": _has(view.record.value(name))}
                for name in target.fields
            ],
        }
        for target in shown(view)
        if target.form == "checklist"
        and target.level == view.subject.level
        and (verdict := view.verdict(target.id)) is not None
        and verdict.outcome is not Outcome.INAPPLICABLE
    ]


def _has(value: object) -> str:
    return "缺数据" if value is None else ("有" if value else "无")


def _label(name: str, record: Record, view: View) -> str:
    column = view.roster.tables[record.table].column(name)
    return column.name if column else name


def particulars(view: View) -> list[dict[str, Any]]:
    """Return the figures and words the scheme keeps of the subject besides the common fields."""
    if view.record is None:
        return []
    found = []
    for column in view.scheme.extra_field.get(view.record.table, ()):
        value = view.told(view.record, column.id)
        if value in (None, "") or column.type not in (
            "text",
            "code",
            "integer",
            "decimal",
            "money",
        ):
            continue
        told = figure(value, None) if isinstance(value, int | Decimal) else str(value)
        found.append({"name": column.name, "value": told, "unit": column.unit})
    return found
