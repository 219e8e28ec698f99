"""The timetable: what is to be done by which day, and what of it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from pipeline.model import Due, Duty, Record, Roster, Scheme, State, periods

Made = Mapping[tuple[str, str], date]
"""(id of the scheme's paper, period) to the day it was first made; an empty period for any."""


def timetable(roster: Roster, scheme: Scheme, on: date, made: Made) -> tuple[Duty, ...]:
    """Return every duty of the scheme's time by day, as it stands on a day.

    What happened after `on` has not happened yet.
    """
    duties = [
        duty for due in scheme.due for duty in _FORMS[_form(due)](due, roster, scheme, on, made)
    ]
    return tuple(sorted(duties, key=lambda duty: (duty.until, duty.due.id, duty.period)))


def _form(due: Due) -> str:
    if due.days:
        return "rows"
    if due.every:
        return "periods"
    return "days" if due.days_of_year else "once"


def _once(due: Due, roster: Roster, scheme: Scheme, on: date, made: Made) -> Iterator[Duty]:
    until = due.until or scheme.until
    yield _duty(due, "", due.since or scheme.since, until, roster, scheme, on, made)


def _days(due: Due, roster: Roster, scheme: Scheme, on: date, made: Made) -> Iterator[Duty]:
    for year in range(scheme.since.year, scheme.until.year + 1):
        for day in due.days_of_year:
            when = date.fromisoformat(f"{year}-{day}")
            if scheme.since <= when <= scheme.until:
                start = when - timedelta(days=due.within)
                yield _duty(due, when.isoformat(), start, when, roster, scheme, on, made)


def _periods(due: Due, roster: Roster, scheme: Scheme, on: date, made: Made) -> Iterator[Duty]:
    since, until = due.since or scheme.since, due.until or scheme.until
    for name, first, last in periods(due.every, since, until):
        day = last + timedelta(days=due.within)
        yield _duty(due, name, first, day, roster, scheme, on, made)


def _rows(due: Due, roster: Roster, scheme: Scheme, on: date, made: Made) -> Iterator[Duty]:
    days = scheme.parameter_of(due.days).on(on)
    for row in roster.rows(due.table):
        start = row.value(due.start)
        if days is not None and isinstance(start, date) and row.fits(due.counted):
            until = start + timedelta(days=int(days) - 1)
            done = row.value(due.done) if due.done else None
            done = done if isinstance(done, date) and done <= on else None
            yield Duty(
                due=due,
                period=_name(row, roster),
                since=start,
                until=until,
                state=_lasted(start, until, done, on, scheme),
                done_on=done,
                number=int(done is not None),
            )


_FORMS: Mapping[str, Callable[[Due, Roster, Scheme, date, Made], Iterator[Duty]]] = {
    "once": _once,
    "days": _days,
    "periods": _periods,
    "rows": _rows,
}


def _duty(
    due: Due,
    period: str,
    since: date,
    until: date,
    roster: Roster,
    scheme: Scheme,
    on: date,
    made: Made,
) -> Duty:
    times = _times(due, roster)
    days = sorted(day for day in _done(due, period, since, until, roster, made) if day <= on)
    done = days[times - 1] if len(days) >= times else None
    return Duty(
        due=due,
        period=period,
        since=since,
        until=until,
        state=_state(since, until, done, on, scheme),
        done_on=done,
        number=min(len(days), times),
        times=times,
    )


def _times(due: Due, roster: Roster) -> int:
    if not due.for_each:
        return due.times
    tables = {"village": "villages", "town": "towns", "unit": "units"}
    return max(1, len(roster.rows(tables[due.for_each])))


def _done(
    due: Due, period: str, since: date, until: date, roster: Roster, made: Made
) -> Iterator[date]:
    """Yield the days on which a duty was done."""
    for row in roster.rows("register"):
        day = row.value("done_on")
        same = row.value("duty") == due.id and (row.value("period") or "") == period
        if same and isinstance(day, date):
            yield day
    if due.document and (due.document, period) in made:
        yield made[due.document, period]
    if due.table:
        for row in roster.rows(due.table):
            day = row.value(due.start)
            if (
                isinstance(day, date)
                and row.fits(due.counted)
                and _within(row, day, period, since, until)
            ):
                yield day


def _within(row: Record, day: date, period: str, since: date, until: date) -> bool:
    """Tell whether a row is of a period: it says its month, or its day lies in it."""
    month = row.value("month")
    return month == period if month is not None else since <= day <= until


def _state(since: date, until: date, done: date | None, on: date, scheme: Scheme) -> State:
    if done is not None:
        return "done" if done <= until else "late"
    if scheme.issued is not None and until < scheme.issued:
        return "past"
    if on > until:
        return "overdue"
    return "due" if since <= on else "coming"


def _lasted(since: date, until: date, ended: date | None, on: date, scheme: Scheme) -> State:
    """Return the state of what has to last so many days: longer is in time, shorter is not."""
    if ended is not None:
        return "done" if ended >= until else "short"
    return _state(since, until, None, on, scheme)


def _name(row: Record, roster: Roster) -> str:
    village = roster.village.get(str(row.value("village_code") or ""))
    what = str(row.value("kind") or row.value("name") or row.key)
    return f"{village.name}{what}" if village else what
