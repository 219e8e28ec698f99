"""Papers of single households: where they lie, and what a finding bars: its household, or more."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.model import Household
from tests.conftest import SCHEME, Sheet, World
from tests.run.test_main_job import answer, juanzong, text_of

KIND = """
id = "household_card"
title = "贫困户明白卡"
family = "其他"
level = "household"
audience = "internal"
why = "每户一张，打印后贴在家里"

[shows]
scheme = ["year", "sample"]
document = ["name", "issuer", "notes", "extra"]
subject = ["name", "village", "town"]
households = ["head", "size"]
projects = ["name"]
"""
TEMPLATE = """{% extends "_gongwen/base.html" %}
{% block name %}{{ subject.name }}{{ document.name }}{% endblock %}
{% block body %}
<h1>{{ document.name }}</h1>
{% for household in households %}
<p>{{ subject.town }}{{ subject.village }}{{ household.head }}，{{ household.size }}人。</p>
{% endfor %}
{% for project in projects %}<p>{{ project.name }}</p>{% endfor %}
{% endblock %}
"""
RULE = """
[[document]]
id = "TEST-CARD"
kind = "household_card"
name = "贫困户明白卡"
issuer = "{village}村民委员会"
source = "测试"
level = "household"
"""


@pytest.fixture
def cards(world: World) -> World:
    folder = world.root / "templates/html/household_card"
    folder.mkdir(parents=True)
    (folder / "kind.toml").write_text(KIND, encoding="utf-8")
    (folder / "template.html").write_text(TEMPLATE, encoding="utf-8")
    scheme = world.root / "inputs" / SCHEME / "scheme.toml"
    scheme.write_text(scheme.read_text(encoding="utf-8") + RULE, encoding="utf-8")
    return world


def three(world: World) -> list[Household]:
    """Return three households, the first ones of a village that has as many."""
    roster = world.roster()
    return next(list(of[:3]) for of in roster.households_of.values() if len(of) >= 3)


def card(household: Household) -> str:
    return f"household_card/{household.code}"


def documents(papers: list[dict[str, Any]]) -> set[str]:
    return {paper["document"] for paper in papers}


def bad_id(world: World, household: Household) -> None:
    """Give the first member of a household a number whose check character is wrong."""

    def edit(sheet: Sheet) -> None:
        row = sheet.find("户编号", household.code)
        number = str(sheet.get(row, "身份证号码"))
        wrong = "1" if number[17] != "1" else "2"  # a disability card has two more characters
        sheet.set(row, "身份证号码", number[:17] + wrong + number[18:])

    world.change("02", "家庭成员", edit)


def only(world: World, *kept: Household) -> None:
    """Take the other households of their village out of the roster, with their people."""
    codes = {row.code for row in kept}
    gone = {
        row.code
        for row in world.roster().households_of[kept[0].village_code]
        if row.code not in codes
    }
    for book, name in (("02", "贫困户"), ("02", "家庭成员"), ("03", "帮扶责任人")):

        def edit(sheet: Sheet) -> None:
            column = sheet.column("户编号")
            for row in range(sheet.sheet.max_row, sheet.head, -1):
                if sheet.sheet.cell(row, column).value in gone:
                    sheet.sheet.delete_rows(row)

        world.change(book, name, edit)


def test_of_three_households_two_are_made_and_the_one_with_a_bad_number_is_skipped(
    cards: World,
) -> None:
    good, bad, other = three(cards)
    only(cards, good, bad, other)
    bad_id(cards, bad)
    roster = cards.roster()
    village = roster.village[good.village_code]
    town = roster.town[village.town_code]
    asked = ("--kind", "贫困户明白卡", "--village", village.code)
    made = answer(cards, "make", SCHEME, *asked, code=3)
    assert documents(made["made"]) == {card(good), card(other)}
    (skipped,) = made["skipped"]
    assert skipped["document"] == card(bad)
    assert "校验" in skipped["reason"]
    assert "02 贫困户名册.xlsx·家庭成员·" in skipped["reason"]
    folder = cards.outputs / "内部/花都区" / town.name / village.name
    assert {path.parent.name for path in folder.rglob("贫困户明白卡.pdf")} == {
        f"{row.head} {row.code}" for row in (good, other)
    }
    words = text_of(folder / f"{good.head} {good.code}/贫困户明白卡.pdf")
    assert f"{town.name}{village.name}{good.head}，{good.size}人。" in words
    assert f"{village.name}{village.name}" not in words
    assert answer(cards, "plan", SCHEME, *asked, code=3)["due"] == []


def test_a_households_finding_still_bars_the_papers_of_its_village(cards: World) -> None:
    good, bad, _ = three(cards)
    bad_id(cards, bad)
    planned = answer(cards, "plan", SCHEME, code=3)
    assert documents(planned["skipped"]) == {
        card(bad),
        f"acceptance_report/{bad.village_code}",
        f"publicity_household/{bad.village_code}",
    }
    assert card(good) in documents(planned["due"])


def test_a_villages_finding_bars_all_its_households(cards: World) -> None:
    good, *_ = three(cards)

    def edit(sheet: Sheet) -> None:
        sheet.set(sheet.find("行政村代码", good.village_code), "月份", "2016-12")

    cards.change("04", "月度进度", edit)
    planned = answer(cards, "plan", SCHEME, "--village", good.village_code, code=3)
    of = cards.roster().households_of[good.village_code]
    assert {card(row) for row in of} <= documents(planned["skipped"])
    assert planned["due"] == []


def test_a_cell_that_cannot_be_read_bars_its_household_and_its_village(cards: World) -> None:
    good, bad, _ = three(cards)

    def edit(sheet: Sheet) -> None:
        sheet.set(sheet.find("户编号", bad.code), "出生日期", "不详")

    cards.change("02", "家庭成员", edit)
    (found,) = (
        one
        for one in answer(cards, "check", SCHEME, code=3)["findings"]
        if one["code"].startswith("T-")
    )
    assert (found["household"], found["village"]) == (bad.code, bad.village_code)
    planned = answer(cards, "plan", SCHEME, code=3)
    assert {card(bad), f"publicity_household/{bad.village_code}"} <= documents(planned["skipped"])
    assert card(good) in documents(planned["due"])


def test_a_household_that_cannot_be_read_is_not_left_out_of_its_villages_list(
    cards: World,
) -> None:
    good, bad, _ = three(cards)

    def edit(sheet: Sheet) -> None:
        sheet.set(sheet.find("户编号", bad.code), "家庭人口数", "三口")

    cards.change("02", "贫困户", edit)
    skipped = documents(answer(cards, "plan", SCHEME, code=3)["skipped"])
    assert f"publicity_household/{bad.village_code}" in skipped
    assert card(good) not in skipped


def test_strict_bars_what_a_warning_was_found_in(cards: World) -> None:
    good, doubtful, _ = three(cards)

    def edit(sheet: Sheet) -> None:
        sheet.set(sheet.find("户编号", doubtful.code), "户主姓名", good.head)

    cards.change("02", "贫困户", edit)
    findings = answer(cards, "check", SCHEME)["findings"]
    assert {(one["severity"], one["household"]) for one in findings} == {("warning", doubtful.code)}
    assert answer(cards, "plan", SCHEME)["skipped"] == []
    strict = answer(cards, "plan", SCHEME, "--strict", code=3)
    assert documents(strict["skipped"]) == {
        card(doubtful),
        f"acceptance_report/{doubtful.village_code}",
        f"publicity_household/{doubtful.village_code}",
    }
    asked = ("--kind", "贫困户明白卡", "--village", good.village_code)
    made = answer(cards, "make", SCHEME, "--strict", *asked, code=3)
    assert documents(made["skipped"]) == {card(doubtful)}
    assert card(good) in documents(made["made"])


def test_strict_is_explained_in_the_help(small: World) -> None:
    for command in ("make", "plan"):
        assert "提醒也算数" in juanzong(small, command, "--help")


def test_papers_of_households_are_asked_for_by_village_and_town(cards: World) -> None:
    roster = cards.roster()
    village = roster.village[roster.households[0].village_code]
    town = roster.town[village.town_code]
    for words, villages in (
        (("--village", village.code), {village.code}),
        (("--town", town.name), {one.code for one in roster.villages_of[town.code]}),
    ):
        planned = answer(cards, "plan", SCHEME, "--kind", "贫困户明白卡", *words)
        assert documents(planned["due"]) == {
            card(row) for row in roster.households if row.village_code in villages
        }


def test_one_household_or_one_period_may_be_asked_for(cards: World) -> None:
    first, second, _ = three(cards)
    asked = ("--kind", "贫困户明白卡", "--household", first.code)
    assert documents(answer(cards, "plan", SCHEME, *asked)["due"]) == {card(first)}
    asked = ("--village", first.village_code, "--household", second.head)
    assert card(second) in documents(answer(cards, "plan", SCHEME, *asked)["due"])
    rule = cards.root / "inputs" / SCHEME / "scheme.toml"
    rule.write_text(rule.read_text(encoding="utf-8") + 'every = "quarter"\n', encoding="utf-8")
    asked = ("--household", first.code, "--period", "2016Q3")
    assert documents(answer(cards, "plan", SCHEME, *asked)["due"]) == {f"{card(first)}/2016Q3"}
    assert "写作 2014、2014Q3 或 2014-07" in juanzong(
        cards, "plan", SCHEME, "--period", "第三季度", code=2
    )
