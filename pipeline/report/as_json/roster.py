"""What came of reading and checking rosters, as plain JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from pipeline.model import Count, Finding, Source
from pipeline.report import words


def checked(
    scheme: str,
    as_of: date,
    counts: Iterable[Count],
    findings: Iterable[Finding],
    notices: Iterable[Finding],
    unchecked: Sequence[str],
) -> dict[str, Any]:
    """Return what `check` found, and the account of every sheet."""
    return {
        "scheme": scheme,
        "as_of": as_of,
        "tables": [
            {
                "name": count.table,
                "file": count.file,
                "sheet": count.sheet,
                "rows": count.rows,
                "accepted": count.accepted,
                "rejected": count.rejected,
                "ignored": {ignored.reason: ignored.rows for ignored in count.ignored},
            }
            for count in counts
        ],
        "findings": [finding(one) for one in findings],
        "notices": [finding(one) for one in notices],
        "unchecked": list(unchecked),
    }


def finding(one: Finding) -> dict[str, Any]:
    """Return a finding with its sentence and its place."""
    return {
        "code": one.code,
        "severity": one.severity,
        "message": words.sentence(one),
        "todo": words.todo(one),
        "basis": words.basis(one),
        "source": place(one.source),
        "village": one.village,
        "household": one.household,
    }


def place(source: Source) -> dict[str, Any]:
    """Return a cell's place."""
    return {
        "file": source.file,
        "sheet": source.sheet,
        "row": source.row,
        "column": source.column,
    }
