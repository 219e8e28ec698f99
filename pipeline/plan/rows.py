"""The rows of any roster table that belong to the subject: a part named `table.loans`.

A paper's rule may take only some of them: `rows` by what they hold, the setting `within` by the
day in that column, which has to lie in the paper's period.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from pipeline.model import Column, Record, Value
from pipeline.plan.times import bounds
from pipeline.plan.view import View

PREFIX = "table."
PLACES = {"in_village": "所在行政村", "in_town": "所在镇街", "in_household": "所属户"}
"""Fields every table has: the names of where a row belongs."""


def rows(view: View, table: str, fields: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the fields asked for of each row; a table the roster doesn't have has no rows.

    Codes are told as words. A unit's rows are those of the villages it helps, and those that
    name it.
    """
    known = view.roster.tables.get(table)
    if known is None:
        return []
    columns = {name: known.column(name) for name in fields if name not in PLACES}
    return [
        {
            **{name: _told(column, row.value(name)) for name, column in columns.items()},
            **{name: place for name, place in _places(view, row).items() if name in fields},
        }
        for row in wanted(view, table)
    ]


def wanted(view: View, table: str) -> Iterator[Record]:
    """Yield the rows of a table that belong to the subject and that the paper's rule takes."""
    column = str(view.rule.settings.get("within", ""))
    dated = bool(view.period and column and view.roster.tables[table].column(column))
    for row in belonging(view, table):
        if not row.fits(view.rule.rows.get(table, {})):
            continue
        day = row.value(column) if dated else None
        first, last = bounds(view.period) if dated else (None, None)
        if not dated or (isinstance(day, date) and first and last and first <= day <= last):
            yield row


def _places(view: View, row: Record) -> dict[str, str]:
    own = str(row.value("code") or "")
    household = view.roster.household.get(str(row.value("household_code") or own))
    code = household.village_code if household else str(row.value("village_code") or own)
    village = view.roster.village.get(code)
    town = view.roster.town.get(village.town_code if village else str(row.value("town_code") or ""))
    return {
        "in_village": village.name if village else "",
        "in_town": town.name if town else str(row.value("town") or ""),
        "in_household": household.head if household else "",
    }


def belonging(view: View, table: str) -> list[Any]:
    """Return the rows of a table that belong to the subject."""
    level, code = view.subject.level, view.subject.code
    roster = view.roster
    if level == view.scheme.area.level:
        return list(roster.rows(table))
    if level == "county":
        towns = [town.code for town in roster.towns if town.county_code == code]
        return [row for town in towns for row in roster.belonging(table, "town").get(town, ())]
    if level == "unit":
        own = list(roster.belonging(table, "unit").get(code, ()))
        villages = [village.code for village in view.villages()]
        here = [row for one in villages for row in roster.belonging(table, "village").get(one, ())]
        return own or here
    return list(roster.belonging(table, level).get(code, ()))


def _told(column: Column | None, value: Value) -> Value:
    return column.codes.get(str(value), value) if column else value
