"""How each column of a file is understood, and the mapping that keeps it so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from pipeline.model import Table
from pipeline.roster.formats import Passwords
from pipeline.roster.layout import Headings, find_header, find_table, guess_table
from pipeline.roster.mapping import Mappings
from pipeline.roster.sheet import Grid, grids, letters


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderstoodColumn:
    """One column of a sheet: its heading, and the field it is, or may be."""

    letters: str
    heading: str
    field: str = ""
    """Id of the field; empty where no field answers to the heading."""
    name: str = ""
    unit: str = ""
    near: str = ""
    """Id of the field whose name is nearest, where none answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderstoodSheet:
    """One sheet: the table it is, and its columns; no table where it is none of ours."""

    file: str
    sheet: str
    table: str = ""
    name: str = ""
    guessed: bool = False
    rows: tuple[int, int] = (0, 0)
    """First and last row of the header, as a spreadsheet program numbers them."""
    columns: tuple[UnderstoodColumn, ...] = ()
    lacking: tuple[str, ...] = ()
    """Names of columns the scheme can't do without that the sheet doesn't have."""


def understand(
    path: Path,
    tables: Mapping[str, Table],
    mapping: Mappings,
    passwords: Passwords | None = None,
) -> tuple[UnderstoodSheet, ...]:
    """Say how every sheet of a file is understood.

    Raises:
        RosterError: when the file can't be opened.
    """
    return tuple(_sheet(grid, tables, mapping) for grid in grids(path, passwords))


def _sheet(grid: Grid, tables: Mapping[str, Table], mapping: Mappings) -> UnderstoodSheet:
    named = find_table(grid, tables.values())
    table = named or guess_table(grid, tables, mapping)
    header = find_header(Headings(grid), table, mapping.get(table.id)) if table else None
    if table is None or header is None:
        return UnderstoodSheet(
            file=grid.file, sheet=grid.sheet, table=table.id if table else "",
            name=table.name if table else "",
        )  # fmt: skip
    read = {column.id for column, _ in header.fields.values()}
    columns = []
    for index, heading in sorted(header.headings.items()):
        field = header.fields.get(index)
        columns.append(
            UnderstoodColumn(
                letters=letters(index),
                heading=heading,
                field=field[0].id if field else "",
                name=field[0].name if field else "",
                unit=field[1] if field else "",
                near="" if field else next(_near(heading, table, read), ""),
            )
        )
    return UnderstoodSheet(
        file=grid.file,
        sheet=grid.sheet,
        table=table.id,
        name=table.name,
        guessed=named is None,
        rows=(header.first + 1, header.last + 1),
        columns=tuple(columns),
        lacking=tuple(
            column.name for column in table.columns if column.wanted and column.id not in read
        ),
    )


def _near(heading: str, table: Table, read: set[str]) -> Iterator[str]:
    words = {
        word: column.id
        for column in table.columns
        if column.id not in read
        for word in (*column.aliases, column.name)
    }
    for word in get_close_matches(heading.rsplit(" / ", 1)[-1], words, n=1, cutoff=0.5):
        yield words[word]


def mapping_text(sheets: tuple[UnderstoodSheet, ...], kept: Mappings) -> str:
    """Write `mapping.toml`: what was kept, what is understood, and what may be meant.

    A guess is a comment: it becomes true when somebody takes the # away.
    """
    lines = [
        '# 表头怎么理解。改这里，juanzong 下次照办；值是字段 id，写 "" 表示不用这一列。',
        "# 以 # 开头的是猜测：去掉 # 即采用。",
    ]
    for table in dict.fromkeys([*kept, *(sheet.table for sheet in sheets if sheet.table)]):
        sure = dict(kept.get(table, {}))
        maybe: dict[str, str] = {}
        for sheet in sheets:
            for column in sheet.columns if sheet.table == table else ():
                heading = column.heading.rsplit(" / ", 1)[-1]
                if column.field:
                    sure.setdefault(heading, column.field)
                elif column.near and heading not in sure:
                    maybe[heading] = column.near
        lines += ["", f"[{table}]"]
        lines += [f"{_quoted(heading)} = {_quoted(field)}" for heading, field in sure.items()]
        lines += [f"# {_quoted(heading)} = {_quoted(field)}" for heading, field in maybe.items()]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
