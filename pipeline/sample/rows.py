"""The rows of every table of a sample, each subject from a random stream of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from random import Random

from pipeline.errors import SchemeError
from pipeline.model import SamplePlan, Scheme, Target
from pipeline.sample.earlier import taken_back
from pipeline.sample.fill import Filler
from pipeline.sample.help import helper_rows, project_rows
from pipeline.sample.households import Households
from pipeline.sample.incomes import Goal
from pipeline.sample.money import fund_rows, progress_rows
from pipeline.sample.names import Names, Phones
from pipeline.sample.offices import (
    assigned_units,
    office,
    organ_rows,
    town_rows,
    unit_rows,
    village_rows,
    weak_villages,
)
from pipeline.sample.places import Place, read_list, read_places, scaled, shares
from pipeline.sample.workbook import Row

_STATISTICS = ("measure", "year", "value", "status")
_OWN = {"villages": ("weak", "collective_income")}
"""Fields that only some policies speak of; the others' workbooks don't have them."""
_INCOMES = ("disposable", "net_income")


def all_rows(
    scheme: Scheme, plan: SamplePlan, as_of: date, households: int | None, seed: int
) -> dict[str, list[Row]]:
    """Make the rows of every table on a day; a day of `earlier` is the plan's own, taken back.

    Raises:
        SchemeError: for a plan that doesn't fit its lists.
        UsageError: for a number of households the plan has no room for.
    """

    def stream(subject: str) -> Random:
        return Random(f"{scheme.id}/{seed}/{subject}")

    day = plan.as_of if as_of in plan.earlier else as_of
    statistics = _statistics(scheme, plan)
    figures = {row["measure"]: row["value"] for row in statistics if row["year"] == day.year}
    goal = _goal(scheme, plan, day, figures)
    rows = _core(scheme, plan, day, households, goal, stream)
    rows["statistics"] = statistics
    names, phones = Names(stream("others")), Phones()
    filler = Filler(stream("fill"), names, phones, figures)
    for table, fields in plan.fill.items():
        filler.fill(rows[table], fields)
    place = {row["code"]: row["village_code"] for row in rows["households"]}
    rows["area"] = [{"code": scheme.area.code, "name": scheme.area.name}]
    for extra in plan.rows:
        rows.setdefault(extra.table, []).extend(filler.rows(extra, rows[extra.per], place))
    if as_of in plan.earlier:
        rows = taken_back(rows, as_of, stream(f"earlier/{as_of}"), goal.line)
    return rows


def _core(
    scheme: Scheme,
    plan: SamplePlan,
    as_of: date,
    households: int | None,
    goal: Goal,
    stream: Callable[[str], Random],
) -> dict[str, list[Row]]:
    classes, number = scaled(plan, households)
    places = read_places(scheme.folder, plan, number, stream("places"))
    officials, phones = Names(stream("officials")), Phones()
    weak = weak_villages(places, stream("weak"))
    units = assigned_units(scheme, places, stream("units"), weak, plan.units)
    organs = organ_rows(scheme, officials, plan.organs)
    prefix = str(organs[0]["phone"]).partition("-")[0]
    towns = town_rows(places, officials, prefix)
    villages = village_rows(
        places,
        officials,
        stream("villages"),
        weak=weak,
        units=units,
        line=_village_line(scheme, as_of),
        prefix=prefix,
    )
    poor, members = Households(
        stream("households"),
        Names(stream("names")),
        phones,
        since=scheme.since,
        as_of=as_of,
        goal=goal,
    ).fill(places, classes, _persons(plan, classes))
    period = {"since": scheme.since, "as_of": as_of}
    projects = project_rows(villages, poor, towns, stream("projects"), until=scheme.until, **period)
    funds = fund_rows(projects, stream("funds"), payer=_payer(scheme), since=scheme.since)
    helping = _helping(units, places, towns)
    _drop(villages, "villages", scheme)
    return {
        "organs": organs,
        "towns": towns,
        "villages": villages,
        "households": poor,
        "members": members,
        "units": unit_rows(helping, officials, phones),
        "helpers": helper_rows(
            poor, helping, stream("helpers"), officials, phones, until=scheme.until, **period
        ),
        "projects": projects,
        "funds": funds,
        "progress": progress_rows(villages, poor, funds, stream("progress"), **period),
    }


def _helping(
    units: Mapping[str, str], places: Iterable[Place], towns: Iterable[Row]
) -> dict[str, str]:
    """Return who helps in each village: its unit; the town, where the plan says it has none."""
    offices = {str(town["code"]): office(town) for town in towns}
    return {
        place.code: units[place.code]
        or (offices[place.town_code] if place.given.get("unit") == "" else "")
        for place in places
    }


def _drop(rows: Sequence[Row], table: str, scheme: Scheme) -> None:
    """Take away the fields that no target and no requirement of the scheme asks for."""
    asked = {target.field for target in scheme.target} | set(scheme.require.get(table, ()))
    asked |= {name for target in scheme.target for name in (target.over, *target.enforced)}
    for name in _OWN[table]:
        if name not in asked:
            for row in rows:
                row.pop(name, None)


def _persons(plan: SamplePlan, classes: Mapping[str, int]) -> Mapping[str, int]:
    """Return the persons of each class, in proportion where fewer households are made."""
    if classes == plan.households:
        return plan.persons
    return {
        labour: shares(number, [classes[labour], plan.households[labour] - classes[labour]])[0]
        if classes[labour] < plan.households[labour]
        else number * classes[labour] // plan.households[labour]
        for labour, number in plan.persons.items()
        if classes[labour] and number * classes[labour] // plan.households[labour] > 0
    }


def _statistics(scheme: Scheme, plan: SamplePlan) -> list[Row]:
    if not plan.statistics:
        return []
    return [
        {**row, "year": int(row["year"]), "value": Decimal(row["value"])}
        for row in read_list(scheme.folder / plan.statistics, _STATISTICS)
    ]


def _goal(scheme: Scheme, plan: SamplePlan, as_of: date, figures: Mapping[str, Decimal]) -> Goal:
    """Return the income the policy asks of a household, and by which measure for which class."""
    able, unable = (_income_target(scheme, labour) for labour in ("有", "无"))
    first = able or unable
    if first is None:
        raise SchemeError(
            "没有户一级的收入目标，样例不知道以什么为线",
            where=scheme.id,
            todo="补上 form 为 threshold 或 ratio_to_reference 的目标",
        )
    line = scheme.parameter_of(first.parameter).on(as_of) or Decimal(0)
    if first.form == "ratio_to_reference":
        line *= figures.get(first.reference, Decimal(0))
    fallback = next(name for name in _INCOMES if name != first.field)
    return Goal(
        line=line,
        able=able.field if able else first.field,
        unable=unable.field if unable else fallback,
        met=plan.met,
    )


def _income_target(scheme: Scheme, labour: str) -> Target | None:
    """Return the target that speaks of just this class, else of all."""
    found = [
        target
        for target in scheme.target
        if target.level == "household"
        and target.form in ("threshold", "ratio_to_reference")
        and target.field in _INCOMES
        and target.where.get("labour") in (None, labour)
    ]
    return next((one for one in found if one.where and not one.hedge), next(iter(found), None))


def _village_line(scheme: Scheme, as_of: date) -> Decimal:
    """Return what a village is to earn, in 元; a figure for the look of it where none is asked."""
    for target in scheme.target:
        if target.level == "village" and target.field == "collective_income" and target.parameter:
            return scheme.parameter_of(target.parameter).on(as_of) or Decimal(0)
    return Decimal(50_000)


def _payer(scheme: Scheme) -> str:
    return next((fund.payer for fund in scheme.fund if fund.payer), "")
