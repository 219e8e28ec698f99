"""Every figure of a context by its place and the words people call it by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pipeline.errors import UsageError
from pipeline.plan.changes import named
from pipeline.plan.labels import label

_FEW = 5
"""Figures that are named where more than one is meant, or none."""


def leaves(context: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield path, label and value of every single value of a context."""
    for part, value in context.items():
        yield from _below(part, value)


def called(context: Mapping[str, Any], words: str) -> str:
    """Return the path of a figure by the words `compare` has for it: `欧阳婉婉 年人均可支配收入`.

    Raises:
        UsageError: when none or more than one is; names what there is.
    """
    names = dict(_called(context, "", ""))
    found = [path for path, (of, name) in names.items() if words in (name, f"{of} {name}")]
    if len(found) == 1:
        return found[0]
    if found:
        some = "、".join(f"{path}（{' '.join(names[path]).strip()}）" for path in found[:_FEW])
        raise UsageError(f"“{words}”可指 {len(found)} 个字段", todo=f"写其中一个：{some}")
    known = {" ".join(one).strip() for one in names.values()} | {name for _, name in names.values()}
    near = get_close_matches(words, sorted(known), n=_FEW)
    todo = f"改用：{'、'.join(near)}" if near else "写字段的路径或名称"
    raise UsageError(f"这份文书里没有“{words}”", todo=todo)


def _called(value: Any, path: str, of: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the path of every single value with whose it is and its label."""
    if isinstance(value, Mapping):
        of = named(value) or of if path.endswith("]") else of
        for name, inner in value.items():
            yield from _called(inner, f"{path}.{name}" if path else name, of)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _called(inner, f"{path}[{number}]", of)
    else:
        yield path, (of, label(path))


def _below(path: str, value: Any) -> Iterator[tuple[str, str, Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _below(f"{path}.{name}", inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _below(f"{path}[{number}]", inner)
    else:
        yield path, label(path), value
