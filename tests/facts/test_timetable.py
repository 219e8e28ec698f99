"""Which duty stands how on a day, and what makes it done."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal

from icalendar import Calendar

from pipeline.facts import timetable
from pipeline.model import Dated, Due, Duty, Parameter, Roster, Row, Scheme, State
from pipeline.report.timetable import calendar
from tests.conftest import World


def due(**keys: object) -> Due:
    return Due(id="D", what="报送", who="各镇", source="测试", **keys)  # type: ignore[arg-type]


def row(table: str, number: int = 1, **cells: object) -> Row:
    return Row(
        table=table,
        key=str(number),
        file="f",
        sheet="s",
        row=number,
        columns={},
        more=cells,  # type: ignore[arg-type]
    )


def stands(
    small: World, one: Due, on: date, *rows: Row, made: dict[tuple[str, str], date] | None = None
) -> list[Duty]:
    days = Parameter(
        id="seven", name="天数", unit="天", source="测试",
        values=(Dated(since=date(2010, 1, 1), value=Decimal(7)),),
    )  # fmt: skip
    scheme: Scheme = dataclasses.replace(small.scheme(), due=(one,), parameter=(days,))
    tables: dict[str, tuple[Row, ...]] = {}
    for one_row in rows:
        tables[one_row.table] = (*tables.get(one_row.table, ()), one_row)
    roster: Roster = dataclasses.replace(small.roster(), others=tables)
    return list(timetable(roster, scheme, on, made or {}))


def states(duties: list[Duty]) -> list[State]:
    return [duty.state for duty in duties]


def test_a_window_opens_is_due_and_is_over(small: World) -> None:
    window = due(since=date(2016, 11, 15), until=date(2016, 12, 15))
    for day, state in (
        (date(2016, 11, 14), "coming"),
        (date(2016, 11, 15), "due"),
        (date(2016, 12, 15), "due"),
        (date(2016, 12, 16), "overdue"),
    ):
        assert states(stands(small, window, day)) == [state], day


def test_the_register_says_what_is_done_and_whether_in_time(small: World) -> None:
    once = due(until=date(2016, 10, 31))
    for done, state in ((date(2016, 10, 31), "done"), (date(2016, 11, 1), "late")):
        line = row("register", duty="D", done_on=done)
        (duty,) = stands(small, once, date(2016, 12, 1), line)
        assert (duty.state, duty.done_on) == (state, done)
    (duty,) = stands(small, once, date(2016, 10, 1), row("register", duty="D", done_on=done))
    assert duty.state == "due", "what happens later has not happened yet"


def test_a_quarter_is_due_some_days_after_its_end(small: World) -> None:
    quarterly = due(every="quarter", within=20)
    duties = stands(small, quarterly, date(2016, 7, 21))
    assert [(duty.period, duty.until) for duty in duties] == [
        ("2016Q1", date(2016, 4, 20)),
        ("2016Q2", date(2016, 7, 20)),
        ("2016Q3", date(2016, 10, 20)),
        ("2016Q4", date(2017, 1, 20)),
    ]
    assert states(duties) == ["overdue", "overdue", "due", "coming"]


def test_a_paper_that_was_made_fulfils_its_period_only(small: World) -> None:
    quarterly = due(every="quarter", within=20, document="HD-D03")
    made = {("HD-D03", "2016Q2"): date(2016, 7, 8)}
    assert states(stands(small, quarterly, date(2016, 8, 1), made=made))[:2] == ["overdue", "done"]


def test_two_meetings_a_year_are_two_rows_of_the_year(small: World) -> None:
    meetings = due(
        every="year", times=2, table="meetings", start="held_on", counted={"kind": "联席会议"}
    )
    first = row("meetings", 1, kind="联席会议", held_on=date(2016, 3, 1))
    other = row("meetings", 2, kind="工作例会", held_on=date(2016, 4, 1))
    second = row("meetings", 3, kind="联席会议", held_on=date(2016, 9, 1))
    (duty,) = stands(small, meetings, date(2016, 10, 1), first, other)
    assert (duty.state, duty.number, duty.times) == ("due", 1, 2)
    (duty,) = stands(small, meetings, date(2016, 10, 1), first, other, second)
    assert (duty.state, duty.done_on) == ("done", date(2016, 9, 1))


def test_a_notice_hangs_seven_days_the_first_included(small: World) -> None:
    hangs = due(table="publicity", start="started_on", done="ended_on", days="seven")
    for ended, state in (
        (date(2016, 5, 7), "done"),
        (date(2016, 5, 20), "done"),
        (date(2016, 5, 6), "short"),
        (None, "overdue"),
    ):
        notice = row("publicity", kind="名单", started_on=date(2016, 5, 1), ended_on=ended)
        (duty,) = stands(small, hangs, date(2016, 6, 1), notice)
        assert (duty.state, duty.until) == (state, date(2016, 5, 7)), ended


def test_what_was_over_before_the_policy_was_issued_is_for_information(small: World) -> None:
    once = due(until=date(2016, 6, 30))
    scheme = dataclasses.replace(small.scheme(), due=(once,), issued=date(2016, 10, 31))
    (duty,) = timetable(small.roster(), scheme, date(2016, 12, 1), {})
    assert duty.state == "past"


def test_the_calendar_is_one_that_other_programs_read(small: World) -> None:
    scheme = small.scheme()
    duties = timetable(small.roster(), scheme, date(2016, 11, 1), {})
    text = calendar(duties, scheme, date(2016, 11, 1))
    assert text == calendar(duties, scheme, date(2016, 11, 1))
    events = list(Calendar.from_ical(text).walk("VEVENT"))
    assert len(events) == len(duties)
    assert {event["DTSTART"].dt for event in events} == {duty.until for duty in duties}
    assert len({str(event["UID"]) for event in events}) == len(events)
    assert any("督查验收" in str(event["SUMMARY"]) for event in events)
