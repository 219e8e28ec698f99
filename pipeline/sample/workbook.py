"""Rows as an office keeps them: a title, a header, the data, a total and a note."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from io import BytesIO
from typing import Any, Literal, TypeAlias

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from pipeline.model import Column, Table, Value

Row: TypeAlias = dict[str, Any]
"""One row of a table: field id to value; codes are codes and dates dates until they are written."""

_BODY, _HEAD = "宋体", "黑体"
_HEADER_ROW = 2
_FIRST_ROW = 3
_NARROWEST, _WIDEST = 6, 42
_LOOKED_AT = 3000
"""Rows that decide how wide a column is."""
_NO_TOTAL = ("net_per_capita", "skills")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet: a table's rows, the words around them, and how this office writes dates.

    A field of `dates` holds text, 2016-09-20 or 2016年9月20日; the others hold real dates.
    """

    table: Table
    rows: Sequence[Row]
    title: str
    reporter: str
    cut_off: date
    note: str
    headings: Mapping[str, str]
    dates: Mapping[str, Literal["iso", "chinese"]]
    totals: bool

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The fields the rows have; a field the sample knows nothing of is left out."""
        known = {name for row in self.rows for name in row}
        return tuple(column for column in self.table.columns if not self.rows or column.id in known)

    def total(self, column: Column) -> Decimal | None:
        """Sum a field where the sheet has a total row and the field can be summed."""
        if not self.totals or column.type not in ("money", "integer") or column.id in _NO_TOTAL:
            return None
        return sum((Decimal(row.get(column.id) or 0) for row in self.rows), Decimal(0))


def workbook_bytes(sheets: Iterable[Sheet], created: date) -> bytes:
    """Write the sheets of one workbook; the same sheets and day give the same bytes."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": datetime(created.year, created.month, created.day)})  # noqa: DTZ001
    formats = _formats(book)
    for sheet in sheets:
        _write(book.add_worksheet(sheet.table.name), sheet, formats)
    book.close()
    return buffer.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    grid = {"font_name": _BODY, "font_size": 10, "border": 1, "valign": "vcenter"}
    heading = {"font_name": _HEAD, "align": "center", "text_wrap": True, "bg_color": "#DDEBF7"}
    plain = {"font_name": _BODY, "font_size": 10, "valign": "vcenter"}
    wide = {"font_name": _HEAD, "font_size": 16, "align": "center", "valign": "vcenter"}
    return {
        "title": book.add_format(wide),
        "left": book.add_format(plain),
        "right": book.add_format({**plain, "align": "right"}),
        "header": book.add_format({**grid, **heading}),
        "text": book.add_format({**grid, "num_format": "@"}),
        "centre": book.add_format({**grid, "align": "center"}),
        "integer": book.add_format({**grid, "num_format": "0"}),
        "money": book.add_format({**grid, "num_format": "#,##0.00"}),
        "date": book.add_format({**grid, "align": "center", "num_format": "yyyy-mm-dd"}),
        "note": book.add_format({**plain, "text_wrap": True}),
    }


def _write(page: Any, sheet: Sheet, formats: Mapping[str, Any]) -> None:
    last = len(sheet.columns) - 1
    _across(page, 0, (0, last), sheet.title, formats["title"])
    page.set_row(0, 30)
    third = (last + 1) // 3
    _across(page, 1, (0, third), f"填报单位：{sheet.reporter}", formats["left"])
    cut_off = f"截止日期：{_chinese(sheet.cut_off)}"
    _across(page, 1, (third + 1, last - 1), cut_off, formats["left"])
    page.write_string(1, last, "单位：元", formats["right"])
    for place, column in enumerate(sheet.columns):
        page.write_string(_HEADER_ROW, place, _heading(sheet, column), formats["header"])
        page.set_column(place, place, _width(sheet, column))
    for order, row in enumerate(sheet.rows, start=_FIRST_ROW):
        for place, column in enumerate(sheet.columns):
            _write_cell(page, order, place, column, row.get(column.id), sheet, formats)
    end = _FIRST_ROW + len(sheet.rows)
    if sheet.totals:
        _write_totals(page, end, sheet, formats)
        end += 1
    page.merge_range(end, 0, end, last, f"注：{sheet.note}", formats["note"])
    _lay_out(page, end, last)


def _across(page: Any, row: int, columns: tuple[int, int], words: str, look: Any) -> None:
    """Write words over several cells of a row; over none where the sheet is too narrow."""
    first, last = columns
    if first < last:
        page.merge_range(row, first, row, last, words, look)
    elif first == last:
        page.write_string(row, first, words, look)


def _lay_out(page: Any, end: int, last: int) -> None:
    page.freeze_panes(_FIRST_ROW, 2)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(_HEADER_ROW)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    page.set_footer("&C第&P页，共&N页")
    page.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(last)}{end + 1}"})


def _write_cell(
    page: Any,
    order: int,
    place: int,
    column: Column,
    value: Value,
    sheet: Sheet,
    formats: Mapping[str, Any],
) -> None:
    """Write numbers as numbers and everything else as text, so that no digit of a code is lost."""
    if value is None or value == "":
        page.write_blank(order, place, None, formats["text"])
    elif column.type in ("money", "decimal", "integer") and isinstance(value, int | Decimal):
        kind = "integer" if column.type == "integer" else "money"
        page.write_number(order, place, float(value), formats[kind])
    elif isinstance(value, date) and column.id not in sheet.dates:
        page.write_datetime(order, place, value, formats["date"])
    else:
        kind = "text" if column.type in ("id", "text") else "centre"
        page.write_string(order, place, _words(sheet, column, value), formats[kind])


def _words(sheet: Sheet, column: Column, value: Value) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return _chinese(value) if sheet.dates.get(column.id) == "chinese" else value.isoformat()
    return column.codes.get(str(value), str(value))


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _write_totals(page: Any, order: int, sheet: Sheet, formats: Mapping[str, Any]) -> None:
    page.write_string(order, 0, "合计", formats["centre"])
    for place, column in enumerate(sheet.columns[1:], start=1):
        total = sheet.total(column)
        if total is None:
            page.write_blank(order, place, None, formats["text"])
            continue
        letters = xl_col_to_name(place)
        formula = f"=SUM({letters}{_FIRST_ROW + 1}:{letters}{order})"
        kind = formats["money" if column.type == "money" else "integer"]
        page.write_formula(order, place, formula, kind, float(total))


def _heading(sheet: Sheet, column: Column) -> str:
    name = sheet.headings.get(column.id, column.name)
    return f"{name}（{column.unit}）" if column.unit and not name.endswith("）") else name


def _width(sheet: Sheet, column: Column) -> int:
    cells = (_words(sheet, column, row.get(column.id)) for row in sheet.rows[:_LOOKED_AT])
    # A long heading wraps, so it asks for half its length only.
    heading = (_cells_of(_heading(sheet, column)) + 1) // 2
    widest = max(_cells_of(text) for text in (*cells, f"{sheet.total(column) or 0:,.2f}"))
    spare = 4 if column.type == "money" else 2
    return min(_WIDEST, max(_NARROWEST, heading + 2, widest + spare))


def _cells_of(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
