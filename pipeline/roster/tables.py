"""The roster tables as data: the core definitions, and the columns a scheme adds or requires."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import SchemeError
from pipeline.model import Column, Scheme, Table

_FOLDER = Path(__file__).parent / "tables"
ORDER = (
    "organs",
    "towns",
    "villages",
    "households",
    "members",
    "units",
    "helpers",
    "projects",
    "funds",
    "progress",
)


def load_tables(scheme: Scheme) -> dict[str, Table]:
    """Return the roster tables by id as this scheme uses them: the core ones and its `tables`.

    Raises:
        SchemeError: when the scheme uses, adds to or requires of a table that doesn't exist.
    """
    known = {path.stem for path in _FOLDER.glob("*.toml")}
    tables = {name: _core(name) for name in (*ORDER, *scheme.tables) if name in known}
    for name in {*scheme.tables, *scheme.extra_field, *scheme.require} - set(tables):
        raise SchemeError(
            f"没有名册表 {name}",
            where=str(scheme.folder / "scheme.toml"),
            todo=f"改用：{'、'.join(tables)}",
        )
    return {name: _adapted(table, scheme) for name, table in tables.items()}


def _core(name: str) -> Table:
    raw = tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    columns = tuple(_column(column) for column in raw["column"])
    return Table(
        id=raw["id"],
        name=raw["name"],
        key=tuple(raw["key"]),
        aliases=tuple(raw["aliases"]),
        columns=columns,
        needed=raw.get("needed", True),
    )


def _column(raw: Mapping[str, Any]) -> Column:
    return Column(**{**raw, "aliases": tuple(raw.get("aliases", ()))})


def _adapted(table: Table, scheme: Scheme) -> Table:
    extra = scheme.extra_field.get(table.id, ())
    required = set(scheme.require.get(table.id, ()))
    columns = (*table.columns, *extra)
    unknown = required - {column.id for column in columns}
    if unknown:
        raise SchemeError(
            f"require.{table.id} 里没有这样的列：{'、'.join(sorted(unknown))}",
            where=str(scheme.folder / "scheme.toml"),
            todo="改用名册表里的列 id",
        )
    return dataclasses.replace(
        table,
        columns=tuple(
            dataclasses.replace(column, wanted=column.required or column.id in required)
            for column in columns
        ),
    )
