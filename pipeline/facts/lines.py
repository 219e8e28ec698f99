"""Targets about the rows that belong to a subject: how many, how much, whether each one fits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from pipeline.facts.bench import Bench, cell, verdict
from pipeline.facts.figures import compared
from pipeline.facts.group import worst
from pipeline.model import Outcome, Record, Subject, Target, Verdict

_AREAS = {"county", "prefecture"}


def count(target: Target, record: Record | None, subject: Subject, bench: Bench) -> Verdict:
    """Count the rows, or the different values of a field; a table nobody keeps is 缺数据."""
    rows = _counted(target, subject, bench)
    if target.distinct:
        number = len({value for row in rows if (value := row.value(target.distinct))})
    else:
        number = len(rows)
    line = bench.line(target) if target.parameter else Decimal(target.least)
    kept = not target.table or _kept(target, bench)
    return verdict(
        target,
        subject,
        compared(target, Decimal(number), line) if kept else Outcome.MISSING,
        value=number if kept else None,
        threshold=line if target.parameter else target.least,
        evidence=tuple(cell(row, target.distinct or _place(row)) for row in rows),
    )


def _place(row: Record) -> str:
    """Return the field by which a row is counted: whose it is."""
    names = ("household_code", "village_code", "town_code")
    return next((name for name in names if row.value(name)), "name")


def total(target: Target, record: Record | None, subject: Subject, bench: Bench) -> Verdict:
    """Add up a field of the rows; one empty cell makes the sum 缺数据."""
    rows = _counted(target, subject, bench)
    values = [row.value(target.field) for row in rows]
    known = [Decimal(value) for value in values if isinstance(value, int | Decimal)]
    added = sum(known, Decimal(0)) if len(known) == len(rows) and _kept(target, bench) else None
    line = bench.line(target) if target.parameter else Decimal(target.least)
    return verdict(
        target, subject, compared(target, added, line),
        value=added, threshold=line, evidence=tuple(cell(row, target.field) for row in rows),
    )  # fmt: skip


def each(target: Target, record: Record | None, subject: Subject, bench: Bench) -> Verdict:
    """Judge every row by `must`; no row is 不适用, an empty cell 缺数据."""
    rows = _counted(target, subject, bench)
    outcomes = [_outcome(row, target) for row in rows]
    return _all(target, subject, rows, outcomes, tuple(target.must))


def days(target: Target, record: Record | None, subject: Subject, bench: Bench) -> Verdict:
    """Count the days of every row from `field` to `over`, both included, against the parameter."""
    rows = _counted(target, subject, bench)
    line = bench.line(target)
    lengths = [_length(row, target) for row in rows]
    outcomes = [
        compared(target, None if length is None else Decimal(length), line) for length in lengths
    ]
    found = _all(target, subject, rows, outcomes, (target.field, target.over))
    known = [length for length in lengths if length is not None]
    return verdict(
        target, subject, found.outcome,
        value=min(known) if known else None, threshold=line, evidence=found.evidence,
    )  # fmt: skip


def _length(row: Record, target: Target) -> int | None:
    first, last = row.value(target.field), row.value(target.over)
    if not isinstance(first, date) or not isinstance(last, date):
        return None
    return (last - first).days + 1


def _all(
    target: Target,
    subject: Subject,
    rows: Iterable[Record],
    outcomes: list[Outcome],
    fields: tuple[str, ...],
) -> Verdict:
    return verdict(
        target,
        subject,
        worst(outcomes),
        value=outcomes.count(Outcome.MET),
        threshold=len(outcomes),
        evidence=tuple(cell(row, name) for row in rows for name in fields),
    )


def _outcome(row: Record, target: Target) -> Outcome:
    if row.fits(target.must):
        return Outcome.MET
    wrong = [name for name in target.must if not row.fits({name: target.must[name]})]
    empty = all(row.value(name) in (None, "") for name in wrong)
    return Outcome.MISSING if empty else Outcome.UNMET


def _counted(target: Target, subject: Subject, bench: Bench) -> list[Record]:
    """Return the rows of the target's table that are the subject's and that it speaks of.

    Somebody whose time is over (`until`) no longer counts.
    """
    rows: Iterable[Record]
    if subject.level in _AREAS and subject.code == bench.scheme.area.code:
        rows = bench.roster.rows(target.table)
    else:
        rows = bench.roster.belonging(target.table, subject.level).get(subject.code, ())
    return [
        row
        for row in rows
        if row.fits(target.counted)
        and (not isinstance(until := row.value("until"), date) or until >= bench.as_of)
    ]


def _kept(target: Target, bench: Bench) -> bool:
    return any(one.table == target.table for one in bench.roster.counts) or bool(
        bench.roster.rows(target.table)
    )
