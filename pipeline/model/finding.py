"""Where something stands in a workbook, and what a check found there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning", "info"]
HIDDEN = "（已隐去）"
"""What is told in place of what only few may see."""
_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_CITIZEN = re.compile(
    f"(?<![0-9])[1-9][0-9]{{5}}(?:(?:19|20)[0-9]{{2}}{_DAY}[0-9]{{3}}[0-9Xx]|[0-9]{{2}}{_DAY}[0-9]{{3}})"
    "(?![0-9Xx])"
)
"""Numbers of identity cards, of 18 and of 15 places (GB 11643): they may stand in any cell."""


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
    """What the sentence of this code needs: `value`, `expected`, `name`, …; no citizen's number."""
    village: str = ""
    """Code of the village whose papers this finding concerns; empty when it concerns all."""
    household: str = ""
    """Code of the household it is about; empty when it is about the village, or more."""

    def __post_init__(self) -> None:
        """Hide numbers of identity cards in the details: findings are printed and passed on."""
        if any(_CITIZEN.search(word) for word in self.details.values()):
            hidden = {name: _CITIZEN.sub(HIDDEN, word) for name, word in self.details.items()}
            object.__setattr__(self, "details", hidden)
