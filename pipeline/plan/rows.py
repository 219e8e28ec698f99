"""The rows of any roster table that belong to the subject: a part named `table.loans`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.model import Column, Record, Value
from pipeline.plan.view import View

PREFIX = "table."
OWNERS: Mapping[str, str] = {
    "in_household": "所属户", "in_village": "所在行政村", "in_town": "所在镇街",
}  # fmt: skip
"""Fields every table has besides its columns: the names of those a row belongs to. Public."""


def rows(view: View, table: str, fields: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the fields asked for of each row; a table the roster doesn't have has no rows.

    Codes are told as words. `in_household`, `in_village` and `in_town` name where a row belongs.
    A unit's rows are those of the villages it helps, and
    those that name it.
    """
    known = view.roster.tables.get(table)
    if known is None:
        return []
    columns = {name: known.column(name) for name in fields}
    return [
        {
            name: _owner(view, row, name) if name in OWNERS else _told(column, row.value(name))
            for name, column in columns.items()
        }
        for row in belonging(view, table)
    ]


def _owner(view: View, row: Record, level: str) -> str:
    """Return the name of the household, village or town a row belongs to, empty for none."""
    household = view.roster.household.get(str(row.value("household_code") or ""))
    if level == "in_household":
        return household.head if household else ""
    code = household.village_code if household else str(row.value("village_code") or "")
    village = view.roster.village.get(code)
    if level == "in_village":
        return village.name if village else ""
    town = view.roster.town.get(village.town_code if village else str(row.value("town_code") or ""))
    return town.name if town else str(row.value("town") or "")


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
