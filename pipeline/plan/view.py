"""What a part of a context may look at: one subject, its row and rule, roster and facts."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import (
    DocumentRule,
    Facts,
    Household,
    Parameter,
    Record,
    Roster,
    Scheme,
    Subject,
    Target,
    Town,
    Verdict,
    Village,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """All that a part may look at."""

    scheme: Scheme
    roster: Roster
    facts: Facts
    rule: DocumentRule
    subject: Subject
    record: Record | None
    """The subject's own row; None for the county."""
    document: str

    def names(self) -> dict[str, str]:
        """Return the names a scheme may refer to in an organ: county, town, village."""
        town, village = self.town(), self.village()
        return {
            "county": self.scheme.area.name,
            "town": town.name if town else "",
            "village": village.name if village else "",
        }

    def town(self) -> Town | None:
        """Return the town the subject is or lies in."""
        if isinstance(self.record, Town):
            return self.record
        village = self.village()
        return self.roster.town.get(village.town_code) if village else None

    def village(self) -> Village | None:
        """Return the village the subject is or lies in."""
        if isinstance(self.record, Household):
            return self.roster.village.get(self.record.village_code)
        return self.record if isinstance(self.record, Village) else None

    def households(self) -> tuple[Household, ...]:
        """Return the household the subject is, or the households of the village it is."""
        if isinstance(self.record, Household):
            return (self.record,)
        return self.roster.households_of.get(self.subject.code, ())

    def fill(self, words: str) -> str:
        """Put the subject's names into `{town}` and the like; anything else stays as it is."""
        for name, word in self.names().items():
            words = words.replace(f"{{{name}}}", word)
        return words

    def verdict(self, target: str) -> Verdict | None:
        """Return a target's verdict on the subject."""
        return self.facts.verdict(self.subject.level, self.subject.code, target)

    def parameter(self, target: Target) -> Parameter | None:
        """Return the parameter a target is bound to."""
        return self.scheme.parameter_of(target.parameter) if target.parameter else None
