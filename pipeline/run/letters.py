"""Letters that came back: how each stands by all scans received; the complete ones are signed."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from pipeline import files, scans
from pipeline.config import Workspace
from pipeline.dossier import Signature
from pipeline.history import History, NewFile, NewVersion
from pipeline.model import DocumentKind, InkBox, Letter, Life, ScannedPage, Version
from pipeline.report.scans import inbox_page
from pipeline.run.esigned import signatures

RECEIVED = "scan"
"""Kind of a file of scans as it was received: document `scan/<start of its digest>`."""
SIGNED = "signed"
"""Kind of a letter as it came back: document `signed/<document>/v<number>`."""

FOLDER = "内部/签署件"
"""Below outputs/<scheme>: what came back."""

_INBOX = "待认领"
_OPEN = frozenset({"unread", "foreign", "several", "different"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A file of scans in history, and its pages."""

    version: Version
    pages: tuple[ScannedPage, ...]

    @property
    def name(self) -> str:
        """Return the start of the file's digest: its name on the command line."""
        return self.version.subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What a run of `scan` did and how everything stands now."""

    received: tuple[Receipt, ...]
    """Files that are new."""
    known: tuple[str, ...]
    """Files that had been received before, by name."""
    refused: tuple[tuple[str, str], ...]
    """Files that couldn't be read, and why; nothing of them was kept."""
    letters: tuple[Letter, ...]
    duplicates: tuple[tuple[str, Version, int], ...]
    """Page on the command line, version and page it shows once more."""
    inbox: tuple[tuple[str, ScannedPage], ...]
    """Pages that wait to be assigned by hand."""
    folder: Path
    """Where the inbox lies."""


def receipts(history: History) -> tuple[Receipt, ...]:
    """Return every file of scans that was received, oldest first, as it stands now."""
    newest = {one.document: one for one in history.versions(kind=RECEIVED)}
    found = [
        Receipt(version=one, pages=tuple(_page(page) for page in history.context(one)["pages"]))
        for one in newest.values()
    ]
    return tuple(sorted(found, key=lambda one: (one.version.as_of, one.name)))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCopy:
    """A letter as it came back."""

    version: Version
    signature: Signature | None = None
    """Of a letter that was signed electronically; its original is the version's last file."""


def signed_copies(history: History, versions: Sequence[Version]) -> dict[str, SignedCopy]:
    """Return the letters that came back: manifest of what was printed to its signed copy."""
    documents = {_copy_of(version): version.manifest for version in versions}
    return {
        documents[document]: SignedCopy(version=copy, signature=_electronic(history, copy))
        for document, copy in history.latest(documents).items()
    }


def _electronic(history: History, copy: Version) -> Signature | None:
    if len(copy.files) == 1:
        return None
    return Signature(**history.context(copy)["signature"])


def settle(
    workspace: Workspace,
    scheme: str,
    history: History,
    kinds: Mapping[str, DocumentKind],
    *,
    at: str,
    by: str,
    known: Sequence[str] = (),
    refused: Sequence[tuple[str, str]] = (),
    new: Sequence[Receipt] = (),
) -> Scanned:
    """Say how every letter stands by all that was received, and sign those that are complete."""
    every = receipts(history)
    shown: dict[str, dict[int, list[tuple[Receipt, ScannedPage]]]] = {}
    for receipt in every:
        for page in receipt.pages:
            if page.status == "filed":
                of = shown.setdefault(page.version, {})
                of.setdefault(page.page, []).append((receipt, page))
    letters, duplicates = [], []
    versions = {manifest: history.version(manifest) for manifest in shown}
    lives = history.lives(version.document for version in versions.values())
    for manifest, pages in shown.items():
        version = versions[manifest]
        best = {number: max(some, key=_worth) for number, some in pages.items()}
        letter = _letter(
            history,
            version,
            lives[version.document],
            {number: page for number, (_, page) in best.items()},
        )
        if not (letter.signed or letter.missing or letter.bare):
            _sign(history, version, best, kinds[version.kind], at, by)
            letter = replace(letter, signed=True, fresh=True)
        letters.append(letter)
        duplicates += [
            (f"{receipt.name}-{page.number}", version, number)
            for number, some in sorted(pages.items())
            for receipt, page in some
            if page is not best[number][1]
        ]
    inbox = tuple(
        (f"{receipt.name}-{page.number}", page)
        for receipt in every
        for page in receipt.pages
        if page.status in _OPEN
    )
    folder = workspace.outputs(scheme) / FOLDER / _INBOX
    _show_inbox(history, every, folder)
    return Scanned(
        received=tuple(new),
        known=tuple(known),
        refused=tuple(refused),
        letters=tuple(sorted(letters, key=lambda one: one.version.document)),
        duplicates=tuple(duplicates),
        inbox=inbox,
        folder=folder,
    )


