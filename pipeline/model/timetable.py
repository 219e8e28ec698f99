"""The timetable: dates and cycles a policy sets, and the duties they come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipeline.model.data import Data


@dataclass(frozen=True, slots=True, kw_only=True)
class Due(Data):
    """A date or window, both ends included, or a duty that comes again.

    One of: `until` (a date, with `since` a window); `every` (a period, due `within` days after
    its end, at least `times` in it); `days_of_year` (`10-17`); `table` with `start` and `days`
    (every row of the table starts one that ends after so many days, the first included).
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
    table: str = ""
    start: str = ""
    days: str = ""
    """Parameter: how many days."""
    document: str = ""
    """Paper whose making fulfils it."""
    defaults: tuple[str, ...] = ()


State = Literal["done", "late", "overdue", "due", "coming", "past"]
"""done in time, done late, not done and over, open now, not yet begun, over before the policy
was issued (for information only)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One thing to be done by one day."""

    due: Due
    period: str
    """2014Q3, 2014-07, 2014; a row's key; empty for a single date."""
    since: date
    until: date
    state: State
    done_on: date | None = None
    evidence: str = ""
    """The paper or the line of the register that says it is done."""
