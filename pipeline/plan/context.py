"""Build a context: only the parts and fields the kind shows, none above its audience."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline import files
from pipeline.errors import SchemeError
from pipeline.model import AUDIENCES, DocumentKind, Table
from pipeline.plan.labels import fields
from pipeline.plan.parts import PARTS
from pipeline.plan.rows import PLACES, PREFIX, rows
from pipeline.plan.view import View

_WORDS = {"public": "公开", "internal": "内部", "restricted": "受限"}


def build_context(kind: DocumentKind, view: View) -> dict[str, Any]:
    """Return the plain JSON value a paper of this kind shows of the subject.

    A field the kind doesn't show isn't in it, so a template can't leak it by mistake.
    """
    shown = {
        part.removeprefix(PREFIX): rows(view, part.removeprefix(PREFIX), names)
        if part.startswith(PREFIX)
        else _selected(part, PARTS[part](view), names)
        for part, names in kind.shows.items()
    }
    built = files.plain(shown)
    assert isinstance(built, dict)
    return built


def check_kind(kind: DocumentKind, tables: Mapping[str, Table]) -> None:
    """Check what a kind shows before anything is planned.

    A part `table.loans` shows rows of that roster table; its columns say who may see them.

    Raises:
        SchemeError: for an unknown part or field, or one that its audience may not see.
    """
    known = dict(fields())
    for name, table in tables.items():
        known[f"{PREFIX}{name}"] = {
            **{column.id: (column.name, column.audience) for column in table.columns},
            **{place: (label, "public") for place, label in PLACES.items()},
        }
    filling = [name for names in kind.must.values() for name in names]
    for key, named in (("needs", kind.needs), ("must", filling)):
        lacking = sorted(name for name in named if not _shown(kind, name))
        if lacking:
            raise _wrong(kind, f"{key} 要的 {'、'.join(lacking)} 不在 shows 里", "写进 shows")
    for part, names in kind.shows.items():
        if part.startswith(PREFIX) and part not in known:
            continue  # a table this scheme doesn't keep: it has no rows
        if part not in known:
            raise _wrong(kind, f"没有“{part}”这一部分", f"改用：{'、'.join(known)}")
        for name in names:
            if name not in known[part]:
                raise _wrong(kind, f"{part} 没有“{name}”这一项", f"改用：{'、'.join(known[part])}")
            label, audience = known[part][name]
            if AUDIENCES.index(audience) > AUDIENCES.index(kind.audience):
                raise _wrong(
                    kind,
                    f"{_WORDS[kind.audience]}文书不能出现“{label}”"
                    f"（{part}.{name} 属{_WORDS[audience]}信息）",
                    "从 shows 中删去，或提高 audience",
                )


def _selected(part: str, value: Any, names: tuple[str, ...]) -> Any:
    if not names and set(fields()[part]) == {"*"}:
        return value  # one value as a whole
    if isinstance(value, Mapping):
        return {name: value[name] for name in names}
    if isinstance(value, list) and names:
        return [{name: row[name] for name in names} for row in value]
    return value


def _shown(kind: DocumentKind, path: str) -> bool:
    """Tell whether a kind shows a part of the context, or the field of it a path begins with."""
    part, *below = path.split(".")
    names = kind.shows.get(part, kind.shows.get(f"{PREFIX}{part}"))
    return names is not None and (not below or not names or below[0] in names)


def _wrong(kind: DocumentKind, what: str, todo: str) -> SchemeError:
    return SchemeError(what, where=str(kind.folder / "kind.toml"), todo=todo)
