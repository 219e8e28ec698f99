"""The parts of a context that show what the policy says: measures, duties, money, clauses."""

from __future__ import annotations

from datetime import date
from typing import Any

from pipeline.model import Due, FundFigure, Household, Measure, meets, periods
from pipeline.plan.view import View


def measures(view: View) -> list[dict[str, Any]]:
    """Return the measures with their units in the printed order.

    A measure that says for whom it is comes with the number of the subject's households it is
    for, and only where there are any; a household's own are just those that are for it. With the
    paper's setting `measures` only those of that group or name.
    """
    wanted = str(view.rule.settings.get("measures", ""))
    told = [_answers(measure, view) for measure in view.scheme.measure]
    return [
        {
            "name": measure.name,
            "group": measure.group,
            "lead": list(measure.lead),
            "responsible": list(measure.responsible),
            "support": list(measure.support),
            "content": list(measure.content),
            "households": number,
        }
        for measure, number in zip(view.scheme.measure, told, strict=True)
        if (not wanted or wanted in measure.group or wanted in measure.name)
        and number != 0
        and (number is not None or not isinstance(view.record, Household))
    ]


def _answers(measure: Measure, view: View) -> int | None:
    """Return how many of the subject's households a measure is for; None for one for all."""
    if not measure.where:
        return None
    return sum(
        all(meets(view.told(one, name), wanted) for name, wanted in measure.where.items())
        for one in view.all_households()
    )


def calendar(view: View) -> list[dict[str, Any]]:
    """Return the duties of the paper's period, or of the whole scheme, by the day they are due.

    Only what the policy fixes: whether a duty is done is no matter of a paper's text.
    """
    rows = [row for due in view.scheme.due for row in _duties(due, view)]
    return sorted(rows, key=lambda row: (str(row["until"]), row["what"]))


def _duties(due: Due, view: View) -> list[dict[str, Any]]:
    """Return the single dates of a duty; one that comes again is told by its cycle."""
    base = {"what": due.what, "who": due.who, "every": due.every, "within": due.within}
    year = view.period[:4]
    if due.days or due.every:
        return [{**base, "since": None, "until": view.scheme.until}]
    if due.days_of_year:
        years = [name for name, *_ in periods("year", view.scheme.since, view.scheme.until)]
        days = [date.fromisoformat(f"{one}-{day}") for one in years for day in due.days_of_year]
        return [
            {**base, "since": day, "until": day}
            for day in days
            if not year or str(day.year) == year
        ]
    until = due.until or view.scheme.until
    if year and str(until.year) != year:
        return []
    return [{**base, "since": due.since, "until": until}]


def due(view: View) -> dict[str, Any] | None:
    """Return the duty the paper itself serves, None where its rule names none."""
    named = next((one for one in view.scheme.due if one.id == view.rule.due), None)
    return None if named is None else next(iter(_duties(named, view)), None)


def money(view: View) -> list[dict[str, Any]]:
    """Return the funds of the policy: what each comes to, by payer and year, in 元.

    For a village its own part; for what villages lie in, the sum of theirs, where the fund is
    reckoned by villages.
    """
    figures = {one.fund.id: one for one in view.facts.funds}
    return [
        {
            "id": fund.id,
            "name": fund.name,
            "payer": fund.payer,
            "payee": fund.payee,
            "rule": fund.rule,
            "base": fund.base.name if fund.base else "",
            "unit": fund.base.unit if fund.base else "",
            **_amounts(figures.get(fund.id), view),
        }
        for fund in view.scheme.fund
    ]


def _amounts(figure: FundFigure | None, view: View) -> dict[str, Any]:
    if figure is None:
        nothing = dict.fromkeys(("count", "each", "total", "own", "year"))
        return nothing | {"shares": [], "instalments": []}
    codes = {village.code for village in view.villages()}
    own = [amount for code, amount in figure.villages if code in codes]
    return {
        "count": figure.count,
        "each": figure.each,
        "total": figure.total,
        "own": sum(own) if figure.villages else None,
        "shares": [
            {"payer": share.payer, "ratio": share.ratio, "amount": amount}
            for share, (_, amount) in zip(figure.fund.share, figure.shares, strict=True)
        ],
        "instalments": [{"year": year, "amount": amount} for year, amount in figure.instalments],
        "year": dict(figure.instalments).get(int(view.period[:4] or 0)),
    }


def places(view: View) -> list[str]:
    """Return where a notice is posted."""
    return list(view.rule.clauses.get("places", ()))


def publicity(view: View) -> dict[str, Any]:
    """Return how long a notice is posted, in which stage, and the stages it goes through."""
    name = str(view.rule.settings.get("days", ""))
    days = view.scheme.parameter_of(name).on(view.facts.as_of) if name else None
    return {
        "days": int(days or 0),
        "stage": str(view.rule.settings.get("stage", "")),
        "stages": list(view.rule.clauses.get("stages", ())),
    }
