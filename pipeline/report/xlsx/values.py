"""The values of any table as a plain .xlsx, for formats that can't be changed in place."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence, Sized
from io import BytesIO
from typing import Any, Protocol

import xlsxwriter

from pipeline.report.xlsx.words import clean

_MOST = (1_048_576, 16_384)
_UNFIT = re.compile(r"[\[\]:*?/\\]")
_FIRST_DAY = dt.datetime(1980, 1, 1)  # noqa: DTZ001 — the same bytes on every day
_NAME = 31


class Lines(Sized, Iterable[Sequence[object]], Protocol):
    """Rows of cells."""


class Grid(Protocol):
    """One sheet as values: `cells[r][c]` is row r + 1, column c + 1."""

    @property
    def sheet(self) -> str:
        """Its name."""

    @property
    def cells(self) -> Lines:
        """Its cells; empty ones are empty text."""


def values(grids: Iterable[Grid]) -> tuple[bytes, dict[str, str]]:
    """Write grids as a workbook; words stay words, also those that begin with `=`.

    Returns:
        The workbook, and for the name of each grid the name of its sheet.

    Raises:
        ValueError: for a grid with more rows or columns than a sheet has.
    """
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": _FIRST_DAY})
    looks = {
        "text": book.add_format({"num_format": "@"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        "span": book.add_format({"num_format": "[h]:mm:ss"}),
    }
    names: dict[str, str] = {}
    for grid in grids:
        names[grid.sheet] = _name(grid.sheet, names.values())
        _write(book.add_worksheet(names[grid.sheet]), grid.cells, looks)
    book.close()
    return buffer.getvalue(), names


def _write(page: Any, cells: Lines, looks: dict[str, Any]) -> None:
    if len(cells) > _MOST[0] or max(map(len, cells), default=0) > _MOST[1]:
        raise ValueError("more rows or columns than a sheet has")
    for row, line in enumerate(cells):
        for column, value in enumerate(line):
            if value is not None and value != "":
                _put(page, row, column, value, looks)


def _put(page: Any, row: int, column: int, value: object, looks: dict[str, Any]) -> None:
    match value:
        case bool():
            page.write_boolean(row, column, value)
        case int() | float() if math.isfinite(value):
            page.write_number(row, column, value)
        case dt.datetime() if value.year >= 1900:
            look = "day" if value.time() == dt.time() else "moment"
            page.write_datetime(row, column, value.replace(tzinfo=None), looks[look])
        case dt.date() if value.year >= 1900:
            page.write_datetime(row, column, value, looks["day"])
        case dt.time() | dt.timedelta():
            page.write_datetime(row, column, value, looks["span"])
        case _:
            page.write_string(row, column, clean(str(value)), looks["text"])


def _name(wanted: str, taken: Iterable[str]) -> str:
    """Return a name Excel allows for a sheet, and no other sheet has."""
    whole = name = _UNFIT.sub("_", clean(wanted)).strip("'")[:_NAME] or "_"
    known = {"history", *(one.lower() for one in taken)}
    number = 1
    while name.lower() in known:
        number += 1
        tail = f"~{number}"
        name = whole[: _NAME - len(tail)] + tail
    return name
