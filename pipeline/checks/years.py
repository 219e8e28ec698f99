"""L18, L21: a household over the years: in, out, back, and what jumped (REFERENCE.md §7.2)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.checks.case import Case, shown
from pipeline.model import Finding


def exits(case: Case) -> Iterator[Finding]:
    """L18: out not before in; who is out has a year and papers; who fell back has a reason."""
    dated = case.has("households", "exit_year")
    reasoned = case.has("households", "return_reason")
    for household in case.roster.households:
        left, came = household.exit_year, household.identified_year
        if left is not None and came is not None and left < came:
            yield case.of(household, "exit_year", found=f"脱贫年度{left}早于识别年度{came}")
        if case.out(household):
            if dated and left is None:
                yield case.of(household, "exit_year", found="已脱贫，没有脱贫年度")
            if household.exit_paper is False:
                yield case.of(household, "exit_paper", found="已脱贫，退出手续不齐全")
        fell_back = household.exit_flag in case.words("returned")
        if fell_back and reasoned and not household.return_reason:
            yield case.of(household, "return_reason", found="返贫，没有写原因")


def jumps(case: Case) -> Iterator[Finding]:
    """L21: a size or an income that jumped since last year is explained."""
    jump = case.number("jump")
    for household in case.roster.households:
        if household.change_note:
            continue
        for field, last in (("size", "last_size"), ("net_per_capita", "last_per_capita")):
            now, was = household.value(field), household.value(last)
            if not isinstance(now, int | Decimal) or not isinstance(was, int | Decimal):
                continue
            if abs(Decimal(now) - Decimal(was)) > jump * abs(Decimal(was)):
                unit = case.unit("households", field)
                yield case.of(
                    household, field, "warning",
                    expected=f"{shown(was)}{unit}", found=f"{shown(now)}{unit}",
                )  # fmt: skip