def _worth(candidate: tuple[Receipt, ScannedPage]) -> int:
    """Of several scans of a page, the one on which most was signed counts; else the first."""
    return sum(box.ink for box in candidate[1].boxes)


def _letter(
    history: History, version: Version, life: Life, pages: Mapping[int, ScannedPage]
) -> Letter:
    newest = life.newest
    return Letter(
        version=version,
        pages=tuple(sorted(pages)),
        missing=tuple(sorted(set(range(1, version.pages + 1)) - set(pages))),
        bare=tuple(
            (number, box.use)
            for number, page in sorted(pages.items())
            for box in page.boxes
            if not box.ink
        ),
        superseded=newest.number if newest.number != version.number else 0,
        draft=life.state(version) == "draft",
        signed=any(event.what == "signed" for event in history.events(version)),
    )


def _sign(
    history: History,
    version: Version,
    pages: Mapping[int, tuple[Receipt, ScannedPage]],
    kind: DocumentKind,
    at: str,
    by: str,
) -> None:
    """Keep the letter as it came back and log that it is signed."""
    document = _copy_of(version)
    context: dict[str, object] = {
        "of": version.manifest,
        "pages": [
            {"page": number, "scan": receipt.name, "number": page.number}
            for number, (receipt, page) in sorted(pages.items())
        ],
    }
    digest = files.digest(files.canonical(files.plain(context)))
    signed = history.latest([document]).get(document)
    if signed is None or signed.digest != digest:
        printed = scans.Printed(version.manifest, 1, history.file(version, "pdf"), kind.box)
        with tempfile.TemporaryDirectory() as folder:
            found = {
                number: (original(history, receipt, Path(folder)), page)
                for number, (receipt, page) in pages.items()
            }
            pdf = scans.signed_pdf(printed, found)
            electronic = signatures({path for path, _ in found.values()})
            kept = [(path.read_bytes(), one) for path, one in electronic.items()]
        path = next(entry.path for entry in version.files if entry.path.endswith(".pdf"))
        stem = f"{path.removesuffix('.pdf')}（签署件第{version.number}版）"
        copies = [NewFile(path=f"{stem}.pdf", data=pdf)]
        if len(kept) == 1:  # a letter signed electronically is one file
            ((data, signature),) = kept
            context["signature"] = asdict(signature)
            copies.append(NewFile(path=f"{stem}电子原件.pdf", data=data))
        (signed,) = history.record(
            [
                NewVersion(
                    document=document,
                    title=f"{version.title}（签署件）",
                    kind=SIGNED,
                    level=version.level,
                    subject=version.subject,
                    period=version.period,
                    origin="received",
                    digest=digest,
                    context=context,
                    template="",
                    engine="",
                    snapshot="",
                    as_of=version.as_of,
                    pages=version.pages,
                    files=tuple(copies),
                )
            ],
            at=at,
            operator=by,
        )
    history.publish([signed])
    history.mark("signed", [version, signed], at=at, operator=by)


def _copy_of(version: Version) -> str:
    return f"{SIGNED}/{version.document}/v{version.number}"


def _show_inbox(history: History, every: Sequence[Receipt], folder: Path) -> None:
    """Write a page of thumbnails of what waits to be assigned; take away what no longer does."""
    waiting = [
        (f"{receipt.name}-{page.number}", receipt, page)
        for receipt in every
        for page in receipt.pages
        if page.status in _OPEN
    ]
    wanted = {f"{name}.jpg" for name, _, _ in waiting}
    if folder.is_dir():
        for path in folder.glob("*.jpg"):
            if path.name not in wanted:
                path.unlink()
    if not waiting:
        (folder / "待认领.html").unlink(missing_ok=True)
        return
    with ExitStack() as held:
        temporary = Path(held.enter_context(tempfile.TemporaryDirectory()))
        for name, receipt, page in waiting:
            if not (folder / f"{name}.jpg").exists():
                path = original(history, receipt, temporary)
                (data,) = scans.thumbnails(path, [page.number])
                files.write_atomic(folder / f"{name}.jpg", data)
    rows = [
        (name, str(history.context(receipt.version)["name"]), page)
        for name, receipt, page in waiting
    ]
    files.write_atomic(folder / "待认领.html", inbox_page(rows).encode())


def received_bytes(history: History, receipt: Version) -> bytes:
    """Return a file of scans as it was received."""
    return history.file(receipt, receipt.files[0].path.rpartition(".")[2])


def original(history: History, receipt: Receipt, folder: Path) -> Path:
    """Write a file of scans, as it was received, into a folder once, and return its path."""
    path = folder / receipt.name
    if not path.exists():
        path.write_bytes(received_bytes(history, receipt.version))
    return path


def _page(value: Mapping[str, Any]) -> ScannedPage:
    boxes = tuple(InkBox(**box) for box in value["boxes"])
    return ScannedPage(**{**value, "boxes": boxes, "place": tuple(value["place"])})
