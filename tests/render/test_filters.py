from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

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


def test_a_notice_of_seven_days_ends_on_the_seventh() -> None:
    assert filters.later("2016-02-25", 6) == "2016-03-02"
    with pytest.raises(ValueError, match=r"2016/2/25"):
        filters.later("2016/2/25", 6)


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


@pytest.mark.parametrize(
    ("amount", "printed"),
    [
        ("0", "零元整"),
        ("1409.5", "壹仟肆佰零玖元伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("0.05", "伍分"),
        ("-12.3", "负壹拾贰元叁角"),
        ("100000000", "壹亿元整"),
        ("1003013", "壹佰万零叁仟零壹拾叁元整"),
        ("1000000000000", "壹万亿元整"),
        ("1234500000000", "壹万贰仟叁佰肆拾伍亿元整"),
        (None, "缺数据"),
    ],
)
def test_daxie(amount: str | None, printed: str) -> None:
    assert filters.daxie(amount) == printed


def test_daxie_ends_where_cheques_do() -> None:
    with pytest.raises(ValueError, match="大写"):
        filters.daxie("1E+16")


def read_back(text: str) -> Decimal:
    """Read capital figures again, place by place."""
    whole, _, rest = text.removeprefix("负").removesuffix("整").rpartition("元")
    total, group, digit = 0, 0, 0
    for letter in whole:
        if letter in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(letter)
        elif letter in "拾佰仟":
            group += digit * 10 ** ("拾佰仟".index(letter) + 1)
            digit = 0
        elif letter == "万":
            total, group, digit = total + (group + digit) * 10**4, 0, 0
        else:
            total, group, digit = (total + group + digit) * 10**8, 0, 0
    value = Decimal(total + group + digit)
    for unit, size in (("角", "0.1"), ("分", "0.01")):
        place = rest.find(unit)
        if place > 0:
            value += "零壹贰叁肆伍陆柒捌玖".index(rest[place - 1]) * Decimal(size)
    return -value if text.startswith("负") else value


@given(AMOUNTS)
def test_daxie_reads_back(amount: Decimal) -> None:
    printed = filters.daxie(str(amount))
    assert read_back(printed) == amount
    assert "零零" not in printed
    assert printed.endswith(("整", "角", "分"))


def test_ranges_repeat_their_unit() -> None:
    assert filters.years(2013, 2015) == "2013—2015年"
    assert filters.years(2013, 2013) == "2013年"
    assert filters.percent_to("0.05", "0.10") == "5%～10%"
    assert filters.wan_to("50000", "100000") == "5万～10万元"
    assert filters.riqi_to("2016-07-04", "2016-07-10") == "2016年7月4日至7月10日"
    assert filters.riqi_to("2016-12-30", "2017-01-05") == "2016年12月30日至2017年1月5日"
    assert filters.riqi_to(None, None) == "____年__月__日至____年__月__日"


@pytest.mark.parametrize(
    ("ranged", "first", "last"),
    [
        (filters.years, 2015, 2013),
        (filters.percent_to, "0.1", "0.05"),
        (filters.wan_to, "2", "1"),
        (filters.riqi_to, "2016-07-10", "2016-07-04"),
    ],
)
def test_ranges_run_forward(ranged: Any, first: object, last: object) -> None:
    with pytest.raises(ValueError, match="范围反了"):
        ranged(first, last)


@given(st.dates(), st.dates())
def test_riqi_to_names_both_days(one: date, other: date) -> None:
    first, last = sorted((one, other))
    printed = filters.riqi_to(first.isoformat(), last.isoformat())
    start, end = printed.split("至")
    assert start == filters.riqi(first.isoformat())
    assert filters.riqi(last.isoformat()).endswith(end)


@pytest.mark.parametrize(
    ("given_", "printed"),
    [
        ("花扶贫办〔2016〕15号", "花扶贫办〔2016〕15号"),
        ("穗办【2013】15 号", "穗办〔2013〕15号"),
        ("清发[2012]033号", "清发〔2012〕33号"),
        ("清发（2012）第33号", "清发〔2012〕33号"),
        ("会议纪要 第3期", "会议纪要 第3期"),
        ("", ""),
        (None, ""),
    ],
)
def test_wenhao(given_: str | None, printed: str) -> None:
    assert filters.wenhao(given_) == printed
    assert filters.wenhao(printed) == printed


def test_heading_numbers() -> None:
    assert [filters.heading(12, level) for level in (1, 2, 3, 4)] == [
        "十二、",
        "（十二）",
        "12.",
        "（12）",
    ]
    with pytest.raises(ValueError, match="第5级"):
        filters.heading(1, 5)


@given(st.decimals(-10, 10, places=6))
def test_a_share_in_percent_is_within_half_of_its_last_figure(share: Decimal) -> None:
    printed = filters.percent(format(share, "f"))
    assert abs(Decimal(printed.removesuffix("%")) - share * 100) <= Decimal("0.005")
    assert filters.rounded(format(share * 100, "f")) == printed.removesuffix("%")
    assert not printed.removesuffix("%").endswith(".0")


@given(st.lists(st.decimals(0, 10**9, places=2), min_size=2, max_size=2).map(sorted))
def test_a_range_is_its_two_ends(ends: list[Decimal]) -> None:
    low, high = (format(end, "f") for end in ends)
    assert filters.percent_to(low, high).split("～") == [
        filters.percent(low),
        filters.percent(high),
    ]
    assert filters.wan_to(low, high) == f"{filters.wan(low)}万～{filters.wan(high)}万元"
    if ends[0] < ends[1]:
        for filter_ in (filters.percent_to, filters.wan_to):
            with pytest.raises(ValueError, match="范围反了"):
                filter_(high, low)


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(0, 400), st.integers(0, 400))
def test_days_add_up(day: date, one: int, other: int) -> None:
    assert filters.later(filters.later(day.isoformat(), one), other) == filters.later(
        day.isoformat(), one + other
    )


