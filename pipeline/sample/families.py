"""Who lives in a household: relations, sexes and ages that fit, and the labour class."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

from pipeline.errors import SchemeError

MALE, FEMALE = "1", "2"
SENIOR = ("高中", "中职")
COLLEGE = "大专及以上"
NO_PUPIL = "非在校生"
HEALTHY, CHRONIC, ILL, DISABLED = "健康", "长期慢性病", "患有大病", "残疾"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member before names and numbers; relation and sex are codes, age in full years."""

    relation: str
    sex: str
    age: int
    health: str = HEALTHY
    school: str = NO_PUPIL
    labour: str


Family: TypeAlias = tuple[Person, ...]


def family(rng: Random, able: bool) -> Family:
    """Draw a household of the labour class: `able` has somebody of 16–59 who can work."""
    plans, weights = _ABLE if able else _UNABLE
    return rng.choices(plans, weights)[0](rng)


def families(rng: Random, able: bool, number: int, persons: int | None) -> list[Family]:
    """Draw so many households; with `persons` they have so many members in all.

    Raises:
        SchemeError: when families of this class are never as large or small as that.
    """
    drawn = [family(rng, able) for _ in range(number)]
    total = sum(map(len, drawn))
    tries = 0
    while persons is not None and total != persons:
        place = rng.randrange(number)
        other = family(rng, able)
        better = total - len(drawn[place]) + len(other)
        if abs(better - persons) < abs(total - persons):
            drawn[place], total = other, better
        tries += 1
        if tries > 200 * number:
            raise SchemeError(
                f"{number} 户凑不成 {persons} 人",
                where="sample_plan.persons",
                todo="改正户数或人数",
            )
    return drawn


def cause(rng: Random, people: Family, able: bool) -> str:
    """Draw a main cause of poverty that the members bear out."""
    found = {person.health for person in people}
    if DISABLED in found:
        return "因残"
    if ILL in found:
        return "因病"
    causes = ["缺技术", "缺资金"] if able else ["缺劳力"]
    if CHRONIC in found:
        causes.append("因病")
    if any(person.school in (*SENIOR, COLLEGE) for person in people):
        causes.append("因学")
    return rng.choice(causes)


def education(rng: Random, person: Person) -> str:
    """Draw an education that fits age and school."""
    if person.age < 6:
        return "学龄前儿童"
    if person.school in (*SENIOR, COLLEGE):
        return "高中" if person.school == COLLEGE else "初中"
    if person.school != NO_PUPIL:
        return "小学"
    if person.age >= 60:
        return rng.choice(("文盲或半文盲", "小学", "小学", "初中"))
    if person.age < 30:
        return rng.choice(("初中", "高中", COLLEGE) if person.age > 21 else ("初中", "高中"))
    return rng.choice(("小学", "初中", "初中", "初中", "高中"))


def _person(
    rng: Random,
    relation: str,
    sex: str,
    age: int,
    *,
    health: str = HEALTHY,
    school: str = NO_PUPIL,
) -> Person:
    labour = "有"
    if health == DISABLED and 16 <= age < 60:
        labour = rng.choice(("部分丧失", "丧失"))
    elif health in (DISABLED, ILL):
        labour = "丧失"
    elif age < 16 or age >= 60 or school in (*SENIOR, COLLEGE):
        labour = "无"
    return Person(relation=relation, sex=sex, age=age, health=health, school=school, labour=labour)


def _other(sex: str) -> str:
    return FEMALE if sex == MALE else MALE


def _school(rng: Random, age: int, must: bool) -> str:
    if age < 3 or age > 22:
        return NO_PUPIL
    if age < 6:
        return "学前教育"
    if age < 13:
        return "小学"
    if age < 16:
        return ("七年级", "八年级", "九年级")[age - 13]
    if age < 19:
        return rng.choice(SENIOR) if must or rng.random() < 0.92 else NO_PUPIL
    return COLLEGE if rng.random() < 0.4 else NO_PUPIL


def _child(rng: Random, age: int, *, grand: bool = False, must: bool = False) -> Person:
    sex = rng.choice((MALE, FEMALE))
    codes = ("07", "08") if grand else ("03", "04")
    relation = codes[0] if sex == MALE else codes[1]
    return _person(rng, relation, sex, age, school=_school(rng, age, must))


def _children(rng: Random, parents: int, most: int) -> Family:
    """Draw children at least 21 years younger than the younger parent, eldest first."""
    oldest = min(26, parents - 21)
    ages = sorted((rng.randint(1, oldest) for _ in range(rng.randint(1, most))), reverse=True)
    return tuple(_child(rng, age) for age in ages)


