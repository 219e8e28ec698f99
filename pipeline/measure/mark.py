"""What a check says of a PDF."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One thing found on a page: a code and its facts, no prose (`report` makes sentences)."""

    code: str
    """G01, G16, G17, TOFU, PUA, FONT, TEXT, MUST, SAMPLE or D09."""
    severity: Severity
    page: int
    """From 1; 0 when the whole file is meant or the page can't be told."""
    value: str
    """What stands there; personal figures are masked."""
    expected: str
    """What should stand there, in Chinese."""
