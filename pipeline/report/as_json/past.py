"""What history holds, as plain JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.model import Event, Fault, Holding, Issue, LogLine, Mention, Numbered, Series, Version


def version(one: Version) -> dict[str, Any]:
    """Return a version as its manifest has it."""
    return {
        "document": one.document,
        "number": one.number,
        "title": one.title,
        "origin": one.origin,
        "because": one.because,
        "id": one.manifest,
        "digest": one.digest,
        "as_of": one.as_of,
        "pages": one.pages,
        "files": [{"path": entry.path, "sha256": entry.sha256} for entry in one.files],
        "parent": one.parent,
        "supersedes": one.supersedes,
        "base": one.base,
        "issue": issue(one.issue),
    }


def issue(one: Issue | None) -> dict[str, Any] | None:
    """Return what a version was issued as; None for a draft."""
    if one is None:
        return None
    return {"day": one.day, "number": one.number, "corrects": one.corrects}


def numbered(series: Series, lines: Iterable[Numbered]) -> dict[str, Any]:
    """Return a series and every number of it."""
    return {
        "organ": series.organ,
        "mark": series.mark,
        "year": series.year,
        "start": series.start,
        "numbers": [dataclasses.asdict(line) for line in lines],
    }


def event(one: Event, about: Iterable[Version]) -> dict[str, Any]:
    """Return an event of the log and the versions it is about."""
    return {
        "sequence": one.sequence,
        "at": one.at,
        "operator": one.operator,
        "what": one.what,
        "reason": one.reason,
        "digest": one.digest,
        "versions": [_mention(version) for version in about],
    }


def logged(line: LogLine, about: Iterable[Mention]) -> dict[str, Any]:
    """Return one event as `history log` shows it, with the papers asked for."""
    return {
        "sequence": line.first,
        "at": line.at,
        "operator": line.operator,
        "what": line.what,
        "reason": line.reason,
        "digest": line.digest,
        "versions": [dataclasses.asdict(one) for one in about],
    }


def holding(one: Holding) -> dict[str, Any]:
    """Return what there is of one kind: bytes of the newest versions, and of all."""
    return {
        "kind": one.kind,
        "documents": one.documents,
        "versions": one.versions,
        "pages": one.pages,
        "bytes": one.size,
        "bytes_of_all_versions": one.whole,
        "example": one.example,
    }


def verified(faults: Iterable[Fault], counts: Mapping[str, int]) -> dict[str, Any]:
    """Return what `history verify` examined and found wrong."""
    return {
        "counts": dict(counts),
        "faults": [
            {"what": fault.what, "name": fault.name, "problem": fault.problem} for fault in faults
        ],
    }


def pruned(
    versions: Iterable[Version], blobs: int, size: int, kept: int, done: bool
) -> dict[str, Any]:
    """Return which drafts `history prune` gives up, or would."""
    return {
        "done": done,
        "blobs": blobs,
        "bytes": size,
        "kept": kept,
        "versions": [_mention(version) for version in versions],
    }


def _mention(one: Version) -> dict[str, Any]:
    return {"document": one.document, "number": one.number, "title": one.title}