def _elder(rng: Random, relation: str, sex: str, age: int) -> Person:
    health = rng.choices((HEALTHY, CHRONIC, ILL, DISABLED), (55, 34, 7, 4))[0]
    return _person(rng, relation, sex, age, health=health)


def _parent(rng: Random, child: int) -> Person:
    sex = rng.choice((MALE, FEMALE, FEMALE))
    return _elder(rng, "11" if sex == MALE else "12", sex, min(93, child + rng.randint(21, 34)))


def _head(rng: Random, low: int, high: int) -> Person:
    sex = MALE if rng.random() < 0.8 else FEMALE
    return _person(rng, "01", sex, rng.randint(low, high))


def _couple(rng: Random, low: int, high: int) -> tuple[Person, Person]:
    """Draw a couple; in one of six the spouse is disabled or ill and the head works."""
    head = _head(rng, low, high)
    age = min(58, max(22, head.age + rng.randint(-4, 3)))
    health = rng.choices((HEALTHY, CHRONIC, ILL, DISABLED), (75, 9, 10, 6))[0]
    return head, _person(rng, "02", _other(head.sex), age, health=health)


def _couple_children(rng: Random) -> Family:
    couple = _couple(rng, 27, 55)
    return (*couple, *_children(rng, min(person.age for person in couple), 3))


def _couple_children_parent(rng: Random) -> Family:
    couple = _couple(rng, 30, 52)
    children = _children(rng, min(person.age for person in couple), 2)
    return (*couple, *children, _parent(rng, couple[0].age))


def _single_parent(rng: Random) -> Family:
    head = _head(rng, 30, 55)
    return (head, *_children(rng, head.age, 2))


def _with_parent(rng: Random) -> Family:
    head = _head(rng, 28, 56)
    return head, _parent(rng, head.age)


def _alone(rng: Random) -> Family:
    return (_head(rng, 30, 58),)


def _three_generations(rng: Random) -> Family:
    head = _person(rng, "01", MALE, rng.randint(52, 58))
    son = _person(rng, "03", MALE, rng.randint(27, 29))
    return (
        head,
        _person(rng, "02", FEMALE, head.age - rng.randint(0, 3)),
        son,
        _person(rng, "05", FEMALE, son.age - rng.randint(0, 4)),
        _child(rng, rng.randint(1, 5), grand=True),
    )


def _old_alone(rng: Random) -> Family:
    return (_elder(rng, "01", rng.choice((MALE, MALE, FEMALE)), rng.randint(62, 91)),)


def _old_couple(rng: Random) -> Family:
    sex = MALE if rng.random() < 0.9 else FEMALE
    head = _elder(rng, "01", sex, rng.randint(64, 86))
    return head, _elder(rng, "02", _other(sex), max(61, head.age - rng.randint(-2, 5)))


def _old_grandchild(rng: Random) -> Family:
    head = _elder(rng, "01", rng.choice((MALE, FEMALE)), rng.randint(64, 78))
    return head, _child(rng, rng.randint(4, 17), grand=True, must=True)


def _unwell(rng: Random, relation: str, sex: str, age: int) -> Person:
    return _person(rng, relation, sex, age, health=rng.choice((DISABLED, ILL)))


def _unwell_alone(rng: Random) -> Family:
    return (_unwell(rng, "01", rng.choice((MALE, MALE, FEMALE)), rng.randint(30, 59)),)


def _unwell_couple(rng: Random) -> Family:
    head = _unwell(rng, "01", MALE, rng.randint(40, 59))
    return head, _unwell(rng, "02", FEMALE, head.age - rng.randint(0, 5))


def _unwell_child(rng: Random) -> Family:
    head = _unwell(rng, "01", rng.choice((MALE, FEMALE)), rng.randint(38, 55))
    return head, _child(rng, rng.randint(3, min(17, head.age - 22)), must=True)


def _unwell_parent(rng: Random) -> Family:
    head = _unwell(rng, "01", MALE, rng.randint(42, 58))
    return head, _parent(rng, head.age)


_Plans: TypeAlias = tuple[tuple[Callable[[Random], Family], ...], tuple[int, ...]]
_ABLE: _Plans = (
    (
        _couple_children,
        _couple_children_parent,
        _single_parent,
        _with_parent,
        _alone,
        _three_generations,
    ),
    (45, 22, 14, 9, 5, 5),
)
_UNABLE: _Plans = (
    (
        _old_alone,
        _old_couple,
        _old_grandchild,
        _unwell_alone,
        _unwell_couple,
        _unwell_child,
        _unwell_parent,
    ),
    (36, 26, 12, 9, 4, 7, 6),
)
