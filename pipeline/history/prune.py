"""Which drafts may go: superseded ones that nothing has ever happened to but being made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.history.questions import Questions
from pipeline.history.store import FolderStore, listed
from pipeline.model import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruning:
    """What pruning would give up."""

    versions: tuple[Version, ...]
    blobs: Mapping[str, int]
    """Digest and size of everything no version needs then, orphans of killed runs with it."""
    kept: int
    """Superseded versions that stay: issued, signed, printed, edited, or young."""

    @property
    def size(self) -> int:
        """Bytes that would be freed."""
        return sum(self.blobs.values())


def plan_pruning(cache: Questions, store: FolderStore, *, keep: int, before: str) -> Pruning:
    """Return which drafts may go and what that frees; see `prunable`.

    Raises:
        HistoryError: when a snapshot of rosters can't be read.
    """
    happened: dict[str, set[str]] = {}
    recorded: dict[str, str] = {}
    for event in cache.events():
        for name in event.versions:
            happened.setdefault(name, set()).add(event.what)
            recorded.setdefault(name, event.at)
    every = cache.versions()
    go, stay = prunable(every, happened, keep=keep, before=before, recorded=recorded)
    gone = {version.manifest for version in go}
    needed = {version.manifest for version in every}
    snapshots = set()
    for version in every:
        if version.manifest not in gone and "pruned" not in happened[version.manifest]:
            needed.add(version.context)
            needed.update(file.sha256 for file in version.files)
            snapshots.add(version.snapshot)
    for snapshot in snapshots - {""}:
        needed.add(snapshot)
        needed.update(one["sha256"] for one in listed(store, snapshot))
    free = {name: store.size(name) for name in store.digests() if name not in needed}
    return Pruning(versions=tuple(go), blobs=free, kept=len(stay))


def prunable(
    versions: Iterable[Version],
    happened: Mapping[str, set[str]],
    *,
    keep: int,
    before: str,
    recorded: Mapping[str, str],
) -> tuple[list[Version], list[Version]]:
    """Part superseded versions into drafts that may go and those that stay.

    Only what the program made itself may go, and only while its one event is that it was
    recorded: whatever else has happened to a version, issued, signed, printed, adopted or
    something this program doesn't know yet, keeps it.

    Args:
        versions: All versions.
        happened: Manifest to what has happened to it.
        keep: How many of the newest versions of each document stay in any case, at least 1.
        before: A day: what was recorded on it or later stays; empty for any day.
        recorded: Manifest to when it was recorded.
    """
    of_document: dict[str, list[Version]] = {}
    for version in versions:
        of_document.setdefault(version.document, []).append(version)
    go: list[Version] = []
    stay: list[Version] = []
    for every in of_document.values():
        every.sort(key=lambda version: version.number)
        for version in every[: -max(1, keep)]:
            if "pruned" in happened[version.manifest]:
                continue
            draft = happened[version.manifest] == {"recorded"}
            ours = version.origin in ("made", "bound")
            old = not before or recorded[version.manifest] < before
            (go if draft and ours and old else stay).append(version)
    return go, stay
