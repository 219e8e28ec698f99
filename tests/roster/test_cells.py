from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Column
from pipeline.roster.cells import Misfit, value


def column(kind: str, **more: object) -> Column:
    return Column(id="x", name="x", type=kind, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "raw", "unit", "expected"),
    [
        ("text", "  张　三 ", "", "张 三"),
        ("text", 12.0, "", "12"),
        ("id", "44011410520200０１", "", "4401141052020001"),
        ("id", "44999919800101001x", "", "44999919800101001X"),
        ("money", 9812.5, "元", Decimal("9812.5")),
        ("money", "1,234.50", "元", Decimal("1234.5")),
        ("money", "25.13", "万元", Decimal("251300")),
        ("money", "３０万元", "", Decimal("300000")),
        ("integer", 4.0, "", 4),
        ("integer", "４人", "", 4),
        ("date", dt.date(2016, 9, 20), "", dt.date(2016, 9, 20)),
        ("date", dt.datetime(2016, 9, 20, 8, 0), "", dt.date(2016, 9, 20)),  # noqa: DTZ001
        ("date", "2016年9月20日", "", dt.date(2016, 9, 20)),
        ("date", "2016.9.20", "", dt.date(2016, 9, 20)),
        ("date", "20160920", "", dt.date(2016, 9, 20)),
        ("date", 42633.0, "", dt.date(2016, 9, 20)),
        ("month", "2016年7月", "", "2016-07"),
        ("month", "2016-10", "", "2016-10"),
        ("flag", "是", "", True),
        ("flag", "×", "", False),
        ("money", "  ", "元", None),
        ("money", "1e30", "元", Decimal(10) ** 30),
        ("integer", 1e24, "万元", 10**28),
    ],
)
def test_a_cell_becomes_what_its_column_says(
    kind: str, raw: object, unit: str, expected: object
) -> None:
    assert value(column(kind), raw, unit) == expected


@pytest.mark.parametrize(
    ("kind", "raw", "problem"),
    [
        ("id", 4.49999198001010e17, "number"),
        ("id", "1.1E+17", "number"),
        ("money", "约三千", "decimal"),
        ("money", float("inf"), "decimal"),
        ("integer", float("nan"), "decimal"),
        ("integer", 3.5, "integer"),
        ("date", "2016年2月30日", "date"),
        ("date", "去年", "date"),
        ("month", "2016-13", "month"),
        ("flag", "大概", "flag"),
    ],
)
def test_a_cell_that_does_not_fit_is_said_not_guessed(kind: str, raw: object, problem: str) -> None:
    with pytest.raises(Misfit) as caught:
        value(column(kind), raw)
    assert caught.value.problem == problem


def test_codes_are_taken_as_code_word_or_number() -> None:
    relation = column("code", codes={"01": "本人或户主", "02": "配偶"})
    assert [value(relation, raw) for raw in ("01", "户主", "本人或户主", 1.0, "配偶")] == [
        "01",
        "01",
        "01",
        "01",
        "02",
    ]


@given(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)))
def test_every_day_is_read_back_from_every_habit_of_hand(day: dt.date) -> None:
    for written in (
        day.isoformat(),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}/{day.month}/{day.day}",
        day.strftime("%Y%m%d") if day.year >= 1000 else day.isoformat(),
    ):
        assert value(column("date"), written) == day


@given(st.decimals(0, 10**9, places=2, allow_nan=False))
def test_money_is_exact(amount: Decimal) -> None:
    assert value(column("money"), str(amount)) == amount
