"""Many verdicts in, one out: how those below a subject stand on a target."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal

from pipeline.model import Outcome, Subject, Target, Verdict


@dataclass(slots=True)
class Group:
    """A running count of verdicts. Rows that are 不适用 are not counted (INDICATORS.md, rule 4)."""

    met: int = 0
    failing: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    forecast: bool = False

    def add(self, verdict: Verdict) -> None:
        """Count one verdict."""
        if verdict.outcome is Outcome.MET:
            self.met += 1
        elif verdict.outcome is Outcome.UNMET:
            self.failing.append(verdict.subject.code)
        elif verdict.outcome is Outcome.MISSING:
            self.missing.append(verdict.subject.code)
        self.forecast = self.forecast or verdict.forecast

    def merge(self, other: Group) -> None:
        """Count all that another group has counted."""
        self.met += other.met
        self.failing += other.failing
        self.missing += other.missing
        self.forecast = self.forecast or other.forecast

    def judged(self, target: Target, subject: Subject, share: Decimal) -> Verdict:
        """Judge: required = ceil(share × counted) must be 达标; none counted is 不适用 (rule 6)."""
        total = self.met + len(self.failing) + len(self.missing)
        required = int((share * total).to_integral_value(ROUND_CEILING))
        if not total:
            outcome = Outcome.INAPPLICABLE
        elif self.met >= required:
            outcome = Outcome.MET
        elif self.met + len(self.missing) >= required:
            outcome = Outcome.MISSING
        else:
            outcome = Outcome.UNMET
        return Verdict(
            target=target,
            subject=subject,
            outcome=outcome,
            value=self.met,
            threshold=required,
            total=total,
            failing=tuple(self.failing),
            missing=tuple(self.missing),
            forecast=self.forecast,
        )


def counted(of: Verdict) -> Group:
    """Return the group a verdict on a group was judged from."""
    met = of.value if isinstance(of.value, int) else 0
    return Group(met, list(of.failing), list(of.missing), of.forecast)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Return 未达标 when one is, else 缺数据 when one is, else 达标; none at all is 不适用."""
    found = set(outcomes)
    for outcome in (Outcome.UNMET, Outcome.MISSING, Outcome.MET):
        if outcome in found:
            return outcome
    return Outcome.INAPPLICABLE


def together(target: Target, subject: Subject, parts: Iterable[Verdict]) -> Verdict:
    """Judge a composite: 达标 when every hard part is, 未达标 when one isn't, else 缺数据.

    A hedged part (基本, 力争 …) is carried along but doesn't decide (AMBIGUITIES A-G5).
    """
    hard = [
        verdict
        for verdict in parts
        if not verdict.target.hedge and verdict.outcome is not Outcome.INAPPLICABLE
    ]
    return Verdict(
        target=target,
        subject=subject,
        outcome=worst(verdict.outcome for verdict in hard),
        value=sum(verdict.outcome is Outcome.MET for verdict in hard),
        threshold=len(hard),
        forecast=any(verdict.forecast for verdict in hard),
        evidence=tuple(cell for verdict in hard for cell in verdict.evidence),
    )
