from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.render import filters

AMOUNTS = st.decimals(
    min_value=-(10**12), max_value=10**12, places=2, allow_nan=False, allow_infinity=False
)


@pytest.mark.parametrize(
    ("given_", "printed"),
    [("2016-07-04", "2016年7月4日"), (None, "____年__月__日"), ("", "____年__月__日")],
)
def test_riqi(given_: str | None, printed: str) -> None:
    assert filters.riqi(given_) == printed


def test_riqi_refuses_other_spellings() -> None:
    with pytest.raises(ValueError, match=r"2016\.7\.4"):
        filters.riqi("2016.7.4")


@pytest.mark.parametrize(
    ("given_", "printed"),
    [
        ("10000", "10000"),
        ("10000.00", "10000"),
        ("9812.50", "9812.50"),
        ("9812.5", "9812.50"),
        (12, "12"),
        ("0.005", "0.01"),
        ("-0.00", "0"),
        ("1E+4", "10000"),
        (None, "缺数据"),
    ],
)
def test_yuan(given_: str | int | None, printed: str) -> None:
    assert filters.yuan(given_) == printed


@pytest.mark.parametrize(
    ("given_", "printed"),
    [
        ("251300.00", "25.13"),
        ("120000", "12"),
        ("50", "0.01"),
        ("49.99", "0"),
        ("-49", "0"),
        ("1000000", "100"),
        (None, "缺数据"),
    ],
)
def test_wan(given_: str | None, printed: str) -> None:
    assert filters.wan(given_) == printed


@pytest.mark.parametrize(("given_", "printed"), [("1", "100%"), ("0.84615", "84.62%"), (0, "0%")])
def test_percent(given_: str | int, printed: str) -> None:
    assert filters.percent(given_) == printed


@pytest.mark.parametrize(
    ("number", "printed"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")],
)
def test_hanzi(number: int, printed: str) -> None:
    assert filters.hanzi(number) == printed


@pytest.mark.parametrize("number", [0, 100, -1])
def test_hanzi_knows_its_limits(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        filters.hanzi(number)


def test_dash_and_compare() -> None:
    assert [filters.dash(each) for each in (None, "", 0, "有")] == ["/", "/", 0, "有"]
    assert [filters.compare(op) for op in (">=", ">", "<=", "<")] == [
        "不低于",
        "高于",
        "不高于",
        "低于",
    ]
    with pytest.raises(ValueError, match="=="):
        filters.compare("==")


@pytest.mark.parametrize("wrong", [1.5, True, "abc", "NaN", "Infinity"])
def test_figures_are_text_or_whole_numbers(wrong: object) -> None:
    for each in (filters.yuan, filters.wan, filters.percent):
        with pytest.raises(ValueError, match="不是数字"):
            each(wrong)


@given(AMOUNTS)
def test_yuan_loses_nothing(amount: Decimal) -> None:
    printed = filters.yuan(format(amount, "f"))
    assert Decimal(printed) == amount
    assert "," not in printed
    assert not printed.endswith(".00")


@given(AMOUNTS)
def test_wan_is_within_half_a_hundred_yuan(amount: Decimal) -> None:
    assert abs(Decimal(filters.wan(str(amount))) * 10000 - amount) <= 50


@given(st.dates())
def test_riqi_never_pads(day: date) -> None:
    assert filters.riqi(day.isoformat()) == f"{day.year}年{day.month}月{day.day}日"


@given(st.integers(1, 99), st.integers(1, 99))
def test_hanzi_names_each_number_once(one: int, other: int) -> None:
    assert (filters.hanzi(one) == filters.hanzi(other)) == (one == other)
