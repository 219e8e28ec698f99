"""Rankings: what subjects are scored by, where each one stands, and who is on which list."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pipeline.model.data import Data, Level, Where

FLOWS = frozenset({"visits"})
"""What happened in a month; everything else a monthly report says is as of its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Data):
    """One rate of a score: Σ `field` / Σ `over` of the subject's monthly reports, or a verdict's.

    With `target` it is the share of the subject's rows that pass it; with `scale` the figure of
    `table` divided by that number.
    """

    name: str
    weight: Decimal = Decimal(0)
    """0 for what only breaks ties."""
    target: str = ""
    table: str = "progress"
    field: str = ""
    over: str = ""
    scale: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut(Data):
    """A list taken from one end of a ranking.

    A ranking too short for all its lists fills the praised half first: no one is on two lists of
    opposite ends (`Standing.lists`).
    """

    name: str
    """表扬, 批评."""
    end: Literal["top", "bottom"]
    places: int
    action: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking(Data):
    """Score = Σ weight × rate, highest first; equal scores share a place (1, 1, 3)."""

    id: str
    name: str
    level: Level
    source: str
    item: tuple[Item, ...]
    list: tuple[Cut, ...] = ()
    where: Where = dataclasses.field(default_factory=dict)
    every: Literal["quarter", "year"] = "quarter"
    defaults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one subject stands in one period."""

    code: str
    name: str
    place: int
    score: Decimal
    rates: tuple[Decimal | None, ...]
    """One for each item, None where the subject has no task in it."""
    before: int | None = None
    """Its place in the period before, None when it had none."""
    lists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """What the monthly reports say of a subject at the end of a quarter: `2016Q3`."""

    period: str
    figures: dict[str, Decimal]
    """Field of the reports to its figure; cumulative fields as of the last month reported."""
