"""The same figures once more, by plain loops over the rows: nothing here knows `pipeline.facts`.

脱贫, 出列, funds and rankings of every subject in all five schemes, against what the facts say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import BUILTIN
from pipeline.facts import compute
from pipeline.model import Facts, Outcome, Record, Roster, Scheme
from pipeline.roster import load_tables, read_roster
from pipeline.sample import write_sample
from pipeline.schemes import read_scheme

SCHEMES = ("huadu-2016", "lianzhou-2013", "mazhang-2016", "futian-2016", "heyuan-2016")
Truth = bool | None
"""None where a cell is empty."""


@dataclass(frozen=True)
class Office:
    """A scheme with its sample roster and the facts computed from it."""

    scheme: Scheme
    roster: Roster
    facts: Facts

    @cached_property
    def reference(self) -> dict[str, Decimal]:
        year = self.facts.as_of.year
        return {
            str(row.value("measure")): row.value("value")  # type: ignore[misc]
            for row in self.roster.rows("statistics")
            if row.value("year") == year
        }

    def members(self, household: Record) -> list[Record]:
        return [one for one in self.roster.members if one.household_code == household.key]


@pytest.fixture(scope="module")
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = BUILTIN / "inputs" / request.param
    scheme = read_scheme(folder)
    tables = load_tables(scheme)
    plan = scheme.sample_plan
    assert plan is not None
    snapshot: Path = folder / plan.as_of.isoformat()
    if not plan.stored:
        snapshot = tmp_path_factory.mktemp(scheme.id)
        write_sample(scheme, tables, snapshot, as_of=plan.as_of, households=1500)
    roster = read_roster(snapshot, tables)
    return Office(scheme, roster, compute(roster, scheme, plan.as_of))


def every(values: Iterable[Truth]) -> Truth:
    """Return False if one is, else None if one is unknown, else True."""
    found = list(values)
    if any(value is False for value in found):
        return False
    return None if any(value is None for value in found) else True


def at_least(value: Any, line: Any) -> Truth:
    return None if value is None or line is None else Decimal(value) >= Decimal(line)


def each(people: Iterable[Record], *fields: str) -> Iterator[Truth]:
    return (person.value(name) for person in people for name in fields)  # type: ignore[misc]


def huadu(household: Record, people: list[Record], reference: dict[str, Decimal]) -> Truth:
    able = household.value("labour") == "有"
    income = household.value("disposable" if able else "net_income")
    return None if income is None else Decimal(str(income)) >= 10000 * len(people)


def lianzhou(household: Record, people: list[Record], reference: dict[str, Decimal]) -> Truth:
    parts: list[Truth] = []
    if household.value("labour") == "有":
        income = household.value("net_income")
        line = Decimal("0.45") * reference["全省农民人均纯收入"] * len(people)
        parts.append(at_least(income, line))
    for person in people:
        parts.append(person.value("insured"))  # type: ignore[arg-type]
        if person.value("pension_due") is True:
            parts.append(person.value("pension_insured"))  # type: ignore[arg-type]
        if person.value("dibao_eligible") is True:
            parts.append(person.value("dibao"))  # type: ignore[arg-type]
    return every(parts)


def guaranteed(
    school: Callable[[Record], bool],
    house: Callable[[Record], Truth],
    eligible: Callable[[Record], bool],
) -> Callable[[Record, list[Record], dict[str, Decimal]], Truth]:
    """Return the rule of the three schemes of 2016: an income or 低保, and the guarantees."""

    def exited(household: Record, people: list[Record], reference: dict[str, Decimal]) -> Truth:
        parts: list[Truth] = [household.value("food_ok"), household.value("clothing_ok")]  # type: ignore[list-item]
        parts += [one.value("in_school") for one in people if school(one)]  # type: ignore[misc]
        parts += each(people, "insured", "illness_aid")
        parts.append(house(household))
        if household.value("labour") == "有":
            line = Decimal("0.45") * reference["全省农村居民人均可支配收入"] * len(people)
            parts.append(at_least(household.value("disposable"), line))
        else:
            parts += [one.value("dibao") for one in people if eligible(one)]  # type: ignore[misc]
        return every(parts)

    return exited


EXITED: dict[str, Callable[[Record, list[Record], dict[str, Decimal]], Truth]] = {
    "huadu-2016": huadu,
    "lianzhou-2013": lianzhou,
    "mazhang-2016": guaranteed(
        lambda one: one.value("compulsory") is True,
        lambda home: None if home.value("dilapidated") is None else not home.value("dilapidated"),
        lambda one: (
            one.value("dibao_eligible") is True
            and one.value("labour") in ("无", "部分丧失", "丧失")
        ),
    ),
    "futian-2016": guaranteed(
        lambda one: one.value("school_age") is True,
        lambda home: home.value("housing_safe"),  # type: ignore[arg-type, return-value]
        lambda one: one.value("dibao_eligible") is True,
    ),
    "heyuan-2016": guaranteed(
        lambda one: one.value("school") in ("小学", "七年级", "八年级", "九年级"),
        lambda home: home.value("house_safe"),  # type: ignore[arg-type, return-value]
        lambda one: one.value("dibao_eligible") is True,
    ),
}
EXIT = dict(zip(SCHEMES, ("HD-H17", "LZ-T10", "MZ-H17", "FT-H17", "HY-H17"), strict=True))
WORDS = {True: Outcome.MET, False: Outcome.UNMET, None: Outcome.MISSING}


def exits(office: Office) -> dict[str, Truth]:
    people: dict[str, list[Record]] = {}
    for member in office.roster.members:
        people.setdefault(member.household_code, []).append(member)
    rule = EXITED[office.scheme.id]
    return {
        one.code: rule(one, people.get(one.code, []), office.reference)
        for one in office.roster.households
    }


@pytest.mark.parametrize("office", SCHEMES, indirect=True)
def test_every_household_is_out_of_poverty_or_not_as_a_loop_says(office: Office) -> None:
    target = EXIT[office.scheme.id]
    wanted = {code: WORDS[truth] for code, truth in exits(office).items()}
    found = {
        code: verdict.outcome
        for code in wanted
        if (verdict := office.facts.verdict("household", code, target))
    }
    assert found == wanted
    assert len(set(found.values())) > 1, "a sample in which nobody fails proves nothing"


@pytest.mark.parametrize("office", SCHEMES, indirect=True)
def test_every_village_town_and_area_counts_its_households(office: Office) -> None:
    target, truths = EXIT[office.scheme.id], exits(office)
    counts: dict[tuple[str, str], list[int]] = {}
    for household in office.roster.households:
        village = office.roster.village[household.village_code]
        town = office.roster.town[village.town_code]
        area = office.scheme.area
        keys = [("village", village.code), ("town", town.code), (area.level, area.code)]
        if area.level == "prefecture":
            keys.append(("county", town.county_code))
        for key in keys:
            one = counts.setdefault(key, [0, 0])
            one[0] += truths[household.code] is True
            one[1] += 1
    for (level, code), (met, total) in counts.items():
        verdict = office.facts.verdict(level, code, target)
        assert verdict is not None, (level, code)
        assert (verdict.value, verdict.total) == (met, total), (level, code)


@pytest.mark.parametrize("office", ["lianzhou-2013", "mazhang-2016", "futian-2016"], indirect=True)
def test_every_village_leaves_the_list_or_not_as_a_loop_says(office: Office) -> None:
    truths, reference = exits(office), office.reference
    here: dict[str, list[Truth]] = {}
    for household in office.roster.households:
        here.setdefault(household.village_code, []).append(truths[household.code])
    for village in office.roster.villages:
        homes = here.get(village.code, [])
        if office.scheme.id == "lianzhou-2013":
            if village.value("key_class") != "省重点帮扶村":
                assert office.facts.verdict("village", village.code, "LZ-V13") is None
                continue
            line = Decimal("0.6") * reference["全省农民人均纯收入"]
            income: Any = village.value("village_net_pc")
            more = None if income is None else income > line
            wanted = every([more, at_least(village.value("collective_income"), 50000)])
            target = "LZ-V13"
        else:
            line = Decimal("0.6") * reference["全省农村居民人均可支配收入"]
            parts = [at_least(village.value("village_pc"), line), every(homes)]
            target = "MZ-T4"
            if office.scheme.id == "futian-2016":
                target = "FT-T1"
                parts += [village.value(name) for name in ("road_ok", "irrigation_ok", "water_ok")]  # type: ignore[misc]
            elif village.value("class") != "相对贫困村":
                assert office.facts.verdict("village", village.code, target) is None
                continue
            wanted = every(parts)
        verdict = office.facts.verdict("village", village.code, target)
        assert verdict is not None
        assert verdict.outcome is WORDS[wanted], village.name


@pytest.mark.parametrize(
    ("office", "fund", "total", "shares"),
    [
        ("mazhang-2016", "MZ-F1", 99_400_000, [59_640_000, 29_820_000, 4_970_000, 4_970_000]),
        ("futian-2016", "FT-F1", 95_820_000, [57_492_000, 28_746_000, 9_582_000]),
        ("futian-2016", "FT-F2", 78_000_000, [39_000_000, 39_000_000]),
        ("lianzhou-2013", "LZ-F2", 5_000_000, [2_500_000, 2_500_000]),
    ],
    indirect=["office"],
)
def test_the_worked_numbers_of_the_papers_come_out(
    office: Office, fund: str, total: int, shares: list[int]
) -> None:
    figure = next(one for one in office.facts.funds if one.fund.id == fund)
    assert figure.total == total
    assert [amount for _, amount in (*figure.shares, *figure.instalments)] == shares
    assert sum(amount for _, amount in figure.villages) == total
    assert figure.holds


def test_the_living_allowance_of_a_year_is_above_the_line() -> None:
    scheme = read_scheme(BUILTIN / "inputs/huadu-2016")
    month = scheme.parameter_of("minimum_living").on(scheme.until)
    line = scheme.parameter_of("income_line").on(scheme.until)
    assert month is not None
    assert line is not None
    assert month * 12 == 10080 >= line


@pytest.mark.parametrize("office", ["huadu-2016"], indirect=True)
def test_the_top_up_of_every_weak_village_is_what_it_lacks(office: Office) -> None:
    figure = next(one for one in office.facts.funds if one.fund.id == "HD-F2")
    wanted = {
        village.code: 300000 - village.collective_income
        for village in office.roster.villages
        if village.weak and village.collective_income < 300000  # type: ignore[operator]
    }
    assert dict(figure.villages) == wanted
    assert figure.total == sum(wanted.values())


@pytest.mark.parametrize("office", ["lianzhou-2013", "mazhang-2016", "futian-2016"], indirect=True)
def test_every_quarterly_ranking_is_that_of_a_sorted_list(office: Office) -> None:
    quarterly = [one for one in office.scheme.ranking if one.every == "quarter"]
    assert quarterly
    for ranking in quarterly:
        for (name, period), places in office.facts.rankings.items():
            if name == ranking.id:
                assert [(one.code, one.place, one.score) for one in places] == list(
                    ranked(office, ranking, period)
                ), period


def ranked(office: Office, ranking: Any, period: str) -> Iterator[tuple[str, int, Decimal]]:
    """Yield code, place and score from the reports: the last month of the quarter counts."""
    year, quarter = period.split("Q")
    last = f"{year}-{int(quarter) * 3:02d}"
    sums: dict[str, dict[str, Decimal]] = {}
    for village in office.roster.villages:
        if not village.fits(ranking.where):
            continue
        reports = [row for row in office.roster.progress if row.village_code == village.code]
        known = [row for row in reports if row.month <= last]
        if not known:
            continue
        report = max(known, key=lambda row: row.month)
        code = village.town_code if ranking.level == "town" else village.code
        of = sums.setdefault(code, {})
        for name in ("reached", "households", "spent", "allocated"):
            of[name] = of.get(name, Decimal(0)) + Decimal(str(report.value(name) or 0))
    scores = {}
    for code, of in sums.items():
        parts = [
            (item.weight, of[item.field] / of[item.over])
            for item in ranking.item
            if of[item.over] != 0
        ]
        if parts:
            scores[code] = sum((weight * rate for weight, rate in parts), Decimal(0))
    for code, score in sorted(scores.items(), key=lambda one: (-one[1], one[0])):
        yield code, 1 + sum(other > score for other in scores.values()), score
