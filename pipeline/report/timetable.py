"""The duties of a scheme: as a table of what matters now, and as a calendar file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event

from pipeline.model import Duty, Scheme, State
from pipeline.report.terminal import console, grid

STATES: dict[State, str] = {
    "done": "已办",
    "late": "逾期办结",
    "short": "天数不足",
    "overdue": "逾期未办",
    "due": "应办",
    "coming": "未到",
    "past": "已过期（发文前）",
}
_SOON = timedelta(days=60)


def show_duties(duties: Sequence[Duty], on: date, *, everything: bool) -> None:
    """Print what is overdue, due, or comes within two months; with `everything` all of it."""
    shown = [duty for duty in duties if everything or _matters(duty, on)]
    table = grid("期限", "状态", "事项", "期间", "责任", "办结", "出处")
    for duty in shown:
        table.add_row(
            str(duty.until), STATES[duty.state], duty.due.what, duty.period, duty.due.who,
            _done(duty), duty.due.source,
        )  # fmt: skip
    console().print(table)
    counted = Counter(duty.state for duty in duties)
    words = "，".join(
        f"{word} {counted[state]}" for state, word in STATES.items() if counted[state]
    )
    console().print(f"截至 {on}，共 {len(duties)} 项：{words}" if duties else "方案没有期限")


def calendar(duties: Iterable[Duty], scheme: Scheme, on: date) -> bytes:
    """Return the duties as an iCalendar file (RFC 5545): a whole day each, the day it is due by."""
    book = Calendar()
    book.add("prodid", "-//juanzong//timetable//ZH")
    book.add("version", "2.0")
    book.add("x-wr-calname", f"{scheme.name}期限")
    for duty in duties:
        event = Event()
        event.add("uid", f"{scheme.id}.{duty.due.id}.{duty.period or 'once'}@juanzong")
        event.add("dtstamp", datetime(on.year, on.month, on.day, tzinfo=UTC))
        event.add("dtstart", duty.until)
        event.add("dtend", duty.until + timedelta(days=1))
        event.add("summary", " ".join(filter(None, (duty.due.what, duty.period))))
        event.add(
            "description",
            f"责任：{duty.due.who}\n状态：{STATES[duty.state]}\n出处：{duty.due.source}",
        )
        event.add("transp", "TRANSPARENT")
        book.add_component(event)
    text: bytes = book.to_ical()
    return text


def as_json(duty: Duty) -> dict[str, Any]:
    """Return a duty."""
    return {
        "id": duty.due.id,
        "what": duty.due.what,
        "who": duty.due.who,
        "period": duty.period,
        "since": duty.since,
        "until": duty.until,
        "state": duty.state,
        "word": STATES[duty.state],
        "done_on": duty.done_on,
        "number": duty.number,
        "times": duty.times,
        "source": duty.due.source,
    }


def _matters(duty: Duty, on: date) -> bool:
    soon = duty.state == "coming" and duty.until <= on + _SOON
    return soon or duty.state in {"overdue", "short", "due"}


def _done(duty: Duty) -> str:
    if duty.done_on is not None:
        return str(duty.done_on)
    return f"{duty.number}/{duty.times}" if duty.times > 1 else ""
