"""The sheets of any file as grids of raw cells; owns calamine."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from pipeline.errors import RosterError
from pipeline.roster import html, text, xml2003
from pipeline.roster.biff import Range
from pipeline.roster.block import Cells, Listed
from pipeline.roster.formats import Format, Locked, Passwords, locked, recognise
from pipeline.roster.limits import check_text, check_total, damaged
from pipeline.roster.peek import SheetPeek, large_sheets, peek

if TYPE_CHECKING:  # it needs numpy, which small workbooks don't
    from pipeline.roster.thin import Bulk


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """One sheet: `cells[r][c]` is row r + 1, column c + 1; empty cells are empty text."""

    file: str
    sheet: str
    cells: Cells
    merges: tuple[Range, ...] = ()
    """First and last cell of each merged range, zero-based; only the first holds a value."""
    hidden: bool = False
    peek: SheetPeek = field(default_factory=SheetPeek)
    from_1904: bool = False
    secret: bool = False
    """The file was opened by a password."""


def grids(path: Path, passwords: Passwords | None = None) -> Iterator[Grid]:
    """Read every sheet of a workbook, or the one of a text file.

    `passwords` are tried on a workbook that is locked.

    Raises:
        RosterError: when the file can't be opened, or asks for more than a roster can need.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise RosterError("没有这个文件", where=path.name, todo="检查写的路径") from error
    except OSError as error:
        raise RosterError(f"读不了：{error}", where=path.name, todo="检查文件和权限") from error
    try:
        yield from _sheets(path, data)
    except Locked:
        from pipeline.roster.unlock import unlocked  # hardly any workbook is

        plain, secret = unlocked(path.name, data, passwords)
        for grid in _sheets(path, plain):
            yield replace(grid, secret=secret)


def _sheets(path: Path, data: bytes) -> Iterator[Grid]:
    kind = recognise(path.name, data)
    if kind in {"text", "html", "xml"}:
        check_text(path.name, data, page=kind != "text")
    if kind == "text":
        yield Grid(file=path.name, sheet=path.stem, cells=Listed(text.grid(path.name, data)))
    elif kind == "html":
        for number, (cells, merges) in enumerate(html.tables(path.name, data), start=1):
            sheet = path.stem if number == 1 else f"{path.stem}（{number}）"
            yield Grid(file=path.name, sheet=sheet, cells=Listed(cells), merges=tuple(merges))
    elif kind == "xml":
        for one in xml2003.sheets(path.name, data):
            yield Grid(
                file=path.name,
                sheet=one.name,
                cells=Listed(one.cells()),
                merges=tuple(one.merges),
                hidden=one.hidden,
                peek=one.peek(),
            )
    else:
        yield from _workbook(path.name, data, kind)


def _workbook(name: str, data: bytes, kind: Format) -> Iterator[Grid]:
    bulks: Mapping[str, Bulk] = {}
    if kind == "xlsx" and (large := large_sheets(data)):
        from pipeline.roster.thin import thinned

        data, bulks = thinned(name, data, large)
    seen = peek(name, data, kind)
    total = 0
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for about in book.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(about.name)
            total += sheet.total_height * sheet.total_width
            check_total(name, total)
            found = cast("list[list[object]]", sheet.to_python(skip_empty_area=False))
            looked = seen.sheets.get(about.name, SheetPeek())
            bulk = bulks.get(about.name)
            cells = bulk.cells(found) if bulk else Listed(found)
            looked = bulk.peek(looked) if bulk else looked
            merges = tuple(sheet.merged_cell_ranges or ()) or looked.merges
            del sheet  # it holds every cell once more
            yield Grid(
                file=name,
                sheet=about.name,
                cells=cells,
                merges=merges,
                hidden=about.visible != SheetVisibleEnum.Visible,
                peek=looked,
                from_1904=seen.from_1904,
            )
    except PasswordError as error:
        raise locked(name) from error
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise damaged(name, f"内部结构有误：{error}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how a fault of calamine itself arrives
            raise
        raise damaged(name, "内部结构有误") from error


def letters(index: int) -> str:
    """Return the column letters of a zero-based column index: 0 → A, 27 → AB."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
