"""L06–L08, L12, L13: labels of a household that its members and its money must bear out (§7.2)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.checks.case import Case, shown
from pipeline.model import Finding, Household, Member


def kind(case: Case) -> Iterator[Finding]:
    """L06: out of poverty bears a label of the no longer poor, in poverty one of the poor.

    The reading of the labels is inferred, so this is never graver than a warning.
    """
    for household in case.roster.households:
        labels = case.means(household, "kind")
        if case.out(household) and "poor" in labels and "no_longer_poor" not in labels:
            wanted = "脱贫户的属性（低保户、五保户、一般农户）"
        elif case.not_out(household) and "no_longer_poor" in labels and "poor" not in labels:
            wanted = "贫困户的属性（一般、低保、五保贫困户）"
        else:
            continue
        yield case.of(household, "kind", "warning", expected=wanted, found=_said(case, household))


def causes(case: Case) -> Iterator[Finding]:
    """L07: few other causes, none the main one; 其他 is explained."""
    for household in case.roster.households:
        main, others = case.said(household, "cause"), case.said(household, "other_causes")
        if len(others) > case.number("most"):
            yield case.of(
                household, "other_causes",
                expected=f"不超过{case.number('most')}项", found=f"{len(others)}项",
            )  # fmt: skip
        elif set(main) & set(others):
            yield case.of(household, "other_causes", expected="不与主要致贫原因相同", found="相同")
        if (
            "other" in case.means(household, "cause")
            and case.has("households", "cause_note")
            and not household.cause_note
        ):
            yield case.of(household, "cause", expected="选“其他”的写明说明", found="没有说明")


def borne_out(case: Case) -> Iterator[Finding]:
    """L08: somebody is ill, disabled or at school where that is the cause."""
    for household, members in case.households():
        if not members:
            continue
        cause = case.means(household, "cause")
        health, school = _all(case, members, "health"), _all(case, members, "school")
        found = ""
        if "ill" in cause and health == {"healthy"}:
            found = "全家都健康"
        elif "disabled" in cause and health and "disabled" not in health:
            found = "没有残疾成员"
        elif "school" in cause and school and "senior" not in school:
            found = "没有高中以上在校生"
        elif "few_hands" in cause and (hands := _hands(case, members)) >= case.number("hands"):
            found = f"有{hands}个劳动力"
        if found:
            yield case.of(household, "cause", "warning", found=found)


def dibao(case: Case) -> Iterator[Finding]:
    """L12: who is labelled 低保 gets it, and only they."""
    for household, members in case.households():
        labels, money = case.means(household, "kind"), household.dibao_money
        on = [member for member in members if member.dibao]
        told = case.has("members", "dibao") and bool(members)
        if "dibao" in labels:
            if told and not on:
                yield case.of(household, "kind", "warning", found="没有成员享受低保")
            if money is not None and money < case.number("least"):
                yield case.of(household, "dibao_money", "warning", found=_money(money))
        elif "ordinary" in labels and on:
            yield case.about(
                on[0], "dibao", "warning", name=household.head, found="一般户，却有成员享受低保"
            )
        elif labels and money and "wubao" not in labels:
            yield case.of(
                household, "dibao_money", "warning", found=f"不是低保户，却有低保金{shown(money)}元"
            )


def wubao(case: Case) -> Iterator[Finding]:
    """L13: who is labelled 五保 gets it, and only they; nobody gets both."""
    for household in case.roster.households:
        labels, money = case.means(household, "kind"), household.wubao_money
        if money and household.dibao_money:
            yield case.of(household, "wubao_money", found="低保金和五保金都领")
        elif "wubao" in labels and money is not None and money < case.number("least"):
            yield case.of(
                household, "wubao_money", "warning", found=f"五保户，五保金只有{shown(money)}元"
            )
        elif labels and "wubao" not in labels and money:
            yield case.of(
                household, "wubao_money", "warning", found=f"不是五保户，却有五保金{shown(money)}元"
            )


def _money(money: Decimal) -> str:
    return f"低保户，低保金只有{shown(money)}元"


def _said(case: Case, household: Household) -> str:
    return "、".join(case.said(household, "kind"))


def _all(case: Case, members: tuple[Member, ...], field: str) -> frozenset[str]:
    """Return what the cells of all members mean together; nothing when one isn't understood."""
    means = [case.means(member, field) for member in members]
    return frozenset[str]().union(*means) if all(means) else frozenset()


def _hands(case: Case, members: tuple[Member, ...]) -> int:
    youngest, oldest = case.number("youngest"), case.number("oldest")
    return sum(
        "able" in case.means(member, "labour")
        and ((age := case.age(member)) is None or youngest <= age <= oldest)
        for member in members
    )
