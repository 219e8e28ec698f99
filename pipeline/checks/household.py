"""R08, R10, R12, R14: households, their members and their place (REFERENCE.md §7.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pipeline.checks.case import Case
from pipeline.checks.identity import plain_number
from pipeline.model import Finding, Household, Member

HEAD = "01"


def one_head(case: Case) -> Iterator[Finding]:
    """R08: exactly one member of a household is 本人或户主."""
    for household in case.roster.households:
        members = case.roster.members_of.get(household.code, ())
        heads = [member for member in members if member.relation == HEAD]
        if members and len(heads) != 1:
            at = heads[1].source("relation") if heads else household.source("head")
            yield case.finding(
                at, household.village_code, name=household.head, found=str(len(heads))
            )


def size(case: Case) -> Iterator[Finding]:
    """R10: stated 人口数 = member rows; no member without household, nor the reverse."""
    for household in case.roster.households:
        members = case.roster.members_of.get(household.code, ())
        if household.size != len(members):
            yield case.finding(
                household.source("size"),
                household.village_code,
                name=household.head,
                expected=f"{len(members)}人（家庭成员表中的行数）",
                found=f"{household.size}人",
            )
    for member in case.roster.members:
        if member.household_code not in case.roster.household:
            yield case.finding(
                member.source("household_code"),
                name=member.name,
                expected="贫困户表中有此户编号",
                found=member.household_code,
            )


def one_household(case: Case) -> Iterator[Finding]:
    """R12: one person in one household, one code for one household."""
    first_of: dict[tuple[str, str], Member] = {}
    for member in case.roster.members:
        person = (plain_number(member.id_no), member.name)
        first = first_of.setdefault(person, member)
        if first.household_code != member.household_code:
            yield case.about(
                member, "id_no", sheet=first.sheet, row=str(first.row), other=first.household_code
            )
    yield from _repeated_codes(case)


def place(case: Case) -> Iterator[Finding]:
    """R14: village ∈ town ∈ county; a household's code begins with its village's."""
    roster = case.roster
    for town in roster.towns:
        if not town.code.startswith(case.county):
            yield case.finding(
                town.source("code"), name=town.name, expected=case.county, found=town.code
            )
    for village in roster.villages:
        known = village.town_code in roster.town
        if not known or not village.code.startswith(village.town_code):
            yield case.finding(
                village.source("town_code" if not known else "code"),
                village.code,
                name=village.name,
                expected="镇街表中的代码，且村代码以它开头",
                found=village.town_code,
            )
    for household in roster.households:
        known = household.village_code in roster.village
        if not known or not household.code.startswith(household.village_code):
            yield case.finding(
                household.source("village_code" if not known else "code"),
                household.village_code,
                name=household.head,
                expected="行政村表中的代码，且户编号以它开头",
                found=household.village_code if not known else household.code,
            )


def _repeated_codes(case: Case) -> Iterator[Finding]:
    rows: dict[str, list[Household]] = defaultdict(list)
    for household in case.roster.households:
        rows[household.code].append(household)
    for code, households in rows.items():
        for household in households[1:]:
            yield case.finding(
                household.source("code"),
                household.village_code,
                name=household.head,
                sheet=households[0].sheet,
                row=str(households[0].row),
                other=code,
            )
