"""Bind: the recorded papers and attachments of each dossier, in class order, into one file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import dossier, files, render
from pipeline.errors import JuanzongError, OutputError
from pipeline.history import History, NewFile, NewVersion
from pipeline.model import CatalogueEntry, Part, Skipped, Version
from pipeline.plan import Selection, Shelf, ShelfLevel, dossier_context, dossier_title
from pipeline.report import Progress
from pipeline.run import attached
from pipeline.run.attached import Attached
from pipeline.run.papers import DOSSIER, digests
from pipeline.run.shelf import Content, Paper, author, contents, filed, shelves_asked
from pipeline.run.survey import Survey
from pipeline.spread import batches, spread

_FILE = "卷宗.pdf"
_SECONDS = 180.0
_REMEMBERED_AT_ONCE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What binding did."""

    bound: tuple[Version, ...]
    kept: tuple[Version, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Folder:
    """A dossier to be: what goes into it, its catalogue and its identity."""

    content: Content
    entries: tuple[CatalogueEntry, ...]
    digest: str
    title: str
    path: str

    @property
    def document(self) -> str:
        """The dossier as a document of history."""
        return f"{DOSSIER}/{self.content.shelf.subject.code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """All that a worker needs to bind one dossier."""

    folder: _Folder
    roots: tuple[Path, ...]
    context: Mapping[str, object]
    author: str
    subject: str
    parts: tuple[Part, ...]
    lost: str = ""
    """Why its parts can't be read."""


def bind(
    survey: Survey,
    selection: Selection,
    history: History,
    *,
    level: ShelfLevel = "village",
    jobs: int,
    at: str,
    by: str,
    progress: Progress,
) -> Bound:
    """Bind the dossiers of a level, only from recorded PDFs, only where a part has changed."""
    made = digests(survey)
    asked = shelves_asked(survey, selection, level)
    taken = attached.take_in(
        survey,
        [(shelf, attached.found(survey, shelf)) for shelf in asked],
        history,
        engine=files.digest(files.canonical([made.engine["html"], made.engine["docx"]])),
        jobs=jobs,
        at=at,
        by=by,
        progress=progress,
    )
    skipped = [*attached.unbindable(one for each in taken.values() for one in each)]
    filled, empty = _filled(contents(survey, asked, taken, history))
    skipped += _without_papers(survey, empty, level, any_filled=bool(filled))
    template, engine = made.template[DOSSIER], made.engine["html"]
    folders = [_folder(survey, content, template, engine) for content in filled]
    newest = history.latest([folder.document for folder in folders])
    kept: dict[str, Version] = {
        folder.document: newest[folder.document]
        for folder in folders
        if folder.document in newest and newest[folder.document].digest == folder.digest
    }
    there = history.publish(kept.values())
    skipped += _left(there.edited, kept.values())
    due = [
        folder for folder in folders if folder.document not in kept or folder.path in there.absent
    ]
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
        done = {
            folder.document: (folder, pdf, pages) for folder, pdf, pages, why in batch if not why
        }
        skipped += [_skip(folder, why) for folder, _, _, why in batch if why]
        fresh = [
            _version(folder, pdf, pages, survey, head)
            for folder, pdf, pages in done.values()
            if folder.document not in kept
        ]
        recorded = history.record(fresh, at=at, operator=by)
        final = [version for version in recorded if version.files[0].stored]
        if final:  # what is frozen is no draft, and is never pruned
            history.mark("frozen", final, at=at, operator=by)
        versions = [
            *recorded,
            *(kept.pop(document) for document in done if document in kept),
        ]
        published = history.publish(
            versions, rebuilt={folder.path: pdf for folder, pdf, _ in done.values()}
        )
        skipped += _left(published.edited, versions)
        bound += versions
    return Bound(bound=tuple(bound), kept=tuple(kept.values()), skipped=tuple(skipped))


def dossier_subjects(survey: Survey, selection: Selection, level: ShelfLevel) -> set[str]:
    """Return the codes of the subjects whose dossiers were asked for."""
    return {shelf.subject.code for shelf in shelves_asked(survey, selection, level)}


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


def _filled(all_of_them: Sequence[Content]) -> tuple[list[Content], list[Content]]:
    return (
        [content for content in all_of_them if content.items],
        [content for content in all_of_them if not content.items],
    )


def _without_papers(
    survey: Survey, empty: Sequence[Content], level: ShelfLevel, *, any_filled: bool
) -> Iterator[Skipped]:
    """Report dossiers with nothing in them; of households and projects only if there are none."""
    if level in ("household", "project"):
        empty = empty[:1] if not any_filled else ()
    for content in empty:
        yield Skipped(
            document=f"{DOSSIER}/{content.shelf.subject.code}",
            title=dossier_title(survey.scheme, content.shelf),
            reason="还没有可装订的文书，请先运行 juanzong make",
        )


def _folder(survey: Survey, content: Content, template: str, engine: str) -> _Folder:
    shelf = content.shelf
    entries = dossier.catalogue(_line(item, shelf) for item in content.items)
    identity = {
        "parts": [_sha256(item.bound) for item in content.items],
        "attached": [item.bound.files[-1].sha256 for item in content.items if item.original],
        "context": dossier_context(survey.scheme, shelf, entries, draft=content.draft, head=""),
        "template": template,
        "engine": engine,
        "binding": dossier.BINDING,
    }
    return _Folder(
        content=content,
        entries=entries,
        digest=files.digest(files.canonical(identity)),
        title=dossier_title(survey.scheme, shelf),
        path="/".join(("内部", *(files.safe_name(place) for place in shelf.places), _FILE)),
    )


def _line(item: Paper | Attached, shelf: Shelf) -> CatalogueEntry:
    if isinstance(item, Paper):
        issue = item.version.issue
        return CatalogueEntry(
            order=0,
            number=issue.number if issue else "",
            author=author(item.rule, shelf),
            title=item.version.title,
            date=f"{issue.day:%Y%m%d}" if issue else "",
            first_page=0,
            pages=item.version.pages,
            note=_standing(item),
            filed=item.rule.dossier,
        )
    one = item.attachment
    return CatalogueEntry(
        order=0,
        number=one.number,
        author=one.author,
        title=one.title,
        date=one.date,
        first_page=0,
        pages=item.version.pages,
        note="；".join(word for word in (one.note, "缺件" if item.missing else item.note) if word),
        filed=one.filed,
    )


def _standing(paper: Paper) -> str:
    """Write the 备注: a draft; the pages that came back signed, on paper or as a file."""
    words = [] if paper.issued else ["草稿"]
    if paper.signed:
        electronic = paper.signed.signature
        words.append(f"{electronic.words}，原件附后" if electronic else "签署件")
    return "；".join(words)


def _sha256(version: Version) -> str:
    return next(entry.sha256 for entry in version.files if entry.path.endswith(".pdf"))


def _context(folder: _Folder, survey: Survey, head: str) -> Mapping[str, object]:
    """What the front shows; an issued dossier anchors the log as it was before it was bound."""
    draft = folder.content.draft
    return dossier_context(
        survey.scheme,
        folder.content.shelf,
        folder.entries,
        draft=draft,
        head="" if draft else head,
    )


def _work(folder: _Folder, survey: Survey, history: History, head: str) -> _Work:
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
        sha256=_sha256(item.bound),
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


def _version(folder: _Folder, pdf: bytes, pages: int, survey: Survey, head: str) -> NewVersion:
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


def _skip(folder: _Folder, reason: str) -> Skipped:
    return Skipped(document=folder.document, title=folder.title, reason=reason)
