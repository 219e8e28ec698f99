"""Faults of the tags of a Word template, as `docxtpl-lint` finds them, with our codes.

It knows docxtpl's own rules (what `{%p`, `{%tr` and `{%tc` replace, which tags must pair in one
row or table), recovers after each fault, and raises no false alarm on docxtpl's templates. What
it doesn't look at (endnotes, fonts, styles, names against a kind, HTML) we do ourselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import docxtpl_lint

from pipeline.model import Severity, Spot, TemplateFault

UNCLOSED, DROPPED = "B01", "B15"
_CODES: Mapping[str, tuple[str, Severity]] = {
    "DTL001": (UNCLOSED, "error"),
    "DTL002": ("B02", "warning"),
    "DTL003": ("B03", "error"),
    "DTL101": ("B04", "error"),
    "DTL102": ("B05", "error"),
    "DTL201": ("B07", "error"),
    "DTL202": ("B08", "error"),
    "DTL203": ("B09", "error"),
    "DTL204": ("B10", "error"),
    "DTL205": ("B11", "error"),
    "DTL206": ("B12", "error"),
    "DTL210": ("B12", "error"),
    "DTL207": ("B13", "error"),
    "DTL208": ("B14", "error"),
    "DTL209": (DROPPED, "error"),
}
_PARTS = {"body": "正文", "footnotes": "脚注", "header": "页眉", "footer": "页脚"}


def tag_faults(source: bytes, file: str) -> list[TemplateFault]:
    """Return every fault of the tags of a Word file, in the order they stand."""
    found = docxtpl_lint.lint(source, select=sorted(_CODES), autoescape=True)
    return [_fault(issue, file) for issue in found.issues]


def _fault(issue: Any, file: str) -> TemplateFault:
    code, severity = _CODES[issue.rule]
    place = issue.location
    cell = place.cells[-1] if place.cells else None
    kind = place.part.rstrip("0123456789")
    return TemplateFault(
        code=code,
        severity=severity,
        spot=Spot(
            file=file,
            part=_PARTS.get(kind, kind) + place.part.removeprefix(kind),
            paragraph=place.paragraph,
            table=cell.table if cell else 0,
            row=cell.row if cell else 0,
            column=cell.col if cell else 0,
            near=issue.snippet,
        ),
        details={
            "tag": issue.snippet,
            "lost": str(issue.params.get("rest", "")),
            "other": str(issue.params.get("open_raw", "")),
            "name": str(issue.params.get("kw", issue.params.get("prefix", ""))),
            "said": str(issue.params.get("msg", "")),
        },
    )
