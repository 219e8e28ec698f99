"""What a handed-over history consists of: packages that grow event by event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.files import file_digest, safe_name
from pipeline.history.questions import Questions
from pipeline.history.store import FolderStore, listed
from pipeline.model import Event, Version

LOG = "日志"
"""The package of the log, its checkpoints and the public keys."""
ROSTERS = "名册"
"""The package of the workbooks as received."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one event added to a package."""

    at: str
    operator: str
    what: str
    files: dict[str, Path]
    """Path inside the package to the file that holds the bytes."""


def packages(
    folder: Path, store: FolderStore, cache: Questions, *, owner: Callable[[Version], str]
) -> dict[str, list[Step]]:
    """Gather the whole history: one package for each owner, one for the log, one for rosters.

    Args:
        folder: The store's folder.
        store: The store.
        cache: Its cache.
        owner: Tells the package a version belongs to.

    Raises:
        HistoryError: when a snapshot can't be read.
    """
    versions = {version.manifest: version for version in cache.versions()}
    found: dict[str, list[Step]] = {}
    snapshots: set[str] = set()
    events = cache.events()
    for event in events:
        mine: dict[str, dict[str, Path]] = {}
        for name in event.versions:
            # The event that names it first is the one that recorded it.
            version = versions.pop(name, None)
            if version is not None:
                mine.setdefault(owner(version), {}).update(_files(folder, store, version))
                snapshots.add(version.snapshot)
        for package, files in mine.items():
            found.setdefault(package, []).append(_step(event, files))
    if events:
        chain = {
            path.relative_to(folder).as_posix(): path
            for part in ("log", "checkpoints", "checkpoints/lost", "keys")
            for path in sorted((folder / part).glob("*"))
            if path.suffix in (".json", ".pem")
        }
        found[LOG] = [_step(events[-1], chain)]
    rosters: dict[str, Path] = {}
    for snapshot in sorted(snapshots - {""}):
        if store.has(snapshot):
            rosters |= _rosters(store, snapshot)
    if rosters:
        found[ROSTERS] = [_step(events[-1], rosters)]
    return found


def _step(event: Event, files: dict[str, Path]) -> Step:
    return Step(at=event.at, operator=event.operator, what=event.what, files=files)


def _files(folder: Path, store: FolderStore, version: Version) -> dict[str, Path]:
    """Return the files of a version: what people open, its context and its manifest."""
    base = f"{safe_name(version.title)}/{safe_name(version.document)}/{version.number:04d}"
    found = {f"{base}/版本清单.json": store.path(version.manifest)}
    if store.has(version.context):
        found[f"{base}/上下文.json"] = store.path(version.context)
    for file in version.files:
        name = f"{base}/{safe_name(file.path.rsplit('/', 1)[-1])}"
        output = folder.parent / file.path
        if store.has(file.sha256):
            found[name] = store.path(file.sha256)
        elif output.is_file() and file_digest(output) == file.sha256:
            # A working dossier: its bytes lie only in the outputs.
            found[name] = output
    return found


def _rosters(store: FolderStore, snapshot: str) -> dict[str, Path]:
    base = snapshot[:16]
    books = {
        f"{base}/{safe_name(book['name'])}": store.path(book["sha256"])
        for book in listed(store, snapshot)
    }
    return {f"{base}/名册清单.json": store.path(snapshot), **books}
