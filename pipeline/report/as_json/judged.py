"""Verdicts, money and ranks, as plain JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pipeline.model import FundFigure, Payment, Source, Standing, Subject, Value, Verdict, Village
from pipeline.report.as_json.roster import place


def village(
    town: str,
    of: Village,
    tally: Mapping[str, int],
    verdicts: Iterable[Verdict],
    rows: Iterable[Verdict],
    sources: Callable[[Verdict], Iterable[Source]],
) -> dict[str, Any]:
    """Return how a village stands: its targets, and each row that fails one."""
    return {
        "code": of.code,
        "name": of.name,
        "town": town,
        "tally": dict(tally),
        "targets": [verdict(one, sources) for one in verdicts],
        "rows": [verdict(one, sources) for one in rows],
    }


def standing(
    subject: Subject,
    tally: Mapping[str, int],
    verdicts: Iterable[Verdict],
    sources: Callable[[Verdict], Iterable[Source]],
) -> dict[str, Any]:
    """Return how the area, a county, a town or a unit stands."""
    return {
        "level": subject.level,
        "code": subject.code,
        "name": subject.name,
        "tally": dict(tally),
        "targets": [verdict(one, sources) for one in verdicts],
    }


def fund(one: FundFigure) -> dict[str, Any]:
    """Return what a fund comes to, in 元."""
    return {
        "id": one.fund.id,
        "name": one.fund.name,
        "count": one.count,
        "each": one.each,
        "total": one.total,
        "shares": dict(one.shares),
        "instalments": {str(year): amount for year, amount in one.instalments},
        "villages": dict(one.villages),
        "stated": one.fund.stated,
        "holds": one.holds,
    }


def payment(one: Payment) -> dict[str, Any]:
    """Return how the money of one payer stands, in 元."""
    return {
        "payer": one.payer,
        "planned": one.planned,
        "allocated": one.allocated,
        "spent": one.spent,
    }


def ranking(name: str, period: str, places: Iterable[Standing]) -> dict[str, Any]:
    """Return a ranking of one period."""
    return {
        "id": name,
        "period": period,
        "places": [
            {
                "code": one.code,
                "name": one.name,
                "place": one.place,
                "score": one.score,
                "rates": list(one.rates),
                "before": one.before,
                "lists": list(one.lists),
            }
            for one in places
        ],
    }


def verdict(one: Verdict, sources: Callable[[Verdict], Iterable[Source]]) -> dict[str, Any]:
    """Return a verdict with its figures and the cells they came from."""
    return {
        "target": one.target.id,
        "indicator": one.target.indicator,
        "name": one.target.name,
        "subject": one.subject.code,
        "of": one.subject.name,
        "outcome": one.outcome.value,
        "value": one.value,
        "threshold": one.threshold,
        "reference": one.reference,
        "forecast": one.forecast,
        "own": one.own,
        "top_up": one.top_up,
        "total": one.total,
        "failing": list(one.failing),
        "missing": list(one.missing),
        "hedge": one.target.hedge,
        "evidence": [place(source) for source in sources(one)],
    }


def explanation(one: Verdict, operands: Sequence[tuple[str, Value, str, Source]]) -> dict[str, Any]:
    """Return a verdict with the cells it was computed from and what they hold."""
    cells = [source for *_, source in operands]
    return {
        **verdict(one, lambda _: cells),
        "operands": [
            {"field": field, "value": value, "unit": unit} for field, value, unit, _ in operands
        ],
    }
