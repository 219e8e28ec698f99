"""The parts of a context that compare: rankings, the quarterly series, subjects side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from pipeline.model import Household, Outcome, Ranking, Subject
from pipeline.plan.judged import figure
from pipeline.plan.view import View

_TALLIED = (
    "villages", "households", "persons", "with_labour", "without_labour", "met", "unmet", "missing",
)  # fmt: skip


def ranking(view: View) -> dict[str, Any]:
    """Return the ranking the paper's setting `ranking` names, in its period or the newest one."""
    empty = {"name": "", "level": "", "period": "", "items": [], "lists": [], "rows": []}
    return next(iter(rankings(view)), empty)


def rankings(view: View) -> list[dict[str, Any]]:
    """Return every ranking the setting `ranking` names: `HY-R1 HY-R2`, counties and towns."""
    names = str(view.rule.settings.get("ranking", "")).split()
    rules = {one.id: one for one in view.scheme.ranking}
    return [_ranking(rules[name], view) for name in names if name in rules]


def _ranking(rule: Ranking, view: View) -> dict[str, Any]:
    name = rule.id
    known = sorted(period for one, period in view.facts.rankings if one == name)
    period = view.period if view.period in known else (known[-1] if known else "")
    rows: list[dict[str, Any]] = [
        {
            "code": one.code,
            "name": one.name,
            "within": _within(rule, one.code, view),
            "place": one.place,
            "score": figure(one.score, None),
            "rates": [percent(rate) for rate in one.rates],
            "before": one.before,
            "moved": None if one.before is None else one.before - one.place,
            "lists": list(one.lists),
        }
        for one in view.facts.rankings.get((name, period), ())
    ]
    return {
        "name": rule.name,
        "level": rule.level,
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
    households = list(view.all_households())
    column = view.roster.tables["households"].column("cause")
    codes = column.codes if column else {}
    counted = Counter(codes.get(one.cause, one.cause) or "未填" for one in households)
    return [
        {"cause": cause, "households": number, "rate": percent(Decimal(number) / len(households))}
        for cause, number in sorted(counted.items(), key=lambda one: (-one[1], one[0]))
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
            "rate": _met_rate(tally),
            "conclusion": outcome_of(view, subject.level, subject.code),
            **_judged(view, subject),
        }
        for subject in _subjects(view)
        for tally in [view.facts.tallies.get((subject.level, subject.code), {})]
    ]


def _judged(view: View, subject: Subject) -> dict[str, int | None]:
    """Return how many villages of the subject the conclusion found so or so."""
    name = str(view.rule.settings.get("conclusion", ""))
    verdict = view.facts.verdict(subject.level, subject.code, name)
    if verdict is None or verdict.total is None:
        return dict.fromkeys(("villages_met", "villages_unmet", "villages_missing"))
    return {
        "villages_met": verdict.total - len(verdict.failing) - len(verdict.missing),
        "villages_unmet": len(verdict.failing),
        "villages_missing": len(verdict.missing),
    }


def villages(view: View) -> list[dict[str, Any]]:
    """Return every village of the subject with its tallies and its conclusion."""
    rows = []
    for village in view.villages():
        tally = view.facts.tallies[("village", village.code)]
        town = view.roster.town.get(village.town_code)
        rows.append(
            {
                "name": village.name,
                "town": town.name if town else "",
                "weak": village.weak,
                **{name: tally[name] for name in _TALLIED if name in tally},
                "rate": _met_rate(tally),
                "conclusion": outcome_of(view, "village", village.code),
            }
        )
    return rows


def _met_rate(tally: Mapping[str, int | Decimal]) -> str | None:
    households = tally.get("households")
    return percent(Decimal(tally["met"]) / households) if households else None


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


def outcome_of(view: View, level: str, code: str) -> str:
    """Return the verdict on a subject by the target the paper's setting `conclusion` names."""
    name = str(view.rule.settings.get("conclusion", ""))
    verdict = view.facts.verdict(level, code, name)
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
    return percent(figures[part] / figures[whole])


def percent(rate: Decimal | None) -> str | None:
    """Return a share in percent with one decimal: 0.8333 → 83.3."""
    return None if rate is None else f"{rate * 100:.1f}"
