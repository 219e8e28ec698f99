"""X01–X07: tables that speak of each other (村, 户, 单位, 项目, 资金, 月份)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from pipeline.checks.case import Case, shown
from pipeline.model import Finding, Fund, Project, Record

_ZERO = Decimal(0)


def villages(case: Case) -> Iterator[Finding]:
    """X01: a project's, a fund's and a report's village is in the table of villages."""
    for table in ("projects", "funds", "progress"):
        for row in case.roster.rows(table):
            code = str(row.value("village_code"))
            if code not in case.roster.village:
                yield case.finding(
                    row, "village_code", name=case.roster.tables[table].name, found=code
                )


def households(case: Case) -> Iterator[Finding]:
    """X02: a helper's and a project's household is in the roster, and in the project's village."""
    for helper in case.roster.helpers:
        if helper.household_code not in case.roster.household:
            yield case.finding(
                helper, "household_code",
                name=helper.name, expected="在贫困户表中", found=helper.household_code,
            )  # fmt: skip
    for project in case.roster.projects:
        if not project.household_code:
            continue
        household = case.roster.household.get(project.household_code)
        if household is None or household.village_code != project.village_code:
            wanted = "在项目所在的村" if household else "在贫困户表中"
            yield case.finding(
                project, "household_code",
                name=project.name, expected=wanted, found=project.household_code,
            )  # fmt: skip


def units(case: Case) -> Iterator[Finding]:
    """X03: the unit of a helper or a village is in the table of units."""
    known = {unit.name for unit in case.roster.units}
    for helper in case.roster.helpers:
        if helper.unit and helper.unit not in known:
            yield case.finding(helper, "unit", name=helper.name, found=helper.unit)
    for village in case.roster.villages:
        if village.unit and village.unit not in known:
            yield case.finding(village, "unit", name=village.name, found=village.unit)


def projects(case: Case) -> Iterator[Finding]:
    """X04: a fund's project is in the table of projects, and in the fund's village."""
    village_of = {project.code: project.village_code for project in case.roster.projects}
    for fund in case.roster.funds:
        if fund.project_code and village_of.get(fund.project_code) != fund.village_code:
            known = fund.project_code in village_of
            yield case.finding(
                fund, "project_code",
                name=fund.code,
                expected="是本村的项目" if known else "在项目表中",
                found=fund.project_code,
            )  # fmt: skip


def money(case: Case) -> Iterator[Finding]:
    """X05: spent ≤ allocated ≤ planned, and what is planned of a project = its total."""
    planned: dict[str, list[Fund]] = defaultdict(list)
    for fund in case.roster.funds:
        planned[fund.project_code].append(fund)
        for less, more in (("allocated", "planned"), ("spent", "allocated")):
            part, whole = fund.value(less), fund.value(more)
            if isinstance(part, Decimal) and isinstance(whole, Decimal) and part > whole:
                yield case.finding(
                    fund, less,
                    name=fund.code,
                    field=case.name("funds", less),
                    expected=f"不超过{case.name('funds', more)}{shown(whole)}元",
                    found=f"{shown(part)}元",
                )  # fmt: skip
    for project in case.roster.projects:
        yield from _total(case, project, planned.get(project.code, []))


def _total(case: Case, project: Project, funds: list[Fund]) -> Iterator[Finding]:
    parts = [fund.planned for fund in funds if fund.planned is not None]
    if project.total is None or not parts or len(parts) < len(funds):
        return
    if abs(sum(parts, _ZERO) - project.total) > case.number("cent"):
        yield case.finding(
            project, "total",
            name=project.name,
            field=case.name("projects", "total"),
            expected=f"等于各笔资金计划金额之和{shown(sum(parts, _ZERO))}元",
            found=f"{shown(project.total)}元",
        )  # fmt: skip


def days(case: Case) -> Iterator[Finding]:
    """X06: money is applied for before it is approved, a project begins before it ends."""
    for fund in case.roster.funds:
        if fund.applied_on and fund.approved_on and fund.approved_on < fund.applied_on:
            yield _late(case, fund, fund.code, "approved_on", "applied_on")
    for project in case.roster.projects:
        if project.start and project.end and project.end < project.start:
            yield _late(case, project, project.name, "end", "start")


def _late(case: Case, row: Record, name: str, field: str, earlier: str) -> Finding:
    return case.finding(
        row, field,
        name=name,
        field=case.name(row.table, field),
        expected=f"不早于{case.name(row.table, earlier)}{row.value(earlier)}",
        found=str(row.value(field)),
    )  # fmt: skip


def months(case: Case) -> Iterator[Finding]:
    """X07: no month is reported after the cut-off day."""
    last = f"{case.as_of.year:04}-{case.as_of.month:02}"
    for row in case.roster.progress:
        if row.month > last:
            village = case.roster.village.get(row.village_code)
            yield case.finding(
                row, "month",
                name=village.name if village else row.village_code,
                expected=f"不晚于{last}", found=row.month,
            )  # fmt: skip
