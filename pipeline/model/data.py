"""What every class of `scheme.toml` and `kind.toml` has in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

Level = Literal["county", "town", "village", "household", "member", "unit", "project"]
Engine = Literal["docx", "html"]
Where = Mapping[str, str | bool | tuple[str, ...]]
"""A condition on a row: each field equals the value, or one of the values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Frozen, and an unknown key is an error."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "frozen": True}
