"""L16: a household's income adds up (REFERENCE.md §4.3, §7.2)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from pipeline.checks.case import Case
from pipeline.model import Finding

_CENT = Decimal("0.01")


def adds_up(case: Case) -> Iterator[Finding]:
    """L16: 纯收入 = 工资 + 经营 + 财产 + 转移 − 支出, and 人均 = 纯收入 / 人口, within 0.01 元."""
    for household in case.roster.households:
        parts = (household.wage, household.operating, household.property, household.transfer)
        known = [part for part in parts if part is not None]
        net = household.net_income
        if net is None:
            continue
        if len(known) == len(parts) and household.cost is not None:
            total = sum(known, Decimal(0)) - household.cost
            if abs(total - net) > _CENT:
                yield case.finding(
                    household.source("net_income"),
                    household.village_code,
                    name=household.head,
                    expected=f"{total}元（四项收入之和减支出）",
                    found=f"{net}元",
                )
        if household.net_per_capita is not None and household.size:
            each = (net / household.size).quantize(_CENT, ROUND_HALF_UP)
            if abs(each - household.net_per_capita) > _CENT:
                yield case.finding(
                    household.source("net_per_capita"),
                    household.village_code,
                    name=household.head,
                    expected=f"{each}元（年纯收入除以人口数）",
                    found=f"{household.net_per_capita}元",
                )
