"""What a version says of itself: the canonical JSON that its manifest blob holds."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from pipeline.errors import HistoryError
from pipeline.files import Json, canonical, plain
from pipeline.model import FileEntry, Issue, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A file of a version to be recorded."""

    path: str
    """Below outputs/<scheme>, with `/`."""
    data: bytes = field(repr=False)
    stored: bool = True
    """False for what can be made again from recorded parts: only digest and size are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    """A version to be recorded: what the caller knows of it; number and parent are found here."""

    document: str
    title: str
    kind: str
    level: str
    subject: str
    period: str
    origin: Literal["made", "bound", "edited", "received"]
    digest: str
    context: Mapping[str, Any] = field(repr=False)
    template: str
    engine: str
    snapshot: str
    """What `History.snapshot` returned for the workbooks it was computed from; empty if none."""
    as_of: date
    pages: int
    files: tuple[NewFile, ...]
    because: str = "new"
    codes: tuple[str, ...] = ()
    """The code each page carries; see `pipeline.model.code`."""
    supersedes: str = ""
    issue: Issue | None = None
    base: str = ""


def encode(version: Version) -> bytes:
    """Write the manifest of a version; its own digest is not in it."""
    files: list[Json] = [
        {"path": file.path, "sha256": file.sha256, "size": file.size, "stored": file.stored}
        for file in version.files
    ]
    told = {"supersedes": version.supersedes, "base": version.base}
    life: dict[str, Json] = {name: value for name, value in told.items() if value}
    if version.codes:
        life["codes"] = list(version.codes)
    if version.issue:
        life["issue"] = plain(dataclasses.asdict(version.issue))
    return canonical(
        {
            **life,
            "as_of": version.as_of.isoformat(),
            "because": version.because,
            "context": version.context,
            "digest": version.digest,
            "document": version.document,
            "engine": version.engine,
            "files": files,
            "kind": version.kind,
            "level": version.level,
            "number": version.number,
            "origin": version.origin,
            "pages": version.pages,
            "parent": version.parent,
            "period": version.period,
            "snapshot": version.snapshot,
            "subject": version.subject,
            "template": version.template,
            "title": version.title,
        }
    )


def decode(data: bytes, *, manifest: str) -> Version:
    """Read a version from its manifest.

    Raises:
        HistoryError: when the blob isn't a manifest.
    """
    try:
        value: dict[str, Any] = json.loads(data)
        files = tuple(FileEntry(**file) for file in value.pop("files"))
        as_of = date.fromisoformat(value.pop("as_of"))
        codes = tuple(value.pop("codes", ()))
        issued = value.pop("issue", None)
        issue = Issue(**{**issued, "day": date.fromisoformat(issued["day"])}) if issued else None
        return Version(
            **value, files=files, as_of=as_of, codes=codes, manifest=manifest, issue=issue
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise HistoryError(f"{manifest} 不是版本清单", todo="从备份恢复这个文件") from error
