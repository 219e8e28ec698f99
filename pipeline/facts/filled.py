"""Targets about whether a cell is filled, says 是, or is a day in time."""

from __future__ import annotations

from datetime import date

from pipeline.facts.bench import Bench, cell, verdict
from pipeline.model import Outcome, Record, Subject, Target, Verdict


def present(target: Target, record: Record | None, subject: Subject, bench: Bench) -> Verdict:
    """Judge whether `field` is filled."""
    assert record is not None
    value = record.value(target.field)
    outcome = Outcome.MET if value not in (None, "") else Outcome.UNMET
    return verdict(target, subject, outcome, value=value, evidence=(cell(record, target.field),))


def checklist(target: Target, record: Record | None, subject: Subject, bench: Bench) -> Verdict:
    """Judge whether every field is 是."""
    assert record is not None
    values = [record.value(name) for name in target.fields]
    outcome = (
        Outcome.UNMET if False in values else Outcome.MISSING if None in values else Outcome.MET
    )
    return verdict(
        target,
        subject,
        outcome,
        value=values.count(True),
        threshold=len(values),
        evidence=tuple(cell(record, name) for name in target.fields),
    )


def date_by(target: Target, record: Record | None, subject: Subject, bench: Bench) -> Verdict:
    """Judge whether the day of `field` lies in the window, its ends included."""
    assert record is not None
    value = record.value(target.field)
    last = target.deadline or bench.scheme.until
    if not isinstance(value, date):
        outcome = Outcome.MISSING
    else:
        early = target.since is not None and value < target.since
        outcome = Outcome.UNMET if early or value > last else Outcome.MET
    return verdict(
        target, subject, outcome,
        value=value, threshold=target.deadline, evidence=(cell(record, target.field),),
    )  # fmt: skip
