"""R01–R07: identity numbers (GB 11643-1999; REFERENCE.md §7.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from stdnum import numdb
from stdnum.cn import ric

from pipeline.checks.case import Case, born_of
from pipeline.model import Finding, Member

CITIZEN, DISABLED = "01", "09"
SYNTHETIC = "449999"
"""The county of invented people: not allocated, so that no real person can match."""


def length(case: Case) -> Iterator[Finding]:
    """R01: 18 characters for an identity card; 20 for a disability card, with kind and grade."""
    for member in case.roster.members:
        number, kind = member.id_no, member.id_type or CITIZEN
        if kind == CITIZEN and len(number) != 18:
            yield case.about(member, "id_no", expected="18位", found=f"{len(number)}位")
        elif kind == DISABLED and not (
            len(number) == 20 and number[18] in "1234567" and number[19] in "1234"
        ):
            yield case.about(
                member,
                "id_no",
                expected="20位，末两位为残疾类别1—7、等级1—4",
                found=f"{len(number)}位",
            )


def check_character(case: Case) -> Iterator[Finding]:
    """R02: the eighteenth character is the check character of the other seventeen."""
    for member, number in _citizen_numbers(case):
        if not number[:17].isdigit():
            yield case.about(member, "id_no", expected="前17位是数字", found="含其他字符")
        elif number[17] != (expected := _check_character(number)):
            yield case.about(member, "id_no", expected=f"末位应为{expected}", found=number[17])


def birth(case: Case) -> Iterator[Finding]:
    """R03: digits 7–14 are a day in the last 120 years, and the same as the birth column."""
    for member, number in _citizen_numbers(case):
        day = born_of(number)
        if day is None:
            yield case.about(member, "id_no", expected="第7—14位是真实日期", found="不是日期")
        elif day > case.as_of:
            yield case.about(member, "id_no", expected=f"不晚于{case.as_of}", found="晚于截止日期")
        elif case.as_of.year - day.year > (oldest := case.number("oldest")):
            yield case.about(member, "id_no", expected=f"不超过{oldest}岁", found="超过")
        elif member.birth is not None and member.birth != day:
            yield case.about(member, "birth", expected="与证件号码第7—14位一致", found="不一致")


def sex(case: Case) -> Iterator[Finding]:
    """R04: digit 17 is odd for men, even for women (GB/T 2261.1: 1 男, 2 女)."""
    for member, number in _citizen_numbers(case):
        if not number[16].isdigit() or member.sex not in {"1", "2"}:
            continue
        expected = "1" if int(number[16]) % 2 else "2"
        if member.sex != expected:
            words = {"1": "男", "2": "女"}
            yield case.about(member, "sex", expected=words[expected], found=words[member.sex])


def region(case: Case) -> Iterator[Finding]:
    """R05: the first six digits are a county; one of another province is that of who married in.

    A synthetic number, of a county nobody has, passes only in a scheme of samples.
    """
    home, married_in = str(case.settings["home"]), case.words("married_in")
    for member, number in _citizen_numbers(case):
        code = number[:6]
        if code == SYNTHETIC and case.scheme.sample:
            continue
        if not _is_county(code):
            yield case.about(
                member,
                "id_no",
                "warning",
                expected="前6位是县级区划代码",
                found=f"{code}，查无此代码",
            )
        elif not code.startswith(home) and member.relation not in married_in:
            yield case.about(
                member, "id_no", "warning", expected=f"前6位以本省代码{home}开头", found=code
            )


def series(case: Case) -> Iterator[Finding]:
    """R07: no series of digits that stands for a number nobody knew."""
    for member in case.roster.members:
        for found in case.words("series"):
            if found in member.id_no:
                yield case.about(member, "id_no", "warning", found=found)
                break


def unique(case: Case) -> Iterator[Finding]:
    """R06: one number, one person: also within 20-digit and upgraded 15-digit numbers."""
    holders: dict[str, list[Member]] = defaultdict(list)
    for member in case.roster.members:
        holders[plain_number(member.id_no)].append(member)
    for number, members in holders.items():
        first = members[0]
        for other in members[1:]:
            same_household = other.household_code == first.household_code
            if number and (same_household or other.name != first.name):
                yield case.about(
                    other, "id_no", other=first.name, sheet=first.sheet, row=str(first.row)
                )


def plain_number(number: str) -> str:
    """Return the 18-character citizen number inside a 20-digit or a 15-digit one."""
    if len(number) == 20:
        return number[:18]
    if len(number) == 15 and number.isdigit():
        upgraded = f"{number[:6]}19{number[6:]}"
        return upgraded + _check_character(upgraded)
    return number


@lru_cache(4096)
def _is_county(code: str) -> bool:
    """Tell whether a code is or was a county's; people keep the number of an abolished one."""
    return code.isdigit() and any(
        "county" in properties for _, properties in numdb.get("cn/loc").info(code)
    )


def _check_character(number: str) -> str:
    """Return the check character of the first seventeen digits."""
    return str(ric.calc_check_digit(f"{number[:17]}0"))


def _citizen_numbers(case: Case) -> Iterator[tuple[Member, str]]:
    """Yield the members whose number is long enough to look into; R01 reports the others."""
    for member in case.roster.members:
        number = plain_number(member.id_no)
        if len(number) == 18 and member.id_type in {"", CITIZEN, DISABLED}:
            yield member, number
