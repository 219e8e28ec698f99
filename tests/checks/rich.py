"""A roster with every column there is, nothing wrong in it, and a scheme with every rule on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from pipeline.checks import RULES
from pipeline.model import Criterion, Household, Member, Record, Roster, Rule, Scheme

R = TypeVar("R", bound=Record)
ZERO = Decimal(0)
SETTINGS: Mapping[str, Mapping[str, int]] = {
    "L03": {"line": 500},
    "L05": {"line": 15000},
    "L09": {"oldest": 59},
}
CRITERIA = (
    Criterion(
        group="七不进", name="大房", kind="exclude", field="housing_area", op=">=", value=300,
        source="样例一",
    ),
    Criterion(
        group="六进", name="地少", kind="include", field="farmland", op="<", value=5,
        source="样例二",
    ),
    Criterion(
        group="六进", name="有残疾", kind="include", table="members", field="health", value="残疾",
        source="样例二",
    ),
    Criterion(group="五优先", name="军属", kind="priority", field="martyr", source="样例三"),
)  # fmt: skip


def all_rules(scheme: Scheme) -> Scheme:
    rules = tuple(Rule(code=code, settings=SETTINGS.get(code, {})) for code in RULES)
    return replace(scheme, rule=rules, identification=CRITERIA, total=())


def enrich(roster: Roster, scheme: Scheme) -> Roster:
    """Fill the columns the sample doesn't have with values nobody can object to."""
    columns = {
        table: {column.id: "ZZ" for column in definition.columns} | dict(rows[0].columns)
        for table, definition in roster.tables.items()
        if (rows := roster.rows(table))
    }
    households = tuple(
        replace(_household(one, roster.members_of[one.code]), columns=columns["households"])
        for one in roster.households
    )
    members = tuple(
        replace(one, columns=columns["members"])
        for household in households
        for one in _members(household, roster.members_of[household.code])
    )
    here = roster.households_of
    villages = tuple(
        replace(
            one,
            columns=columns["villages"],
            poor_households=len(here.get(one.code, ())),
            poor_people=sum(poor.size or 0 for poor in here.get(one.code, ())),
        )
        for one in roster.villages
    )
    towns = tuple(
        replace(
            town,
            columns=columns["towns"],
            poor_households=sum(one.poor_households or 0 for one in villages if _in(one, town)),
            poor_people=sum(one.poor_people or 0 for one in villages if _in(one, town)),
        )
        for town in roster.towns
    )
    return replace(
        roster,
        households=households,
        members=members,
        villages=villages,
        towns=towns,
        helpers=tuple(replace(one, since=scheme.since) for one in roster.helpers),
        projects=tuple(
            replace(one, columns=columns["projects"], signed=True) for one in roster.projects
        ),
    )


def _in(village: Any, town: Any) -> bool:
    return bool(village.town_code == town.code)


def _household(one: Household, members: tuple[Member, ...]) -> Household:
    old = any(_old(member) for member in members)
    transfer = one.transfer or ZERO
    return replace(
        one,
        kind="一般贫困户", exit_flag="0", identified_year=2014,
        farmland=Decimal(2), irrigated=Decimal(1), forest=ZERO, returned_forest=ZERO, orchard=ZERO,
        pasture=ZERO, water_area=ZERO, housing_area=Decimal(80), road_distance=Decimal(1),
        road="水泥路", fuel="清洁能源", dilapidated=False, water_hard=False, water_safe=True,
        power=True,
        family_planning=ZERO, dibao_money=ZERO, wubao_money=ZERO, eco_money=ZERO,
        pension_money=transfer if old else ZERO, other_transfer=ZERO if old else transfer,
        registered=one.size, last_size=one.size, last_per_capita=one.net_per_capita,
    )  # fmt: skip


def _members(household: Household, members: tuple[Member, ...]) -> tuple[Member, ...]:
    worker = next((one for one in members if one.labour == "有" and household.wage), None)
    return tuple(
        replace(
            one,
            nation="汉族", active=True, dibao=False, insured=True, pension_insured=True,
            pension=_old(one),
            work_months=10 if one is worker else 0,
            work_place="广州" if one is worker else "", work_firm="样例厂" if one is worker else "",
        )
        for one in members
    )  # fmt: skip


def _old(member: Member) -> bool:
    return member.birth is not None and (member.birth.year, member.birth.month) <= (1956, 10)


def change(roster: Roster, row: R, **changes: Any) -> Roster:
    """Replace one row."""
    rows = tuple(
        replace(one, **changes) if one.key == row.key else one for one in roster.rows(row.table)
    )
    return replace(roster, **{row.table: rows})


def add(roster: Roster, row: Record) -> Roster:
    """Add a row."""
    return replace(roster, **{row.table: (*roster.rows(row.table), row)})


def home(
    roster: Roster, fits: Callable[[Household, tuple[Member, ...]], bool] = lambda *_: True
) -> tuple[Household, tuple[Member, ...]]:
    """Return the first household that fits, with its members."""
    return next(
        (one, members)
        for one in roster.households
        if fits(one, members := roster.members_of[one.code])
    )


def earning(household: Household, each: int) -> dict[str, Any]:
    """Return incomes that add up to so much a head."""
    net = Decimal(each * (household.size or 1))
    rest = (
        (household.transfer or ZERO) + (household.operating or ZERO) + (household.property or ZERO)
    )
    more = net - (rest - (household.cost or ZERO))
    return {
        "net_income": net,
        "net_per_capita": Decimal(each),
        "last_per_capita": Decimal(each),
        "wage": more,
    }
