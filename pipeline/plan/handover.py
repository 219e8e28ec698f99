"""What the sheets between printed papers say: the hand-over list, and one before each paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.model import Scheme, Version


def handover_context(
    scheme: Scheme, place: str, papers: Sequence[Version], copies: int, part: str
) -> dict[str, Any]:
    """Return the context of a hand-over list, or of the sheet before a paper.

    Args:
        scheme: the scheme.
        place: who receives the papers: a town, or the county itself.
        papers: all of a run, or the one a sheet stands before.
        copies: how many of each.
        part: `list` or `sheet`.
    """
    return {
        "scheme": {"sample": scheme.sample},
        "subject": {"name": place, "county": scheme.area.name},
        "run": {
            "part": part,
            "copies": copies,
            "sheets": sum(-(-paper.pages // 2) for paper in papers) * copies,
            "papers": [
                {
                    "title": paper.title,
                    "document": paper.document,
                    "number": paper.number,
                    "pages": paper.pages,
                    "id": paper.manifest[:10],
                }
                for paper in papers
            ],
        },
    }
