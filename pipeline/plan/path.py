"""Where a figure stands in a context: `households[3].disposable`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pipeline.errors import UsageError
from pipeline.plan.parts import PARTS
from pipeline.plan.rows import PREFIX

_STEP = re.compile(r"([^.\[\]]+)(?:\[(\d+)\])?")
_INNER = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")


def parse(path: str) -> tuple[str, int | None, str]:
    """Cut a path into part, row and field: `households[3].disposable`; the last may be empty.

    What is no part is a roster's table, as `inspections[0].result`; it may also be written as
    kinds do, `table.inspections`, and is returned so.

    Raises:
        UsageError: when it hasn't the form.
    """
    bare = path.removeprefix(PREFIX)
    found = _STEP.fullmatch(bare.partition(".")[0])
    if not found:
        raise UsageError(
            f"“{path}”不是字段", todo="写成 部分[行].字段，如 households[3].disposable"
        )
    field = bare.partition(".")[2].partition(".")[0].partition("[")[0]
    own = bare == path and found[1] in PARTS
    return found[1] if own else PREFIX + found[1], int(found[2]) if found[2] else None, field


def figure(context: Mapping[str, Any], path: str) -> Any:
    """Return what a context says at a path.

    Raises:
        UsageError: when it says nothing there; names what there is.
    """
    parse(path)
    value: Any = context
    done = ""
    for name, number in _INNER.findall("." + path.removeprefix(PREFIX)):
        try:
            value = value[int(number)] if number else value[name]
        except (LookupError, TypeError) as error:
            raise UsageError(f"这份文书里没有“{path}”", todo=_there(value, done)) from error
        done += f"[{number}]" if number else f".{name}".removeprefix("" if done else ".")
    return value


def _there(value: Any, done: str) -> str:
    """Say what a part of a context holds, so that the next try may succeed."""
    if isinstance(value, Mapping):
        return f"选{f'“{done}”' if done else '文书'}里的一项：{'、'.join(value)}"
    if isinstance(value, list):
        return f"写行号：“{done}”有 {len(value)} 行，从 0 数起"
    return f"只写到“{done}”，它没有下级"
