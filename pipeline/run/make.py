"""Make: render, convert, measure, remember and publish every paper that is due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline import convert, dossier, render
from pipeline.errors import JuanzongError, OutputError
from pipeline.history import History, NewFile, NewVersion, Published
from pipeline.measure import gauge, measure, read
from pipeline.model import (
    ENGINES,
    DocumentKind,
    Kept,
    Made,
    PlannedDocument,
    Skipped,
    Version,
    page_codes,
)
from pipeline.report import Progress, mark_words
from pipeline.run.papers import Papers
from pipeline.run.survey import Survey
from pipeline.run.traces import basis, note_made
from pipeline.spread import batches, spread

_SECONDS = 180.0
_DOCX_BATCH = 10
_REMEMBERED_AT_ONCE = 64
_NUMBER = "G10"
"""The rule that a red head has its 发文字号: a sample takes none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run did."""

    made: tuple[Made, ...]
    kept: tuple[Kept, ...]
    skipped: tuple[Skipped, ...]
    restored: int = 0
    """Files that had gone from the outputs and were put back from the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """Papers one worker makes in one go: one html paper, or a batch of docx."""

    papers: tuple[PlannedDocument, ...]
    roots: tuple[Path, ...]
    scheme: str
    sample: bool
    as_of: date
    full: bool
    """Measured by everything GB/T 9704 says, pixels too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Finished bytes of a paper, fit to leave the house."""

    files: dict[str, bytes]
    pages: int
    codes: tuple[str, ...] = ()
    words: str = ""
    """On its pages."""


def make(
    survey: Survey,
    planned: Papers,
    history: History,
    *,
    jobs: int,
    at: str,
    by: str,
    progress: Progress,
) -> Outcome:
    """Make the papers that are due; one bad paper is skipped and reported, the others go on."""
    snapshot = ""
    if planned.due:
        books = {name: (survey.folder / name).read_bytes() for name in survey.roster.files}
        snapshot = history.snapshot(books)
    drawn_by = basis(survey.scheme.folder)
    made: list[Made] = []
    kept = [*planned.standing, *(one.version for one in planned.kept)]
    again = history.publish(kept)  # first: what is made now may take the place of what was
    skipped = [
        *planned.skipped,
        *_edited(again, kept),
        *(_left(paper) for paper in planned.due if _by_hand(paper)),
    ]
    papers = [paper for paper in planned.due if not _by_hand(paper)]
    finished = progress.watch(press(survey, papers, jobs=jobs), "制作文书", len(papers))
    for batch in batches(finished, _REMEMBERED_AT_ONCE):
        ready = [(paper, result) for paper, result in batch if isinstance(result, Ready)]
        skipped += [
            Skipped(document=paper.document, title=paper.title, reason=str(result))
            for paper, result in batch
            if isinstance(result, JuanzongError)
        ]
        versions = history.record(
            [as_version(paper, result, survey, snapshot) for paper, result in ready],
            at=at,
            operator=by,
        )
        skipped += _edited(history.publish(versions), versions)
        told = [(one, *made_of) for one, made_of in zip(versions, ready, strict=True)]
        history.traces.put(note_made(survey, told), drawn_by)
        made += [
            Made(planned=paper, version=version, path=version.files[-1].path)
            for (paper, _), version in zip(ready, versions, strict=True)
        ]
    return Outcome(
        made=tuple(made),
        kept=planned.kept,
        skipped=tuple(skipped),
        restored=len(again.written),
    )


def _by_hand(paper: PlannedDocument) -> bool:
    return paper.because.reason == "edited"


def _left(paper: PlannedDocument) -> Skipped:
    changed = "、".join(dict.fromkeys(change.label for change in paper.because.changes))
    return Skipped(
        document=paper.document,
        title=paper.title,
        reason=f"已手改，数据有变：{changed}" if changed else "输出里的文件已手改，不覆盖",
    )


def press(
    survey: Survey, papers: Sequence[PlannedDocument], *, jobs: int, full: bool = False
) -> Iterator[tuple[PlannedDocument, Ready | JuanzongError]]:
    """Render, convert and measure papers; yield each with its bytes, or why there are none.

    Args:
        survey: scheme and templates.
        papers: what to print.
        jobs: processes.
        full: measure by everything GB/T 9704 says, as is done when a paper is issued.
    """
    works = _works(survey, papers, full=full)
    for work, outcome in spread(_do, works, jobs=jobs, seconds=_SECONDS):
        results = outcome if isinstance(outcome, list) else [outcome] * len(work.papers)
        yield from zip(work.papers, results, strict=True)


def _works(survey: Survey, papers: Sequence[PlannedDocument], *, full: bool) -> list[_Work]:
    """Cut the papers into pieces of work: docx in batches, because LibreOffice starts slowly."""
    roots = {engine: survey.workspace.template_roots(engine) for engine in ENGINES}
    docx = [paper for paper in papers if paper.kind.engine == "docx"]
    groups = [
        *(tuple(docx[start : start + _DOCX_BATCH]) for start in range(0, len(docx), _DOCX_BATCH)),
        *((paper,) for paper in papers if paper.kind.engine == "html"),
    ]
    return [
        _Work(
            papers=group,
            roots=roots[group[0].kind.engine],
            scheme=survey.scheme.id,
            sample=survey.scheme.sample,
            as_of=survey.as_of,
            full=full,
        )
        for group in groups
    ]


