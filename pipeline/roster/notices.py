"""What reading did that isn't wrong but should be known: told once for each sheet and column."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from pipeline.model import Finding, Source, Table
from pipeline.roster.characters import folded
from pipeline.roster.layout import Header
from pipeline.roster.sheet import Grid, letters

_USUAL = {"序号", "备注", "附注", "no.", "no"}
"""Columns that every roster has and no table needs."""


def notice(code: str, file: str, sheet: str = "", column: str = "", **details: str) -> Finding:
    """Return a notice about a file, sheet or column."""
    return Finding(
        code=f"N-{code}",
        severity="info",
        source=Source(file=file, sheet=sheet, column=column),
        details=details,
    )


def of_sheet(grid: Grid, table: Table, header: Header, *, guessed: bool) -> Iterator[Finding]:
    """Tell what is hidden, what is unknown and what was guessed in a sheet that is read."""
    place = (grid.file, grid.sheet)
    if guessed:
        yield notice("guessed", *place, table=table.name)
    if grid.hidden:
        yield notice("hidden-sheet", *place, table=table.name)
    rows = sorted(row for row in grid.peek.hidden_rows if header.last < row < len(grid.cells))
    if rows:
        shown = "、".join(str(row + 1) for row in rows[:5]) + ("…" if len(rows) > 5 else "")
        yield notice("hidden-rows", *place, rows=str(len(rows)), which=shown)
    for index in sorted(grid.peek.hidden_columns & header.fields.keys()):
        field = header.fields[index][0].name
        yield notice("hidden-column", *place, letters(index), field=field)
    for index in sorted(header.unread):
        yield from _heading(grid, table, header, index)


def of_stray(grid: Grid) -> Iterator[Finding]:
    """Tell that a sheet is no table of ours, unless it is empty."""
    if any(cell != "" for row in grid.cells for cell in row):
        yield notice("sheet", grid.file, grid.sheet, rows=str(len(grid.cells)))


def _heading(grid: Grid, table: Table, header: Header, index: int) -> Iterator[Finding]:
    heading = header.headings[index]
    if folded(heading) in _USUAL:
        return
    place = (grid.file, grid.sheet, letters(index))
    read = {column.id for column, _ in header.fields.values()}
    words = {word: column for column in table.columns for word in (*column.aliases, column.name)}
    near = get_close_matches(heading.rsplit(" / ", 1)[-1], words, n=1, cutoff=0.5)
    if not near:
        yield notice("heading", *place, heading=heading)
    elif words[near[0]].id in read:
        yield notice("double", *place, heading=heading, field=words[near[0]].name)
    else:
        yield notice("doubtful", *place, heading=heading, field=words[near[0]].name)
