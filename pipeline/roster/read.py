"""Read one snapshot: all workbooks of a folder, each sheet by its table, each row accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pipeline import files
from pipeline.errors import RosterError
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
    Roster,
    Source,
    Table,
    Town,
    Unit,
    Value,
    Village,
)
from pipeline.roster import cells
from pipeline.roster.layout import Header, find_header, find_table, row_kind
from pipeline.roster.sheet import ENDINGS, Grid, grids, letters

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


@dataclass(frozen=True, slots=True)
class _Sheet:
    table: Table
    records: tuple[Record, ...]
    count: Count
    findings: tuple[Finding, ...]


def read_roster(folder: Path, tables: Mapping[str, Table]) -> Roster:
    """Read every workbook of a snapshot folder.

    Cells that don't fit their column become findings and their rows are rejected.

    Raises:
        RosterError: when there is no workbook, or a sheet or column that is needed is missing;
            everything that is missing is in one message.
    """
    books = [
        path
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in ENDINGS and not path.name.startswith(("~$", "."))
    ]
    if not books:
        raise RosterError(
            "没有工作簿", where=str(folder), todo="把名册工作簿（.xlsx 等）放进这个文件夹"
        )
    problems: list[str] = []
    sheets: list[_Sheet] = []
    seen: list[str] = []
    for grid in (grid for book in books for grid in grids(book)):
        table = find_table(grid, list(tables.values()))
        seen.append(f"{grid.file}·{grid.sheet}")
        if table is None:
            continue
        header = find_header(grid, table)
        missing = list(_missing_columns(table, header))
        if header is None or missing:
            problems.append(_no_column(grid, table, header, missing))
            continue
        sheets.append(_read_sheet(grid, table, header))
    problems += _missing_tables(tables, sheets, seen, problems)
    if problems:
        raise RosterError(
            "名册不全\n" + "\n".join(f"  · {problem}" for problem in problems),
            where=str(folder),
            todo="补上或改名后再运行（列名不必一字不差，juanzong 认识常用的别名）",
        )
    return Roster(
        **_gathered(sheets),
        tables=dict(tables),
        counts=tuple(sheet.count for sheet in sheets),
        findings=tuple(finding for sheet in sheets for finding in sheet.findings),
        files={book.name: files.file_digest(book) for book in books},
    )


def _gathered(sheets: list[_Sheet]) -> dict[str, Any]:
    return {
        name: tuple(
            record for sheet in sheets if sheet.table.id == name for record in sheet.records
        )
        for name in RECORDS
    }


def _missing_tables(
    tables: Mapping[str, Table], sheets: list[_Sheet], seen: list[str], problems: list[str]
) -> list[str]:
    read = {sheet.table.id for sheet in sheets}
    named = " ".join(problems)
    return [
        f"找不到工作表“{table.name}”（现有：{'、'.join(seen)}）"
        for table in tables.values()
        if table.id not in read and f"“{table.name}”" not in named
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
    words = [cells.clean(cell) for cell in grid.cells[header.row]]
    unread = [word for index, word in enumerate(words) if word and index not in header.fields]
    parts = []
    for column in missing:
        near = get_close_matches(column.name, unread, n=1, cutoff=0.5)
        parts.append(f"“{column.name}”" + (f"（相近的有“{near[0]}”）" if near else ""))
    return f"{place}：工作表“{table.name}”第{header.row + 1}行表头缺少列 {'、'.join(parts)}"


def _read_sheet(grid: Grid, table: Table, header: Header) -> _Sheet:
    where = {column.id: letters(index) for index, (column, _) in header.fields.items()}
    records: list[Record] = []
    findings: list[Finding] = []
    ignored: Counter[Reason] = Counter({"header": 1})
    rejected = 0
    for number, row in enumerate(grid.cells):
        if number == header.row:
            continue
        kind = row_kind(row)
        if number < header.row:
            ignored["blank" if kind == "blank" else "title"] += 1
        elif kind != "record":
            ignored[kind] += 1
        else:
            values, problems = _typed(row, header)
            found = [
                _finding(grid, table, number, where, problem, column, raw)
                for problem, column, raw in problems
            ]
            findings += found
            if any(finding.severity == "error" for finding in found):
                rejected += 1
            else:
                records.append(_record(grid, table, number, where, values))
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
    return _Sheet(table, tuple(records), count, tuple(findings))


def _typed(
    row: list[object], header: Header
) -> tuple[dict[str, Value], list[tuple[str, Column, object]]]:
    values: dict[str, Value] = {}
    problems: list[tuple[str, Column, object]] = []
    for index, (column, unit) in header.fields.items():
        raw = row[index] if index < len(row) else ""
        try:
            read = cells.value(column, raw, unit)
        except cells.Misfit as misfit:
            problems.append((misfit.problem, column, raw))
            continue
        if read is None and column.required:
            problems.append(("empty", column, raw))
        values[column.id] = read
    return values, problems


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
            "value": "" if column.audience == "restricted" else cells.clean(raw),
        },
    )


def _record(
    grid: Grid, table: Table, number: int, where: Mapping[str, str], values: dict[str, Value]
) -> Record:
    kind = RECORDS[table.id]
    core = {name for name in _field_names(kind) if name in values and values[name] is not None}
    extra = {name: read for name, read in values.items() if name not in _field_names(kind)}
    given: dict[str, Any] = {name: values[name] for name in core}
    return kind(
        table=table.id,
        key="|".join(str(values.get(name) or "") for name in table.key),
        file=grid.file,
        sheet=grid.sheet,
        row=number + 1,
        columns=where,
        more=extra,
        **given,
    )


_OWN = {field.name for field in fields(Record)}
_NAMES: dict[type[Record], frozenset[str]] = {
    kind: frozenset(field.name for field in fields(kind)) - _OWN for kind in RECORDS.values()
}


def _field_names(kind: type[Record]) -> frozenset[str]:
    return _NAMES[kind]
