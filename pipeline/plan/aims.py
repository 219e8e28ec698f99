"""The parts of a context that show what is still to be reached and what else is kept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pipeline.model import Column, Outcome, Record, Target
from pipeline.plan.judged import figure, shown
from pipeline.plan.view import View

_TOLD = ("text", "code", "integer", "decimal", "money")


def lists(view: View) -> list[Target]:
    """Return the targets of the subject's own level that are lists of things it should have."""
    return [
        target
        for target in shown(view)
        if target.form == "checklist"
        and target.level == view.subject.level
        and (verdict := view.verdict(target.id)) is not None
        and verdict.outcome is not Outcome.INAPPLICABLE
    ]


def checklists(view: View) -> list[dict[str, Any]]:
    """Return each list of things the subject should have, and which of them it has."""
    record = view.record
    if record is None:
        return []
    return [
        {
            "name": target.name,
            "hedge": target.hedge,
            "deadline": target.deadline,
            "items": [
                {"name": _label(name, record, view), "has": _has(record.value(name))}
                for name in target.fields
            ],
        }
        for target in lists(view)
    ]


def _has(value: object) -> str:
    return "缺数据" if value is None else ("有" if value else "无")


def _label(name: str, record: Record, view: View) -> str:
    column = view.roster.tables[record.table].column(name)
    return column.name if column else name


def kept(view: View) -> list[Column]:
    """Return the scheme's own fields of the subject that hold a figure or a word."""
    record = view.record
    if record is None:
        return []
    return [
        column
        for column in view.scheme.extra_field.get(record.table, ())
        if column.type in _TOLD and record.value(column.id) not in (None, "")
    ]


def particulars(view: View) -> list[dict[str, Any]]:
    """Return the figures and words the scheme keeps of the subject besides the common fields."""
    return [
        {"name": column.name, "value": _value(view, column), "unit": column.unit}
        for column in kept(view)
    ]


def _value(view: View, column: Column) -> str | None:
    value = view.told(view.record, column.id) if view.record else None
    return figure(value, None) if isinstance(value, int | Decimal) else str(value)
