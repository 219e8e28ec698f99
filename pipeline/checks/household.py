"""R10, R12, R14, R16, R17: households counted and in their place (REFERENCE.md §7.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pipeline.checks.case import Case
from pipeline.checks.identity import plain_number
from pipeline.model import Finding, Household, Member, Record


def size(case: Case) -> Iterator[Finding]:
    """R10: stated 人口数 = active member rows; no member without household, nor the reverse."""
    for household, members in case.households():
        if household.size != len(members):
            yield case.finding(
                household,
                "size",
                name=household.head,
                expected=f"{len(members)}人（家庭成员表中的行数）",
                found=f"{household.size}人",
            )
    for member in case.roster.members:
        if member.household_code not in case.roster.household:
            yield case.finding(
                member,
                "household_code",
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
    yield from _namesakes(case)


def sums(case: Case) -> Iterator[Finding]:
    """R16: what villages and towns state = what the tables below them add up to."""
    people: dict[str, int] = defaultdict(int)
    for household in case.roster.households:
        people[household.village_code] += household.size or 0
    for village in case.roster.villages:
        found = len(case.roster.households_of.get(village.code, ()))
        for field, below in (("poor_households", found), ("poor_people", people[village.code])):
            stated = village.value(field)
            if stated is not None and stated != below:
                yield _sum(case, village, village.name, field, below)
    for town in case.roster.towns:
        villages = case.roster.villages_of.get(town.code, ())
        for field in ("poor_households", "poor_people"):
            parts = [part for one in villages if isinstance(part := one.value(field), int)]
            stated = town.value(field)
            if stated is not None and len(parts) == len(villages) and stated != sum(parts):
                yield _sum(case, town, town.name, field, sum(parts))


def registered(case: Case) -> Iterator[Finding]:
    """R17: the police's register has as many people as the roster, or there is a reason."""
    for household, members in case.households():
        stated = household.registered
        reasons = [household.registered_reason, *(member.change_reason for member in members)]
        if stated is not None and stated != len(members) and not any(reasons):
            yield case.of(
                household,
                "registered",
                "warning",
                expected=f"{len(members)}人",
                found=f"{stated}人",
            )


def place(case: Case) -> Iterator[Finding]:
    """R14: village ∈ town ∈ county; a household's code begins with its village's."""
    roster, area = case.roster, case.scheme.area
    county = area.helped_code or (area.code if area.level == "county" else area.code[:4])
    for town in roster.towns:
        if not town.code.startswith(county):
            yield case.finding(town, "code", name=town.name, expected=county, found=town.code)
    for village in roster.villages:
        known = village.town_code in roster.town
        if not known or not village.code.startswith(village.town_code):
            yield case.finding(
                village,
                "town_code" if not known else "code",
                name=village.name,
                expected="镇街表中的代码，且村代码以它开头",
                found=village.town_code,
            )
    for household in roster.households:
        known = household.village_code in roster.village
        if not known or not household.code.startswith(household.village_code):
            yield case.finding(
                household,
                "village_code" if not known else "code",
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
                household,
                "code",
                name=household.head,
                sheet=households[0].sheet,
                row=str(households[0].row),
                other=code,
            )


def _namesakes(case: Case) -> Iterator[Finding]:
    """Yield households of one village whose heads share a name: two people, or one twice."""
    first_of: dict[tuple[str, str], Household] = {}
    for household in case.roster.households:
        first = first_of.setdefault((household.village_code, household.head), household)
        if household.code != first.code:
            yield case.of(
                household, "head", "warning",
                sheet=first.sheet, row=str(first.row), other=first.code,
            )  # fmt: skip


def _sum(case: Case, row: Record, name: str, field: str, below: int) -> Finding:
    unit = case.unit(row.table, field)
    return case.finding(
        row,
        field,
        name=name,
        field=case.name(row.table, field),
        expected=f"{below}{unit}",
        found=f"{row.value(field)}{unit}",
    )
