"""Issue: drafts become papers. Number and date are set, the final bytes frozen and measured."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline import dossier, files
from pipeline.errors import JuanzongError, OutputError, UsageError
from pipeline.history import History, Wanted
from pipeline.measure import read
from pipeline.model import (
    ISSUE,
    Because,
    Issue,
    Life,
    PlannedDocument,
    Series,
    Skipped,
    Version,
)
from pipeline.report import Progress
from pipeline.run.make import Ready, as_version, check, press
from pipeline.run.papers import Papers
from pipeline.run.survey import Survey

SAMPLE = "（样例）"
"""What stands in place of the 发文字号 on a sample: it takes no number from a real series."""
CORRECTED = "（更正）"
"""Ends the file name of an issued correction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What a run issued."""

    issued: tuple[Version, ...]
    already: tuple[Version, ...]
    """Were issued before, and their data are still the same."""
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Going:
    """A draft on its way out."""

    draft: Version
    life: Life
    issue: Issue
    paper: PlannedDocument
    """As it will be printed: with the part `issue` in its context."""


def drafts(planned: Papers, history: History) -> tuple[PlannedDocument, ...]:
    """Return the planned papers whose draft shows the data and hasn't been issued."""
    lives = history.lives([one.planned.document for one in planned.kept])
    return tuple(
        one.planned
        for one in planned.kept
        if lives[one.planned.document].state(one.version) == "draft"
    )


def issue(
    survey: Survey,
    planned: Papers,
    history: History,
    *,
    day: date,
    number: str = "",
    jobs: int,
    at: str,
    by: str,
    progress: Progress,
) -> Issued:
    """Issue the drafts of the papers asked for; one bad paper is skipped, the others go on.

    Args:
        survey: scheme, rosters and templates.
        planned: the plan of the papers asked for: only drafts that still show the data go out.
        history: where the drafts lie.
        day: 成文日期.
        number: 发文字号 as the registry gave it, for one paper; empty for the next of the series.
        jobs: processes.
        at: when, UTC, RFC 3339.
        by: who.
        progress: where to say how far it is.

    Raises:
        UsageError: for a day before the data's, or a number that can't be given.
        HistoryError: when the store refuses.
    """
    if day < survey.as_of:
        raise UsageError(
            f"成文日期 {day} 早于数据截止日期 {survey.as_of}",
            todo="用 --date 写不早于截止日期的一天",
        )
    lives = history.lives([one.planned.document for one in planned.kept])
    papers = drafts(planned, history)
    going_out = {paper.document for paper in papers}
    already = [one.version for one in planned.kept if one.version.document not in going_out]
    numbers = _numbers(survey, papers, lives, history, number, day=day, at=at, by=by)
    going = [_going(paper, lives[paper.document], numbers, day) for paper in papers]
    skipped = [*planned.skipped, *(_not_ready(paper) for paper in planned.due)]
    ready: list[tuple[_Going, Ready]] = []
    finished = progress.watch(_finished(survey, going, history, jobs), "印发", len(going))
    for one, result in finished:
        if isinstance(result, Ready):
            ready.append((one, result))
        else:
            skipped.append(_skip(one.paper, str(result)))
    issued = _record(survey, ready, history, at=at, by=by)
    skipped += [
        _skip(one.paper, "印发前已被别人印发或重做，没有再印发")
        for (one, _), version in zip(ready, issued, strict=True)
        if version is None
    ]
    out = [version for version in issued if version is not None]
    skipped += _put_out([*out, *already], lives, history)
    return Issued(issued=tuple(out), already=tuple(already), skipped=tuple(skipped))


def _numbers(
    survey: Survey,
    papers: Sequence[PlannedDocument],
    lives: Mapping[str, Life],
    history: History,
    number: str,
    *,
    day: date,
    at: str,
    by: str,
) -> dict[str, str]:
    """Return the 发文字号 of each paper of a numbered kind; a correction keeps the old one."""
    numbered = [paper for paper in papers if paper.kind.numbered]
    if number and survey.scheme.sample:
        raise UsageError("样例方案不能取真实的发文字号", todo="去掉 --number，文书上印“（样例）”")
    if number and len(numbered) != 1:
        raise UsageError(
            f"--number 只能给一份编号的文书，选中的有 {len(numbered)} 份",
            todo="用 --kind、--town、--village 选到一份",
        )
    if survey.scheme.sample:
        return {paper.document: SAMPLE for paper in numbered}
    given = {} if number else _kept_numbers(numbered, lives)
    fresh = [paper for paper in numbered if paper.document not in given]
    wanted = [
        Wanted(
            draft=lives[paper.document].newest,
            series=_series(survey, paper, day.year),
            text=number,
        )
        for paper in fresh
    ]
    new = history.reserve(wanted, at=at, operator=by) if wanted else ()
    return given | {paper.document: text for paper, text in zip(fresh, new, strict=True)}


def _kept_numbers(papers: Sequence[PlannedDocument], lives: Mapping[str, Life]) -> dict[str, str]:
    standing = {paper.document: lives[paper.document].standing for paper in papers}
    return {
        document: version.issue.number
        for document, version in standing.items()
        if version and version.issue and version.issue.number
    }


