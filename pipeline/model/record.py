"""The rows of a roster: what a table's columns are, and one frozen record for each accepted row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal, TypeAlias

from pipeline.model.data import Where, meets
from pipeline.model.finding import Source

Value: TypeAlias = str | int | bool | Decimal | date | None
Audience = Literal["public", "internal", "restricted"]
AUDIENCES: tuple[Audience, ...] = ("public", "internal", "restricted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One field of a roster table, from `roster/tables/*.toml` or a scheme's extra_field."""

    id: str
    name: str
    type: Literal["text", "id", "integer", "decimal", "money", "date", "month", "flag", "code"]
    """`id` is text that must never have been a number; `money` is in 元."""
    unit: str = ""
    required: bool = False
    """A row without it is rejected."""
    wanted: bool = False
    """A sheet without this column can't be used: the table or the scheme needs it."""
    aliases: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    """The code of the national lists to the word, `01` to `本人或户主`. A `code` can be no other;
    a `text` may say more (several words, an office's own), and rules read its codes as words."""
    audience: Audience = "internal"


@dataclass(frozen=True, kw_only=True)
class Table:
    """One roster table: its sheet's names, its key and its fields."""

    id: str
    name: str
    key: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    columns: tuple[Column, ...]
    needed: bool = True
    """A roster without this table can't be used."""

    def column(self, name: str) -> Column | None:
        """Return the field with this id."""
        return self._by_id.get(name)

    @cached_property
    def _by_id(self) -> dict[str, Column]:
        return {column.id: column for column in reversed(self.columns)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One accepted row. Scheme fields are in `more`; `columns` says where each field was read."""

    table: str
    key: str
    file: str
    sheet: str
    row: int
    columns: Mapping[str, str]
    """Field id to column letters, shared by all rows of a sheet."""
    more: Mapping[str, Value] = field(default_factory=dict)

    def value(self, name: str) -> Value:
        """Return a core or scheme field; None when the roster has no such column or cell."""
        if name in self.more:
            return self.more[name]
        found: Value = getattr(self, name, None)
        return found

    def fits(self, where: Where) -> bool:
        """Tell whether every field meets its condition."""
        return all(meets(self.value(name), wanted) for name, wanted in where.items())

    def source(self, name: str = "") -> Source:
        """Return the cell a field was read from, or the row."""
        return Source(
            file=self.file, sheet=self.sheet, row=self.row, column=self.columns.get(name, "")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Record):
    """A row of a table that only figures and lists are drawn from: all its fields are in `more`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organ(Record):
    """机关: an office that issues, receives or supervises."""

    full: str
    short: str = ""
    mark: str = ""
    role: str = ""
    head: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Town(Record):
    """镇街."""

    code: str
    name: str
    kind: str = ""
    county: str = ""
    county_code: str = ""
    secretary: str = ""
    mayor: str = ""
    phone: str = ""
    poor_households: int | None = None
    poor_people: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Village(Record):
    """行政村."""

    code: str
    name: str
    town_code: str
    weak: bool | None = None
    collective_income: Decimal | None = None
    population: int | None = None
    secretary: str = ""
    phone: str = ""
    account: str = ""
    unit: str = ""
    poor_households: int | None = None
    poor_people: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Household(Record):
    """贫困户. Incomes are 元 a year for the whole household; None is not 0."""

    code: str
    village_code: str
    group: str = ""
    head: str = ""
    size: int | None = None
    labour: str = ""
    kind: str = ""
    cause: str = ""
    wage: Decimal | None = None
    operating: Decimal | None = None
    property: Decimal | None = None
    transfer: Decimal | None = None
    cost: Decimal | None = None
    net_income: Decimal | None = None
    net_per_capita: Decimal | None = None
    disposable: Decimal | None = None
    reached_on: date | None = None
    phone: str = ""
    other_causes: str = ""
    cause_note: str = ""
    standard: str = ""
    identified_year: int | None = None
    exit_flag: str = ""
    exit_year: int | None = None
    exit_paper: bool | None = None
    return_reason: str = ""
    martyr: bool | None = None
    only_child: bool | None = None
    two_daughters: bool | None = None
    bank_card: str = ""
    bank: str = ""
    farmland: Decimal | None = None
    irrigated: Decimal | None = None
    forest: Decimal | None = None
    returned_forest: Decimal | None = None
    orchard: Decimal | None = None
    pasture: Decimal | None = None
    water_area: Decimal | None = None
    production_power: bool | None = None
    cooperative: bool | None = None
    water_hard: bool | None = None
    water_safe: bool | None = None
    power: bool | None = None
    broadcast: bool | None = None
    road_distance: Decimal | None = None
    road: str = ""
    housing_area: Decimal | None = None
    dilapidated: bool | None = None
    toilet: bool | None = None
    fuel: str = ""
    dilapidated_grade: str = ""
    family_planning: Decimal | None = None
    dibao_money: Decimal | None = None
    wubao_money: Decimal | None = None
    pension_money: Decimal | None = None
    eco_money: Decimal | None = None
    other_transfer: Decimal | None = None
    last_size: int | None = None
    last_per_capita: Decimal | None = None
    change_note: str = ""
    registered: int | None = None
    registered_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Record):
    """家庭成员."""

    household_code: str
    name: str
    relation: str = ""
    sex: str = ""
    id_type: str = ""
    id_no: str = ""
    birth: date | None = None
    education: str = ""
    school: str = ""
    health: str = ""
    labour: str = ""
    skills: int | None = None
    illness_aid: bool | None = None
    education_aid: bool | None = None
    insured: bool | None = None
    code: str = ""
    nation: str = ""
    politics: str = ""
    phone: str = ""
    active: bool | None = None
    change_reason: str = ""
    soldier: bool | None = None
    illness: str = ""
    illness_grade: str = ""
    illness_insured: bool | None = None
    pension_insured: bool | None = None
    pension: bool | None = None
    dibao: bool | None = None
    disability_no: str = ""
    work_state: str = ""
    work_months: int | None = None
    work_place: str = ""
    work_firm: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit(Record):
    """帮扶单位."""

    name: str
    leader: str = ""
    deputy: str = ""
    contact: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper(Record):
    """帮扶责任人 of one household; a change of person is a new row."""

    household_code: str
    name: str
    unit: str = ""
    title: str = ""
    phone: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Project(Record):
    """帮扶项目."""

    code: str
    name: str
    village_code: str
    household_code: str = ""
    kind: str = ""
    content: str = ""
    start: date | None = None
    end: date | None = None
    total: Decimal | None = None
    unit: str = ""
    status: str = ""
    signed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fund(Record):
    """资金 of a village, in 元."""

    code: str
    village_code: str
    project_code: str = ""
    payer: str = ""
    planned: Decimal | None = None
    allocated: Decimal | None = None
    spent: Decimal | None = None
    applied_on: date | None = None
    approved_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress(Record):
    """月度进度 of a village; month is `2016-10`."""

    village_code: str
    month: str
    visits: int | None = None
    reached: int | None = None
    spent: Decimal | None = None
    allocated: Decimal | None = None
    households: int | None = None
    reported_on: date | None = None
