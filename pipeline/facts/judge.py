"""One target, one row: the closed forms of a target that look at a single subject.

Comparisons are of unrounded `Decimal`s; a missing cell gives 缺数据, never 未达标
(INDICATORS.md, rules 1, 2 and 8).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pipeline.errors import SchemeError
from pipeline.model import (
    Cell,
    Household,
    Outcome,
    Record,
    Roster,
    Scheme,
    Subject,
    Target,
    Verdict,
)

_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What judging needs besides the row."""

    roster: Roster
    scheme: Scheme
    as_of: date

    def threshold(self, target: Target) -> Decimal | None:
        """Return the parameter in force when the target falls due."""
        day = target.deadline or self.scheme.until
        return self.scheme.parameter_of(target.parameter).on(day) if target.parameter else None


def judge(target: Target, record: Record, subject: Subject, bench: Bench) -> Verdict:
    """Judge a target of a row form for one row that its `where` fits."""
    return _FORMS[target.form](target, record, subject, bench)


def _threshold(target: Target, record: Record, subject: Subject, bench: Bench) -> Verdict:
    value, evidence = _figure(target, record, bench)
    line = bench.threshold(target)
    return _verdict(
        target,
        subject,
        _compared(target, value, line),
        value=value,
        threshold=line,
        evidence=evidence,
    )


def _top_up(target: Target, record: Record, subject: Subject, bench: Bench) -> Verdict:
    own, evidence = _figure(target, record, bench)
    line = bench.threshold(target)
    if not record.fits(target.enforced):
        return _verdict(
            target,
            subject,
            Outcome.INAPPLICABLE,
            value=own,
            own=own,
            threshold=line,
            evidence=evidence,
        )
    if own is None or line is None:
        return _verdict(target, subject, Outcome.MISSING, threshold=line, evidence=evidence)
    short = max(Decimal(0), line - own)
    return _verdict(
        target,
        subject,
        _compared(target, own + short, line),
        value=own + short,
        own=own,
        top_up=short,
        threshold=line,
        evidence=evidence,
    )


def _count(target: Target, record: Record, subject: Subject, bench: Bench) -> Verdict:
    rows = _belonging(target.table, subject, bench)
    current = [
        row
        for row in rows
        if not isinstance(until := row.value("until"), date) or until >= bench.as_of
    ]
    return _verdict(
        target,
        subject,
        Outcome.MET if len(current) >= target.least else Outcome.UNMET,
        value=len(current),
        threshold=target.least,
        evidence=tuple(Cell(table=row.table, key=row.key, field="") for row in current),
    )


def _present(target: Target, record: Record, subject: Subject, bench: Bench) -> Verdict:
    value = record.value(target.field)
    outcome = Outcome.MET if value not in (None, "") else Outcome.UNMET
    return _verdict(target, subject, outcome, value=value, evidence=(_cell(record, target.field),))


def _checklist(target: Target, record: Record, subject: Subject, bench: Bench) -> Verdict:
    values = [record.value(name) for name in target.fields]
    outcome = (
        Outcome.UNMET if False in values else Outcome.MISSING if None in values else Outcome.MET
    )
    return _verdict(
        target,
        subject,
        outcome,
        value=values.count(True),
        threshold=len(values),
        evidence=tuple(_cell(record, name) for name in target.fields),
    )


def _date_by(target: Target, record: Record, subject: Subject, bench: Bench) -> Verdict:
    value = record.value(target.field)
    if not isinstance(value, date):
        outcome = Outcome.MISSING
    else:
        last = target.deadline or bench.scheme.until
        outcome = Outcome.MET if value <= last else Outcome.UNMET
    return _verdict(
        target,
        subject,
        outcome,
        value=value,
        threshold=target.deadline,
        evidence=(_cell(record, target.field),),
    )


def _figure(
    target: Target, record: Record, bench: Bench
) -> tuple[Decimal | None, tuple[Cell, ...]]:
    """Return the row's figure, per active member if the target says so, and its cells."""
    raw = record.value(target.field)
    evidence = [_cell(record, target.field)]
    value = Decimal(raw) if isinstance(raw, int | Decimal) else None
    if target.per_member and isinstance(record, Household):
        evidence.append(_cell(record, "size"))
        people = len(bench.roster.members_of.get(record.code, ())) or record.size
        value = value / people if value is not None and people else None
    return value, tuple(evidence)


def _compared(target: Target, value: Decimal | None, line: Decimal | None) -> Outcome:
    if value is None or line is None:
        return Outcome.MISSING
    return Outcome.MET if _COMPARE[target.op](value, line) else Outcome.UNMET


def _belonging(table: str, subject: Subject, bench: Bench) -> tuple[Record, ...]:
    roster = bench.roster
    by: dict[tuple[str, str], Mapping[str, tuple[Record, ...]]] = {
        ("helpers", "household"): roster.helpers_of,
        ("members", "household"): roster.members_of,
        ("projects", "village"): roster.projects_of,
        ("funds", "village"): roster.funds_of,
        ("households", "village"): roster.households_of,
    }
    if (table, subject.level) not in by:
        raise SchemeError(
            f"目标不能按{subject.level}数{table}",
            where=str(bench.scheme.folder / "scheme.toml"),
            todo=f"改用：{'、'.join('/'.join(pair) for pair in by)}",
        )
    return by[(table, subject.level)].get(subject.code, ())


def _cell(record: Record, field: str) -> Cell:
    return Cell(table=record.table, key=record.key, field=field)


def _verdict(target: Target, subject: Subject, outcome: Outcome, **figures: object) -> Verdict:
    return Verdict(target=target, subject=subject, outcome=outcome, **figures)  # type: ignore[arg-type]


_FORMS: dict[str, Callable[[Target, Record, Subject, Bench], Verdict]] = {
    "threshold": _threshold,
    "top_up": _top_up,
    "count": _count,
    "present": _present,
    "checklist": _checklist,
    "date_by": _date_by,
}
