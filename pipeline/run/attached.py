"""Attachments: what the office has put into a dossier's folder, taken in once and remembered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline import convert, dossier, files, render
from pipeline.errors import JuanzongError, PaperError
from pipeline.history import History, NewFile, NewVersion
from pipeline.model import Attachment, Skipped, Version
from pipeline.plan import APART, Shelf
from pipeline.report import Progress
from pipeline.run.esigned import signatures
from pipeline.run.survey import Survey
from pipeline.spread import batches, spread

SHEET = "missing_paper"
"""The kind of the sheet that stands for an attachment which can't be bound."""
_KIND = "attachment"
_LARGEST = 300 << 20
"""Bytes; a photo has 10 MB, a long scan 100."""
_SECONDS = 120.0
_REMEMBERED_AT_ONCE = 16
_FOLDER = "附件"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """An attachment with its pages as history remembers them."""

    attachment: Attachment
    version: Version
    note: str
    """What was done to it, or why a sheet stands for it."""
    missing: bool
    original: bool
    """Its file is to travel inside the dossier."""

    @property
    def bound(self) -> Version:
        """The version whose pages are bound."""
        return self.version


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taking:
    shelf: Shelf
    attachment: Attachment
    document: str
    digest: str
    roots: tuple[Path, ...]
    sample: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    pdf: bytes
    pages: int
    note: str
    missing: bool
    original: bool


def found(survey: Survey, shelf: Shelf) -> tuple[Attachment, ...]:
    """Return what lies in the folder of a dossier.

    Raises:
        PaperError: when its list can't be read.
    """
    root = survey.scheme.folder / "attachments"
    folder = next(
        (path for parts in shelf.folders if (path := root.joinpath(*parts)).is_dir()), None
    )
    if folder is None:
        return ()
    level = shelf.subject.level
    if level == "town":
        apart = dossier.folders_apart(folder)
    else:
        apart = frozenset(APART.values()) if level == "village" else frozenset()
    return dossier.find_attachments(folder, apart)


def take_in(
    survey: Survey,
    wanted: Sequence[tuple[Shelf, Sequence[Attachment]]],
    history: History,
    *,
    engine: str,
    jobs: int,
    at: str,
    by: str,
    progress: Progress,
) -> dict[str, tuple[Attached, ...]]:
    """Take in what has changed, each file in a process with limits, and remember all of it.

    Returns:
        For each subject's code, its attachments in order.
    """
    takings = [
        taking
        for shelf, attachments in wanted
        for taking in _takings(survey, shelf, attachments, engine)
    ]
    newest = history.latest([one.document for one in takings])
    due = [
        one
        for one in takings
        if one.document not in newest or newest[one.document].digest != one.digest
    ]
    outcomes = progress.watch(spread(_take, due, jobs=jobs, seconds=_SECONDS), "收入附件", len(due))
    for batch in batches(outcomes, _REMEMBERED_AT_ONCE):
        fresh = [
            _version(
                task,
                _sheet(task, outcome) if isinstance(outcome, JuanzongError) else outcome,
                survey,
            )
            for task, outcome in batch
        ]
        for version in history.record(fresh, at=at, operator=by):
            newest[version.document] = version
    history.publish(newest.values())
    return _by_subject(takings, newest, history)


def document_of(shelf: Shelf, one: Attachment) -> str:
    """Return an attachment's name in history."""
    return f"{_KIND}/{shelf.subject.code}/{files.digest(one.name.encode())[:12]}"


def _takings(
    survey: Survey, shelf: Shelf, attachments: Sequence[Attachment], engine: str
) -> Iterator[_Taking]:
    for one in attachments:
        known = files.file_digest(one.path) if one.path.is_file() else ""
        shown = [one.title, one.author, one.date] if not known else []
        identity = [known, *shown, engine, dossier.BINDING]
        yield _Taking(
            shelf=shelf,
            attachment=one,
            document=document_of(shelf, one),
            digest=files.digest(files.canonical(identity)),
            roots=survey.workspace.template_roots("html"),
            sample=survey.scheme.sample,
        )


