"""Accept: every target of every subject, with its figures and the cells they were computed from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.facts import exit_target
from pipeline.model import Facts, Source, Subject, Verdict, Village
from pipeline.plan import Selection
from pipeline.run.survey import Survey


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How one subject above the villages stands."""

    subject: Subject
    tally: dict[str, int]
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageResult:
    """How one village stands."""

    town: str
    village: Village
    tally: dict[str, int]
    verdicts: tuple[Verdict, ...]
    rows: tuple[Verdict, ...]
    """The verdicts of those below that did not pass a target of the village."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """All villages asked for, and what they lie in."""

    survey: Survey
    facts: Facts
    villages: tuple[VillageResult, ...]
    above: tuple[Result, ...]
    """The area first, then its counties, its towns and the helper units that have targets."""

    def sources(self, verdict: Verdict) -> tuple[Source, ...]:
        """Return where in the workbooks a verdict's figures stand."""
        rows = self.survey.roster.by_key
        return tuple(
            rows[cell.table][cell.key].source(cell.field)
            for cell in verdict.evidence
            if cell.key in rows[cell.table]
        )

    def conclusion(self, village: VillageResult) -> Verdict | None:
        """Return the verdict on the village as a whole: its own composite."""
        return next(
            (
                verdict
                for verdict in village.verdicts
                if (verdict.target.level, verdict.target.form) == ("village", "composite")
            ),
            None,
        )

    def lines(self) -> Iterator[tuple[str, str, str, Verdict]]:
        """Yield every verdict on every subject asked for: county, town and village, verdict.

        Of what lies below a village, its households; of members those who did not pass.
        """
        for result in self.above:
            for verdict in result.verdicts:
                yield "", "", "", verdict
        roster = self.survey.roster
        for one in self.villages:
            town = roster.town.get(one.village.town_code)
            place = (town.county if town else "", one.town, one.village.name)
            yield from ((*place, verdict) for verdict in one.verdicts)
            for household in roster.households_of.get(one.village.code, ()):
                known = self.facts.verdicts.get(("household", household.code), {})
                yield from ((*place, verdict) for verdict in known.values())
            yield from ((*place, row) for row in one.rows if row.subject.level == "member")


def accept(survey: Survey, selection: Selection) -> Acceptance:
    """Judge every subject asked for. Writes nothing."""
    facts = survey.facts()
    villages = tuple(
        _result(village, facts, survey)
        for village in survey.roster.villages
        if selection.takes_subject("village", village.code, survey.roster)
    )
    whole = selection.towns is None and selection.villages is None
    return Acceptance(
        survey=survey,
        facts=facts,
        villages=villages,
        above=tuple(_above(survey, facts, selection, whole)),
    )


def _above(survey: Survey, facts: Facts, selection: Selection, whole: bool) -> Iterator[Result]:
    roster, area = survey.roster, survey.scheme.area
    yield _of(Subject(level=area.level, code=area.code, name=area.name), facts)
    if whole and area.level != "county":
        counties = {town.county_code: town.county for town in roster.towns}
        for code, name in counties.items():
            yield _of(Subject(level="county", code=code, name=name), facts)
    for town in roster.towns:
        if whole or selection.takes_subject("town", town.code, roster):
            yield _of(Subject(level="town", code=town.code, name=town.name), facts)
    if whole:
        for unit in roster.units:
            result = _of(Subject(level="unit", code=unit.name, name=unit.name), facts)
            if result.verdicts:
                yield result


def _of(subject: Subject, facts: Facts) -> Result:
    key = (subject.level, subject.code)
    return Result(
        subject=subject,
        tally={name: int(value) for name, value in facts.tallies.get(key, {}).items()},
        verdicts=tuple(facts.verdicts.get(key, {}).values()),
    )


def _result(village: Village, facts: Facts, survey: Survey) -> VillageResult:
    known = facts.verdicts.get(("village", village.code), {})
    verdicts = tuple(known[target.id] for target in survey.scheme.target if target.id in known)
    town = survey.roster.town.get(village.town_code)
    return VillageResult(
        town=town.name if town else "",
        village=village,
        tally={
            name: int(value) for name, value in facts.tallies[("village", village.code)].items()
        },
        verdicts=verdicts,
        rows=tuple(_below(verdicts, facts, survey)),
    )


def _below(verdicts: Iterable[Verdict], facts: Facts, survey: Survey) -> Iterator[Verdict]:
    """Yield what did not pass; of a household that did not, also the parts it was judged by."""
    exits = exit_target(survey.scheme)
    parts = {name for branch in exits.branch for name in branch.all_of} if exits else set()
    seen = set()
    for verdict in verdicts:
        for code in (*verdict.failing, *verdict.missing):
            row = facts.verdict(verdict.target.level, code, verdict.target.id)
            if row is not None:
                seen.add((row.target.id, code))
                yield row
    for verdict in verdicts:
        if exits is not None and verdict.target.id == exits.id:
            for code in (*verdict.failing, *verdict.missing):
                known = facts.verdicts.get(("household", code), {})
                for name in sorted(parts & set(known)):
                    if (name, code) not in seen and known[name].outcome.name != "MET":
                        yield known[name]
