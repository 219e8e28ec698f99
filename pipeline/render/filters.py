"""The filters of both template languages: figures and dates as Chinese official papers print them.

Figures arrive as the text of a `Decimal` or as whole numbers, never as floats. Numbers follow
GB/T 15835: Arabic figures, no separators in documents, dates as 2016年7月4日.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

BLANK_DATE = "____年__月__日"
MISSING = "缺数据"

_CENT = Decimal("0.01")
_WAN = 4
_DIGITS = "零一二三四五六七八九"
_WORDS = {">=": "不低于", ">": "高于", "<=": "不高于", "<": "低于"}


def riqi(value: str | None) -> str:
    """Print a day: "2016-07-04" as 2016年7月4日, nothing as a blank to fill in by hand.

    Raises:
        ValueError: for text that is no ISO date.
    """
    if not value:
        return BLANK_DATE
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"“{value}”不是 YYYY-MM-DD 的日期") from None
    return f"{day.year}年{day.month}月{day.day}日"


def yuan(value: str | int | None, missing: str = MISSING) -> str:
    """Print an amount in 元: no separators, two decimals unless they are zero, half up.

    Raises:
        ValueError: for floats and text that is no figure.
    """
    if value is None or value == "":
        return missing
    amount = _figure(value).quantize(_CENT, ROUND_HALF_UP)
    return _whole(amount) if amount == amount.to_integral_value() else format(amount, "f")


def wan(value: str | int | None, missing: str = MISSING) -> str:
    """Print an amount of 元 in 万元 with at most two decimals, half up.

    Raises:
        ValueError: for floats and text that is no figure.
    """
    if value is None or value == "":
        return missing
    return _short(_figure(value).scaleb(-_WAN))


def percent(value: str | int | None, missing: str = MISSING) -> str:
    """Print a share, "0.8461" as 84.61%, with at most two decimals, half up.

    Raises:
        ValueError: for floats and text that is no figure.
    """
    if value is None or value == "":
        return missing
    return f"{_short(_figure(value).scaleb(2))}%"


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
    "yuan": yuan,
    "wan": wan,
    "percent": percent,
    "hanzi": hanzi,
    "dash": dash,
    "compare": compare,
}
"""Name in a template to filter."""


def _figure(value: str | int) -> Decimal:
    """Read a figure exactly; a float has already lost what the roster said."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"{value!r} 不是数字文本")
    try:
        figure = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"“{value}”不是数字") from None
    if not figure.is_finite():
        raise ValueError(f"“{value}”不是数字")
    return figure


def _short(figure: Decimal) -> str:
    rounded = figure.quantize(_CENT, ROUND_HALF_UP)
    text = format(rounded, "f").rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _whole(figure: Decimal) -> str:
    return str(int(figure))
