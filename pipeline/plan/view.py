"""What a part of a context may look at: one subject, its row and rule, roster and facts."""

from __future__ import annotations

from collections.abc import Iterator
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
    Value,
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
    period: str = ""
    parts: frozenset[str] = frozenset()
    """The parts the kind shows."""
    public: bool = False
    """Whether the paper is for everybody."""

    def names(self) -> dict[str, str]:
        """Return the names a scheme may refer to in an organ: county, town, village and more."""
        town, village = self.town(), self.village()
        return {
            "county": self.county(),
            "unit": self.subject.name if self.subject.level == "unit" else self.helper(),
            "town": town.name if town else "",
            "village": village.name if village else "",
            "committee": committee(village.name) if village else "",
            "government": government(town.name) if town else "",
        }

    def county(self) -> str:
        """Return the county the subject is or lies in; the area itself above counties."""
        if self.subject.level == "county":
            return self.subject.name
        town = self.town()
        return county_of(town, self.scheme) if town else self.scheme.area.name

    def helper(self) -> str:
        """Return the unit that helps the village the subject is or lies in."""
        village = self.village()
        return village.unit if village else ""

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

    def villages(self) -> tuple[Village, ...]:
        """Return the villages the subject is, helps or contains."""
        level, code, roster = self.subject.level, self.subject.code, self.roster
        if level == self.scheme.area.level:
            return roster.villages
        if level == "county":
            towns = [town.code for town in roster.towns if town.county_code == code]
            return tuple(one for town in towns for one in roster.villages_of.get(town, ()))
        if level == "unit":
            return tuple(village for village in roster.villages if village.unit == code)
        if level == "town":
            return roster.villages_of.get(code, ())
        village = self.village()
        return (village,) if village else ()

    def all_households(self) -> Iterator[Household]:
        """Yield the household the subject is, or those of all its villages."""
        if isinstance(self.record, Household):
            yield self.record
            return
        for village in self.villages():
            yield from self.roster.households_of.get(village.code, ())

    def households(self) -> tuple[Household, ...]:
        """Return the household the subject is, or the listed ones of the village it is."""
        if isinstance(self.record, Household):
            return (self.record,)
        of = self.roster.households_of.get(self.subject.code, ())
        return tuple(one for one in of if one.fits(self.rule.listed)) if self.rule.listed else of

    def below(self, subject: Subject | None = None) -> Iterator[Subject]:
        """Yield the subjects one level below one, or below the paper's own."""
        level, code = (subject or self.subject).level, (subject or self.subject).code
        roster = self.roster
        if level == "prefecture":
            counties = {town.county_code: town.county for town in roster.towns}
            for one, name in counties.items():
                yield Subject(level="county", code=one, name=name)
        elif level == "county":
            for town in roster.towns:
                if self.scheme.area.level == "county" or town.county_code == code:
                    yield Subject(level="town", code=town.code, name=town.name)
        else:
            villages = roster.villages_of.get(code, ()) if level == "town" else self.villages()
            for village in villages:
                yield Subject(level="village", code=village.code, name=village.name)

    def places_below(self) -> dict[str, str]:
        """Return the code of each village of the subject to the place one level below it is in."""
        if self.subject.level in ("prefecture", "county"):
            towns = self.roster.town
            upper = self.subject.level == "prefecture"
            return {
                village.code: towns[village.town_code].county if upper else one.name
                for village in self.villages()
                if (one := towns.get(village.town_code)) is not None
            }
        return {village.code: village.name for village in self.villages()}

    def place(self, subject: Subject) -> dict[str, str]:
        """Return where a subject lies where that says more, and which unit helps it."""
        village = self.roster.village.get(subject.code)
        if village is not None:
            town = self.roster.town.get(village.town_code)
            return {"within": town.name if town else "", "helper": village.unit}
        town = self.roster.town.get(subject.code)
        county = town.county if town and self.scheme.area.level != "county" else ""
        return {"within": county, "helper": ""}

    def told(self, row: Record, name: str) -> Value:
        """Return a field of a row, a code as its word."""
        table = self.roster.tables.get(row.table)
        column = table.column(name) if table else None
        value = row.value(name)
        return column.codes.get(str(value), value) if column else value

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


def county_of(town: Town, scheme: Scheme) -> str:
    """Return the county of a town.

    Where a helper governs the area, what is helped lies in the area it helps.
    """
    area = scheme.area
    return (town.county if area.level != "county" else area.helped) or area.name


def committee(village: str) -> str:
    """Return the committee of a village, or of the residents where it is none: 社区, 居委会."""
    if village.endswith("委员会"):
        return village
    if village.endswith(("村委会", "居委会")):
        kind = "村民" if village.endswith("村委会") else "居民"
        return f"{village[:-3]}{kind}委员会"
    return f"{village}{'居民' if village.endswith('社区') else '村民'}委员会"


def government(town: str) -> str:
    """Return what governs a town: its 人民政府, or the 办事处 of a 街道."""
    return f"{town}{'办事处' if town.endswith('街道') else '人民政府'}"
