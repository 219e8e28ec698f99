"""Bind: the recorded papers and attachments of each dossier, in class order, into one file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import dossier, files, render
from pipeline.errors import JuanzongError, OutputError
from pipeline.history import History, NewFile, NewVersion
from pipeline.model import CatalogueEntry, Part, Skipped, Version
from pipeline.plan import Selection, ShelfLevel, dossier_context
from pipeline.report import Progress
from pipeline.run import attached
from pipeline.run.attached import Attached
from pipeline.run.folders import Folder, Folders, sha256
from pipeline.run.papers import DOSSIER, digests
from pipeline.run.shelf import Paper, filed, shelves_asked
from pipeline.run.survey import Survey
from pipeline.spread import batches, spread

_SECONDS = 180.0
_REMEMBERED_AT_ONCE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What binding did."""

    bound: tuple[Version, ...]
    kept: tuple[Version, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """All that a worker needs to bind one dossier."""

    folder: Folder
    roots: tuple[Path, ...]
    context: Mapping[str, object]
    author: str
    subject: str
    parts: tuple[Part, ...]
    lost: str = ""
    """Why its parts can't be read."""


def take_attachments(
    survey: Survey,
    selection: Selection,
    history: History,
    *,
    level: ShelfLevel = "village",
    jobs: int,
    at: str,
    by: str,
    progress: Progress,
) -> dict[str, tuple[Attached, ...]]:
    """Take in what the office has put into the folders of the dossiers asked for."""
    engine = digests(survey).engine
    return attached.take_in(
        survey,
        [
            (shelf, attached.found(survey, shelf))
            for shelf in shelves_asked(survey, selection, level)
        ],
        history,
        engine=files.digest(files.canonical([engine["html"], engine["docx"]])),
        jobs=jobs,
        at=at,
        by=by,
        progress=progress,
    )


def bind(
    survey: Survey,
    planned: Folders,
    history: History,
    *,
    jobs: int,
    at: str,
    by: str,
    progress: Progress,
) -> Bound:
    """Bind the dossiers that are due, only from recorded PDFs; one bad dossier is skipped."""
    kept = {folder.document: version for folder, version in planned.kept}
    there = history.publish(kept.values())
    skipped = [*planned.skipped, *_left(there.edited, kept.values())]
    gone = [folder for folder, _ in planned.kept if folder.path in there.absent]
    due = [*planned.due, *gone]
    head = history.head.digest if history.head else ""
    outcomes = progress.watch(
        spread(
            _do,
            (_work(folder, survey, history, head) for folder in due),
            jobs=jobs,
            seconds=_SECONDS,
        ),
        "装订卷宗",
        len(due),
    )
    bound: list[Version] = []
    for batch in batches(
        ((work.folder, *_read(outcome)) for work, outcome in outcomes), _REMEMBERED_AT_ONCE
    ):
        skipped += [_skip(folder, why) for folder, _, _, why in batch if why]
        done = [(folder, pdf, pages) for folder, pdf, pages, why in batch if not why]
        fresh = [
            _version(folder, pdf, pages, survey, head)
            for folder, pdf, pages in done
            if folder.document not in kept
        ]
        again = [kept.pop(folder.document) for folder, _, _ in done if folder.document in kept]
        versions = [*_remember(fresh, history, at=at, by=by), *again]
        published = history.publish(versions, rebuilt={one.path: pdf for one, pdf, _ in done})
        skipped += _left(published.edited, versions)
        bound += versions
    return Bound(bound=tuple(bound), kept=tuple(kept.values()), skipped=tuple(skipped))


def _remember(
    fresh: Sequence[NewVersion], history: History, *, at: str, by: str
) -> Iterator[Version]:
    """Record dossiers; one that is final is frozen in the same event, so it is never pruned."""
    for what, final in (("recorded", False), ("frozen", True)):
        of = [one for one in fresh if one.files[0].stored == final]
        yield from history.record(of, at=at, operator=by, what=what)


def _read(outcome: tuple[bytes, int] | JuanzongError) -> tuple[bytes, int, str]:
    if isinstance(outcome, JuanzongError):
        return b"", 0, str(outcome)
    return *outcome, ""


def _left(edited: Sequence[str], versions: Iterable[Version]) -> Iterator[Skipped]:
    for version in versions:
        if version.files[0].path in edited:
            yield Skipped(
                document=version.document, title=version.title, reason="输出里的卷宗已手改，未覆盖"
            )


def _context(folder: Folder, survey: Survey, head: str) -> Mapping[str, object]:
    """What the front shows; an issued dossier anchors the log as it was before it was bound."""
    draft = folder.content.draft
    return dossier_context(
        survey.scheme,
        folder.content.shelf,
        folder.entries,
        draft=draft,
        head="" if draft else head,
    )


def _work(folder: Folder, survey: Survey, history: History, head: str) -> _Work:
    """Read the parts of a dossier; called when a worker is about to be free for it."""
    parts: tuple[Part, ...] = ()
    lost = ""
    try:
        parts = tuple(
            _part(item, entry, history)
            for item, entry in zip(folder.content.items, folder.entries, strict=True)
        )
    except JuanzongError as error:
        lost = str(error)
    return _Work(
        folder=folder,
        roots=survey.workspace.template_roots("html"),
        context=_context(folder, survey, head),
        author=survey.scheme.area.full,
        subject=survey.scheme.title,
        parts=parts,
        lost=lost,
    )


def _part(item: Paper | Attached, entry: CatalogueEntry, history: History) -> Part:
    name = f"{entry.order:03}-{files.safe_name(item.version.title)}.pdf"
    return Part(
        title=entry.title,
        bookmark=filed(item),
        pdf=history.file(item.bound, "pdf"),
        sha256=sha256(item.bound),
        entry=entry,
        attached={name: history.original(item.bound)} if item.original else {},
    )


def _do(work: _Work) -> tuple[bytes, int]:
    """Render the front matter, bind, and read the result again; runs in a worker."""
    title = work.folder.title
    if work.lost:
        raise OutputError(work.lost, where=title)
    front = render.render_html(work.roots, DOSSIER, work.context)
    book = dossier.bind(title, front, work.parts, author=work.author, subject=work.subject)
    problems = dossier.recheck(book.pdf, work.folder.entries)
    if not book.archival:
        problems = (*problems, "有的部分不是 PDF/A")
    if problems:
        raise OutputError("；".join(problems), where=title)
    return book.pdf, book.pages


def _version(folder: Folder, pdf: bytes, pages: int, survey: Survey, head: str) -> NewVersion:
    """Describe the dossier.

    The bytes of a 工作卷 can be bound again, so only their digest is kept; an issued one is frozen.
    """
    subject = folder.content.shelf.subject
    return NewVersion(
        document=folder.document,
        title=folder.title,
        kind=DOSSIER,
        level=subject.level,
        subject=subject.code,
        period="",
        origin="bound",
        digest=folder.digest,
        context=_context(folder, survey, head),
        template="",
        engine="",
        snapshot=max(item.version.snapshot for item in folder.content.items),
        as_of=survey.as_of,
        pages=pages,
        files=(NewFile(path=folder.path, data=pdf, stored=not folder.content.draft),),
        because="data",
    )


def _skip(folder: Folder, reason: str) -> Skipped:
    return Skipped(document=folder.document, title=folder.title, reason=reason)
