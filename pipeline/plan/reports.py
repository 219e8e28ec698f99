"""What the monthly reports say in the paper's period: of the subject, and below it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from pipeline.model import Quarter, Subject
from pipeline.plan.times import before, period_words
from pipeline.plan.view import View

FIGURES = ("households", "reached", "visits", "allocated", "spent")


def progress(view: View) -> dict[str, Any] | None:
    """Return the subject's reports at the end of the period, the period before, and those below.

    `below` is one level down and `lower` two: towns and villages of a county, counties and towns
    of a prefecture. None where nobody reported in the period.
    """
    now = at(view, view.subject, view.period)
    if now is None:
        return None
    earlier = before(now["period"])
    return {
        "period": now["period"],
        "words": period_words(now["period"]),
        "earlier": period_words(earlier),
        "now": now,
        "before": at(view, view.subject, earlier),
        "below": _rows(view, view.below(), now["period"]),
        "lower": _rows(
            view, [lower for one in view.below() for lower in view.below(one)], now["period"]
        ),
    }


def series(view: View) -> list[dict[str, Any]]:
    """Return the subject's quarters, for a monthly paper its months, up to the paper's period."""
    key = (view.subject.level, view.subject.code)
    told = view.facts.months if "-" in view.period else view.facts.series
    return [_told(one) for one in told.get(key, ()) if one.period <= _last(view.period)]


def at(view: View, subject: Subject, period: str) -> dict[str, Any] | None:
    """Return what was reported of a subject by the end of a period, None where nothing was.

    Of a year that is its last quarter reported, of no period the newest quarter.
    """
    key = (subject.level, subject.code)
    told: Sequence[Quarter] = (view.facts.months if "-" in period else view.facts.series).get(
        key, ()
    )
    whole = "Q" in period or "-" in period
    fitting = [
        one for one in told if (one.period == period if whole else one.period.startswith(period))
    ]
    return _told(fitting[-1]) if fitting else None


def _rows(view: View, subjects: Iterable[Subject], period: str) -> list[dict[str, Any]]:
    rows = []
    for subject in subjects:
        now = at(view, subject, period)
        if now is not None:
            past = at(view, subject, before(period))
            rows.append(
                {
                    "name": subject.name,
                    **view.place(subject),
                    **now,
                    "reached_more": _more(now, past, "reached"),
                    "spent_more": _more(now, past, "spent"),
                }
            )
    return rows


def _more(now: dict[str, Any], past: dict[str, Any] | None, name: str) -> Decimal | None:
    """Return how much a figure grew since the period before; all of it in the first one."""
    if now[name] is None:
        return None
    grown: Decimal = now[name] - ((past or {}).get(name) or 0)
    return grown


def _told(one: Quarter) -> dict[str, Any]:
    return {
        "period": one.period,
        **{name: one.figures.get(name) for name in FIGURES},
        "reached_rate": _rate(one, "reached", "households"),
        "spent_rate": _rate(one, "spent", "allocated"),
    }


def _rate(one: Quarter, part: str, whole: str) -> str | None:
    figures = one.figures
    if part not in figures or not figures.get(whole):
        return None
    return f"{(figures[part] / figures[whole] * 100).normalize():f}"


def _last(period: str) -> str:
    if "Q" in period or "-" in period:
        return period
    return f"{period}Q4" if period else "9999"
