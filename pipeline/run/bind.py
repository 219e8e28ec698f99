"""Bind: the recorded papers of each village, in class order, into one file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import dossier, files, render
from pipeline.errors import JuanzongError, OutputError
from pipeline.history import History, NewFile, NewVersion
from pipeline.model import (
    CatalogueEntry,
    DocumentRule,
    Part,
    Skipped,
    Subject,
    Town,
    Version,
    Village,
)
from pipeline.plan import Selection, document_id, dossier_context, dossier_title
from pipeline.report import Progress
from pipeline.run.papers import DOSSIER, digests
from pipeline.run.survey import Survey
from pipeline.spread import batches, spread

_CLASSES = ("综合", "识别", "施策", "脱贫", "载体")
_FILE = "卷宗.pdf"
_SECONDS = 180.0
_REMEMBERED_AT_ONCE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What binding did."""

    bound: tuple[Version, ...]
    kept: tuple[Version, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Folder:
    """A dossier to be: its village, its papers in order, its catalogue and its identity."""

    town: Town
    village: Village
    papers: tuple[tuple[DocumentRule, Version], ...]
    entries: tuple[CatalogueEntry, ...]
    context: Mapping[str, object]
    digest: str
    title: str
    path: str

    @property
    def document(self) -> str:
        """The dossier as a document of history."""
        return f"{DOSSIER}/{self.village.code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    roots: tuple[Path, ...]
    context: Mapping[str, object]
    title: str
    author: str
    subject: str
    parts: tuple[Part, ...]
    entries: tuple[CatalogueEntry, ...]


def bind(
    survey: Survey,
    selection: Selection,
    history: History,
    *,
    jobs: int,
    at: str,
    by: str,
    progress: Progress,
) -> Bound:
    """Bind one dossier for each village, only from recorded PDFs, only where a part has changed."""
    folders, skipped = _folders(survey, selection, history)
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
    outcomes = progress.watch(
        spread(
            _do, [_work(folder, survey, history) for folder in due], jobs=jobs, seconds=_SECONDS
        ),
        "装订卷宗",
        len(due),
    )
    bound: list[Version] = []
    for batch in batches(zip(due, outcomes, strict=True), _REMEMBERED_AT_ONCE):
        done: dict[str, tuple[_Folder, bytes, int]] = {}
        for folder, (_, outcome) in batch:
            if isinstance(outcome, JuanzongError):
                skipped.append(_skip(folder, str(outcome)))
            else:
                done[folder.document] = (folder, *outcome)
        fresh = [
            _version(folder, pdf, pages, survey)
            for folder, pdf, pages in done.values()
            if folder.document not in kept
        ]
        versions = [
            *history.record(fresh, at=at, operator=by),
            *(kept.pop(document) for document in done if document in kept),
        ]
        published = history.publish(
            versions, rebuilt={folder.path: pdf for folder, pdf, _ in done.values()}
        )
        skipped += _left(published.edited, versions)
        bound += versions
    return Bound(bound=tuple(bound), kept=tuple(kept.values()), skipped=tuple(skipped))


def dossier_subjects(survey: Survey, selection: Selection) -> set[str]:
    """Return the codes of the villages whose dossiers were asked for."""
    return {
        village.code
        for village in survey.roster.villages
        if selection.takes_subject("village", village.code, survey.roster)
    }


def _left(edited: Sequence[str], versions: Iterable[Version]) -> Iterator[Skipped]:
    for version in versions:
        if version.files[0].path in edited:
            yield Skipped(
                document=version.document, title=version.title, reason="输出里的卷宗已手改，未覆盖"
            )


def _folders(
    survey: Survey, selection: Selection, history: History
) -> tuple[list[_Folder], list[Skipped]]:
    """Gather each village's newest recorded papers: its own, and those of its town."""
    rules = sorted(
        (rule for rule in survey.scheme.document if rule.dossier and rule.kind in survey.kinds),
        key=lambda rule: _CLASSES.index(rule.dossier),
    )
    towns = {town.code: town for town in survey.roster.towns}
    villages = [
        village
        for village in survey.roster.villages
        if village.town_code in towns
        and selection.takes_subject("village", village.code, survey.roster)
    ]
    newest = history.latest([_document(rule, village) for rule in rules for village in villages])
    made = digests(survey)
    folders: list[_Folder] = []
    skipped: list[Skipped] = []
    for village in villages:
        town = towns[village.town_code]
        papers = tuple(
            (rule, version)
            for rule in rules
            if (version := newest.get(_document(rule, village))) is not None
        )
        if papers:
            folders.append(
                _folder(survey, town, village, papers, made.template[DOSSIER], made.engine["html"])
            )
        else:
            skipped.append(
                Skipped(
                    document=f"{DOSSIER}/{village.code}",
                    title=dossier_title(survey.scheme, town, village),
                    reason="还没有可装订的文书，请先运行 juanzong make",
                )
            )
    return folders, skipped


def _folder(
    survey: Survey,
    town: Town,
    village: Village,
    papers: tuple[tuple[DocumentRule, Version], ...],
    template: str,
    engine: str,
) -> _Folder:
    entries = dossier.catalogue(
        [
            CatalogueEntry(
                order=0,
                number="",
                author=_author(rule, town, village),
                title=version.title,
                date="",
                first_page=0,
                pages=version.pages,
                note="草稿",
            )
            for rule, version in papers
        ]
    )
    context = dossier_context(survey.scheme, town, village, entries, True)
    identity = {
        "parts": [_pdf(version) for _, version in papers],
        "classes": [rule.dossier for rule, _ in papers],
        "context": context,
        "template": template,
        "engine": engine,
        "binding": dossier.BINDING,
    }
    places = (survey.scheme.area.name, town.name, village.name)
    return _Folder(
        town=town,
        village=village,
        papers=papers,
        entries=entries,
        context=context,
        digest=files.digest(files.canonical(identity)),
        title=dossier_title(survey.scheme, town, village),
        path="/".join(("内部", *(files.safe_name(place) for place in places), _FILE)),
    )


def _author(rule: DocumentRule, town: Town, village: Village) -> str:
    if rule.level == "town":
        return town.name
    return rule.issuer.replace("{village}", village.name).replace("{town}", town.name)


def _document(rule: DocumentRule, village: Village) -> str:
    code = village.town_code if rule.level == "town" else village.code
    return document_id(rule, Subject(level=rule.level, code=code, name=""), "")


def _pdf(version: Version) -> str:
    return next(entry.sha256 for entry in version.files if entry.path.endswith(".pdf"))


def _work(folder: _Folder, survey: Survey, history: History) -> _Work:
    return _Work(
        roots=survey.workspace.template_roots("html"),
        context=folder.context,
        title=folder.title,
        author=survey.scheme.area.full,
        subject=survey.scheme.title,
        entries=folder.entries,
        parts=tuple(
            Part(
                title=version.title,
                bookmark=rule.dossier,
                pdf=history.file(version, "pdf"),
                sha256=_pdf(version),
                entry=entry,
            )
            for (rule, version), entry in zip(folder.papers, folder.entries, strict=True)
        ),
    )


def _do(work: _Work) -> tuple[bytes, int]:
    """Render the front matter, bind, and read the result again; runs in a worker."""
    front = render.render_html(work.roots, DOSSIER, work.context)
    book = dossier.bind(work.title, front, work.parts, author=work.author, subject=work.subject)
    problems = dossier.recheck(book.pdf, work.entries)
    if problems:
        raise OutputError("；".join(problems), where=work.title)
    return book.pdf, book.pages


def _version(folder: _Folder, pdf: bytes, pages: int, survey: Survey) -> NewVersion:
    """Describe the dossier; its bytes can be bound again, so only its digest is stored (工作卷)."""
    return NewVersion(
        document=folder.document,
        title=folder.title,
        kind=DOSSIER,
        level="village",
        subject=folder.village.code,
        period="",
        origin="bound",
        digest=folder.digest,
        context=folder.context,
        template="",
        engine="",
        snapshot=max(version.snapshot for _, version in folder.papers),
        as_of=survey.as_of,
        pages=pages,
        files=(NewFile(path=folder.path, data=pdf, stored=False),),
        because="data",
    )


def _skip(folder: _Folder, reason: str) -> Skipped:
    return Skipped(document=folder.document, title=folder.title, reason=reason)
