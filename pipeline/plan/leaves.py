"""Every figure of a context by its place and the words people call it by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.plan.compare import label


def leaves(context: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield path, label and value of every single value of a context."""
    for part, value in context.items():
        yield from _below(part, value)


def _below(path: str, value: Any) -> Iterator[tuple[str, str, Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _below(f"{path}.{name}", inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _below(f"{path}[{number}]", inner)
    else:
        yield path, label(path), value
