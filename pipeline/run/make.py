"""Make: render, convert, measure, remember and publish every paper that is due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline import convert, dossier, render
from pipeline.errors import JuanzongError
from pipeline.history import History, NewFile, NewVersion, Published
from pipeline.measure import measure
from pipeline.model import Kept, Made, PlannedDocument, Skipped, Version, page_codes
from pipeline.report import Progress, mark_words
from pipeline.run.papers import Papers
from pipeline.run.survey import ENGINES, Survey
from pipeline.spread import batches, spread

_SECONDS = 180.0
_DOCX_BATCH = 10
_REMEMBERED_AT_ONCE = 64


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """Finished bytes of a paper, fit to leave the house."""

    files: dict[str, bytes]
    pages: int
    codes: tuple[str, ...] = ()


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
    made: list[Made] = []
    skipped = [*planned.skipped, *(_left(paper) for paper in planned.due if _by_hand(paper))]
    works = _works(survey, [paper for paper in planned.due if not _by_hand(paper)])
    finished = progress.watch(
        _finished(works, jobs), "制作文书", sum(len(work.papers) for work in works)
    )
    for batch in batches(finished, _REMEMBERED_AT_ONCE):
        ready = [(paper, result) for paper, result in batch if isinstance(result, _Ready)]
        skipped += [
            Skipped(document=paper.document, title=paper.title, reason=str(result))
            for paper, result in batch
            if isinstance(result, JuanzongError)
        ]
        versions = history.record(
            [_version(paper, result, survey, snapshot) for paper, result in ready],
            at=at,
            operator=by,
        )
        skipped += _edited(history.publish(versions), versions)
        made += [
            Made(planned=paper, version=version, path=version.files[-1].path)
            for (paper, _), version in zip(ready, versions, strict=True)
        ]
    kept = [one.version for one in planned.kept]
    again = history.publish(kept)
    skipped += _edited(again, kept)
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
        reason="输出里的文件已手改，不覆盖" + (f"；数据有变：{changed}" if changed else ""),
    )


def _works(survey: Survey, papers: Sequence[PlannedDocument]) -> list[_Work]:
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
        )
        for group in groups
    ]


def _finished(
    works: Sequence[_Work], jobs: int
) -> Iterator[tuple[PlannedDocument, _Ready | JuanzongError]]:
    for work, outcome in spread(_do, works, jobs=jobs, seconds=_SECONDS):
        results = outcome if isinstance(outcome, list) else [outcome] * len(work.papers)
        yield from zip(work.papers, results, strict=True)


def _do(work: _Work) -> list[_Ready | JuanzongError]:
    """Render, convert and measure; runs in a worker."""
    if work.papers[0].kind.engine == "html":
        return [_one_html(work, work.papers[0])]
    return _many_docx(work)


def _one_html(work: _Work, paper: PlannedDocument) -> _Ready | JuanzongError:
    try:
        pdf = render.render_html(work.roots, paper.kind.id, paper.context)
        return _fit(paper, work, {"pdf": pdf})
    except JuanzongError as error:
        return error


def _many_docx(work: _Work) -> list[_Ready | JuanzongError]:
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
    results: list[_Ready | JuanzongError] = []
    for paper in work.papers:
        pdf = pdfs.get(paper.document)
        if isinstance(pdf, bytes):
            results.append(_fit(paper, work, {"docx": rendered[paper.document], "pdf": pdf}))
        else:
            results.append(pdf or failed[paper.document])
    return results


def _fit(paper: PlannedDocument, work: _Work, files: dict[str, bytes]) -> _Ready | JuanzongError:
    """Give the pages their codes, and measure the PDF with other code than made it."""
    phones = [str(row.get("phone", "")) for row in paper.context.get("channels", ())]
    try:
        pages, codes = dossier.page_count(files["pdf"]), tuple[str, ...]()
        if paper.kind.qr:
            codes = page_codes(work.scheme, paper.document, paper.digest, pages)
            files = {**files, "pdf": render.stamp_codes(files["pdf"], codes)}
        marks = measure(
            files["pdf"],
            public=paper.kind.audience == "public",
            sample=work.sample,
            must=paper.kind.must,
            allowed_phones=phones,
            as_of=work.as_of,
        )
    except JuanzongError as error:
        return error
    errors = [mark for mark in marks if mark.severity == "error"]
    if errors:
        return JuanzongError(
            "；".join(
                mark_words(mark.code, mark.page, str(mark.value), str(mark.expected))
                for mark in errors
            ),
            where="出门检查未通过",
        )
    return _Ready(files=files, pages=pages, codes=codes)


def _version(paper: PlannedDocument, ready: _Ready, survey: Survey, snapshot: str) -> NewVersion:
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
