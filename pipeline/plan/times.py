"""Periods of papers: their first and last day, the one before, their words."""

from __future__ import annotations

from datetime import date, timedelta

_QUARTERS = "一二三四"


def bounds(period: str) -> tuple[date, date]:
    """Return the first and last day of a year, quarter or month: `2014`, `2014Q3`, `2014-07`."""
    year = int(period[:4])
    if "Q" in period:
        first, months = int(period[5]) * 3 - 2, 3
    elif "-" in period:
        first, months = int(period[5:]), 1
    else:
        first, months = 1, 12
    following = first + months
    end = date(year + (following > 12), (following - 1) % 12 + 1, 1) - timedelta(days=1)
    return date(year, first, 1), end


def before(period: str) -> str:
    """Return the period before: 2014Q1 → 2013Q4, 2014-01 → 2013-12, 2014 → 2013."""
    last = bounds(period)[0] - timedelta(days=1)
    if "Q" in period:
        return f"{last.year}Q{(last.month + 2) // 3}"
    return f"{last.year}-{last.month:02d}" if "-" in period else f"{last.year}"


def period_words(period: str) -> str:
    """Say a period as a title does: 2014Q3 → 2014年第三季度, 2014-07 → 2014年7月."""
    year, quarter, number = period.partition("Q")
    if quarter:
        return f"{year}年第{_QUARTERS[int(number) - 1]}季度"
    year, dash, month = period.partition("-")
    if dash:
        return f"{year}年{int(month)}月"
    return f"{year}年" if year else ""
