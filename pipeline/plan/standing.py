"""The parts of a context that compare: rankings, the quarterly series, subjects side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from pipeline.model import Household, Outcome, Ranking, Record, Subject
from pipeline.plan.judged import figure
from pipeline.plan.view import View
from pipeline.plan.work import schedule

_TALLIED = (
    "villages", "households", "persons", "with_labour", "without_labour", "met", "unmet", "missing",
)  # fmt: skip


def ranking(view: View) -> dict[str, Any]:
    """Return the ranking the paper's setting `ranking` names, in its period or the newest one."""
    name = str(view.rule.settings.get("ranking", ""))
    rule = next((one for one in view.scheme.ranking if one.id == name), None)
    if rule is None:
        return {"name": "", "period": "", "items": [], "lists": [], "rows": []}
    known = sorted(period for one, period in view.facts.rankings if one == name)
    period = view.period if view.period in known else (known[-1] if known else "")
    rows: list[dict[str, Any]] = [
        {
            "code": one.code,
            "name": one.name,
            "within": _within(rule, one.code, view),
            "place": one.place,
            "score": figure(one.score, None),
            "rates": [_percent(rate) for rate in one.rates],
            "before": one.before,
            "moved": None if one.before is None else one.before - one.place,
            "lists": list(one.lists),
        }
        for one in view.facts.rankings.get((name, period), ())
    ]
    return {
        "name": rule.name,
        "period": period,
        "items": [{"name": item.name, "weight": item.weight} for item in rule.item],
        "lists": [
            {
                "name": cut.name,
                "end": cut.end,
                "places": cut.places,
                "action": cut.action,
                "names": [row["name"] for row in rows if cut.name in row["lists"]],
            }
            for cut in rule.list
        ],
        "rows": rows,
    }


def _within(rule: Ranking, code: str, view: View) -> str:
    """Return the town of a village, the county of a town, where that says more."""
    village = view.roster.village.get(code)
    if village is not None:
        town = view.roster.town.get(village.town_code)
        return town.name if town else ""
    town = view.roster.town.get(code)
    return town.county if town and view.scheme.area.level != "county" else ""


def series(view: View) -> list[dict[str, Any]]:
    """Return the subject's quarters up to the paper's period: what the monthly reports say."""
    key = (view.subject.level, view.subject.code)
    rows = view.facts.series.get(key, ())
    last = view.period if "Q" in view.period else "9999"
    return [
        {
            "period": one.period,
            "households": one.figures.get("households"),
            "reached": one.figures.get("reached"),
            "visits": one.figures.get("visits"),
            "allocated": one.figures.get("allocated"),
            "spent": one.figures.get("spent"),
            "reached_rate": _rate(one.figures, "reached", "households"),
            "spent_rate": _rate(one.figures, "spent", "allocated"),
        }
        for one in rows
        if one.period <= last
    ]


def causes(view: View) -> list[dict[str, Any]]:
    """Return the main causes of poverty with their households, the commonest first."""
    return [{"cause": row.pop("name"), **row} for row in _by(view, "cause")]


def makeup(view: View) -> list[dict[str, Any]]:
    """Return the households by their kind, as 低保户, the commonest first."""
    return [{"kind": row.pop("name"), **row} for row in _by(view, "kind")]


def _by(view: View, field: str) -> list[dict[str, Any]]:
    """Return a field's values with the households and persons of each and its share."""
    households = list(view.all_households())
    counted: Counter[str] = Counter()
    persons: Counter[str] = Counter()
    for one in households:
        name = str(view.told(one, field) or "未填")
        counted[name] += 1
        persons[name] += one.size or 0
    return [
        {
            "name": name,
            "households": number,
            "persons": persons[name],
            "rate": _percent(Decimal(number) / len(households)),
        }
        for name, number in sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    ]


def incomes(view: View) -> list[str]:
    """Return the income a head of every household of the subject, ascending; none is named.

    The paper's setting `income` says which measure: `disposable` or `net_income`.
    """
    name = str(view.rule.settings.get("income", "disposable"))
    found = []
    for household in view.all_households():
        value = household.value(name)
        people = len(view.roster.members_of.get(household.code, ())) or household.size
        if isinstance(value, int | Decimal) and people:
            found.append(Decimal(value) / people)
    return [figure(value, None) or "" for value in sorted(found)]


def below(view: View) -> list[dict[str, Any]]:
    """Return the subjects one level down with their tallies and the share out of poverty."""
    return [
        {
            "name": subject.name,
            **{name: tally.get(name) for name in _TALLIED},
            "rate": _percent(Decimal(tally["met"]) / tally["households"])
            if tally.get("households")
            else None,
            "conclusion": _conclusion(view, subject),
            **_planned(view, subject),
        }
        for subject in _subjects(view)
        for tally in [view.facts.tallies.get((subject.level, subject.code), {})]
    ]


def _subjects(view: View) -> Iterator[Subject]:
    level, code = view.subject.level, view.subject.code
    if level == "prefecture":
        counties = {town.county_code: town.county for town in view.roster.towns}
        for one, name in counties.items():
            yield Subject(level="county", code=one, name=name)
    elif level == "county":
        for town in view.roster.towns:
            if view.scheme.area.level == "county" or town.county_code == code:
                yield Subject(level="town", code=town.code, name=town.name)
    else:
        for village in view.villages():
            yield Subject(level="village", code=village.code, name=village.name)


def _planned(view: View, subject: Subject) -> dict[str, Any]:
    done = schedule(replace(view, subject=subject, record=_record(view, subject)))
    return {"projects": done["projects"], "amount": done["amount"]}


def _record(view: View, subject: Subject) -> Record | None:
    return view.roster.village.get(subject.code) or view.roster.town.get(subject.code)


def _conclusion(view: View, subject: Subject) -> str:
    """Return the verdict on a subject by the target the paper's setting `conclusion` names."""
    name = str(view.rule.settings.get("conclusion", ""))
    verdict = view.facts.verdict(subject.level, subject.code, name)
    return (verdict.outcome if verdict else Outcome.INAPPLICABLE).value


def members(view: View) -> list[dict[str, Any]]:
    """Return the members of the household the subject is."""
    if not isinstance(view.record, Household):
        return []
    rows = view.roster.members_of.get(view.record.code, ())
    columns = view.roster.tables["members"].columns
    return [
        {
            column.id: column.codes.get(str(row.value(column.id)), row.value(column.id))
            for column in columns
        }
        for row in rows
    ]


def _rate(figures: dict[str, Decimal], part: str, whole: str) -> str | None:
    if part not in figures or not figures.get(whole):
        return None
    return _percent(figures[part] / figures[whole])


def _percent(rate: Decimal | None) -> str | None:
    """Return a share in percent with one decimal: 0.8333 → 83.3."""
    return None if rate is None else f"{rate * 100:.1f}"
