"""Where something stands in a workbook, and what a check found there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A cell, row, sheet or file of the roster: the more is known, the more is filled."""

    file: str
    """Name of the workbook within the snapshot."""
    sheet: str = ""
    row: int = 0
    """Row as a spreadsheet program numbers it, from 1; 0 when the whole sheet is meant."""
    column: str = ""
    """Column letters, `C` or `AB`; empty when the whole row is meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One problem found in the data: a code and its facts, no prose (`report` makes sentences)."""

    code: str
    """Rule of REFERENCE.md §7 (`R02`, `L16`), `T…` typing, `N…` a notice, `C…` a stated total."""
    severity: Severity
    source: Source
    details: Mapping[str, str] = field(default_factory=dict)
    """What the sentence of this code needs: `value`, `expected`, `name`, …"""
    village: str = ""
    """Code of the village whose papers this finding concerns; empty when it concerns all."""
    household: str = ""
    """Code of the household it is about; empty when it is about the village, or more."""
