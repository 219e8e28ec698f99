"""R08, R09, R11, R13: who is whose in a household, by relation, sex and age (REFERENCE.md §7.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.checks.case import Case
from pipeline.model import Finding, Member

HEAD, SPOUSE = "01", "02"
MAN, WOMAN = "1", "2"
_WORDS = {MAN: "男", WOMAN: "女"}


def one_head(case: Case) -> Iterator[Finding]:
    """R08: exactly one member of a household is 本人或户主."""
    for household, members in case.households():
        heads = [member for member in members if member.relation == HEAD]
        if members and len(heads) != 1:
            row, field = (heads[1], "relation") if heads else (household, "head")
            yield case.finding(row, field, name=household.head, found=str(len(heads)))


def relations(case: Case) -> Iterator[Finding]:
    """R09: at most one spouse, of the other sex than the head; a relation has its sex."""
    sexes = dict.fromkeys(case.words("men"), MAN) | dict.fromkeys(case.words("women"), WOMAN)
    for _, members in case.households():
        spouses = [member for member in members if member.relation == SPOUSE]
        for spouse in spouses[1:]:
            yield case.about(spouse, "relation", expected="一户至多一名配偶", found="不止一名")
        head = _only(members, HEAD)
        for spouse in spouses[:1]:
            if head and head.sex == spouse.sex in _WORDS:
                yield case.about(
                    spouse, "sex", expected="户主与配偶性别不同", found=f"都是{_WORDS[head.sex]}"
                )
        yield from _sexes(case, members, sexes)


def _sexes(case: Case, members: tuple[Member, ...], sexes: Mapping[str, str]) -> Iterator[Finding]:
    for member in members:
        implied = sexes.get(member.relation)
        if implied and member.sex in _WORDS and member.sex != implied:
            yield case.about(
                member,
                "relation",
                expected=f"这一关系的人是{_WORDS[implied]}性",
                found=f"性别为{_WORDS[member.sex]}",
            )


def ages(case: Case) -> Iterator[Finding]:
    """R11: parents are older than children, grandparents twice so; who is married is of age."""
    steps = {relation: -case.number("generation") for relation in case.words("parents")}
    steps |= {relation: case.number("generation") for relation in case.words("children")}
    steps |= {relation: case.number("two_generations") for relation in case.words("grandchildren")}
    steps |= {relation: -case.number("two_generations") for relation in case.words("grandparents")}
    for _, members in case.households():
        head = _only(members, HEAD)
        own = case.age(head) if head else None
        for member in members:
            age = case.age(member)
            if age is None or own is None:
                continue
            step = steps.get(member.relation)
            if step and (own - age < step if step > 0 else age - own < -step):
                yield case.about(
                    member, "birth", "warning",
                    expected=f"与户主相差{abs(step)}岁以上", found=f"户主{own}岁，本人{age}岁",
                )  # fmt: skip
        yield from _married(case, members)


def _married(case: Case, members: tuple[Member, ...]) -> Iterator[Finding]:
    if not (spouse := _only(members, SPOUSE)):
        return
    for member in (_only(members, HEAD), spouse):
        age = case.age(member) if member else None
        if member is None or age is None or member.sex not in _WORDS:
            continue
        least = case.number("marriage_man" if member.sex == MAN else "marriage_woman")
        if age < least:
            yield case.about(
                member, "birth", "warning", expected=f"已婚的满{least}周岁", found=f"{age}岁"
            )


def many(case: Case) -> Iterator[Finding]:
    """R13: a household this large may be two: review."""
    for household, members in case.households():
        if len(members) >= case.number("most"):
            yield case.of(household, "size", "warning", found=str(len(members)))


def _only(members: tuple[Member, ...], relation: str) -> Member | None:
    found = [member for member in members if member.relation == relation]
    return found[0] if len(found) == 1 else None