def _take(task: _Taking) -> _Taken:
    """Make pages of one file; runs in a worker, which it may take down."""
    try:
        taken = dossier.take_in(_pages_or_picture(task.attachment.path))
    except PaperError as error:
        return _sheet(task, error)
    return _Taken(
        pdf=taken.pdf, pages=taken.pages, note=taken.note, missing=False, original=taken.original
    )


def _pages_or_picture(path: Path) -> bytes:
    """Return the bytes of a file, those of its PDF where it is Word's or Excel's."""
    if not path.is_file():
        raise PaperError("清单里有，文件夹里没有")
    if path.stat().st_size > _LARGEST:
        raise PaperError(f"大于 {_LARGEST >> 20} MB")
    data = path.read_bytes()
    kind = convert.office_kind(data)
    if kind is None:
        return data
    (pdf,) = convert.to_pdf([data], kind=kind)
    if isinstance(pdf, JuanzongError):
        raise PaperError(pdf.what)
    return pdf


def _sheet(task: _Taking, error: JuanzongError) -> _Taken:
    """Print the sheet that stands for what can't be bound."""
    one = task.attachment
    context = {
        "scheme": {"sample": task.sample},
        "missing": {
            "title": one.title,
            "file": one.name,
            "author": one.author,
            "date": one.date,
            "reason": error.what,
        },
    }
    pdf = render.render_html(task.roots, SHEET, context)
    return _Taken(
        pdf=pdf,
        pages=dossier.page_count(pdf),
        note=f"缺件：{error.what}",
        missing=True,
        original=False,
    )


def _version(task: _Taking, taken: _Taken, survey: Survey) -> NewVersion:
    """Describe pages and original: both are kept, the original byte for byte."""
    one, subject = task.attachment, task.shelf.subject
    folder = "/".join(files.safe_name(place) for place in ("内部", *task.shelf.places, _FOLDER))
    name = files.safe_name(one.name.replace("/", "－"))
    kept = [NewFile(path=f"{folder}/{name}.卷内.pdf", data=taken.pdf)]
    if one.path.is_file() and one.path.stat().st_size <= _LARGEST:
        kept.append(NewFile(path=f"{folder}/{name}", data=one.path.read_bytes()))
    return NewVersion(
        document=task.document,
        title=one.title,
        kind=_KIND,
        level=subject.level,
        subject=subject.code,
        period="",
        origin="received",
        digest=task.digest,
        context={"note": taken.note, "missing": taken.missing, "original": taken.original},
        template="",
        engine="",
        snapshot="",
        as_of=survey.as_of,
        pages=taken.pages,
        files=tuple(kept),
        because="data",
    )


def _by_subject(
    takings: Iterable[_Taking], newest: Mapping[str, Version], history: History
) -> dict[str, tuple[Attached, ...]]:
    gathered: dict[str, list[Attached]] = {}
    for task in takings:
        version = newest[task.document]
        said: dict[str, Any] = history.context(version)
        gathered.setdefault(task.shelf.subject.code, []).append(
            Attached(
                attachment=task.attachment,
                version=version,
                note=said["note"],
                missing=said["missing"],
                original=said["original"],
            )
        )
    return {code: tuple(each) for code, each in gathered.items()}


def unsound(attachments: Iterable[Attachment]) -> dict[Path, dossier.Signature]:
    """Return the electronic signatures of attachments, where they don't hold."""
    paths = (one.path for one in attachments if one.path.is_file())
    found = signatures(path for path in paths if path.stat().st_size <= _LARGEST)
    return {path: one for path, one in found.items() if one.state != "whole"}


def unbindable(attached: Iterable[Attached]) -> Iterator[Skipped]:
    """Report the attachments a sheet stands for."""
    for one in attached:
        if one.missing:
            yield Skipped(
                document=one.version.document,
                title=one.attachment.title,
                reason=f"{one.attachment.name}：{one.note.removeprefix('缺件：')}，以缺件说明代替",
            )
