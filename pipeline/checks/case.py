"""What every rule is given: the roster, the scheme's settings of this rule, the reference day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.model import Finding, Member, Record, Roster, Rule, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One rule applied to one roster."""

    roster: Roster
    rule: Rule
    as_of: date
    county: str
    """Six-digit code of the county."""

    def finding(self, at: Source, village: str = "", **details: str) -> Finding:
        """Make a finding of this rule."""
        return Finding(
            code=self.rule.code,
            severity=self.rule.severity,
            source=at,
            details=details,
            village=village,
        )

    def about(self, member: Member, field: str, **details: str) -> Finding:
        """Make a finding about a member's cell; the village is that of the household."""
        household = self.roster.household.get(member.household_code)
        return self.finding(
            member.source(field),
            household.village_code if household else "",
            name=member.name,
            **details,
        )

    def village_of(self, record: Record) -> str:
        """Return the village code of a household or member row."""
        code = record.value("village_code")
        if isinstance(code, str):
            return code
        household = self.roster.household.get(str(record.value("household_code") or ""))
        return household.village_code if household else ""
