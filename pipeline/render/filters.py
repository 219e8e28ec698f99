"""The filters of both template languages: figures and dates as Chinese official papers print them.

Figures arrive as the text of a `Decimal` or as whole numbers, never as floats. Numbers follow
GB/T 15835: Arabic figures, no separators in documents, dates as 2016年7月4日.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pipeline.render.charts import CHARTS
from pipeline.render.figures import CENT, MISSING, figure, short
from pipeline.render.money import capital
from pipeline.render.titles import cells, shape

BLANK_DATE = "____年__月__日"

_CHEQUE = Decimal(10) ** 16
_WAN = 4
_DIGITS = "零一二三四五六七八九"
_WORDS = {">=": "不低于", ">": "高于", "<=": "不高于", "<": "低于"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBER = re.compile(
    r"[\[(（【〔［]\s*((?:19|20)\d\d)\s*[\])）】〕］]\s*(?:第\s*)?0*([1-9]\d*)\s*号"
)


def riqi(value: str | None) -> str:
    """Print a day: "2016-07-04" as 2016年7月4日, nothing as a blank to fill in by hand.

    Raises:
        ValueError: for text that is no ISO date.
    """
    if not value:
        return BLANK_DATE
    return _written(_day(value))


def riqi_to(first: str | None, last: str | None) -> str:
    """Print a span of days, the year once: 2016年7月4日至7月10日; blanks where one is missing.

    Raises:
        ValueError: for text that is no ISO date, or a span that ends before it begins.
    """
    if not first or not last:
        return f"{riqi(first)}至{riqi(last)}"
    start, end = _day(first), _day(last)
    _in_order(start, end)
    same_year = f"{end.month}月{end.day}日"
    return f"{_written(start)}至{same_year if start.year == end.year else _written(end)}"


def later(value: str, days: int) -> str:
    """Return the ISO date so many days after another: a notice's last day from its first.

    Raises:
        ValueError: for text that is no ISO date.
    """
    return (_day(value) + timedelta(days=days)).isoformat()


def years(first: int, last: int) -> str:
    """Print a span of years: 2013—2015年; one year as 2013年.

    Raises:
        ValueError: for a span that ends before it begins.
    """
    _in_order(first, last)
    return f"{first}年" if first == last else f"{first}—{last}年"


def yuan(value: str | int | None, missing: str = MISSING) -> str:
    """Print an amount in 元: no separators, two decimals unless they are zero, half up.

    Raises:
        ValueError: for floats and text that is no figure.
    """
    if value is None or value == "":
        return missing
    amount = figure(value).quantize(CENT, ROUND_HALF_UP)
    return _whole(amount) if amount == amount.to_integral_value() else format(amount, "f")


def wan(value: str | int | None, missing: str = MISSING) -> str:
    """Print an amount of 元 in 万元 with at most two decimals, half up.

    Raises:
        ValueError: for floats and text that is no figure.
    """
    if value is None or value == "":
        return missing
    return short(figure(value).scaleb(-_WAN))


def percent(value: str | int | None, missing: str = MISSING) -> str:
    """Print a share, "0.8461" as 84.61%, with at most two decimals, half up.

    Raises:
        ValueError: for floats and text that is no figure.
    """
    if value is None or value == "":
        return missing
    return f"{short(figure(value).scaleb(2))}%"


def rounded(value: str | int | None, missing: str = MISSING) -> str:
    """Print a figure, such as one that is in percent already, with at most two decimals, half up.

    Raises:
        ValueError: for floats and text that is no figure.
    """
    if value is None or value == "":
        return missing
    return short(figure(value))


def percent_to(low: str | int, high: str | int) -> str:
    """Print a range of shares, each with its sign: 5%～10%.

    Raises:
        ValueError: for what is no figure, or a range that ends below its beginning.
    """
    _in_order(figure(low), figure(high))
    return f"{percent(low)}～{percent(high)}"


def wan_to(low: str | int, high: str | int) -> str:
    """Print a range of 元 in 万元, 万 at both ends: 5万～10万元.

    Raises:
        ValueError: for what is no figure, or a range that ends below its beginning.
    """
    _in_order(figure(low), figure(high))
    return f"{wan(low)}万～{wan(high)}万元"


def daxie(value: str | int | None, missing: str = MISSING) -> str:
    """Print an amount of 元 in capital figures, half up to the 分: 壹仟肆佰零玖元伍角.

    Raises:
        ValueError: for floats, text that is no figure and amounts no cheque could bear.
    """
    if value is None or value == "":
        return missing
    amount = figure(value)
    if abs(amount) >= _CHEQUE:
        raise ValueError(f"“{value}”不能写成大写金额")
    return capital(amount.quantize(CENT, ROUND_HALF_UP))


def wenhao(value: str | None) -> str:
    """Print a 发文字号 with its year in 〔〕 and without spaces or leading zeros; nothing for none.

    What has not the form of a number is left as it is: only its issuer knows what it means.
    """
    if not value:
        return ""
    if not _NUMBER.search(value):
        return value
    return _NUMBER.sub(r"〔\1〕\2号", "".join(value.split()))


def heading(number: int, level: int = 1) -> str:
    """Print the number of a heading: 一、 on level 1, then （一）, 1., （1）.

    Raises:
        ValueError: for other levels, and numbers outside 1 to 99 on the first two.
    """
    if level == 1:
        return f"{hanzi(number)}、"
    if level == 2:
        return f"（{hanzi(number)}）"
    if level == 3:
        return f"{number}."
    if level == 4:
        return f"（{number}）"
    raise ValueError(f"标题只有四级，没有第{level}级")


def hanzi(number: int) -> str:
    """Print an ordinal from 1 to 99 in Chinese: 一, 十, 二十一.

    Raises:
        ValueError: outside 1 to 99.
    """
    if not 1 <= number <= 99:
        raise ValueError(f"序号 {number} 不在 1 至 99 之间")
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


def dash(value: str | int | None) -> str | int:
    """Print “/” where a cell has nothing to say."""
    return "/" if value is None or value == "" else value


def compare(op: str) -> str:
    """Print a comparison in words: ">=" as 不低于.

    Raises:
        ValueError: for an unknown sign.
    """
    if op not in _WORDS:
        raise ValueError(f"不认识比较符号“{op}”")
    return _WORDS[op]


FILTERS: dict[str, Callable[..., Any]] = {
    "riqi": riqi,
    "riqi_to": riqi_to,
    "later": later,
    "years": years,
    "yuan": yuan,
    "wan": wan,
    "wan_to": wan_to,
    "daxie": daxie,
    "percent": percent,
    "percent_to": percent_to,
    "rounded": rounded,
    "wenhao": wenhao,
    "heading": heading,
    "hanzi": hanzi,
    "dash": dash,
    "compare": compare,
    "cells": cells,
    "shape": shape,
    **CHARTS,
}
"""Name in a template to filter."""


def _day(value: str) -> date:
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError(f"“{value}”不是 YYYY-MM-DD 的日期")


def _written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _in_order(first: Any, last: Any) -> None:
    if last < first:
        raise ValueError(f"范围反了：{first}至{last}")


def _whole(figure: Decimal) -> str:
    return str(int(figure))
