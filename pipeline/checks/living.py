"""L01–L03: land, house and what a household out of poverty must have (REFERENCE.md §7.2)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.checks.case import Case, shown
from pipeline.model import Finding, Household


def unlikely(case: Case) -> Iterator[Finding]:
    """L01: so much land, so large a house, so long a way are rare among the poor."""
    limits = {name: case.number(name) for name in case.own()}
    for household in case.roster.households:
        for name, limit in limits.items():
            value = household.value(name)
            over = name == "road_distance"
            if isinstance(value, Decimal | int) and (value > limit if over else value >= limit):
                unit = case.unit("households", name)
                yield case.of(
                    household, name, "warning",
                    expected=f"{'不超过' if over else '小于'}{limit}{unit}",
                    found=f"{shown(value)}{unit}",
                )  # fmt: skip


def irrigated(case: Case) -> Iterator[Finding]:
    """L02: no more land is irrigated than there is."""
    for household in case.roster.households:
        wet, land = household.irrigated, household.farmland
        if wet is not None and land is not None and wet > land:
            yield case.of(
                household, "irrigated",
                expected=f"不超过耕地面积{shown(land)}亩", found=f"{shown(wet)}亩",
            )  # fmt: skip


def out_of_need(case: Case) -> Iterator[Finding]:
    """L03: a household that is out has a sound house, water, power, and an income over the line."""
    for household in case.roster.households:
        if case.out(household):
            for field, found in _lacks(case, household):
                yield case.of(household, field, found=found)


def _lacks(case: Case, household: Household) -> Iterator[tuple[str, str]]:
    area, each = household.housing_area, household.net_per_capita
    if area is not None and area < case.number("housing_least"):
        yield "housing_area", f"住房面积只有{shown(area)}平方米"
    if household.dilapidated:
        yield "dilapidated", "仍是危房户"
    if household.water_hard:
        yield "water_hard", "仍有饮水困难"
    if household.water_safe is False:
        yield "water_safe", "饮水不安全"
    if household.power is False:
        yield "power", "未通生活用电"
    if each is not None and each < case.number("line"):
        yield "net_per_capita", f"人均纯收入{shown(each)}元，低于{case.number('line')}元"
