"""Papers planned, made, bound, issued and adopted, as plain JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.model import Change, Kept, LifeState, Made, PlannedDocument, Skipped, Version
from pipeline.report.as_json.past import version


def planned(
    due: Iterable[PlannedDocument],
    kept: Iterable[Kept],
    skipped: Iterable[Skipped],
    lacking: Iterable[str],
    changes: Iterable[Change],
    stale: Iterable[tuple[Version, LifeState, Iterable[Change]]] = (),
) -> dict[str, Any]:
    """Return what would be made and why."""
    return {
        "due": [
            {
                "document": paper.document,
                "title": paper.title,
                "reason": paper.because.reason,
                "changes": [change(one) for one in paper.because.changes],
                "supersedes": paper.because.supersedes,
            }
            for paper in due
        ],
        "kept": len(list(kept)),
        "skipped": [skip(one) for one in skipped],
        "without_template": list(lacking),
        "roster_changes": [change(one) for one in changes],
        "stale": [
            {**version(one), "state": state, "changes": [change(each) for each in changed]}
            for one, state, changed in stale
        ],
    }


def change(one: Change) -> dict[str, str]:
    """Return a figure that changed."""
    return {"path": one.path, "field": one.label, "of": one.of, "old": one.old, "new": one.new}


def skip(one: Skipped) -> dict[str, str]:
    """Return a paper that was not made, and why."""
    return {"document": one.document, "title": one.title, "reason": one.reason}


def made(
    papers: Iterable[Made], kept: Iterable[Kept], skipped: Iterable[Skipped], restored: int
) -> dict[str, Any]:
    """Return what a run made."""
    return {
        "made": [version(paper.version) for paper in papers],
        "kept": len(list(kept)),
        "restored": restored,
        "skipped": [skip(one) for one in skipped],
    }


def bound(
    versions: Iterable[Version], kept: Iterable[Version], skipped: Iterable[Skipped]
) -> dict[str, Any]:
    """Return what was bound."""
    return {
        "bound": [version(one) for one in versions],
        "kept": len(list(kept)),
        "skipped": [skip(one) for one in skipped],
    }


def issued(
    versions: Iterable[Version], already: Iterable[Version], skipped: Iterable[Skipped]
) -> dict[str, Any]:
    """Return what `issue` issued."""
    return {
        "issued": [version(one) for one in versions],
        "already": [version(one) for one in already],
        "skipped": [skip(one) for one in skipped],
    }


def adopted(
    lines: Iterable[tuple[Version, Iterable[tuple[str, Sequence[str]]]]],
    skipped: Iterable[Skipped],
) -> dict[str, Any]:
    """Return what `adopt` took in, with the figures that no longer stand in the text."""
    return {
        "adopted": [
            {
                **version(one),
                "lost": [{"printed": said, "fields": list(labels)} for said, labels in gone],
            }
            for one, gone in lines
        ],
        "skipped": [skip(one) for one in skipped],
    }
