"""Rankings: score = Σ weight × rate, shared places, movement, and the lists cut from both ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.facts.bench import Bench
from pipeline.facts.places import subjects
from pipeline.facts.series import Key, at
from pipeline.model import Cut, Facts, Item, Quarter, Ranking, Standing, Subject, Verdict

_Verdicts = Mapping[tuple[str, str], Mapping[str, Verdict]]
_Series = Mapping[Key, tuple[Quarter, ...]]


def rankings(
    bench: Bench, series: _Series, found: _Verdicts, earlier: Sequence[Facts]
) -> dict[tuple[str, str], tuple[Standing, ...]]:
    """Rank the subjects of every ranking in every period the roster knows, oldest first."""
    done: dict[tuple[str, str], tuple[Standing, ...]] = {}
    for ranking in bench.scheme.ranking:
        before: Mapping[str, int] = {}
        for period in _periods(ranking, bench, series):
            places = _ranked(ranking, period, bench, series, found)
            known = _of_earlier(ranking, period, earlier) or before
            moved = tuple(replace(one, before=known.get(one.code)) for one in places)
            done[(ranking.id, period)] = moved
            before = {one.code: one.place for one in places}
    return done


def _of_earlier(ranking: Ranking, period: str, earlier: Sequence[Facts]) -> Mapping[str, int]:
    """Return the places an earlier snapshot gave in the last period before this one."""
    if ranking.every == "quarter":
        return {}
    periods = [
        (name, standings)
        for facts in earlier
        for (ranked, name), standings in facts.rankings.items()
        if ranked == ranking.id and name < period
    ]
    return {one.code: one.place for one in max(periods)[1]} if periods else {}


def _periods(ranking: Ranking, bench: Bench, series: _Series) -> list[str]:
    if ranking.every == "year":
        return [str(bench.as_of.year)]
    area = (bench.scheme.area.level, bench.scheme.area.code)
    return [one.period for one in series.get(area, ())]


def _ranked(
    ranking: Ranking, period: str, bench: Bench, series: _Series, found: _Verdicts
) -> list[Standing]:
    rows = [
        subject
        for subject, record in subjects(ranking.level, bench.roster, bench.scheme)
        if record is None or record.fits(ranking.where)
    ]
    scored = []
    for subject in rows:
        rates = tuple(
            _rate(item, ranking, subject, period, bench, series, found) for item in ranking.item
        )
        if any(rate is not None for rate in rates):
            score = sum(
                (item.weight * (rate or 0) for item, rate in zip(ranking.item, rates, strict=True)),
                Decimal(0),
            )
            ties = tuple(
                rate or Decimal(0)
                for item, rate in zip(ranking.item, rates, strict=True)
                if not item.weight
            )
            scored.append((score, ties, rates, subject))
    scored.sort(key=lambda one: (-one[0], [-tie for tie in one[1]], one[3].code))
    standings: list[Standing] = []
    for order, (score, ties, rates, subject) in enumerate(scored, start=1):
        same = order > 1 and scored[order - 2][:2] == (score, ties)
        place = standings[-1].place if same else order
        standings.append(
            Standing(code=subject.code, name=subject.name, place=place, score=score, rates=rates)
        )
    return _listed(standings, ranking.list)


def _rate(
    item: Item,
    ranking: Ranking,
    subject: Subject,
    period: str,
    bench: Bench,
    series: _Series,
    found: _Verdicts,
) -> Decimal | None:
    """Return a subject's rate; None without a task (nothing planned, nobody to reach)."""
    if item.target:
        verdict = found.get((subject.level, subject.code), {}).get(item.target)
        if verdict is None or not verdict.total or not isinstance(verdict.value, int):
            return None
        return Decimal(verdict.value) / verdict.total
    if item.table == "progress":
        quarter = at(series, (subject.level, subject.code), period)
        figures: Mapping[str, Decimal] = quarter.figures if quarter else {}
        return _divided(
            figures.get(item.field), figures.get(item.over) if item.over else item.scale
        )
    rows = tuple(row for row in bench.roster.rows(item.table) if row.value("code") == subject.code)
    rows = rows or bench.roster.belonging(item.table, subject.level).get(subject.code, ())
    values = [
        Decimal(value)
        for row in rows
        if row.value("year") in (None, int(period[:4]))
        and isinstance(value := row.value(item.field), int | Decimal)
    ]
    return _divided(sum(values, Decimal(0)) if values else None, item.scale)


def _divided(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return part / whole if part is not None and whole else None


def _listed(standings: Sequence[Standing], cuts: Iterable[Cut]) -> list[Standing]:
    """Put subjects on the lists.

    Somebody who shares the last place of a list is on it. A list is never longer than half of
    the ranking: nobody is praised and criticised at once, none of the better half is criticised,
    and the middle one of an odd number is neither.
    """
    places = [one.place for one in standings]
    middle = len(places) // 2
    lists: list[list[str]] = [[] for _ in standings]
    for cut in cuts:
        number = min(cut.places, middle)
        if not number:
            continue
        for index, place in enumerate(places):
            top = place <= places[number - 1] if cut.end == "top" else False
            bottom = place >= places[-number] if cut.end == "bottom" else False
            if top or bottom:
                lists[index].append(cut.name)
    return [replace(one, lists=tuple(names)) for one, names in zip(standings, lists, strict=True)]
