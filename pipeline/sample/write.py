"""Make the whole sample and write it as the four workbooks an office would send."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Literal

from pipeline.errors import SchemeError, UsageError
from pipeline.files import write_atomic
from pipeline.model import SamplePlan, Scheme, Table
from pipeline.sample.help import helper_rows, project_rows
from pipeline.sample.households import Households
from pipeline.sample.money import fund_rows, progress_rows
from pipeline.sample.names import Names, Phones
from pipeline.sample.offices import (
    assigned_units,
    organ_rows,
    town_rows,
    unit_rows,
    village_rows,
    weak_villages,
)
from pipeline.sample.places import read_places, scaled
from pipeline.sample.workbook import Row, Sheet, workbook_bytes

BOOKS = {
    "01 机构与区划.xlsx": ("organs", "towns", "villages"),
    "02 贫困户名册.xlsx": ("households", "members"),
    "03 帮扶台账.xlsx": ("units", "helpers", "projects"),
    "04 资金与进度.xlsx": ("funds", "progress"),
}

_TITLES = {
    "organs": "扶贫开发机构名录",
    "towns": "镇街名册",
    "villages": "行政村名册",
    "households": "贫困户名册",
    "members": "贫困户家庭成员名册",
    "units": "帮扶责任单位名册",
    "helpers": "帮扶责任人结对名册",
    "projects": "帮扶项目台账",
    "funds": "扶贫资金台账",
    "progress": "扶贫工作月度进度表",
}
_HEADINGS = {
    "villages": {"collective_income": "村集体经济收入"},
    "households": {"labour": "有/无劳动力", "net_income": "家庭年纯收入"},
    "members": {"id_no": "身份证号码", "skills": "技能门数"},
    "helpers": {"unit": "帮扶责任单位"},
    "projects": {"unit": "帮扶责任单位"},
    "funds": {"allocated": "到位金额"},
}
"""Where this office's heading is an alias."""
_DATES: dict[str, dict[str, Literal["iso", "chinese"]]] = {
    "members": {"birth": "iso"},
    "helpers": {"since": "chinese", "until": "chinese"},
    "funds": {"applied_on": "iso", "approved_on": "chinese"},
}
"""Where this office types a date as text."""
_TOTALS = ("villages", "households", "projects", "funds")
_NOTES = {
    "households": "收入均为全户全年数；未达标的户达标日期留空。",
    "members": "持残疾人证的填20位残疾人证号。",
    "progress": "达标户数、支出资金均为累计数。",
}
_INVENTED = "本表为样例数据，人员、证件号码、电话和金额均为虚构。"


def write_sample(
    scheme: Scheme,
    tables: Mapping[str, Table],
    into: Path,
    *,
    as_of: date,
    households: int | None = None,
    seed: int | None = None,
) -> tuple[Path, ...]:
    """Write the workbooks of an invented roster into a folder and return their paths.

    The same scheme, tables, day, number and seed give the same bytes. `households` scales both
    labour classes of the scheme's plan; `tables` are the roster tables by id.

    Raises:
        SchemeError: for a scheme without a sample plan or income line, or a faulty list of places,
            organs or units.
        UsageError: for a number of households or a day the plan has no room for.
    """
    plan = scheme.sample_plan
    if plan is None:
        raise SchemeError(
            "没有 [sample_plan]，不知道怎样编样例", where=scheme.id, todo="补上 [sample_plan]"
        )
    if not scheme.since <= as_of <= scheme.until:
        raise UsageError(
            f"截止日期 {as_of} 不在方案的期限 {scheme.since} 至 {scheme.until} 之内",
            todo="改正截止日期",
        )
    rows = _rows(scheme, plan, as_of, households, plan.seed if seed is None else seed)
    paths = []
    for name, ids in BOOKS.items():
        sheets = [_sheet(scheme, tables[table], rows, as_of) for table in ids]
        write_atomic(into / name, workbook_bytes(sheets, as_of))
        paths.append(into / name)
    return tuple(paths)


def _rows(
    scheme: Scheme, plan: SamplePlan, as_of: date, households: int | None, seed: int
) -> dict[str, list[Row]]:
    """Make the rows of every table; each subject has a random stream of its own."""

    def stream(subject: str) -> Random:
        return Random(f"{scheme.id}/{seed}/{subject}")

    classes, number = scaled(plan, households)
    places = read_places(scheme.folder, plan, number)
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
        line=_line(scheme, "village", as_of),
        prefix=prefix,
    )
    poor, members = Households(
        stream("households"),
        Names(stream("names")),
        phones,
        since=scheme.since,
        as_of=as_of,
        line=_line(scheme, "household", as_of),
    ).fill(places, classes)
    period = {"since": scheme.since, "as_of": as_of}
    projects = project_rows(villages, poor, towns, stream("projects"), **period)
    funds = fund_rows(projects, stream("funds"), payer=_payer(scheme), since=scheme.since)
    return {
        "organs": organs,
        "towns": towns,
        "villages": villages,
        "households": poor,
        "members": members,
        "units": unit_rows(units, officials, phones),
        "helpers": helper_rows(
            poor, units, stream("helpers"), officials, phones, until=scheme.until, **period
        ),
        "projects": projects,
        "funds": funds,
        "progress": progress_rows(villages, poor, funds, stream("progress"), **period),
    }


def _line(scheme: Scheme, level: str, as_of: date) -> Decimal:
    """Return the income the policy asks for at a level: its first threshold in 元.

    Raises:
        SchemeError: when no target of the level has one.
    """
    for target in scheme.target:
        if target.level == level and target.form in ("threshold", "top_up"):
            value = scheme.parameter_of(target.parameter).on(as_of)
            if value is not None and scheme.parameter_of(target.parameter).unit.startswith("元"):
                return value
    raise SchemeError(
        f"{level} 一级没有以元计的收入目标，样例不知道以什么为线",
        where=scheme.id,
        todo="补上 form 为 threshold 或 top_up 的目标",
    )


def _payer(scheme: Scheme) -> str:
    return next((fund.payer for fund in scheme.fund if fund.payer), "")


def _sheet(scheme: Scheme, table: Table, rows: Mapping[str, list[Row]], as_of: date) -> Sheet:
    reporters = [row["short"] for row in rows["organs"] if row["role"] == "异议受理"]
    return Sheet(
        table=table,
        rows=rows[table.id],
        title=f"{scheme.area.name}{scheme.year}年{_TITLES[table.id]}（样例数据）",
        reporter=reporters[0] if reporters else scheme.area.name,
        cut_off=as_of,
        note=_NOTES.get(table.id, "") + _INVENTED,
        headings=_HEADINGS.get(table.id, {}),
        dates=_DATES.get(table.id, {}),
        totals=table.id in _TOTALS,
    )
