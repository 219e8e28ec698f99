"""A fault of a template and where it stands, in a Word file or in a text file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.model.finding import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place in a template: the more is known, the more is filled; counts begin at 1."""

    file: str
    part: str = ""
    """Part of a Word file as people call it: 正文, 页眉1."""
    paragraph: int = 0
    table: int = 0
    row: int = 0
    column: int = 0
    line: int = 0
    """Line of a text file."""
    near: str = ""
    """What stands there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFault:
    """One fault of a template: a code and its facts, no prose (`report` makes sentences)."""

    code: str
    """`B01` … of `report/templates.toml`."""
    severity: Severity
    spot: Spot
    details: Mapping[str, str] = field(default_factory=dict)
    fixable: bool = False
    """`templates lint --fix` mends it."""
