"""What a kind promises its template: the names of its context, its sample, the words it owes.

A shape is a dict of names, a list with the shape of one item, or None where nothing is known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from pipeline.errors import SchemeError
from pipeline.model import DocumentKind

Shape: TypeAlias = dict[str, Any] | list[Any] | None
_SAMPLE = "sample.json"
_TABLE = "table."
"""Before the name of a roster table whose rows a kind shows; the context has the name alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What a template of a kind may show, must say, and is tried with."""

    names: dict[str, Shape]
    must: tuple[str, ...]
    sample: Mapping[str, Any] | None
    """None when the kind has no sample."""


def contract(kind: DocumentKind) -> Contract:
    """Read what a kind promises: fields from its `shows`, what lies below them from its sample.

    Raises:
        SchemeError: when the sample is no JSON object.
    """
    sample = read_sample(kind)
    names: dict[str, Shape] = {}
    for part, fields in kind.shows.items():
        name_of = part.removeprefix(_TABLE)
        seen = shape((sample or {}).get(name_of))
        inner = seen[0] if isinstance(seen, list) and seen else seen
        known = inner if isinstance(inner, dict) else {}
        only: Shape = {name: known.get(name) for name in fields} if fields else inner
        names[name_of] = [only] if isinstance(seen, list) else only
    return Contract(names=names, must=tuple(kind.must), sample=sample)


def read_sample(kind: DocumentKind) -> dict[str, Any] | None:
    """Read a kind's sample context; None when it has none.

    Raises:
        SchemeError: when it is no JSON object.
    """
    path = kind.folder / _SAMPLE
    if not path.is_file():
        return None
    where = f"{kind.id}/{_SAMPLE}"
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SchemeError(f"不是 JSON：{error}", where=where, todo="改正样例") from error
    if not isinstance(read, dict):
        raise SchemeError("样例应当是一个 JSON 对象", where=where, todo="改正样例")
    return read


def shape(value: Any) -> Shape:
    """Return the names of a plain JSON value."""
    if isinstance(value, Mapping):
        return {str(name): shape(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_common(shape(item) for item in value)]
    return None


def _common(shapes: Iterable[Shape]) -> Shape:
    """Return the names of any of the items."""
    found: dict[str, Shape] = {}
    known = False
    for each in shapes:
        if not isinstance(each, dict):
            return None
        known = True
        found = {**each, **{name: below for name, below in found.items() if below is not None}}
    return found if known else None
