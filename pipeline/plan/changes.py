"""Two contexts or two rosters in, the figures that differ out, each by the name people call it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pipeline.model import Change
from pipeline.plan.labels import label

if TYPE_CHECKING:
    from pipeline.model import Record, Roster

_NAMES = ("head", "name", "target", "title")


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return every leaf that differs between two contexts of one document."""
    return tuple(_differences(old, new, "", ""))


def compare_rosters(old: Roster, new: Roster) -> tuple[Change, ...]:
    """Return every cell, row for row by key, that differs between two snapshots.

    `path` is the new cell's place; rows that came or went are one change each.
    """
    return tuple(
        change for table in new.tables for change in _rows(new.tables[table].name, old, new, table)
    )


def _differences(old: Any, new: Any, path: str, of: str) -> Iterator[Change]:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        name = (named(new) if path.endswith("]") else None) or of
        for key in dict.fromkeys([*old, *new]):
            below = f"{path}.{key}" if path else str(key)
            yield from _differences(old.get(key), new.get(key), below, name)
    elif isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new):
            yield Change(
                path=path, label=f"{label(path)}行数", old=str(len(old)), new=str(len(new)), of=of
            )
            return
        for number, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _differences(before, after, f"{path}[{number}]", of)
    else:
        yield Change(path=path, label=label(path), old=_word(old), new=_word(new), of=of)


def named(row: Mapping[str, Any]) -> str | None:
    """Return whose a row is, where it has a name."""
    return next((str(row[key]) for key in _NAMES if key in row), None)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "（无）" if value is None or value == "" else str(value)


def _rows(table: str, old: Roster, new: Roster, name: str) -> Iterator[Change]:
    before = {row.key: row for row in old.rows(name)}
    after = {row.key: row for row in new.rows(name)}
    for key, row in after.items():
        if key not in before:
            yield Change(path=_place(row), label=f"{table}新增一行", old="（无）", new=_who(row))
        else:
            yield from _cells(table, before[key], row, new)
    for key, row in before.items():
        if key not in after:
            yield Change(path=_place(row), label=f"{table}减少一行", old=_who(row), new="（无）")


def _cells(table: str, old: Record, new: Record, roster: Roster) -> Iterator[Change]:
    for column in roster.tables[new.table].columns:
        before, after = old.value(column.id), new.value(column.id)
        if before != after:
            hidden = column.audience == "restricted" and column.type in {"id", "text"}
            yield Change(
                path=_place(new, column.id),
                label=f"{table}·{column.name}",
                old="（已隐去）" if hidden else _word(before),
                new="（已隐去）" if hidden else _word(after),
                of=_who(new),
            )


def _place(row: Record, field: str = "") -> str:
    column = row.columns.get(field, "")
    return f"{row.file}·{row.sheet}·{column}{row.row}"


def _who(row: Record) -> str:
    return str(row.value("head") or row.value("name") or row.value("full") or row.key)
