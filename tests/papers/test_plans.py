"""帮扶规划: each plan says what its subject's roster says, and its tables add up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline.model import PlannedDocument
from tests.conftest import Sheet
from tests.papers.conftest import Office, marks, pdfs, words

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
    """Return the first paper of each plan, made."""
    chosen = {rule: next(office(scheme).planned(rule)) for rule, scheme in PLANS.items()}
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


@pytest.mark.parametrize("rule", PLANS)
def test_a_plan_may_leave_the_house_and_owes_nothing(made: Made, rule: str) -> None:
    paper, pdf = made[rule]
    assert marks(paper, pdf) == []
    text = words(pdf)
    for owed in paper.kind.must:
        assert owed in text
    assert "None" not in text


@pytest.mark.parametrize("rule", PLANS)
def test_what_a_plan_is_filled_with_stands_in_it(made: Made, rule: str) -> None:
    paper, pdf = made[rule]
    text, context = words(pdf), paper.context
    for said in _shown(context, {"works"} if rule == "HY-D05" else set()):
        assert _printed("".join(said.split()), text), said
    assert context["document"]["notes"] or rule in {"LZ-D16"}
    for note in context["document"]["notes"]:
        assert note["id"] in text


def _printed(said: str, text: str) -> bool:
    """Tell whether something stands in a text, perhaps parted by the end of a page."""
    return said in text or any(
        said[:place] in text and said[place:] in text for place in range(1, len(said))
    )


def _shown(context: Mapping[str, Any], but: set[str]) -> list[str]:
    """Return the names every plan prints of each part it shows, some parts excepted.

    A whole county's works are told by kind.
    """
    fields = {
        "causes": ("cause",),
        "targets": ("name", "reference", "percent"),
        "measures": ("name",),
        "calendar": ("what", "who"),
        "works": ("name", "content"),
        "members": ("name", "relation"),
        "checklists": ("name",),
        "below": ("name",),
        "teams": ("name", "post"),
        "helpers": ("name", "unit"),
        "natural_villages": ("name",),
    }
    found = [
        str(row[field])
        for part, names in fields.items()
        for row in context.get(part, ())
        if row.get("outcome") != "不适用" and part not in but
        for field in names
        if row.get(field)
    ]
    for points in context["document"]["clauses"].values():
        found += points
    return found


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
                for field in ("households", "persons"):
                    assert sum(row[field] for row in context[part]) == totals[field]
        for row in context.get("measures", ()):
            assert row["households"] != 0
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


CHANGES = {
    "HD-D04": ("03", "帮扶项目", "项目名称", "村集体冷库"),
    "HD-D05": ("03", "帮扶项目", "投入资金", 987654),
    "HD-D09": ("03", "帮扶责任人", "帮扶责任人", "样例甲"),
    "HD-D10": ("01", "行政村", "户籍人口", 98765),
    "HD-D16": ("02", "贫困户", "贫困户属性", "五保户"),
    "LZ-D13": ("04", "资金", "资金来源", "样例基金"),
    "LZ-D16": ("01", "行政村", "户籍人口", 98765),
    "MZ-D18": ("02", "贫困户", "主要致贫原因", "因灾"),
    "MZ-D51": ("03", "帮扶项目", "项目类别", "光伏"),
    "FT-D03": ("03", "帮扶单位", "分管领导", "样例乙"),
    "FT-D06": ("05", "产业台账", "产业名称", "样例茶园"),
    "HY-D02": ("02", "贫困户", "主要致贫原因", "因灾"),
    "HY-D03": ("05", "领导挂钩", "领导姓名", "样例丙"),
}
"""Plan to the first cell of a sheet and its new value; one plan of every kind."""


@pytest.mark.parametrize("rule", CHANGES)
def test_one_cell_changed_is_another_plan(
    office: Offices, made: Made, tmp_path: Path, rule: str
) -> None:
    book, sheet, heading, value = CHANGES[rule]

    def edit(rows: Sheet) -> None:
        rows.set(1, heading, value)

    before, pdf = made[rule]
    changed = office(PLANS[rule]).changed(book, sheet, edit, tmp_path)
    after = next(one for one in changed.planned(rule) if one.document == before.document)
    (again,) = pdfs([after])
    told = "98.7654" if value == 987654 else str(value)
    assert str(value) not in words(pdf)
    assert str(value) in words(again) or told in words(again)
    assert after.context_digest != before.context_digest
