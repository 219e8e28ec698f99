"""Papers on their way: planned, made, kept or skipped; their versions; and the bound dossier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from pipeline.model.kind import DocumentKind, DocumentRule
    from pipeline.model.series import Issue
    from pipeline.model.verdict import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One figure of a context that is no longer what it was."""

    path: str
    """Where it stands in the context: `failing[3].disposable`."""
    label: str
    """The field as people call it: 年可支配收入（元）."""
    old: str
    new: str
    of: str = ""
    """Whose figure: the name of the row, where it has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """Why a paper is to be made."""

    reason: Literal["new", "data", "template", "engine", "edited", "lost", "withdrawn"]
    changes: tuple[Change, ...] = ()
    supersedes: str = ""
    """Manifest digest of the issued version the new draft would correct."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDocument:
    """A paper that the scheme asks for of this subject, with everything it will show."""

    document: str
    """`<kind>/<subject code>[/<period>]`."""
    rule: DocumentRule
    kind: DocumentKind
    subject: Subject
    period: str
    title: str
    context: Mapping[str, Any]
    context_digest: str
    template_digest: str
    engine_digest: str
    digest: str
    """SHA-256 over the three: the identity of the version."""
    folder: tuple[str, ...]
    """Folders below outputs/<scheme>, names made safe: 内部, 花都区, 梯面镇, 联丰村."""
    name: str
    """File name without ending."""
    villages: tuple[str, ...] = ()
    """Codes of the villages whose rows it shows; findings there concern it."""
    households: tuple[str, ...] = ()
    """Codes of the households whose rows it shows; a village's paper shows all of its village."""
    because: Because = Because(reason="new")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The bytes of a paper before they are remembered, file ending to bytes; `pdf` always."""

    planned: PlannedDocument
    files: Mapping[str, bytes]
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A paper rendered, measured and remembered as a new version."""

    planned: PlannedDocument
    version: Version
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A paper whose newest version already shows just this."""

    planned: PlannedDocument
    version: Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A paper that could not be made, and why; the batch went on."""

    document: str
    title: str
    reason: str


Outcome: TypeAlias = Made | Kept | Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """One file of a version."""

    path: str
    """Below outputs/<scheme>, with `/`."""
    sha256: str
    size: int
    stored: bool = True
    """False for bytes that can be bound again from recorded parts (工作卷)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a paper: what its manifest blob says. Its state comes from events."""

    document: str
    number: int
    """Counts the versions of this document from 1."""
    title: str
    kind: str
    level: str
    subject: str
    period: str
    origin: Literal["made", "bound", "edited", "received"]
    digest: str
    context: str
    """Digest of the context blob."""
    template: str
    engine: str
    snapshot: str
    """Digest of the blob that lists the workbooks."""
    as_of: date
    pages: int
    files: tuple[FileEntry, ...]
    parent: str = ""
    """Manifest digest of the version before, empty for the first."""
    manifest: str = ""
    """Digest of this version's own manifest blob; known after it is written."""
    because: str = "new"
    codes: tuple[str, ...] = ()
    """The code each page carries, first page first; empty for papers that aren't signed."""
    supersedes: str = ""
    """Manifest digest of the issued version it corrects, or as a draft would correct."""
    issue: Issue | None = None
    """Set in the version that was frozen when the paper was issued."""
    base: str = ""
    """Manifest digest of the version that was edited by hand into this one."""

    @property
    def data(self) -> str:
        """Digest of the context as it was planned: that of the draft, for an issued version."""
        return self.issue.data if self.issue else self.context


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the log."""

    sequence: int
    previous: str
    """SHA-256 of the previous event's bytes; empty for the first."""
    at: str
    """UTC, RFC 3339, as the caller said."""
    operator: str
    what: str
    """recorded, snapshot, printed, issued, …"""
    versions: tuple[str, ...] = ()
    """Manifest digests."""
    reason: str = ""
    digest: str = ""
    """SHA-256 of this event's own bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something `verify` found wrong: which thing, what is wrong with it."""

    what: Literal["event", "checkpoint", "manifest", "blob", "output", "cache"]
    name: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """A line of the 卷内文件目录."""

    order: int
    number: str
    """发文字号, empty for papers without one."""
    author: str
    title: str
    date: str
    """YYYYMMDD; empty for a draft."""
    first_page: int
    pages: int
    note: str = ""
    filed: str = ""
    """The class it is filed under: 综合, 识别, 施策, 脱贫, 载体."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A paper or photo of the office's own, lying in the attachments folder."""

    path: Path
    name: str
    """Below its subject's folder, with `/`."""
    title: str
    filed: str
    """The class it is filed under: 综合, 识别, 施策, 脱贫, 载体."""
    author: str = ""
    date: str = ""
    """YYYYMMDD, or empty."""
    number: str = ""
    kind: str = ""
    """Which paper of the scheme it is, as the office wrote it: the kind's or the rule's name."""
    signed: str = ""
    """有, 无 or empty, as the office says."""
    sealed: str = ""
    """有, 无 or empty, as the office says."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something a dossier lacks, or that is not in order in it."""

    code: str
    """D01 程序倒置, D04 三无, D06 缺件, D07 缺照片, D08 装订不了, D10 草稿."""
    filed: str
    title: str
    problem: str
    who: str
    """Organ and posts that answer for it."""
    detail: str = ""
    needed: bool = True
    """False for what is only advised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A recorded PDF that goes into a dossier."""

    title: str
    bookmark: str
    """The class it is filed under: 综合, 识别, 施策, 脱贫, 载体."""
    pdf: bytes = field(repr=False)
    sha256: str
    entry: CatalogueEntry
    attached: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Files that travel inside the dossier byte for byte, name to bytes: signed PDFs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A bound file and the catalogue it carries."""

    title: str
    pdf: bytes = field(repr=False)
    pages: int
    entries: tuple[CatalogueEntry, ...]
    archival: str = ""
    """2u or 3u: the PDF/A it is; empty where a part isn't one."""
