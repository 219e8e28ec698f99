"""Make the whole sample and write it as the four workbooks an office would send."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal

from pipeline.errors import SchemeError, UsageError
from pipeline.files import write_atomic
from pipeline.model import Scheme, Table
from pipeline.sample.rows import all_rows
from pipeline.sample.workbook import Row, Sheet, workbook_bytes

BOOKS = {
    "01 机构与区划.xlsx": ("organs", "towns", "villages"),
    "02 贫困户名册.xlsx": ("households", "members"),
    "03 帮扶台账.xlsx": ("units", "helpers", "projects"),
    "04 资金与进度.xlsx": ("funds", "progress"),
}
OTHERS = "05 专项台账.xlsx"
"""The tables that only some schemes keep."""

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
    rows = all_rows(scheme, plan, as_of, households, plan.seed if seed is None else seed)
    return write_books(scheme, tables, rows, into, as_of)


def write_books(
    scheme: Scheme,
    tables: Mapping[str, Table],
    rows: Mapping[str, list[Row]],
    into: Path,
    day: date,
) -> tuple[Path, ...]:
    """Write the workbooks of rows that are made, those of the scheme's own tables last."""
    books = {**BOOKS, OTHERS: tuple(name for name in scheme.tables if rows.get(name))}
    paths = []
    for name, ids in books.items():
        if ids:
            sheets = [_sheet(scheme, tables[table], rows, day) for table in ids]
            write_atomic(into / name, workbook_bytes(sheets, day))
            paths.append(into / name)
    return tuple(paths)


def _sheet(scheme: Scheme, table: Table, rows: Mapping[str, list[Row]], as_of: date) -> Sheet:
    reporters = [row["short"] for row in rows["organs"] if row["role"] == "异议受理"]
    return Sheet(
        table=table,
        rows=rows[table.id],
        title=f"{scheme.area.name}{as_of.year}年{_TITLES.get(table.id, table.name)}（样例数据）",
        reporter=reporters[0] if reporters else scheme.area.name,
        cut_off=as_of,
        note=_NOTES.get(table.id, "") + _INVENTED,
        headings=_HEADINGS.get(table.id, {}),
        dates=_DATES.get(table.id, {}),
        totals=table.id in _TOTALS,
    )
