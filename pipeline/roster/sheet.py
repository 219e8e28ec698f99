"""A workbook's sheets as grids of raw cells; owns calamine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from pipeline.errors import RosterError

ENDINGS = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """One sheet: `cells[r][c]` is row r + 1, column c + 1; empty cells are empty text."""

    file: str
    sheet: str
    cells: list[list[object]]


def grids(path: Path) -> Iterator[Grid]:
    """Read every sheet of a workbook.

    Raises:
        RosterError: when the file is not a workbook that can be opened.
    """
    try:
        book = CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            yield Grid(file=path.name, sheet=name, cells=[list(row) for row in cells])
    except (CalamineError, OSError, ValueError) as error:
        raise RosterError(
            f"打不开这个工作簿（{error}）",
            where=path.name,
            todo="在 Excel 或 WPS 里打开，另存为 .xlsx 后再放回来",
        ) from error


def letters(index: int) -> str:
    """Return the column letters of a zero-based column index: 0 → A, 27 → AB."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
