"""The timetable: dates and cycles a policy sets, and the duties they come to."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pipeline.model.data import Data, Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Due(Data):
    """A date or window, both ends included, or a duty that comes again.

    One of: `until` (a date, with `since` a window); `every` (a period, due `within` days after
    its end); `days_of_year` (`10-17`); `days` (every row of `table` starts one on the day of
    `start` that ends after so many days, the first included, and is done by the day of `done`).

    It is done when the register has a line for it, when its `document` was made, or, with
    `table`, when rows that fit `counted` have their `start` in the period: `times` of them, or
    one for each subject of a level (`for_each`).
    """

    id: str
    what: str
    who: str
    source: str
    since: date | None = None
    until: date | None = None
    every: Literal["", "month", "quarter", "year"] = ""
    within: int = 0
    times: int = 1
    days_of_year: tuple[str, ...] = ()
    for_each: Literal["", "village", "town", "unit"] = ""
    table: str = ""
    counted: Where = dataclasses.field(default_factory=dict)
    start: str = ""
    done: str = ""
    days: str = ""
    """Parameter: how many days."""
    document: str = ""
    """Paper whose making fulfils it."""
    defaults: tuple[str, ...] = ()


State = Literal["done", "late", "short", "overdue", "due", "coming", "past"]
"""Done in time, done late, ended before its days were over, not done and over, open now, not yet
begun, over before the policy was issued (for information only)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One thing to be done by one day."""

    due: Due
    period: str
    """2014Q3, 2014-07, 2014; a row's name; empty for a single date."""
    since: date
    until: date
    state: State
    done_on: date | None = None
    number: int = 0
    """How many of the times are done."""
    times: int = 1


def periods(every: str, since: date, until: date) -> Iterator[tuple[str, date, date]]:
    """Yield the months, quarters or years of a time: name, first and last day.

    Only whole periods that begin within it; the last one may end after it.
    """
    months = {"month": 1, "quarter": 3, "year": 12}[every]
    year, month = since.year, (since.month - 1) // months * months + 1
    while date(year, month, 1) <= until:
        following = year + (month + months > 12), (month + months - 1) % 12 + 1
        last = date(*following, 1) - timedelta(days=1)
        name = {
            "month": f"{year}-{month:02d}",
            "quarter": f"{year}Q{(month + 2) // 3}",
            "year": f"{year}",
        }[every]
        yield name, date(year, month, 1), last
        year, month = following
