"""What an office's rosters say: the accepted rows by table, and every row counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    Row,
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
    others: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    """Table id to the rows of every other table: loans, meetings, statistics, …"""
    tables: Mapping[str, Table] = field(default_factory=dict)
    """The definitions the rows were read by, scheme fields included."""
    counts: tuple[Count, ...] = ()
    findings: tuple[Finding, ...] = ()
    """What reading itself found: cells that don't fit their type."""
    notices: tuple[Finding, ...] = ()
    """What was read or left out without being wrong: hidden rows, unknown headings and sheets."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Name of each workbook of the snapshot to its SHA-256."""

    @property
    def secret(self) -> bool:
        """Whether any of it came out of a workbook with a password."""
        return any(notice.code == "N-locked" for notice in self.notices)

    def rows(self, table: str) -> tuple[Record, ...]:
        """Return the rows of a table by its id."""
        found: tuple[Record, ...] | None = getattr(self, table, None)
        return self.others.get(table, ()) if found is None else found

    def belonging(self, table: str, level: str) -> Mapping[str, tuple[Record, ...]]:
        """Return the rows of a table by the code of the subject of a level they belong to.

        A row says its village, or its household whose village is known; a unit by its name.
        """
        key = (table, level)
        if key not in self._belonging:
            self._belonging[key] = _belonging(self, table, level)
        return self._belonging[key]

    @cached_property
    def _belonging(self) -> dict[tuple[str, str], Mapping[str, tuple[Record, ...]]]:
        return {}

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
    def active_of(self) -> dict[str, tuple[Member, ...]]:
        """Members by household code, without those who have left."""
        return _grouped((one for one in self.members if one.active is not False), "household_code")

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


def _belonging(roster: Roster, table: str, level: str) -> Mapping[str, tuple[Record, ...]]:
    found: dict[str, list[Record]] = {}
    for row in roster.rows(table):
        found.setdefault(_owner(roster, row, level), []).append(row)
    return {code: tuple(rows) for code, rows in found.items()}


def _owner(roster: Roster, row: Record, level: str) -> str:
    """Return the code of the subject a row belongs to; empty for the area or for nobody."""
    if level == "unit":
        return str(row.value("name" if row.table == "units" else "unit") or "")
    climb = [("household", "household_code"), ("village", "village_code"), ("town", "town_code")]
    names = [name for name, _ in climb]
    start = names.index(level) if level in names else len(names)
    own = {"households": "household", "villages": "village", "towns": "town"}.get(row.table, "")
    for place, (name, field_id) in enumerate(climb[: start + 1]):
        code = str(row.value("code" if name == own else field_id) or "")
        if code and name == level:
            return code
        if code and place < start:
            upper = _above(roster, name, code, level)
            if upper:
                return upper
    return ""


def _above(roster: Roster, name: str, code: str, level: str) -> str:
    if name == "household":
        household = roster.household.get(code)
        name, code = "village", household.village_code if household else ""
    if name == "village" and level != "village":
        village = roster.village.get(code)
        name, code = "town", village.town_code if village else ""
    return code if name == level else ""


def _grouped(rows: Iterable[R], name: str) -> dict[str, tuple[R, ...]]:
    def by(row: R) -> str:
        return str(getattr(row, name))

    return {key: tuple(group) for key, group in groupby(sorted(rows, key=by), key=by)}
