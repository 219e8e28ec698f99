"""What an office's rosters say: the accepted rows by table, and every row counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Literal, TypeVar

from pipeline.model.finding import Finding
from pipeline.model.record import (
    Fund,
    Helper,
    Household,
    Member,
    Organ,
    Progress,
    Project,
    Record,
    Table,
    Town,
    Unit,
    Village,
)

R = TypeVar("R", bound=Record)
Reason = Literal["title", "header", "repeated", "group", "note", "total", "blank"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """Rows of a sheet that are not records, counted by reason."""

    reason: Reason
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The account of one sheet: rows = accepted + rejected + Σ ignored."""

    table: str
    file: str
    sheet: str
    rows: int
    accepted: int
    rejected: int
    ignored: tuple[Ignored, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Roster:
    """All accepted rows of one snapshot, by table, in the order of the sheets."""

    organs: tuple[Organ, ...] = ()
    towns: tuple[Town, ...] = ()
    villages: tuple[Village, ...] = ()
    households: tuple[Household, ...] = ()
    members: tuple[Member, ...] = ()
    units: tuple[Unit, ...] = ()
    helpers: tuple[Helper, ...] = ()
    projects: tuple[Project, ...] = ()
    funds: tuple[Fund, ...] = ()
    progress: tuple[Progress, ...] = ()
    tables: Mapping[str, Table] = field(default_factory=dict)
    """The definitions the rows were read by, scheme fields included."""
    counts: tuple[Count, ...] = ()
    findings: tuple[Finding, ...] = ()
    """What reading itself found: cells that don't fit their type."""
    notices: tuple[Finding, ...] = ()
    """What was read or left out without being wrong: hidden rows, unknown headings and sheets."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Name of each workbook of the snapshot to its SHA-256."""

    def rows(self, table: str) -> tuple[Record, ...]:
        """Return the rows of a table by its id."""
        found: tuple[Record, ...] = getattr(self, table)
        return found

    @cached_property
    def by_key(self) -> dict[str, dict[str, Record]]:
        """Rows by table id and key: what a lasting cell address is looked up in."""
        return {table: {row.key: row for row in self.rows(table)} for table in self.tables}

    @cached_property
    def town(self) -> dict[str, Town]:
        """Towns by code."""
        return {town.code: town for town in self.towns}

    @cached_property
    def village(self) -> dict[str, Village]:
        """Villages by code."""
        return {village.code: village for village in self.villages}

    @cached_property
    def household(self) -> dict[str, Household]:
        """Households by code."""
        return {household.code: household for household in self.households}

    @cached_property
    def members_of(self) -> dict[str, tuple[Member, ...]]:
        """Members by household code, in the order of the sheet."""
        return _grouped(self.members, "household_code")

    @cached_property
    def households_of(self) -> dict[str, tuple[Household, ...]]:
        """Households by village code, in the order of the sheet."""
        return _grouped(self.households, "village_code")

    @cached_property
    def villages_of(self) -> dict[str, tuple[Village, ...]]:
        """Villages by town code, in the order of the sheet."""
        return _grouped(self.villages, "town_code")

    @cached_property
    def helpers_of(self) -> dict[str, tuple[Helper, ...]]:
        """Helpers by household code."""
        return _grouped(self.helpers, "household_code")

    @cached_property
    def projects_of(self) -> dict[str, tuple[Project, ...]]:
        """Projects by village code."""
        return _grouped(self.projects, "village_code")

    @cached_property
    def funds_of(self) -> dict[str, tuple[Fund, ...]]:
        """Funds by village code."""
        return _grouped(self.funds, "village_code")


def _grouped(rows: tuple[R, ...], name: str) -> dict[str, tuple[R, ...]]:
    def by(row: R) -> str:
        return str(getattr(row, name))

    return {key: tuple(group) for key, group in groupby(sorted(rows, key=by), key=by)}
