"""The parts of a context that show what is still to be reached and what else is kept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pipeline.model import Outcome, Record
from pipeline.plan.judged import figure, shown
from pipeline.plan.view import View


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
