"""Figures of a context, read exactly and printed short."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

MISSING = "缺数据"
CENT = Decimal("0.01")


def figure(value: Any) -> Decimal:
    """Read a figure exactly; a float has already lost what the roster said.

    Raises:
        ValueError: for floats and text that is no figure.
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"{value!r} 不是数字文本")
    try:
        read = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"“{value}”不是数字") from None
    if not read.is_finite():
        raise ValueError(f"“{value}”不是数字")
    return read


def given(value: Any) -> Decimal | None:
    """Read a figure that may be missing and can't be below zero.

    Raises:
        ValueError: for figures below zero, floats and text that is no figure.
    """
    if value is None or value == "":
        return None
    read = figure(value)
    if read < 0:
        raise ValueError(f"“{value}”小于零，画不出来")
    return read


def short(value: Decimal) -> str:
    """Print a figure with at most two decimals, half up."""
    text = format(value.quantize(CENT, ROUND_HALF_UP), "f").rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def printed(row: Mapping[str, Any], unit: str = "") -> str:
    """Print a row's figure as it wishes to be `shown`, or as it is with its unit."""
    if row["value"] is None or row["value"] == "":
        return MISSING
    shown = row.get("shown")
    return str(shown) if shown else f"{row['value']}{unit}"
