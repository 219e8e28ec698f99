"""Read one snapshot: every file of a folder, each sheet by its table, each row accounted for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pipeline import files
from pipeline.errors import RosterError
from pipeline.garbage import uncollected
from pipeline.model import Column, Finding, Roster, Table
from pipeline.roster import notices
from pipeline.roster.formats import ENDINGS, Passwords
from pipeline.roster.layout import Header, Headings, find_header, find_table, guess_table
from pipeline.roster.make import RECORDS
from pipeline.roster.mapping import Mappings
from pipeline.roster.records import Sheet, read_sheet
from pipeline.roster.sheet import Grid, grids


@uncollected(lasting=True)
def read_roster(
    folder: Path,
    tables: Mapping[str, Table],
    mapping: Mappings | None = None,
    passwords: Passwords | None = None,
) -> Roster:
    """Read every workbook and every exported text of a snapshot folder.

    `mapping` is what the scheme says of its own headings (`read_mapping`), `passwords` what opens
    locked workbooks. Cells that don't fit
    their column become findings and their rows are rejected; what else should be known, such as
    hidden rows and unknown headings, becomes notices.

    Raises:
        RosterError: when there is no workbook, one can't be opened, or a sheet or column that is
            needed is missing; everything that is missing is in one message.
    """
    books, found = _listed(folder)
    problems: list[str] = []
    sheets: list[Sheet] = []
    seen: list[str] = []
    secret: set[str] = set()
    for grid in (grid for book in books for grid in grids(book, passwords)):
        seen.append(f"{grid.file}·{grid.sheet}")
        secret |= {grid.file} if grid.secret else set()
        named = find_table(grid, tables.values())
        table = named or guess_table(grid, tables, mapping or {})
        if table is None:
            found += notices.of_stray(grid)
            continue
        header = find_header(Headings(grid), table, (mapping or {}).get(table.id))
        missing = list(_missing_columns(table, header))
        if header is None or missing:
            problems.append(_no_column(grid, table, header, missing))
            continue
        found += notices.of_sheet(grid, table, header, guessed=named is None)
        sheets.append(read_sheet(grid, table, header))
    found += (notices.notice("locked", name) for name in sorted(secret))
    problems += _missing_tables(tables, sheets, seen, problems)
    if problems:
        raise RosterError(
            "名册不全\n" + "\n".join(f"  · {problem}" for problem in problems),
            where=str(folder),
            todo="补上或改名后再运行（认识常用的别名；另有叫法的，用 juanzong map 方案 写下来）",
        )
    return Roster(
        **_gathered(sheets),
        tables=dict(tables),
        counts=tuple(sheet.count for sheet in sheets),
        findings=tuple(finding for sheet in sheets for finding in sheet.findings),
        notices=tuple(found),
        files={book.name: files.file_digest(book) for book in books},
    )


def _listed(folder: Path) -> tuple[list[Path], list[Finding]]:
    """Return the files that are read, and a notice for each thing that isn't."""
    things = [
        path for path in sorted(folder.iterdir()) if not path.name.startswith(("~$", ".", "Thumbs"))
    ]
    books = [path for path in things if path.is_file() and path.suffix.lower() in ENDINGS]
    if not books:
        raise RosterError(
            "没有工作簿", where=str(folder), todo="把名册工作簿（.xlsx 等）放进这个文件夹"
        )
    return books, [notices.notice("file", path.name) for path in things if path not in books]


def _gathered(sheets: list[Sheet]) -> dict[str, Any]:
    rows: dict[str, list[Any]] = {}
    for sheet in sheets:
        rows.setdefault(sheet.table.id, []).extend(sheet.records)
    found = {name: tuple(records) for name, records in rows.items()}
    core: dict[str, Any] = {name: found.pop(name, ()) for name in RECORDS}
    return core | {"others": found}


def _missing_tables(
    tables: Mapping[str, Table], sheets: list[Sheet], seen: list[str], problems: list[str]
) -> list[str]:
    read = {sheet.table.id for sheet in sheets}
    named = " ".join(problems)
    return [
        f"找不到工作表“{table.name}”（现有：{'、'.join(seen)}）"
        for table in tables.values()
        if table.needed and table.id not in read and f"“{table.name}”" not in named
    ]


def _missing_columns(table: Table, header: Header | None) -> Iterator[Column]:
    found = {column.id for column, _ in header.fields.values()} if header else set()
    for column in table.columns:
        if column.wanted and column.id not in found:
            yield column


def _no_column(grid: Grid, table: Table, header: Header | None, missing: list[Column]) -> str:
    place = f"{grid.file}·{grid.sheet}"
    if header is None:
        names = "、".join(column.name for column in missing)
        return f"{place}：工作表“{table.name}”找不到表头行（应有：{names}）"
    unread = [header.headings[index].rsplit(" / ", 1)[-1] for index in sorted(header.unread)]
    parts = []
    for column in missing:
        near = get_close_matches(column.name, unread, n=1, cutoff=0.5)
        parts.append(f"“{column.name}”" + (f"（相近的有“{near[0]}”）" if near else ""))
    return f"{place}：工作表“{table.name}”第{header.last + 1}行表头缺少列 {'、'.join(parts)}"
