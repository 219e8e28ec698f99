"""One sheet's rows as typed records: each is accepted, or rejected with the cell that is why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from pipeline.model import (
    Column,
    Count,
    Finding,
    Fund,
    Helper,
    Household,
    Ignored,
    Member,
    Organ,
    Progress,
    Project,
    Reason,
    Record,
    Source,
    Table,
    Town,
    Unit,
    Value,
    Village,
)
from pipeline.roster import cells
from pipeline.roster.characters import clean, private
from pipeline.roster.layout import Header
from pipeline.roster.rows import Rows, fill_down
from pipeline.roster.sheet import Grid, letters

RECORDS: dict[str, type[Record]] = {
    "organs": Organ,
    "towns": Town,
    "villages": Village,
    "households": Household,
    "members": Member,
    "units": Unit,
    "helpers": Helper,
    "projects": Project,
    "funds": Fund,
    "progress": Progress,
}
_1904 = 1462
"""Days between the two epochs of spreadsheet programs."""
_OWN = {field.name for field in fields(Record)}
_NAMES: dict[type[Record], frozenset[str]] = {
    kind: frozenset(field.name for field in fields(kind)) - _OWN for kind in RECORDS.values()
}
_UNKNOWN: Any = object()
_LASTING = {str, float}
"""Cells that are worth remembering; `True` would be found under 1.0."""


Problem = tuple[str, Column, object]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read of one sheet."""

    table: Table
    records: tuple[Record, ...]
    count: Count
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Reader:
    """One column of a sheet; what a cell became is remembered for the cells like it."""

    index: int
    column: Column
    unit: str
    known: dict[str | float, Value]


def read_sheet(grid: Grid, table: Table, header: Header) -> Sheet:
    """Type every row beneath the header and account for every other."""
    fill_down(grid, header)
    rows = Rows(grid, header)
    where = {column.id: letters(index) for index, (column, _) in header.fields.items()}
    readers = [_Reader(index, *field, {}) for index, field in header.fields.items()]
    make = _maker(grid, table, where)
    records: list[Record] = []
    findings: list[Finding] = []
    ignored: Counter[Reason] = Counter()
    rejected = 0
    for number, row in enumerate(grid.cells):
        kind = rows.kind(number, row)
        if kind != "record":
            ignored[kind] += 1
            continue
        values, problems = _typed(grid, readers, number, row)
        if problems:
            rejected += 1
            village, household = _whose(table, values)
            findings += [
                replace(
                    _finding(grid, table, number, where, *problem),
                    village=village,
                    household=household,
                )
                for problem in problems
            ]
        else:
            records.append(make(number, values))
    count = Count(
        table=table.id,
        file=grid.file,
        sheet=grid.sheet,
        rows=len(grid.cells),
        accepted=len(records),
        rejected=rejected,
        ignored=tuple(
            Ignored(reason=reason, rows=rows) for reason, rows in sorted(ignored.items())
        ),
    )
    return Sheet(table, tuple(records), count, tuple(findings))


def _typed(
    grid: Grid, readers: Sequence[_Reader], number: int, row: Sequence[Any]
) -> tuple[dict[str, Value], list[Problem]]:
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    for one in readers:
        raw = row[one.index]
        column = one.column
        try:
            if type(raw) in _LASTING:
                read = one.known.get(raw, _UNKNOWN)
                if read is _UNKNOWN:
                    read = one.known[raw] = cells.value(column, _dated(grid, column, raw), one.unit)
            else:
                read = cells.value(column, raw, one.unit)
        except cells.Misfit as misfit:
            problems.append((misfit.problem, column, raw))
            continue
        if read is None:
            if (number, one.index) in grid.peek.unvalued:
                problems.append(("formula", column, raw))
            elif column.required:
                problems.append(("empty", column, raw))
        values[column.id] = read
    return values, problems


def _dated(grid: Grid, column: Column, raw: str | float) -> str | float:
    """Count a day that is only a number from 1900, whatever the workbook counts from."""
    return raw + _1904 if grid.from_1904 and column.type == "date" and type(raw) is float else raw


def _finding(
    grid: Grid,
    table: Table,
    number: int,
    where: Mapping[str, str],
    problem: str,
    column: Column,
    raw: object,
) -> Finding:
    return Finding(
        code=f"T-{problem}",
        severity="error",
        source=Source(
            file=grid.file, sheet=grid.sheet, row=number + 1, column=where.get(column.id, "")
        ),
        details={
            "table": table.name,
            "field": column.name,
            "value": "" if column.audience == "restricted" else clean(raw),
        }
        | ({"code": f"U+{ord(private(clean(raw))):04X}"} if problem == "private" else {}),
    )


def _whose(table: Table, values: Mapping[str, Value]) -> tuple[str, str]:
    """Return the codes of village and household of a rejected row, as far as the rest says."""
    village = values.get("code" if table.id == "villages" else "village_code")
    household = values.get("code" if table.id == "households" else "household_code")
    return str(village or ""), str(household or "")


def _maker(
    grid: Grid, table: Table, where: Mapping[str, str]
) -> Callable[[int, dict[str, Value]], Record]:
    kind = RECORDS[table.id]
    names = _NAMES[kind]
    core = [name for name in where if name in names]
    extra = [name for name in where if name not in names]

    seen: Counter[str] = Counter()

    def make(number: int, values: dict[str, Value]) -> Record:
        given: dict[str, Any] = {name: read for name in core if (read := values[name]) is not None}
        key = "|".join(str(values.get(name) or "") for name in table.key)
        seen[key] += 1
        return kind(
            table=table.id,
            key=key if seen[key] == 1 else f"{key}#{seen[key]}",
            file=grid.file,
            sheet=grid.sheet,
            row=number + 1,
            columns=where,
            more={name: values[name] for name in extra},
            **given,
        )

    return make
