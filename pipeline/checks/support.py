"""L19, L20: helpers of a household, and what was done for it (REFERENCE.md §7.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from pipeline.checks.case import Case, shown
from pipeline.model import Finding, Helper, Project, Severity


def helpers(case: Case) -> Iterator[Finding]:
    """L19: a household has a helper now and had one all along; a helper has not too many."""
    if not case.has("helpers", "household_code"):
        return
    for household in case.roster.households:
        current = [one for one in case.roster.helpers_of.get(household.code, ()) if _now(case, one)]
        if len(current) < case.number("least") and not case.out(household):
            yield case.finding(
                household,
                "code",
                name=f"{household.head}户",
                found=f"现有{len(current)}名帮扶责任人，应有{case.number('least')}名",
            )
    yield from _busy(case)
    for rows in case.roster.helpers_of.values():
        yield from _spells(case, rows)


def _busy(case: Case) -> Iterator[Finding]:
    most = case.number("most")
    households: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for helper in case.roster.helpers:
        if not _now(case, helper):
            continue
        mine = households[helper.unit, helper.name, helper.phone]
        mine.add(helper.household_code)
        if len(mine) == most + 1:
            yield _finding(case, helper, "household_code", "warning", f"结对超过{most}户")


def _spells(case: Case, rows: tuple[Helper, ...]) -> Iterator[Finding]:
    """Yield spells that end before they begin, and days on which nobody helped."""
    covered = date.max
    for helper in sorted(rows, key=lambda helper: helper.since or date.min):
        if helper.since and helper.until and helper.until < helper.since:
            yield _finding(case, helper, "until", "error", "结对结束日期早于开始日期")
            continue
        if helper.since and covered < date.max and helper.since > covered + timedelta(days=1):
            found = f"结对从{helper.since}开始，上一段{covered}结束，中间无人帮扶"
            yield _finding(case, helper, "since", "warning", found)
        until = helper.until or date.max
        covered = until if covered == date.max else max(covered, until)


def _now(case: Case, helper: Helper) -> bool:
    return (helper.since or date.min) <= case.as_of <= (helper.until or date.max)


def _finding(case: Case, helper: Helper, field: str, severity: Severity, found: str) -> Finding:
    return case.finding(helper, field, severity, name=helper.name, found=found)


def measures(case: Case) -> Iterator[Finding]:
    """L20: a measure is within the plan and the time of its helpers, not below 0, and signed."""
    for project in case.roster.projects:
        for field, found in _faults(case, project):
            yield case.finding(
                project, field, "warning",
                name=project.name, found=found,
            )  # fmt: skip
    for fund in case.roster.funds:
        for field in ("planned", "allocated", "spent"):
            value = fund.value(field)
            if isinstance(value, Decimal) and value < 0:
                name = case.name("funds", field)
                yield case.finding(
                    fund, field, "warning",
                    name=fund.code, found=f"{name}为{shown(value)}元",
                )  # fmt: skip


def _faults(case: Case, project: Project) -> Iterator[tuple[str, str]]:
    since, until = case.scheme.since, case.scheme.until
    if project.start and project.start < since:
        yield "start", f"开始于{project.start}，早于方案的{since}"
    if project.end and project.end > until:
        yield "end", f"完成于{project.end}，晚于方案的{until}"
    if project.total is not None and project.total < 0:
        yield "total", f"投入资金为{shown(project.total)}元"
    if not project.household_code:
        return
    if project.signed is False:
        yield "signed", "户主没有签名"
    helpers = case.roster.helpers_of.get(project.household_code, ())
    if case.settings["within_helper"] and helpers and project.start:
        first = min(helper.since or date.min for helper in helpers)
        last = max(helper.until or date.max for helper in helpers)
        if not first <= project.start <= last:
            yield "start", f"开始于{project.start}，不在帮扶责任人的结对期内"