def _series(survey: Survey, paper: PlannedDocument, year: int) -> Series | None:
    """Return the series of a paper's issuer; one that names its kinds goes before the others."""
    shown = paper.context.get("document", {}).get("issuer")
    fitting = [
        series
        for series in survey.scheme.series
        if series.organ in {shown, paper.rule.issuer}
        and series.year == year
        and (not series.kinds or paper.kind.id in series.kinds)
    ]
    return min(fitting, key=lambda series: not series.kinds, default=None)


def _going(paper: PlannedDocument, life: Life, numbers: Mapping[str, str], day: date) -> _Going:
    """Return a draft with what it will be printed with."""
    draft, standing = life.newest, life.standing
    issued = Issue(
        day=day,
        number=numbers.get(paper.document, ""),
        corrects=_old(standing) if standing else "",
        data=draft.data,
    )
    shown = {"day": day.isoformat(), "number": issued.number, "corrects": issued.corrects}
    context = {**paper.context, ISSUE: shown}
    parts = {
        "context": files.digest(files.canonical(context)),
        "template": paper.template_digest,
        "engine": paper.engine_digest,
    }
    printed = dataclasses.replace(
        paper,
        context=context,
        context_digest=parts["context"],
        digest=files.digest(files.canonical(parts)),
        name=f"{paper.name}{CORRECTED if standing else ''}",
        because=Because(reason="new", supersedes=standing.manifest if standing else ""),
    )
    return _Going(draft=draft, life=life, issue=issued, paper=printed)


def _old(version: Version) -> str:
    """Say which paper is corrected: by its number, else by its date."""
    issued = version.issue
    if issued is None:
        return ""
    if issued.number:
        return issued.number
    return f"{issued.day.year}年{issued.day.month}月{issued.day.day}日印发件"


def _finished(
    survey: Survey, going: Sequence[_Going], history: History, jobs: int
) -> Iterator[tuple[_Going, Ready | JuanzongError]]:
    by_document = {one.paper.document: one for one in going}
    made = [one.paper for one in going if one.draft.origin != "edited"]
    for paper, result in press(survey, made, jobs=jobs, full=True):
        yield by_document[paper.document], result
    for one in going:
        if one.draft.origin == "edited":
            yield one, _edited(survey, one, history)


def _edited(survey: Survey, one: _Going, history: History) -> Ready | JuanzongError:
    """Take an edited draft as it is: nobody prints it anew. Its number must stand in it already."""
    found = {
        entry.path.rpartition(".")[2]: history.file(one.draft, entry.path.rpartition(".")[2])
        for entry in one.draft.files
    }
    pdf = found["pdf"]
    try:
        check(pdf, one.paper.kind, sample=survey.scheme.sample, as_of=one.draft.as_of, full=True)
        text = "".join("".join(page.text.split()) for page in read(pdf).pages)
        if one.issue.number and one.issue.number not in text:
            raise OutputError(
                f"手改稿里没有发文字号 {one.issue.number}",
                todo="在 Word 里写上，用 juanzong adopt 收回，再印发",
            )
    except JuanzongError as error:
        return error
    return Ready(files=found, pages=dossier.page_count(pdf), codes=one.draft.codes)


def _record(
    survey: Survey, ready: Sequence[tuple[_Going, Ready]], history: History, *, at: str, by: str
) -> tuple[Version | None, ...]:
    entries = []
    for one, result in ready:
        new = dataclasses.replace(
            as_version(one.paper, result, survey, one.draft.snapshot),
            as_of=one.draft.as_of,
            because=one.draft.because,
            issue=one.issue,
            origin=one.draft.origin,
        )
        if one.draft.origin == "edited":
            new = dataclasses.replace(new, digest=one.draft.digest)
        entries.append((new, one.draft))
    return history.issue(entries, at=at, operator=by)


def _put_out(
    versions: Sequence[Version], lives: Mapping[str, Life], history: History
) -> Iterator[Skipped]:
    """Publish what is issued now, or was by a run that died before it came to this."""
    published = history.publish(versions)
    for one in versions:
        if any(entry.path in published.edited for entry in one.files):
            reason = "已印发；输出里的文件已手改，未覆盖"
            yield Skipped(document=one.document, title=one.title, reason=reason)
    # The draft of a correction had a name of its own.
    drafts = {one.parent for one in versions if one.supersedes}
    every = (version for life in lives.values() for version in life.versions)
    history.retract(version for version in every if version.manifest in drafts)


def _not_ready(paper: PlannedDocument) -> Skipped:
    changed = "、".join(dict.fromkeys(change.label for change in paper.because.changes))
    reasons = {
        "new": "还没有制作，先运行 juanzong make",
        "edited": f"已手改，数据有变：{changed}"
        if changed
        else "输出里的文件已手改，先 juanzong adopt",
        "withdrawn": "已撤回，先运行 juanzong make 重新起草",
    }
    stale = f"草稿已不是最新{f'（数据有变：{changed}）' if changed else ''}，先运行 juanzong make"
    return _skip(paper, reasons.get(paper.because.reason, stale))


def _skip(paper: PlannedDocument, reason: str) -> Skipped:
    return Skipped(document=paper.document, title=paper.title, reason=reason)
