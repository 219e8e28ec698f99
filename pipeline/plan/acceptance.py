"""The parts of a context that decide: what a conclusion is made of, and the villages it fails."""

from __future__ import annotations

from typing import Any

from pipeline.model import Outcome, Target, Verdict
from pipeline.plan.judged import outcome_of, told
from pipeline.plan.view import View

_TABLES = {"member": "members", "household": "households", "village": "villages", "town": "towns"}


def criteria(view: View) -> list[dict[str, Any]]:
    """Return the targets the conclusion on the subject is made of, each with the cells it is of.

    Of a composite those of the branch the subject falls under, in the printed order.
    """
    name = str(view.rule.settings.get("conclusion", ""))
    return _criteria(name, view.subject.level, view.subject.code, view)


def _criteria(name: str, level: str, code: str, view: View) -> list[dict[str, Any]]:
    target = next((one for one in view.scheme.target if one.id == name), None)
    if target is None:
        return []
    known = view.facts.verdicts.get((level, code), {})
    return [
        {**told(part, known[part.id], view), "cells": _cells(part, known[part.id], view)}
        for part in (view.scheme.target_of(one) for one in _composed(target, level, code, view))
        if part.id in known
    ]


def _composed(target: Target, level: str, code: str, view: View) -> tuple[str, ...]:
    record = view.record if code == view.subject.code else view.roster.village.get(code)
    if target.form != "composite" or target.level != level:
        return (target.id,)
    fits = (one.all_of for one in target.branch if record is None or record.fits(one.where))
    return next(fits, ())


def _cells(target: Target, verdict: Verdict, view: View) -> list[str]:
    """Name the columns a verdict was read from, once each: 贫困户·年可支配收入."""
    named = [(cell.table, cell.field) for cell in verdict.evidence]
    if not named:
        table = target.table or _TABLES.get(target.level, "")
        fields = (target.field, target.over, *target.fields, *target.counted, *target.must)
        named = [(table, field) for field in fields if field]
    words = []
    for table, field in named:
        known = view.roster.tables.get(table)
        column = known.column(field) if known else None
        if known and column:
            words.append(f"{known.name}·{column.name}")
    return list(dict.fromkeys(words))


def conclusions(view: View) -> dict[str, int]:
    """Count the subject's villages by what the conclusion says of them."""
    said = [outcome_of(view, "village", village.code) for village in view.villages()]
    return {outcome.name.lower(): said.count(outcome.value) for outcome in Outcome}


def unpassed(view: View) -> list[dict[str, Any]]:
    """Return the villages that don't pass, each with the targets that stand in its way."""
    name = str(view.rule.settings.get("conclusion", ""))
    rows = []
    for village in view.villages():
        said = outcome_of(view, "village", village.code)
        if said not in (Outcome.UNMET.value, Outcome.MISSING.value):
            continue
        town = view.roster.town.get(village.town_code)
        facts = [
            one
            for one in _criteria(name, "village", village.code, view)
            if one["outcome"] in (Outcome.UNMET.value, Outcome.MISSING.value) and not one["hedge"]
        ]
        rows.append(
            {
                "name": village.name,
                "town": town.name if town else "",
                "conclusion": said,
                "facts": facts,
            }
        )
    return rows
