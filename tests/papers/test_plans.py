"""帮扶规划: each plan says what its subject's roster says, and its tables add up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from pipeline.model import PlannedDocument
from tests.papers.conftest import Office, pdfs, words

PLANS = {
    "HD-D04": "huadu-2016",
    "HD-D05": "huadu-2016",
    "HD-D09": "huadu-2016",
    "HD-D10": "huadu-2016",
    "HD-D16": "huadu-2016",
    "HD-D17": "huadu-2016",
    "LZ-D13": "lianzhou-2013",
    "LZ-D15": "lianzhou-2013",
    "LZ-D16": "lianzhou-2013",
    "LZ-D17": "lianzhou-2013",
    "MZ-D18": "mazhang-2016",
    "MZ-D20": "mazhang-2016",
    "MZ-D51": "mazhang-2016",
    "FT-D03": "futian-2016",
    "FT-D04": "futian-2016",
    "FT-D05": "futian-2016",
    "FT-D06": "futian-2016",
    "FT-D07": "futian-2016",
    "HY-D02": "heyuan-2016",
    "HY-D03": "heyuan-2016",
    "HY-D05": "heyuan-2016",
}
"""Document id to scheme: every plan the schemes have made by us."""
VILLAGE_PLANS = ("HD-D10", "LZ-D13", "MZ-D18", "FT-D04")
SUMMED = ("HD-D05", "MZ-D51", "FT-D03", "HY-D02", "HY-D03")
Offices = Callable[[str], Office]
Made = dict[str, tuple[PlannedDocument, bytes]]


@pytest.fixture(scope="module")
def made(office: Offices) -> Made:
    """Return the first plan of a village of each scheme, made."""
    chosen = {rule: next(office(PLANS[rule]).planned(rule)) for rule in VILLAGE_PLANS}
    return {
        rule: (paper, pdf)
        for (rule, paper), pdf in zip(chosen.items(), pdfs(list(chosen.values())), strict=True)
    }


@pytest.mark.parametrize("scheme", sorted(set(PLANS.values())))
def test_every_plan_a_scheme_asks_for_is_among_them(office: Offices, scheme: str) -> None:
    kinds = {
        paper.rule.kind for rule in PLANS for paper in [next(office(PLANS[rule]).planned(rule))]
    }
    asked = {
        rule.id
        for rule in office(scheme).scheme.document
        if rule.kind in kinds and rule.origin == "made"
    }
    assert asked == {rule for rule, one in PLANS.items() if one == scheme}


@pytest.mark.parametrize("rule", VILLAGE_PLANS)
def test_a_village_finds_itself_in_its_plan(made: Made, rule: str) -> None:
    paper, pdf = made[rule]
    text, context = words(pdf), paper.context
    assert context["households"]
    for household in context["households"]:
        assert household["head"] in text
        assert household["responsible"] in text
        assert all("".join(work.split()) in text for work in household["works"])
    for cause in context["causes"]:
        assert f"{cause['cause']}{cause['households']}{cause['persons']}{cause['rate']}" in text
    for payer in context["schedule"]["payers"]:
        assert payer["payer"] in text
    assert f"{context['totals']['households']}户、{context['totals']['persons']}人" in text


@pytest.mark.parametrize("rule", [rule for rule in PLANS if rule != "LZ-D16"])
def test_the_parts_of_every_table_add_up(office: Offices, rule: str) -> None:
    for paper in office(PLANS[rule]).planned(rule):
        context = paper.context
        _money_adds_up(context.get("schedule", {}))
        totals = context.get("totals", {})
        for part in ("causes", "makeup"):
            if context.get(part) and totals:
                for field in {"households", "persons"} & set(context[part][0]):
                    assert sum(row[field] for row in context[part]) == totals[field]
        for row in context.get("measures", ()):
            assert row.get("households") != 0
        if context.get("households") and totals:
            assert len(context["households"]) == totals["households"]
            assert sum(row["size"] for row in context["households"]) == totals["persons"]


def _money_adds_up(schedule: Mapping[str, Any]) -> None:
    """Hold years, payers and kinds of a schedule against its amount."""
    if "years" not in schedule:
        return
    amount = Decimal(schedule["amount"])
    for part in ("years", "payers"):
        assert _sum(row["amount"] for row in schedule[part]) == amount
    assert sum(year["projects"] for year in schedule["years"]) == schedule["projects"]
    for number, payer in enumerate(schedule["payers"]):
        of = _sum(year["amounts"][number] for year in schedule["years"])
        assert of == Decimal(payer["amount"])
    for year in schedule["years"]:
        assert _sum(year["amounts"]) == Decimal(year["amount"])
    if "kinds" in schedule:
        assert _sum(row["amount"] for row in schedule["kinds"]) == amount
    if "home" in schedule:
        home, works = Decimal(schedule["home_amount"]), Decimal(schedule["works_amount"])
        assert _sum(row["amount"] for row in schedule["home"]) == home
        assert home + works == amount
        assert schedule["home_projects"] + schedule["works"] == schedule["projects"]


def _sum(amounts: Any) -> Decimal:
    return sum((Decimal(amount) for amount in amounts), Decimal(0))


@pytest.mark.parametrize("rule", SUMMED)
def test_a_plan_above_villages_is_the_sum_of_what_lies_below(office: Offices, rule: str) -> None:
    for paper in office(PLANS[rule]).planned(rule):
        below, schedule = paper.context["below"], paper.context["schedule"]
        assert sum(row["projects"] for row in below) == schedule["projects"]
        assert _sum(row["amount"] for row in below) == Decimal(schedule["amount"])
        if "totals" in paper.context:
            for field in ("households", "persons", "with_labour"):
                assert sum(row[field] for row in below) == paper.context["totals"][field]


def test_the_years_of_every_village_end_with_all_its_households(office: Offices) -> None:
    for paper in office("mazhang-2016").planned("MZ-D18"):
        steps = [step["households"] for step in paper.context["steps"]]
        assert steps == sorted(steps)
        assert steps[-1] == paper.context["totals"]["households"]


def test_a_household_gets_the_measures_that_are_for_it(office: Offices) -> None:
    mazhang = office("mazhang-2016")
    papers = {paper.subject.code: paper for paper in mazhang.planned("MZ-D20")}
    assert len(papers) == len(mazhang.roster.households)
    for household in mazhang.roster.households:
        names = {row["name"] for row in papers[household.code].context["measures"]}
        assert ("大力发展农业合作组织" in names) == (household.labour == "有")
        assert ("完善农村最低生活保障制度兜底" in names) == (household.labour == "无")
        assert "交通基础设施" not in names
