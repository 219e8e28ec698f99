"""Reads sample workbooks back without the code that wrote them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from pipeline.model import Table

Office = dict[str, list[dict[str, Any]]]


def field_of(table: Table, heading: str) -> str:
    """Find the field by its name or an alias, with or without the unit in brackets."""
    for column in table.columns:
        for name in (column.name, *column.aliases):
            if heading in (name, f"{name}（{column.unit}）"):
                return column.id
    raise AssertionError(f"{table.name}: nobody knows the heading {heading}")


def read_office(books: Iterable[Path], tables: Mapping[str, Table]) -> Office:
    by_name = {table.name: table for table in tables.values()}
    office: Office = {}
    for path in books:
        book = CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            table = by_name[name]
            rows = book.get_sheet_by_name(name).to_python()
            fields = [field_of(table, heading) for heading in rows[2]]
            office[table.id] = [
                dict(zip(fields, row, strict=True))
                for row in rows[3:]
                if row[0] != "合计" and not str(row[0]).startswith("注：")
            ]
    return office
