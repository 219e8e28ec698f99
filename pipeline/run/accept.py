"""Accept: every target of every village, with its figures and the cells they were computed from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.model import Facts, Source, Verdict, Village
from pipeline.plan import Selection
from pipeline.run.survey import Survey


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
    """All villages asked for, and the county."""

    survey: Survey
    facts: Facts
    villages: tuple[VillageResult, ...]
    county: tuple[Verdict, ...]

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


def accept(survey: Survey, selection: Selection) -> Acceptance:
    """Judge every village asked for. Writes nothing."""
    facts = survey.facts()
    villages = tuple(
        _result(village, facts, survey)
        for village in survey.roster.villages
        if selection.takes_subject("village", village.code, survey.roster)
    )
    county = facts.verdicts.get(("county", survey.scheme.area.code), {})
    return Acceptance(survey=survey, facts=facts, villages=villages, county=tuple(county.values()))


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
        rows=tuple(_below(verdicts, facts)),
    )


def _below(verdicts: Iterable[Verdict], facts: Facts) -> Iterator[Verdict]:
    for verdict in verdicts:
        for code in (*verdict.failing, *verdict.missing):
            row = facts.verdict(verdict.target.level, code, verdict.target.id)
            if row is not None:
                yield row
