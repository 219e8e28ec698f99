"""The same office some time before: what had not happened yet is taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from pipeline.sample.workbook import Row

_BEGINS = (
    "start", "since", "approved_on", "applied_on", "started_on", "held_on", "visited_on",
    "granted_on", "inspected_on", "done_on",
)  # fmt: skip
"""A row whose first day lies after the snapshot isn't in it."""
_PLANNED = ("until", "end", "birth")
_FELL_BACK = 0.012


def taken_back(
    rows: Mapping[str, list[Row]], day: date, rng: Random, line: Decimal
) -> dict[str, list[Row]]:
    """Return the rows as they would have been on an earlier day.

    Households that reached the line later had less then; of those that are short now a few had
    enough, and have fallen back since.
    """
    found = {table: [dict(row) for row in of_table] for table, of_table in rows.items()}
    for household in found["households"]:
        _poorer(household, day, rng, line)
    month = f"{day.year}-{day.month:02d}"
    found["progress"] = [row for row in found["progress"] if row["month"] <= month]
    for table in set(found) - {"households", "progress", "members"}:
        found[table] = [_then(row, day) for row in found[table] if not _later(row, day)]
    return found


def _later(row: Row, day: date) -> bool:
    return any(isinstance(row.get(name), date) and row[name] > day for name in _BEGINS)


def _then(row: Row, day: date) -> Row:
    return {
        name: None if isinstance(value, date) and value > day and name not in _PLANNED else value
        for name, value in row.items()
    }


def _poorer(household: Row, day: date, rng: Random, line: Decimal) -> None:
    reached = household["reached_on"]
    enough = line * household["size"]
    if reached is not None and reached <= day:
        return
    if reached is None and rng.random() < _FELL_BACK and household["net_income"] < enough:
        less = household["net_income"] - _yuan(enough * rng.randint(101, 112) / 100)
        household["reached_on"] = None
    else:
        less = _yuan(household["net_income"] * rng.randint(6, 22) / 100)
        household["reached_on"] = None
    part = "wage" if household["wage"] > less else "transfer"
    household[part] -= less
    household["net_income"] -= less
    household["disposable"] -= less
    per_head = household["net_income"] / household["size"]
    household["net_per_capita"] = per_head.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _yuan(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1), ROUND_HALF_UP)
