"""What every class of `scheme.toml` and `kind.toml` has in common."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Literal

Level = Literal["prefecture", "county", "town", "village", "household", "member", "unit", "project"]
LEVELS: tuple[Level, ...] = ("member", "household", "village", "town", "county", "prefecture")
"""The levels one lies inside the other, from the smallest up."""
Engine = Literal["docx", "html"]
ENGINES: tuple[Engine, ...] = ("docx", "html")
Op = Literal["=", ">=", ">", "<=", "<"]
COMPARE: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "=": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}
Condition = str | bool | tuple[str, ...] | Mapping[Op, Decimal]
"""A value, one of several values, or bounds of a figure: `{ ">=" = 200 }`."""
Where = Mapping[str, Condition]
"""A condition on a row: every field fits. An empty cell fits nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Frozen, and an unknown key is an error."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "frozen": True}


def meets(value: object, wanted: Condition) -> bool:
    """Tell whether a cell's value meets a condition."""
    if isinstance(wanted, tuple):
        return value in wanted
    if isinstance(wanted, Mapping):
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return False
        return all(COMPARE[op](Decimal(value), bound) for op, bound in wanted.items())
    return value == wanted
