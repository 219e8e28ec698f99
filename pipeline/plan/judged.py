"""The parts of a context that show verdicts: targets, the rows that fail them, the conclusion."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pipeline.model import Household, Outcome, Target, Value, Verdict
from pipeline.plan.view import View

_SHARES = ("ratio_to_reference", "ratio", "share")
"""The forms whose line is a share of something."""
_LISTED = ("checklist", "each", "composite")
"""Forms whose figure is how many of how many items."""
_ASKED = (*_LISTED, "share")
"""Forms that ask for a number of items or of subjects."""
_COUNTERS = {"member": "人", "household": "户", "village": "村", "town": "镇街"}


def shown(view: View) -> list[Target]:
    """Return the targets that speak of the subject, the conclusion and mere text apart.

    Where the paper's rule names targets, just those, in its order.
    """
    verdicts = verdicts_on(view)
    named = view.rule.targets
    if named:
        return [view.scheme.target_of(name) for name in named if name in verdicts]
    conclusion = view.rule.settings.get("conclusion")
    return [
        target
        for target in view.scheme.target
        if target.id in verdicts and target.id != conclusion and not _summed_up(target, view)
    ]


def _summed_up(target: Target, view: View) -> bool:
    """Tell whether a target only puts others of the subject together."""
    return target.form == "composite" and target.level == view.subject.level


def targets(view: View) -> list[dict[str, Any]]:
    """Return every target that speaks of the subject, with figure, line and verdict."""
    verdicts = verdicts_on(view)
    return [
        told(target, verdicts[target.id], view)
        for target in shown(view)
        if target.level == view.subject.level or verdicts[target.id].total
    ]


def verdicts_on(view: View) -> Mapping[str, Verdict]:
    """Return the verdicts on the subject by target; on a unit those on the villages it helps."""
    if view.subject.level != "unit":
        return view.facts.verdicts.get((view.subject.level, view.subject.code), {})
    on = [view.facts.verdicts.get(("village", one.code), {}) for one in view.villages()]
    found = {}
    for target in view.scheme.target:
        given = [verdicts[target.id] for verdicts in on if target.id in verdicts]
        judged = [one for one in given if one.outcome is not Outcome.INAPPLICABLE]
        if judged:
            found[target.id] = _together(target, judged, view)
    return found


def _together(target: Target, given: list[Verdict], view: View) -> Verdict:
    """Return the verdict on villages as one group: of households, or of the villages themselves."""
    lower = all(one.total is not None for one in given)
    passed = sum(int(str(one.value or 0)) if lower else one.outcome is Outcome.MET for one in given)
    total = sum(one.total or 0 for one in given) if lower else len(given)
    return Verdict(
        target=target,
        subject=view.subject,
        outcome=Outcome.MET if passed == total else Outcome.UNMET,
        value=passed,
        total=total,
        missing=tuple(code for one in given for code in one.missing),
    )


def told(target: Target, verdict: Verdict, view: View) -> dict[str, Any]:
    """Return one target with its line and what was found: of a group how many of how many."""
    grouped = verdict.total is not None
    parameter = view.parameter(target)
    line = parameter.on(target.deadline or view.scheme.until) if parameter else None
    least = target.least if target.form == "count" else None
    counted = view.scheme.target_of(target.of) if target.of else target
    return {
        "id": target.id,
        "name": target.name,
        "scope": target.scope,
        "level": target.level,
        "form": target.form,
        "op": target.op,
        "threshold": line if line is not None else least,
        "reference": target.reference,
        "percent": percent(line) if target.form in _SHARES else None,
        "share": target.share,
        "unit": parameter.unit if parameter else target.unit,
        "hedge": target.hedge,
        "deadline": target.deadline,
        "outcome": verdict.outcome.value,
        "passed": verdict.value if grouped else None,
        "total": verdict.total,
        "missing": len(verdict.missing),
        "counter": _COUNTERS.get(counted.level, ""),
        "line": figure(verdict.threshold, None) if verdict.reference is not None else None,
        "forecast": verdict.forecast,
        "asked": figure(verdict.threshold, None) if target.form in _ASKED else None,
        "value": None if grouped else figure(verdict.value, line),
        "own": figure(verdict.own, line),
        "top_up": figure(verdict.top_up, None),
    }


def percent(share: Decimal | None) -> str | None:
    """Return a share in percent, unrounded."""
    return None if share is None else f"{(share * 100).normalize():f}"


def failing(view: View) -> list[dict[str, Any]]:
    """Return every row below that a hard target names: who, which figure, which line."""
    rows = []
    for target in shown(view):
        group = view.verdict(target.id)
        if group is None or target.hedge or target.form == "composite":
            continue
        for code in (*group.failing, *group.missing):
            verdict = view.facts.verdict(target.level, code, target.id)
            if verdict is not None:
                rows.append(_failed(target, verdict, view))
    return rows


def _failed(target: Target, verdict: Verdict, view: View) -> dict[str, Any]:
    parameter = view.parameter(target)
    line = parameter.on(target.deadline or view.scheme.until) if parameter else None
    if verdict.reference is not None or line is None:
        known = isinstance(verdict.threshold, int | Decimal)
        line = Decimal(str(verdict.threshold)) if known else None
    household, who = _whose(verdict, view)
    return {
        "target": target.name,
        "form": target.form,
        "level": target.level,
        "head": who,
        "group": household.group if household else "",
        "labour": household.labour if household else "",
        "value": figure(verdict.value, line),
        "threshold": figure(line, None) if target.form not in _LISTED else None,
        "unit": parameter.unit if parameter else target.unit,
        "outcome": verdict.outcome.value,
    }


def _whose(verdict: Verdict, view: View) -> tuple[Household | None, str]:
    """Return the household a verdict is about, and the words for the subject: 户主（成员）."""
    code, name = verdict.subject.code, verdict.subject.name
    if verdict.subject.level == "member":
        code = code.split("|")[0]
    household = view.roster.household.get(code)
    if household is None:
        return None, name
    alone = verdict.subject.level != "member" or name == household.head
    return household, household.head if alone else f"{household.head}（{name}）"


def conclusion(view: View) -> str:
    """Return the verdict on the subject as a whole, by the target the scheme names for it."""
    return outcome_of(view, view.subject.level, view.subject.code)


def outcome_of(view: View, level: str, code: str) -> str:
    """Return the verdict on a subject by the target the paper's setting `conclusion` names."""
    name = str(view.rule.settings.get("conclusion", ""))
    verdict = view.facts.verdict(level, code, name)
    return (verdict.outcome if verdict else Outcome.INAPPLICABLE).value


def figure(value: Value, line: Decimal | None) -> str | None:
    """Write a figure with at most two decimals, half up; more where two would hide a difference.

    9999.996 beside a line of 10000 stays 9999.996, because 10000.00 未达标 would look wrong.
    """
    if value is None or isinstance(value, bool):
        return None
    if not isinstance(value, int | Decimal):
        return str(value)
    number = Decimal(value)
    for places in range(2, 12):
        shown = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if line is None or (
            (shown < line) == (number < line) and (shown > line) == (number > line)
        ):
            break
    whole = shown.to_integral_value()
    return format(whole if shown == whole else shown, "f")
