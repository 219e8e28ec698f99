"""Many verdicts in, one out: how a village, a town or the county stands on a target."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, Decimal

from pipeline.model import Outcome, Subject, Target, Verdict


def group(target: Target, subject: Subject, below: Sequence[Verdict]) -> Verdict:
    """Judge a subject by those below it: required = ceil(share × judged) must be 达标.

    Rows that are 不适用 leave the denominator; an empty denominator is 不适用, not 100 %
    (INDICATORS.md, rules 4, 6 and 8).
    """
    judged = [verdict for verdict in below if verdict.outcome is not Outcome.INAPPLICABLE]
    met = [verdict for verdict in judged if verdict.outcome is Outcome.MET]
    missing = [verdict for verdict in judged if verdict.outcome is Outcome.MISSING]
    failing = [verdict for verdict in judged if verdict.outcome is Outcome.UNMET]
    share = target.share if target.form == "share" else Decimal(1)
    required = int((share * len(judged)).to_integral_value(ROUND_CEILING))
    if not judged:
        outcome = Outcome.INAPPLICABLE
    elif len(met) >= required:
        outcome = Outcome.MET
    elif len(met) + len(missing) >= required:
        outcome = Outcome.MISSING
    else:
        outcome = Outcome.UNMET
    return Verdict(
        target=target,
        subject=subject,
        outcome=outcome,
        value=len(met),
        threshold=required,
        total=len(judged),
        failing=tuple(verdict.subject.code for verdict in failing),
        missing=tuple(verdict.subject.code for verdict in missing),
    )


def together(target: Target, subject: Subject, parts: Iterable[Verdict]) -> Verdict:
    """Judge a composite: 达标 when every hard part is, 未达标 when one isn't, else 缺数据.

    A hedged part (基本, 力争 …) is carried along but doesn't decide (AMBIGUITIES A-G5).
    """
    hard = [
        verdict
        for verdict in parts
        if not verdict.target.hedge and verdict.outcome is not Outcome.INAPPLICABLE
    ]
    outcomes = {verdict.outcome for verdict in hard}
    if not hard:
        outcome = Outcome.INAPPLICABLE
    elif Outcome.UNMET in outcomes:
        outcome = Outcome.UNMET
    elif Outcome.MISSING in outcomes:
        outcome = Outcome.MISSING
    else:
        outcome = Outcome.MET
    return Verdict(
        target=target,
        subject=subject,
        outcome=outcome,
        value=sum(verdict.outcome is Outcome.MET for verdict in hard),
        threshold=len(hard),
        evidence=tuple(cell for verdict in hard for cell in verdict.evidence),
    )