def _do(work: _Work) -> list[Ready | JuanzongError]:
    """Render, convert and measure; runs in a worker."""
    if work.papers[0].kind.engine == "html":
        return [_one_html(work, work.papers[0])]
    return _many_docx(work)


def _one_html(work: _Work, paper: PlannedDocument) -> Ready | JuanzongError:
    try:
        pdf = render.render_html(work.roots, paper.kind.id, paper.context)
        return _fit(paper, work, {"pdf": pdf})
    except JuanzongError as error:
        return error


def _many_docx(work: _Work) -> list[Ready | JuanzongError]:
    rendered: dict[str, bytes] = {}
    failed: dict[str, JuanzongError] = {}
    for paper in work.papers:
        stamp = {"document": paper.document, "version": paper.digest[:10]}
        try:
            rendered[paper.document] = render.render_docx(
                paper.kind.folder / "template.docx", paper.context, stamp
            )
        except JuanzongError as error:
            failed[paper.document] = error
    pdfs = dict(zip(rendered, convert.to_pdf(list(rendered.values())), strict=True))
    results: list[Ready | JuanzongError] = []
    for paper in work.papers:
        pdf = pdfs.get(paper.document)
        if isinstance(pdf, bytes):
            results.append(_fit(paper, work, {"docx": rendered[paper.document], "pdf": pdf}))
        else:
            results.append(pdf or failed[paper.document])
    return results


def _fit(paper: PlannedDocument, work: _Work, files: dict[str, bytes]) -> Ready | JuanzongError:
    phones = tuple(str(row.get("phone", "")) for row in paper.context.get("channels", ()))
    try:
        pdf, codes = coded(files["pdf"], paper.kind, work.scheme, paper.document, paper.digest)
        words = check(
            pdf,
            paper.kind,
            phones=phones,
            sample=work.sample,
            as_of=work.as_of,
            full=work.full,
        )
    except JuanzongError as error:
        return error
    return Ready(
        files={**files, "pdf": pdf}, pages=dossier.page_count(pdf), codes=codes, words=words
    )


def coded(
    pdf: bytes, kind: DocumentKind, scheme: str, document: str, digest: str
) -> tuple[bytes, tuple[str, ...]]:
    """Print the code of each page on a version that is to be signed, and return the codes.

    Raises:
        OutputError: when something stands in a code's place.
    """
    if not kind.qr:
        return pdf, ()
    codes = page_codes(scheme, document, digest, dossier.page_count(pdf))
    return render.stamp_codes(pdf, codes), codes


def check(
    pdf: bytes,
    kind: DocumentKind,
    *,
    phones: Sequence[str] = (),
    sample: bool,
    as_of: date,
    full: bool = False,
) -> str:
    """Measure a finished PDF with other code than made it; return the words on its pages.

    Raises:
        OutputError: when it may not leave the house; says why.
    """
    public = kind.audience == "public"
    reading = read(pdf)
    marks = measure(
        reading,
        public=public,
        sample=sample,
        must=tuple(kind.must),
        allowed_phones=phones,
        as_of=as_of,
    )
    wrong = [
        mark_words(mark.code, mark.page, str(mark.value), str(mark.expected))
        for mark in marks
        if mark.severity == "error"
    ]
    if full:
        wrong += [
            mark_words(one.code, min(one.pages, default=0), f"{one.name}{one.value}", one.target)
            for one in gauge(pdf, public=public, allowed_phones=phones).measurements
            if one.conclusion == "不合格"
            and one.severity == "error"
            and not (sample and one.code == _NUMBER)
        ]
    if wrong:
        raise OutputError("；".join(dict.fromkeys(wrong)), where="出门检查未通过")
    return "\n".join(page.text for page in reading.pages)


def as_version(paper: PlannedDocument, ready: Ready, survey: Survey, snapshot: str) -> NewVersion:
    """Return what is to be recorded of a paper that was made."""
    folder = "/".join(paper.folder)
    return NewVersion(
        document=paper.document,
        title=paper.title,
        kind=paper.kind.id,
        level=paper.subject.level,
        subject=paper.subject.code,
        period=paper.period,
        origin="made",
        digest=paper.digest,
        context=paper.context,
        template=paper.template_digest,
        engine=paper.engine_digest,
        snapshot=snapshot,
        as_of=survey.as_of,
        pages=ready.pages,
        files=tuple(
            NewFile(path=f"{folder}/{paper.name}.{ending}", data=data)
            for ending, data in ready.files.items()
        ),
        because=paper.because.reason,
        codes=ready.codes,
        supersedes=paper.because.supersedes,
    )


def _edited(published: Published, versions: Iterable[Version]) -> Iterator[Skipped]:
    """Report the files that somebody changed by hand and that were left as they are."""
    for version in versions:
        paths = [entry.path for entry in version.files if entry.path in published.edited]
        if paths:
            yield Skipped(
                document=version.document,
                title=version.title,
                reason=f"输出里的文件已手改，未覆盖：{'、'.join(paths)}",
            )
