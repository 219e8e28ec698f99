"""What the facts say of a subject: a figure, a threshold, one of four verdicts, and the cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.model.data import Level
    from pipeline.model.money import FundFigure, Payment
    from pipeline.model.ranking import Quarter, Standing
    from pipeline.model.record import Value
    from pipeline.model.target import Target


class Outcome(StrEnum):
    """INDICATORS.md, rule 8: missing input is not a failure."""

    MET = "达标"
    UNMET = "未达标"
    MISSING = "缺数据"
    INAPPLICABLE = "不适用"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A roster cell by its lasting address: inserting a row above it changes nothing here."""

    table: str
    key: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom a figure or a paper is about."""

    level: Level
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One target judged for one subject."""

    target: Target
    subject: Subject
    outcome: Outcome
    value: Value = None
    """The figure in the target's unit, unrounded; for groups the number that passed."""
    threshold: Value = None
    own: Value = None
    """For top_up: the village's own figure before the top-up."""
    top_up: Decimal | None = None
    reference: Decimal | None = None
    """For ratio_to_reference: the year's figure of the series."""
    forecast: bool = False
    """The series has only a forecast for the year: the verdict is 预测 (AMBIGUITIES A-G4)."""
    total: int | None = None
    """For groups: how many rows were judged (the named denominator)."""
    failing: tuple[str, ...] = ()
    """For groups: keys of the rows below that did not pass, in roster order."""
    missing: tuple[str, ...] = ()
    evidence: tuple[Cell, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything computed from one roster on one day."""

    as_of: date
    verdicts: Mapping[tuple[str, str], Mapping[str, Verdict]]
    """(level, code) to the verdicts of that subject by target id."""
    tallies: Mapping[tuple[str, str], Mapping[str, int | Decimal]]
    """(level, code) to counts: households, persons, with_labour, without_labour, …"""
    funds: tuple[FundFigure, ...] = ()
    payments: Mapping[tuple[str, str], tuple[Payment, ...]] = field(default_factory=dict)
    """(level, code) to what each payer planned, allocated and saw spent there."""
    series: Mapping[tuple[str, str], tuple[Quarter, ...]] = field(default_factory=dict)
    """(level, code) to its quarters, oldest first."""
    months: Mapping[tuple[str, str], tuple[Quarter, ...]] = field(default_factory=dict)
    """(level, code) to its months, oldest first."""
    rankings: Mapping[tuple[str, str], tuple[Standing, ...]] = field(default_factory=dict)
    """(ranking id, period) to the places, best first."""

    def verdict(self, level: str, code: str, target: str) -> Verdict | None:
        """Return one verdict, None where the target does not speak of this subject."""
        return self.verdicts.get((level, code), {}).get(target)
