"""Targets about one figure of a subject, compared unrounded with a line.

A missing cell gives 缺数据, never 未达标 (INDICATORS.md, rules 1, 2, 3 and 8). The figure of the
area itself stands in the statistics: there a target's `field` is a measure.
"""

from __future__ import annotations

from decimal import Decimal

from pipeline.facts.bench import Bench, cell, verdict
from pipeline.model import COMPARE, Cell, Household, Outcome, Record, Subject, Target, Verdict

_Figure = tuple[Decimal | None, tuple[Cell, ...]]


def threshold(target: Target, record: Record | None, subject: Subject, bench: Bench) -> Verdict:
    """Judge `field` against the parameter."""
    value, evidence = _figure(target, record, bench)
    line = bench.line(target)
    outcome = compared(target, value, line)
    return verdict(target, subject, outcome, value=value, threshold=line, evidence=evidence)


def top_up(target: Target, record: Record | None, subject: Subject, bench: Bench) -> Verdict:
    """Judge `field` after it was raised to the parameter; say by how much."""
    own, evidence = _figure(target, record, bench)
    line = bench.line(target)
    if record is not None and not record.fits(target.enforced):
        return verdict(
            target, subject, Outcome.INAPPLICABLE,
            value=own, own=own, threshold=line, evidence=evidence,
        )  # fmt: skip
    if own is None or line is None:
        return verdict(target, subject, Outcome.MISSING, threshold=line, evidence=evidence)
    short = max(Decimal(0), line - own)
    return verdict(
        target, subject, compared(target, own + short, line),
        value=own + short, own=own, top_up=short, threshold=line, evidence=evidence,
    )  # fmt: skip


def ratio_to_reference(
    target: Target, record: Record | None, subject: Subject, bench: Bench
) -> Verdict:
    """Judge `field` against a share of the year's figure of a series; a forecast is said."""
    value, evidence = _figure(target, record, bench)
    reference, source, forecast = bench.statistic(target.reference, bench.as_of.year)
    share = bench.line(target)
    line = share * reference if share is not None and reference is not None else None
    return verdict(
        target, subject, compared(target, value, line),
        value=value, threshold=line, reference=reference, forecast=forecast,
        evidence=(*evidence, *source),
    )  # fmt: skip


def ratio(target: Target, record: Record | None, subject: Subject, bench: Bench) -> Verdict:
    """Judge `field` / `over`; nothing to divide by is 不适用."""
    value, evidence = _figure(target, record, bench)
    base, below = _raw(target.over, record, bench, bench.as_of.year)
    line = bench.line(target)
    found = {"threshold": line, "evidence": (*evidence, *below)}
    if base == 0:
        return verdict(target, subject, Outcome.INAPPLICABLE, **found)
    rate = value / base if value is not None and base is not None else None
    return verdict(target, subject, compared(target, rate, line), value=rate, **found)


def increase(target: Target, record: Record | None, subject: Subject, bench: Bench) -> Verdict:
    """Judge `field` less `over`; without `over`, less the same measure of the year before."""
    value, evidence = _figure(target, record, bench)
    year = bench.as_of.year
    if target.over:
        base, below = _raw(target.over, record, bench, year)
    else:
        base, below = _raw(target.field, record, bench, year - 1)
    more = value - base if value is not None and base is not None else None
    line = bench.line(target) if target.parameter else Decimal(0)
    return verdict(
        target, subject, compared(target, more, line),
        value=more, threshold=line, evidence=(*evidence, *below),
    )  # fmt: skip


def compared(target: Target, value: Decimal | None, line: Decimal | None) -> Outcome:
    """Compare, unrounded."""
    if value is None or line is None:
        return Outcome.MISSING
    return Outcome.MET if COMPARE[target.op](value, line) else Outcome.UNMET


def _figure(target: Target, record: Record | None, bench: Bench) -> _Figure:
    """Return the subject's figure, per active member if the target says so, and its cells."""
    value, evidence = _raw(target.field, record, bench, bench.as_of.year)
    if target.per_member and isinstance(record, Household):
        people = len(bench.roster.members_of.get(record.code, ())) or record.size
        value = value / people if value is not None and people else None
        evidence = (*evidence, cell(record, "size"))
    return value, evidence


def _raw(name: str, record: Record | None, bench: Bench, year: int) -> _Figure:
    if record is None:
        value, evidence, _ = bench.statistic(name, year)
        return value, evidence
    raw = record.value(name)
    number = isinstance(raw, int | Decimal) and not isinstance(raw, bool)
    return Decimal(raw) if number else None, (cell(record, name),)  # type: ignore[arg-type]
