"""What `juanzong sample` is to invent for a scheme: how many of what, and with which cells."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from pipeline.model.data import Data, Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill(Data):
    """How a cell is invented: the first of these that is said. Rows outside `where` stay empty.

    `same` copies the field of the same name or another one of the row it is made for.
    """

    yes: Decimal | None = None
    """是 with this probability, else 否."""
    pick: Mapping[str, int] = dataclasses.field(default_factory=dict)
    """Words with their weights."""
    whole: tuple[int, int] | None = None
    money: tuple[Decimal, Decimal] | None = None
    """Whole 元 between two amounts."""
    reference: str = ""
    """A measure of the statistics: its figure of the roster's year times something `between`."""
    between: tuple[Decimal, Decimal] = (Decimal(1), Decimal(1))
    day: tuple[date, date] | None = None
    text: str = ""
    same: str = ""
    serial: str = ""
    """A prefix and a running number: `DK-0001`."""
    person: Literal["", "name", "phone"] = ""
    where: Where = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsPlan(Data):
    """Rows of a table that only this scheme's sample has: some for each row of another table."""

    table: str
    per: Literal["area", "towns", "villages", "households", "members", "units", "projects"]
    fields: Mapping[str, Fill]
    """Field of the table to how it is invented; `<level>_code` of `per` is filled by itself."""
    number: tuple[int, int] = (1, 1)
    where: Where = dataclasses.field(default_factory=dict)
    """Of the rows of `per`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageGroup(Data):
    """Villages of one class: so many, in these towns, these by name among them."""

    villages: int
    set: Mapping[str, str | bool] = dataclasses.field(default_factory=dict)
    """Fields of the table of villages that are the same for all of them."""
    towns: Mapping[str, int] = dataclasses.field(default_factory=dict)
    """Town to its number of villages; empty for villages spread evenly over the list."""
    names: tuple[str, ...] = ()
    """`岭头村`, or `太平镇/岭头村`."""
    households: bool = True
    """Whether poor households live there."""
    split: Mapping[str, Mapping[str, int]] = dataclasses.field(default_factory=dict)
    """Field to value to how many of the villages have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePlan(Data):
    """How many synthetic rows `juanzong sample` makes, and from which list of real places."""

    divisions: str
    as_of: date
    seed: int
    villages: int
    """Of the whole plan; with groups the sum of theirs."""
    earlier: tuple[date, ...] = ()
    """Older snapshots that are made as well."""
    kinds: tuple[str, ...] = ("村委会",)
    leave_out: tuple[str, ...] = ()
    group: tuple[VillageGroup, ...] = ()
    households: Mapping[str, int] = dataclasses.field(default_factory=dict)
    """Labour class to number of households."""
    persons: Mapping[str, int] = dataclasses.field(default_factory=dict)
    """Labour class to number of persons; left to chance when not said."""
    met: Decimal | None = None
    """Share of households that reach the income line; most of them when not said."""
    stored: bool = True
    """False for a roster too large to be kept: it is made at its first use."""
    organs: str = "organs.csv"
    units: str = "units.csv"
    """Helper units; one with a town helps only there."""
    statistics: str = ""
    """List of the published figures: measure, year, value, status."""
    fill: Mapping[str, Mapping[str, Fill]] = dataclasses.field(default_factory=dict)
    """Table to field to how it is invented, for the fields this scheme adds or needs besides."""
    rows: tuple[RowsPlan, ...] = ()
