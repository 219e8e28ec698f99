"""L04, L05, L15, L16: incomes that are unlikely or don't add up (REFERENCE.md §4.3, §7.2)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter

from pipeline.checks.case import Case, shown
from pipeline.model import Finding, Household, Member, Value

_ZERO = Decimal(0)
_CENT = Decimal("0.01")
TRANSFERS = (
    "family_planning", "dibao_money", "wubao_money", "pension_money", "eco_money", "other_transfer",
)  # fmt: skip
"""转移性收入 is the sum of these."""
_items = attrgetter(*TRANSFERS)
_ACCOUNTED_FOR = {"ill", "disabled", "school"}


def extreme(case: Case) -> Iterator[Finding]:
    """L04: an income a head this high or low is unlikely, high ones the more in poverty."""
    lowest, highest, high = (case.number(name) for name in ("lowest", "highest", "high"))
    for household in case.roster.households:
        each = household.net_per_capita
        if each is None:
            continue
        if each <= lowest or each > highest:
            wanted = f"在{lowest}元到{highest}元之间"
        elif case.not_out(household) and each > high:
            wanted = f"未脱贫户不超过{high}元"
        else:
            continue
        yield case.of(
            household, "net_per_capita", "warning", expected=wanted, found=f"{shown(each)}元"
        )


def over_the_line(case: Case) -> Iterator[Finding]:
    """L05: an ordinary household over the line is poor for illness, disability or school."""
    line = case.number("line")
    for household in case.roster.households:
        each, cause = household.net_per_capita, case.means(household, "cause")
        if (
            line
            and each is not None
            and each > line
            and "ordinary" in case.means(household, "kind")
            and household.cause
            and not cause & _ACCOUNTED_FOR
        ):
            yield case.of(
                household, "net_per_capita", "warning",
                expected=f"不超过{line}元，或因病、因残、因学致贫", found=f"{shown(each)}元",
            )  # fmt: skip


def items(case: Case) -> Iterator[Finding]:
    """L15: production costs something; no item of a few yuan; pensions are for the old."""
    for household, members in case.households():
        costless = household.cost is not None and not household.cost
        if household.operating and costless:
            yield case.of(household, "cost", "warning", found="有生产经营性收入而支出为0")
        for name in case.words("items"):
            yield from _small(case, household, name, case.number("least"))
        yield from _small(case, household, "pension_money", case.number("pension_least"))
        yield from _pensions(case, household, members)


def _small(case: Case, household: Household, name: str, least: Decimal) -> Iterator[Finding]:
    value = household.value(name)
    if isinstance(value, Decimal) and 0 < value < least:
        yield case.of(household, name, "warning", found=f"只有{shown(value)}元，不到{least}元")


def _pensions(case: Case, household: Household, members: tuple[Member, ...]) -> Iterator[Finding]:
    ages = [case.age(member) for member in members]
    from_age = case.number("pension_age")
    if None in ages:
        return
    old = [member for member, age in zip(members, ages, strict=True) if age and age >= from_age]
    money = household.pension_money
    if money and not old:
        yield case.of(
            household, "pension_money", "warning", found=f"有养老金而没有满{from_age}岁的成员"
        )
    elif old and money == 0:
        yield case.of(
            household, "pension_money", "warning", found=f"有满{from_age}岁的成员而没有养老金"
        )
    for member in old:
        if member.pension is False and money != 0:
            yield case.about(
                member, "pension", "warning", name=household.head, field=member.name,
                found=f"满{from_age}岁而没有领取养老金",
            )  # fmt: skip


def adds_up(case: Case) -> Iterator[Finding]:
    """L16: 纯收入 = 工资 + 经营 + 财产 + 转移 − 支出, 转移 = Σ its items, 人均 = 纯收入 / 人口."""
    cent = case.number("cent")
    for household in case.roster.households:
        yield from _net(case, household, cent)
        yield from _transfers(case, household, cent)
        yield from _each(case, household, cent)


def _net(case: Case, household: Household, cent: Decimal) -> Iterator[Finding]:
    net = household.net_income
    if net is None:
        return
    if net < 0:
        yield case.of(household, "net_income", "warning", expected="不小于0", found=f"{net}元")
    total = _sum(household.wage, household.operating, household.property, household.transfer)
    if total is not None and household.cost is not None:
        total -= household.cost
        if abs(total - net) > cent:
            yield case.of(
                household, "net_income",
                expected=f"{total}元（四项收入之和减支出）", found=f"{net}元",
            )  # fmt: skip


def _transfers(case: Case, household: Household, cent: Decimal) -> Iterator[Finding]:
    stated = household.transfer
    if stated is None:
        return
    total = _sum(*_items(household))
    if total is not None and abs(total - stated) > cent:
        yield case.of(
            household, "transfer",
            expected=f"{total}元（转移性收入各项之和）", found=f"{stated}元",
        )  # fmt: skip


def _sum(*parts: Value) -> Decimal | None:
    """Add up figures; None when one is missing."""
    total = _ZERO
    for part in parts:
        if not isinstance(part, Decimal):
            return None
        total += part
    return total


def _each(case: Case, household: Household, cent: Decimal) -> Iterator[Finding]:
    net, stated = household.net_income, household.net_per_capita
    if net is None or stated is None or not household.size:
        return
    each = (net / household.size).quantize(_CENT, ROUND_HALF_UP)
    if abs(each - stated) > cent:
        yield case.of(
            household, "net_per_capita",
            expected=f"{each}元（年纯收入除以人口数）", found=f"{stated}元",
        )  # fmt: skip
