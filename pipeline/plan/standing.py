"""The parts of a context that compare: rankings, causes, incomes, subjects side by side."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

from pipeline.model import Household, Ranking, Record, Standing, Subject
from pipeline.plan.judged import figure, outcome_of, percent
from pipeline.plan.reports import at
from pipeline.plan.view import View
from pipeline.plan.work import schedule

_TALLIED = (
    "villages", "households", "persons", "with_labour", "without_labour", "met", "unmet", "missing",
)  # fmt: skip


def ranking(view: View) -> dict[str, Any]:
    """Return the first ranking the paper's setting `ranking` names, in the paper's period."""
    found = rankings(view)
    if found:
        return found[0]
    return {"name": "", "level": "", "period": "", "items": [], "lists": [], "rows": []}


def rankings(view: View) -> list[dict[str, Any]]:
    """Return the rankings the paper's setting `ranking` names, in its period or the newest one.

    A ranking of years stands for every period of its year, the last quarter for its year; one
    without places is left out.
    """
    return [_ranking(view, *one) for one in ranked(view)]


def ranked(view: View) -> list[tuple[Ranking, str, tuple[Standing, ...]]]:
    """Return the rankings the paper shows: rule, period, and the places, best first."""
    names = str(view.rule.settings.get("ranking", "")).split()
    rules = {one.id: one for one in view.scheme.ranking}
    chosen = ((rules[name], _period(rules[name], view)) for name in names if name in rules)
    found = (
        (rule, period, view.facts.rankings.get((rule.id, period), ())) for rule, period in chosen
    )
    return [one for one in found if one[2]]


def named(view: View, end: str) -> list[tuple[Ranking, str, tuple[Standing, ...]]]:
    """Return the rankings cut to who is on a list of one end: "top" or "bottom"."""
    found = []
    for rule, period, standings in ranked(view):
        lists = {cut.name for cut in rule.list if cut.end == end}
        if cut := tuple(one for one in standings if lists & set(one.lists)):
            found.append((rule, period, cut))
    return found


def highest(view: View) -> list[dict[str, Any]]:
    """Return the rankings cut to the lists of their upper end and who is on them."""
    return _cut(view, "top")


def lowest(view: View) -> list[dict[str, Any]]:
    """Return the rankings cut to the lists of their lower end and who is on them."""
    return _cut(view, "bottom")


def _cut(view: View, end: str) -> list[dict[str, Any]]:
    """Leave out who isn't named: what moves in the middle makes no such paper stale."""
    among = {(rule.id, period): len(standings) for rule, period, standings in ranked(view)}
    cut = []
    for rule, period, standings in named(view, end):
        told = _ranking(view, rule, period, standings)
        told["lists"] = [one for one in told["lists"] if one["end"] == end and one["names"]]
        cut.append({**told, "among": among[rule.id, period]})
    return cut


def _ranking(
    view: View, rule: Ranking, period: str, standings: tuple[Standing, ...]
) -> dict[str, Any]:
    rows: list[dict[str, Any]] = [
        {
            "code": one.code,
            "name": one.name,
            **view.place(Subject(level=rule.level, code=one.code, name=one.name)),
            "place": one.place,
            "score": figure(one.score, None),
            "rates": [percent(rate) for rate in one.rates],
            "before": one.before,
            "moved": None if one.before is None else one.before - one.place,
            "lists": list(one.lists),
            "reported": at(view, Subject(level=rule.level, code=one.code, name=""), period),
        }
        for one in standings
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


def _period(rule: Ranking, view: View) -> str:
    known = sorted(period for one, period in view.facts.rankings if one == rule.id)
    if not view.period:
        return known[-1] if known else ""
    year = [one for one in known if one.startswith(view.period)]
    return next((one for one in (*year[-1:], view.period[:4]) if one in known), "")


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
            "conclusion": outcome_of(view, subject.level, subject.code),
            **_judged(view, subject),
            **_planned(view, subject),
        }
        for subject in view.below()
        for tally in [view.facts.tallies.get((subject.level, subject.code), {})]
    ]


def _planned(view: View, subject: Subject) -> dict[str, Any]:
    done = schedule(replace(view, subject=subject, record=_record(view, subject)))
    return {"projects": done["projects"], "amount": done["amount"]}


def _record(view: View, subject: Subject) -> Record | None:
    return view.roster.village.get(subject.code) or view.roster.town.get(subject.code)


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


def _percent(rate: Decimal | None) -> str | None:
    """Return a share in percent with one decimal: 0.8333 → 83.3."""
    return None if rate is None else f"{rate * 100:.1f}"
