"""One target, one subject: the closed forms that look at a subject and its own rows."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.facts import figures, filled, lines
from pipeline.facts.bench import Bench
from pipeline.model import Outcome, Record, Subject, Target, Verdict

_FORMS: dict[str, Callable[[Target, Record | None, Subject, Bench], Verdict]] = {
    "threshold": figures.threshold,
    "ratio_to_reference": figures.ratio_to_reference,
    "ratio": figures.ratio,
    "increase": figures.increase,
    "top_up": figures.top_up,
    "count": lines.count,
    "sum": lines.total,
    "each": lines.each,
    "days": lines.days,
    "present": filled.present,
    "checklist": filled.checklist,
    "date_by": filled.date_by,
}


def judge(target: Target, record: Record | None, subject: Subject, bench: Bench) -> Verdict:
    """Judge a target for one subject that its `where` fits; the area has no row."""
    return _FORMS[target.form](target, record, subject, bench)


def relapse(target: Target, subject: Subject, now: Verdict | None, bench: Bench) -> Verdict:
    """Judge whether a subject has fallen back: met in an earlier snapshot, unmet now (H19)."""
    before = [facts.verdict(subject.level, subject.code, target.of) for facts in bench.earlier]
    was = any(one is not None and one.outcome is Outcome.MET for one in before)
    if now is None or not was or now.outcome is Outcome.INAPPLICABLE:
        outcome = Outcome.INAPPLICABLE
    else:
        outcome = now.outcome
    return Verdict(
        target=target,
        subject=subject,
        outcome=outcome,
        evidence=now.evidence if now is not None else (),
    )
