"""One sheet's rows as typed records: each is accepted, or rejected with the cell that is why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import TypeAlias, cast

from pipeline.model import (
    HIDDEN,
    Column,
    Count,
    Finding,
    Ignored,
    Reason,
    Record,
    Source,
    Table,
    Value,
)
from pipeline.roster.characters import clean, private
from pipeline.roster.columns import Reader, Wrong
from pipeline.roster.glyphs import undrawn
from pipeline.roster.layout import Header
from pipeline.roster.make import Maker
from pipeline.roster.rows import Kind, Rows, fill_down
from pipeline.roster.sheet import Grid, letters

_BATCH = 1024
"""Rows typed together: enough for their columns to pay, few enough to be soon forgotten."""

Problem: TypeAlias = tuple[str, Column, object]
"""The code of what is wrong, the column, and the cell as it stands in the sheet."""
Columns: TypeAlias = Mapping[str, Sequence[Value]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read of one sheet."""

    table: Table
    records: tuple[Record, ...]
    count: Count
    findings: tuple[Finding, ...]


def read_sheet(grid: Grid, table: Table, header: Header) -> Sheet:
    """Type every row beneath the header and account for every other."""
    fill_down(grid, header)
    where = {column.id: letters(index) for index, (column, _) in header.fields.items()}
    readers = [
        Reader(index=index, column=column, unit=unit, from_1904=grid.from_1904)
        for index, (column, unit) in header.fields.items()
    ]
    maker = Maker(table, grid.file, grid.sheet, where)
    records: list[Record] = []
    findings: list[Finding] = []
    kinds: Counter[Kind] = Counter()
    for numbers in _batches(grid, header, kinds):
        columns, problems = _typed(grid, readers, numbers)
        for at, number in enumerate(numbers):
            if number in problems:
                village, household = _whose(table, columns, at)
                findings += [
                    replace(
                        _finding(grid, table, number, where, *one),
                        village=village,
                        household=household,
                    )
                    for one in problems[number]
                ]
        if problems:
            numbers, columns = _without(problems, numbers, columns)
        findings += _undrawn(grid, table, readers, numbers, where, columns)
        records += maker.records([number + 1 for number in numbers], columns)
    rejected = kinds.pop("record", 0) - len(records)
    count = Count(
        table=table.id,
        file=grid.file,
        sheet=grid.sheet,
        rows=len(grid.cells),
        accepted=len(records),
        rejected=rejected,
        ignored=tuple(
            Ignored(reason=cast("Reason", reason), rows=rows)
            for reason, rows in sorted(kinds.items())
        ),
    )
    return Sheet(table, tuple(records), count, tuple(findings))


def _batches(grid: Grid, header: Header, kinds: Counter[Kind]) -> Iterator[list[int]]:
    """Yield the zero-based numbers of the rows that are records; count the rows of each kind."""
    rows = Rows(grid, header)
    for start in range(0, len(grid.cells), _BATCH):
        found = rows.kinds(grid, range(start, min(start + _BATCH, len(grid.cells))))
        kinds.update(found)
        yield [number for number, kind in enumerate(found, start) if kind == "record"]


def _typed(
    grid: Grid, readers: Sequence[Reader], numbers: Sequence[int]
) -> tuple[Columns, dict[int, list[Problem]]]:
    """Return the values of some rows by column, and what is wrong by row."""
    columns: dict[str, Sequence[Value]] = {}
    problems: defaultdict[int, list[Problem]] = defaultdict(list)
    held = grid.cells.columns([reader.index for reader in readers], numbers)
    for reader, raws in zip(readers, held, strict=True):
        values = reader.values(raws)
        for at, problem in _wrong(grid, reader, numbers, values):
            raw = grid.cells[numbers[at]][reader.index]
            problems[numbers[at]].append((problem, reader.column, raw))
        columns[reader.column.id] = cast("Sequence[Value]", values)
    return columns, problems


def _wrong(
    grid: Grid, reader: Reader, numbers: Sequence[int], values: Sequence[Value | Wrong]
) -> Iterator[tuple[int, str]]:
    """Yield the place and the problem of each value that is wrong, or empty and mustn't be."""
    if reader.wrong:
        yield from ((at, one.problem) for at, one in enumerate(values) if isinstance(one, Wrong))
    if not reader.column.required and not grid.peek.unvalued:
        return
    for at in (at for at, one in enumerate(values) if one is None):
        if (numbers[at], reader.index) in grid.peek.unvalued:
            yield at, "formula"
        elif reader.column.required:
            yield at, "empty"


def _without(
    problems: Mapping[int, object], numbers: list[int], columns: Columns
) -> tuple[list[int], Columns]:
    """Return the rows that have no problem, and their columns."""
    fit = [number not in problems for number in numbers]
    return list(compress(numbers, fit)), {
        name: list(compress(values, fit)) for name, values in columns.items()
    }


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
            "value": HIDDEN if column.audience == "restricted" else clean(raw),
        }
        | ({"code": f"U+{ord(private(clean(raw))):04X}"} if problem == "private" else {}),
    )


def _undrawn(
    grid: Grid,
    table: Table,
    readers: Iterable[Reader],
    numbers: Sequence[int],
    where: Mapping[str, str],
    columns: Columns,
) -> Iterator[Finding]:
    doubtful = [reader.column for reader in readers if reader.letters.undrawn()]
    for column, at, text, code in undrawn(doubtful, columns):
        found = _finding(grid, table, numbers[at], where, "glyph", column, text)
        village, household = _whose(table, columns, at)
        yield replace(
            found,
            severity="warning",
            details={**found.details, "code": code},
            village=village,
            household=household,
        )


def _whose(table: Table, columns: Columns, at: int) -> tuple[str, str]:
    """Return the codes of village and household of a rejected row, as far as the rest says."""
    names = (
        "code" if table.id == "villages" else "village_code",
        "code" if table.id == "households" else "household_code",
    )
    found = [columns[name][at] if name in columns else None for name in names]
    village, household = (code if isinstance(code, str) else "" for code in found)
    return village, household
