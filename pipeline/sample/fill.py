"""Cells and rows that only one scheme has, invented as its sample plan says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from pipeline.errors import SchemeError
from pipeline.model import Fill, RowsPlan, meets
from pipeline.sample.names import Names, Phones
from pipeline.sample.workbook import Row

_LINKS = {
    "towns": ("town_code", "code"),
    "villages": ("village_code", "code"),
    "households": ("household_code", "code"),
    "units": ("unit", "name"),
    "projects": ("project_code", "code"),
}
"""Table to the field a row says that it belongs to one of its rows by, and that one's own field."""


class Filler:
    """Invents cells; every draw comes from one random stream in the order it is asked."""

    def __init__(
        self, rng: Random, names: Names, phones: Phones, figures: Mapping[str, Decimal]
    ) -> None:
        """Begin; `figures` are this year's of the statistics, by measure."""
        self._rng = rng
        self._names = names
        self._phones = phones
        self._figures = figures
        self._serials: dict[str, int] = {}

    def fill(self, rows: Iterable[Row], fields: Mapping[str, Fill]) -> None:
        """Add fields to rows; outside a field's `where` they stay empty."""
        for row in rows:
            for name, fill in fields.items():
                row[name] = self._cell(name, fill, row)

    def rows(
        self, plan: RowsPlan, parents: Sequence[Row], household_village: Mapping[str, str]
    ) -> Iterator[Row]:
        """Yield the rows made for each parent that fits."""
        for parent in parents:
            if not fits(parent, plan.where):
                continue
            for _ in range(self._rng.randint(*plan.number)):
                row = _linked(plan, parent, household_village)
                for name, fill in plan.fields.items():
                    row[name] = self._cell(name, fill, {**parent, **row})
                yield row

    def _cell(self, name: str, fill: Fill, row: Mapping[str, object]) -> object:
        if not fits(row, fill.where):
            return None
        rng = self._rng
        if fill.yes is not None:
            return rng.random() < float(fill.yes)
        if fill.pick:
            return rng.choices(list(fill.pick), list(fill.pick.values()))[0]
        if fill.whole:
            return rng.randint(*fill.whole)
        if fill.money:
            low, high = fill.money
            return Decimal(rng.randint(int(low), int(high)))
        if fill.reference:
            return self._of_reference(fill)
        if fill.day:
            first, last = fill.day
            return first + timedelta(days=rng.randint(0, (last - first).days))
        if fill.serial:
            self._serials[fill.serial] = self._serials.get(fill.serial, 0) + 1
            return f"{fill.serial}{self._serials[fill.serial]:04d}"
        if fill.person:
            return self._names.official() if fill.person == "name" else self._phones.mobile()
        if fill.same:
            return row.get(fill.same)
        return fill.text or row.get(name)

    def _of_reference(self, fill: Fill) -> Decimal:
        if fill.reference not in self._figures:
            raise SchemeError(
                f"统计参考里没有今年的“{fill.reference}”",
                where="sample_plan.fill",
                todo="补进 statistics.csv",
            )
        low, high = (int(bound * 10_000) for bound in fill.between)
        share = Decimal(self._rng.randint(low, high)) / 10_000
        return (self._figures[fill.reference] * share).quantize(Decimal("0.01"), ROUND_HALF_UP)


def fits(row: Mapping[str, object], where: Mapping[str, object]) -> bool:
    """Tell whether an invented row meets a condition."""
    return all(meets(row.get(name), wanted) for name, wanted in where.items())  # type: ignore[arg-type]


def _linked(plan: RowsPlan, parent: Row, household_village: Mapping[str, str]) -> Row:
    """Return a new row with the fields that say whose it is."""
    if plan.per == "members":
        return {"household_code": parent["household_code"]}
    if plan.per not in _LINKS:
        return {}
    field, own = _LINKS[plan.per]
    row: Row = {field: parent[own]}
    if plan.per == "households":
        row["village_code"] = household_village[parent[own]]
    return row
