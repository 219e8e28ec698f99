"""Households and their members, village by village."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random

from pipeline.sample.families import (
    DISABLED,
    SENIOR,
    Person,
    cause,
    education,
    families,
)
from pipeline.sample.identity import Identity, birthday, disability_card
from pipeline.sample.incomes import FAILING, Goal, Outcome, incomes, outcomes
from pipeline.sample.names import Names, Phones
from pipeline.sample.places import Place, shares
from pipeline.sample.workbook import Row

ABLE = "有"
"""The labour class of a household with somebody who can work."""

_FROM_OUTSIDE = ("02", "05", "12")
"""Spouse, daughter-in-law and mother bear another surname."""
_ORDINALS = "一二三四五六七八九十"


class Households:
    """Fills the villages; every draw comes from one random stream in the order of the rows."""

    def __init__(
        self,
        rng: Random,
        names: Names,
        phones: Phones,
        *,
        since: date,
        as_of: date,
        goal: Goal,
    ) -> None:
        self._rng = rng
        self._names = names
        self._phones = phones
        self._since = since
        self._as_of = as_of
        self._goal = goal
        self._identity = Identity()
        self._outcomes = outcomes(rng, goal.met)

    def fill(
        self, places: Sequence[Place], classes: Mapping[str, int], persons: Mapping[str, int]
    ) -> tuple[list[Row], list[Row]]:
        """Return the rows of 贫困户 and of 家庭成员; each class sums to what was asked."""
        households: list[Row] = []
        members: list[Row] = []
        ready = {
            labour: iter(families(self._rng, labour == ABLE, number, persons.get(labour)))
            for labour, number in classes.items()
        }
        weights = [self._rng.randint(50, 150) if place.households else 0 for place in places]
        spread = [shares(wanted, weights) for wanted in classes.values()]
        for place, *numbers in zip(places, *spread, strict=True):
            labours = [labour for labour, n in zip(classes, numbers, strict=True) for _ in range(n)]
            self._rng.shuffle(labours)
            taken: set[str] = set()
            groups = self._rng.randint(3, len(_ORDINALS))
            for order, labour in enumerate(labours, start=1):
                code = f"{place.code}{order:04d}"
                people = next(ready[labour])
                rows = list(self._members(code, people, taken))
                household = self._household(code, place, labour, people)
                household["group"] = f"第{_ORDINALS[self._rng.randrange(groups)]}村民小组"
                household["head"] = rows[0]["name"]
                households.append(household)
                members += rows
        return households, members

    def _household(self, code: str, place: Place, labour: str, people: tuple[Person, ...]) -> Row:
        rng, able = self._rng, labour == ABLE
        outcome = next(self._outcomes)
        money = incomes(rng, outcome, able=able, size=len(people), goal=self._goal)
        return {
            "code": code,
            "village_code": place.code,
            "size": len(people),
            "labour": labour,
            "kind": "低保户" if rng.random() < (0.35 if able else 0.92) else "低收入户",
            "cause": cause(rng, people, able),
            "wage": money.wage,
            "operating": money.operating,
            "property": money.property,
            "transfer": money.transfer,
            "cost": money.cost,
            "net_income": money.net_income,
            "net_per_capita": money.net_per_capita,
            "disposable": money.disposable,
            "reached_on": self._reached(outcome),
            "phone": self._phones.mobile(),
        }

    def _reached(self, outcome: Outcome) -> date | None:
        if outcome in (*FAILING, "late"):
            return None
        first = min(self._since + timedelta(days=60), self._as_of)
        return first + timedelta(days=self._rng.randint(0, (self._as_of - first).days))

    def _members(self, code: str, people: tuple[Person, ...], taken: set[str]) -> Iterator[Row]:
        rng = self._rng
        for person, name in zip(people, self._called(people, taken), strict=True):
            birth = birthday(rng, person.age, self._as_of)
            number = self._identity.number(birth, person.sex)
            card = person.health == DISABLED
            works = person.labour == ABLE
            pupil = person.school in SENIOR
            yield {
                "household_code": code,
                "name": name,
                "relation": person.relation,
                "sex": person.sex,
                "id_type": "09" if card else "01",
                "id_no": disability_card(rng, number) if card else number,
                "birth": birth,
                "education": education(rng, person),
                "school": person.school,
                "health": person.health,
                "labour": person.labour,
                "skills": self._skills() if works else 0,
                "illness_aid": rng.random() >= 0.01,
                "education_aid": pupil and rng.random() >= 0.03,
                "insured": rng.random() >= 0.008,
            }

    def _skills(self) -> int:
        return 0 if self._rng.random() < 0.012 else self._rng.choice((1, 1, 1, 2, 2, 3))

    def _called(self, people: tuple[Person, ...], taken: set[str]) -> list[str]:
        """Name the members: a husband's surname goes to the children, a head's to the father."""
        own = self._names.surname()
        line = own
        if any(person.relation == "02" and person.sex == "1" for person in people):
            line = self._names.surname()
        called = []
        for person in people:
            if person.relation in _FROM_OUTSIDE and person.sex == "2":
                called.append(self._names.outsider("2", taken))
            else:
                surname = own if person.relation in ("01", "11") else line
                called.append(self._names.person(person.sex, taken, surname))
        return called