@given(st.integers(1900, 2100), st.integers(0, 50))
def test_a_span_of_years_names_both_or_the_one(first: int, more: int) -> None:
    named = filters.years(first, first + more).removesuffix("年").split("—")
    assert [int(year) for year in named] == sorted({first, first + more})


@given(st.integers(1, 99), st.sampled_from((1, 2, 3, 4)))
def test_a_heading_tells_its_level_and_number(number: int, level: int) -> None:
    printed = filters.heading(number, level)
    inner = filters.hanzi(number) if level < 3 else str(number)
    assert printed == ("{}、", "（{}）", "{}.", "（{}）")[level - 1].format(inner)


HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=6)


@given(
    HAN,
    st.integers(1900, 2099),
    st.integers(1, 9999),
    st.sampled_from(["〔〕", "[]", "【】", "（）"]),
)
def test_a_number_has_its_year_in_the_right_brackets(
    mark: str, year: int, number: int, brackets: str
) -> None:
    written = f"{mark}{brackets[0]}{year}{brackets[1]} 0{number} 号"
    assert filters.wenhao(written) == f"{mark}〔{year}〕{number}号"
    assert filters.wenhao(filters.wenhao(written)) == filters.wenhao(written)


@given(st.text(st.characters(categories=("Lu", "Nd")), max_size=20), HAN)
def test_cells_of_words_add_up(one: str, han: str) -> None:
    ascii_ = "".join(letter for letter in one if letter.isascii())
    assert filters.cells(ascii_ + han) == len(ascii_) + 2 * len(han)


@given(st.one_of(st.integers(), st.text(min_size=1)))
def test_a_dash_stands_only_for_nothing(value: int | str) -> None:
    assert filters.dash(value) == value
    assert filters.dash(None) == filters.dash("") == "/"
