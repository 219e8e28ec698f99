"""What judging a subject needs besides its row: the roster, the lines in force, the statistics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pipeline.model import Cell, Facts, Outcome, Record, Roster, Scheme, Subject, Target, Verdict

PUBLISHED = "公布"
"""The status of a figure of the statistics that is no forecast; an empty one counts as it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """One roster on one day, with the facts of earlier snapshots."""

    roster: Roster
    scheme: Scheme
    as_of: date
    earlier: tuple[Facts, ...] = ()
    series: Mapping[tuple[str, int], Record] = field(default_factory=dict)
    """(measure, year) to its row."""

    def line(self, target: Target) -> Decimal | None:
        """Return the parameter in force when a target falls due, a share's on `as_of`."""
        if not target.parameter:
            return None
        day = self.as_of if target.form == "share" else target.deadline or self.scheme.until
        return self.scheme.parameter_of(target.parameter).on(day)

    def statistic(self, measure: str, year: int) -> tuple[Decimal | None, tuple[Cell, ...], bool]:
        """Return a figure of the statistics, its cell, and whether it is a forecast."""
        row = self.series.get((measure, year))
        value = row.value("value") if row else None
        if row is None or not isinstance(value, Decimal):
            return None, (), False
        return value, (cell(row, "value"),), row.value("status") not in (None, "", PUBLISHED)


def statistics(roster: Roster) -> dict[tuple[str, int], Record]:
    """Return the rows of the statistics by measure and year; published figures over forecasts."""
    found: dict[tuple[str, int], Record] = {}
    for row in roster.rows("statistics"):
        year = row.value("year")
        key = (str(row.value("measure")), year if isinstance(year, int) else 0)
        if key not in found or row.value("status") == PUBLISHED:
            found[key] = row
    return found


def cell(record: Record, name: str) -> Cell:
    """Return the lasting address of a field of a row."""
    return Cell(table=record.table, key=record.key, field=name)


def verdict(target: Target, subject: Subject, outcome: Outcome, **figures: object) -> Verdict:
    """Make a verdict."""
    return Verdict(target=target, subject=subject, outcome=outcome, **figures)  # type: ignore[arg-type]
