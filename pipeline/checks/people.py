"""L09–L11, L14, L17: a member's labour, school, work, disability, insurance (REFERENCE.md §7.2)."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.case import Case, shown
from pipeline.model import Finding, Household, Member

_FIT = {"healthy", "chronic"}
_CARD = 20


def labour(case: Case) -> Iterator[Finding]:
    """L09: who can work is of an age to, and who is of an age to can, or there is a reason."""
    for household, members in case.households():
        wubao = "wubao" in case.means(household, "kind")
        for member in members:
            age = case.age(member)
            if age is None:
                continue
            found = _labour(case, household, member, age, wubao=wubao)
            if found:
                yield case.about(member, "labour", "warning", found=found)


def _labour(case: Case, household: Household, member: Member, age: int, *, wubao: bool) -> str:
    youngest, oldest = case.number("youngest"), case.number("oldest")
    can = case.means(member, "labour")
    if "none" in can and youngest <= age <= oldest and "pupil" not in case.means(member, "school"):
        return f"{age}岁，不是在校生，劳动能力为“无”"
    if "lost" in can and case.means(member, "health") == {"healthy"}:
        return "健康，却丧失劳动能力"
    if "able" not in can:
        return ""
    if age < youngest:
        return f"{age}岁，不满{youngest}岁，却有劳动能力"
    if wubao and age <= case.number("wubao_oldest"):
        return f"五保户成员，{age}岁，有劳动能力"
    idle = case.has("members", "work_months") and not member.work_months
    fallow = case.has("households", "operating") and not household.operating
    if age > oldest and idle and fallow:
        return f"{age}岁，有劳动能力，却没有务工和生产"
    return ""


def school(case: Case) -> Iterator[Finding]:
    """L10: a pupil's class fits the age; who must be at school is: a drop-out is an error."""
    for _, members in case.households():
        for member in members:
            age, at = case.age(member), case.means(member, "school")
            if age is None or not at:
                continue
            if "pupil" not in at:
                health = case.means(member, "health")
                of_age = case.number("school_youngest") <= age <= case.number("school_oldest")
                if of_age and health and health <= _FIT:
                    yield case.about(member, "school", found=f"{age}岁，未残疾或患大病，却不在校")
            elif found := _pupil(case, age, at):
                yield case.about(member, "school", "warning", found=found)


def _pupil(case: Case, age: int, at: frozenset[str]) -> str:
    if age > case.number("oldest_pupil"):
        return f"{age}岁，仍在校"
    if "senior" in at and age < case.number("senior_youngest"):
        return f"{age}岁，已在高中以上"
    if "primary" in at and age >= case.number("primary_oldest"):
        return f"{age}岁，仍在小学以下"
    return ""


def work(case: Case) -> Iterator[Finding]:
    """L11: wages come of months of work, and work has a place, a firm and a worker."""
    for household, members in case.households():
        worked = [member for member in members if member.work_months]
        wage = household.wage
        if wage is not None and members and case.has("members", "work_months"):
            if wage > 0 and not worked:
                yield case.of(household, "wage", "warning", found="有工资性收入，没有人务工")
            elif worked and wage <= case.number("wage"):
                yield case.of(
                    household, "wage", "warning", found=f"有人务工，工资性收入只有{shown(wage)}元"
                )
        for member in worked:
            yield from _worker(case, member)


def _worker(case: Case, member: Member) -> Iterator[Finding]:
    if (member.work_months or 0) > case.number("months"):
        found = f"务工{member.work_months}个月，一年只有{case.number('months')}个月"
        yield case.about(member, "work_months", "warning", found=found)
    for field in ("work_place", "work_firm"):
        if case.has("members", field) and not member.value(field):
            found = f"务工，没有{case.name('members', field)}"
            yield case.about(member, field, "warning", found=found)
    if case.means(member, "labour") & {"lost", "none"}:
        yield case.about(member, "work_months", "warning", found="务工，劳动能力却为丧失或无")


def disability(case: Case) -> Iterator[Finding]:
    """L14: who is disabled has a card of 20 digits, and who has one is not healthy."""
    for _, members in case.households():
        for member in members:
            health = case.means(member, "health")
            card = _CARD in (len(member.id_no), len(member.disability_no))
            if "disabled" in health and not card:
                yield case.about(member, "health", "warning", found="残疾，没有20位残疾人证号")
            elif card and health == {"healthy"}:
                yield case.about(member, "health", "warning", found="有残疾人证，健康状况却为健康")


def insurance(case: Case) -> Iterator[Finding]:
    """L17: everybody is in the medical insurance, those of 16–60 not at school in the pension's."""
    for _, members in case.households():
        for member in members:
            if member.insured is False:
                yield case.about(member, "insured", "warning", found="没有参加基本医疗保险")
            age = case.age(member)
            if (
                member.pension_insured is False
                and age is not None
                and case.number("youngest") <= age <= case.number("oldest")
                and "pupil" not in case.means(member, "school")
            ):
                yield case.about(
                    member, "pension_insured", "warning", found=f"{age}岁，没有参加养老保险"
                )
