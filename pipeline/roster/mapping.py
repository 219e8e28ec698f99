"""`mapping.toml` of a scheme: what an office's own headings mean, table by table.

[households]
"户主名" = "head"     # this heading is this field
"内部编号" = ""        # this heading is nothing of ours
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from pipeline.errors import SchemeError
from pipeline.model import Table
from pipeline.roster.characters import folded

Mappings: TypeAlias = Mapping[str, Mapping[str, str]]
"""Table id to heading to field id; an empty field id means: leave this column out."""


def read_mapping(scheme: Path, tables: Mapping[str, Table]) -> dict[str, dict[str, str]]:
    """Read `mapping.toml` of a scheme's folder; no file is no mapping.

    Raises:
        SchemeError: when it isn't TOML, or names a table or field that isn't there.
    """
    path = scheme / "mapping.toml"
    if not path.exists():
        return {}
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SchemeError(f"读不了：{error}", where=str(path), todo="改正这个文件") from error
    for name, headings in raw.items():
        if name not in tables or not isinstance(headings, dict):
            raise SchemeError(
                f"没有名册表 {name}", where=str(path), todo=f"改用：{'、'.join(tables)}"
            )
        fields = {column.id for column in tables[name].columns}
        for heading, field in headings.items():
            if field and field not in fields:
                raise SchemeError(
                    f"{name} 里没有字段 {field}（表头“{heading}”）",
                    where=str(path),
                    todo=f'改用：{"、".join(sorted(fields))}；不用这一列就写 ""',
                )
    return {
        name: {folded(heading): field for heading, field in headings.items()}
        for name, headings in raw.items()
    }
