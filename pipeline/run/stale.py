"""Stale: letters that were signed and whose data have changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.history import History
from pipeline.model import Change, PlannedDocument, Version
from pipeline.plan import compare
from pipeline.run.letters import SIGNED


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """A signed letter that no longer says what the rosters say; it stays what it is."""

    version: Version
    """As it was signed."""
    changes: tuple[Change, ...]


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
    found = []
    for paper in planned:
        version = newest.get(paper.document)
        if version is not None and version.context != paper.context_digest:
            changes = compare(history.context(version), paper.context)
            found.append(Stale(version=version, changes=changes))
    return tuple(found)
