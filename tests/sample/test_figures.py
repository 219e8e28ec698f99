from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.sample.office import Office

LINE = Decimal(10_000)


def money(value: float) -> Decimal:
    """A cell as the yuan and cents that were written."""
    return Decimal(repr(value))


def deciding(row: dict[str, Any]) -> Decimal:
    return money(row["disposable" if row["labour"] == "有" else "net_income"]) / int(row["size"])


def day(text: str) -> date:
    return date(*map(int, text.replace("年", "-").replace("月", "-").strip("日").split("-")))


def test_the_totals_of_the_policy(office: Office) -> None:
    assert len(office["villages"]) == 182
    assert len(office["towns"]) == 10
    assert Counter(row["labour"] for row in office["households"]) == {"有": 1091, "无": 1137}


def test_incomes_add_up_to_the_cent(office: Office) -> None:
    for row in office["households"]:
        parts = [money(row[name]) for name in ("wage", "operating", "property", "transfer")]
        net = sum(parts) - money(row["cost"])
        assert min(parts) >= 0
        assert net == money(row["net_income"])
        head = (net / int(row["size"])).quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert head == money(row["net_per_capita"])
        assert abs(money(row["disposable"]) / net - 1) < Decimal("0.13")


def test_six_in_a_hundred_fail_and_only_they_and_the_late_have_no_date(office: Office) -> None:
    households = office["households"]
    failing = [row for row in households if deciding(row) < LINE]
    assert 0.05 < len(failing) / len(households) < 0.07
    assert any(deciding(row) < 8_000 for row in failing)
    assert any(deciding(row) > Decimal("9999.99") for row in failing)
    assert any(deciding(row) == LINE for row in households)
    assert not any(row["reached_on"] for row in failing)
    late = [row for row in households if deciding(row) >= LINE and not row["reached_on"]]
    assert 0.005 < len(late) / len(households) < 0.015
    dates = [row["reached_on"] for row in households if row["reached_on"]]
    assert date(2016, 1, 1) < min(dates) <= max(dates) <= date(2016, 10, 31)


def test_only_what_is_left_out_on_purpose_is_empty(office: Office) -> None:
    empty = {
        (table, field)
        for table, rows in office.items()
        for row in rows
        for field, cell in row.items()
        if cell == ""
    }
    assert empty == {
        ("organs", "mark"),
        ("villages", "unit"),
        ("households", "reached_on"),
        ("projects", "household_code"),
    }


def test_villages_and_what_they_earn(office: Office) -> None:
    villages = office["villages"]
    weak = [row for row in villages if row["weak"] == "是"]
    others = [row for row in villages if row["weak"] == "否"]
    assert len(weak) == 55
    assert all(80_000 <= row["collective_income"] <= 1_200_000 for row in villages)
    assert sum(row["collective_income"] < 300_000 for row in others) == 8
    assert sum(row["collective_income"] == 300_000 for row in others) == 1
    assert 5 < sum(row["collective_income"] >= 300_000 for row in weak) < 20


def test_each_village_has_a_unit_but_one_weak_one(office: Office) -> None:
    units = {row["name"] for row in office["units"]}
    without = [row for row in office["villages"] if not row["unit"]]
    assert [row["weak"] for row in without] == ["是"]
    assert {row["unit"] for row in office["villages"] if row["unit"]} == units
    paired = {row["unit"] for row in office["villages"] if row["town_code"] == "440114103"}
    assert paired == {"区文广新局", "区农业技术管理中心"}


def test_each_household_has_one_helper_of_its_villages_unit(office: Office) -> None:
    unit = {row["code"]: row["unit"] for row in office["villages"]}
    village = {row["code"]: row["village_code"] for row in office["households"]}
    assert max(Counter(row["household_code"] for row in office["helpers"]).values()) == 1
    for row in office["helpers"]:
        assert row["unit"] == unit[village[row["household_code"]]]
        assert day(row["since"]) < day(row["until"])
    assert 1 <= len(village) - len(office["helpers"]) < 50


def test_projects_of_villages_and_households(office: Office) -> None:
    labour = {row["code"]: row["labour"] for row in office["households"]}
    own = Counter(row["village_code"] for row in office["projects"] if not row["household_code"])
    assert len(own) == 182
    assert set(own.values()) == {2, 3, 4}
    helped = [row for row in office["projects"] if row["household_code"]]
    assert Counter(row["household_code"] for row in helped) == Counter(list(labour))
    for row in helped:
        assert (row["kind"] == "慰问") == (labour[row["household_code"]] == "无")
        assert row["household_code"].startswith(row["village_code"])
    assert all(row["start"] < row["end"] for row in office["projects"])
    assert {row["kind"] for row in helped} == {"种养", "务工", "经商", "物业出租", "农家乐", "慰问"}
    assert all(row["unit"] for row in office["projects"])


def test_money_flows_downhill(office: Office) -> None:
    projects = {row["code"]: row for row in office["projects"]}
    for row in office["funds"]:
        assert row["payer"] == "区财政"
        assert row["planned"] == projects[row["project_code"]]["total"]
        assert row["planned"] >= row["allocated"] >= row["spent"] > 0
        assert day(row["applied_on"]) <= day(row["approved_on"]) <= date(2016, 10, 31)
    assert {row["village_code"] for row in office["funds"]} == {
        row["code"] for row in office["villages"]
    }


def test_monthly_progress_grows_and_ends_at_the_rosters_own_figures(office: Office) -> None:
    reached = Counter(row["village_code"] for row in office["households"] if row["reached_on"])
    spent: Counter[str] = Counter()
    for fund in office["funds"]:
        spent[fund["village_code"]] += fund["spent"]
    months = [f"2016-{month:02d}" for month in range(1, 11)]
    for place in range(0, len(office["progress"]), 10):
        rows = office["progress"][place : place + 10]
        code = rows[0]["village_code"]
        assert [row["month"] for row in rows] == months
        for name in ("reached", "spent"):
            assert [row[name] for row in rows] == sorted(row[name] for row in rows)
        assert rows[-1]["reached"] == reached[code]
        assert rows[-1]["spent"] == spent[code]
