"""Stale: letters that were signed and whose data have changed since."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.history import History
from pipeline.model import PlannedDocument
from pipeline.run.letters import SIGNED
from pipeline.run.papers import Stale, changed


def stale_signed(planned: Sequence[PlannedDocument], history: History | None) -> tuple[Stale, ...]:
    """Return the letters to sign again, and which of their figures have changed."""
    if history is None:
        return ()
    marked = {
        manifest for event in history.log() if event.what == "signed" for manifest in event.versions
    }
    newest = {
        version.document: version
        for version in history.versions()
        if version.manifest in marked and version.kind != SIGNED
    }
    lives = history.lives(newest)
    return tuple(
        Stale(version=version, state=lives[paper.document].state(version), changes=changes)
        for paper in planned
        if (version := newest.get(paper.document)) and (changes := changed(paper, version, history))
    )
