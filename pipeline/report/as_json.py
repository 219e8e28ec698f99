"""Results as plain JSON for other programs; each function is one shape."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from pipeline import files
from pipeline.model import (
    Change,
    Count,
    DocumentKind,
    Event,
    Fault,
    Finding,
    FundFigure,
    Holding,
    Issue,
    Kept,
    LifeState,
    LogLine,
    Made,
    Measured,
    Mention,
    Numbered,
    Payment,
    PlannedDocument,
    Scheme,
    Series,
    Skipped,
    Source,
    Standing,
    Subject,
    Value,
    Verdict,
    Version,
    Village,
)
from pipeline.report import words


def dumps(value: Any) -> str:
    """Write JSON as people and programs like to read it."""
    return json.dumps(files.plain(value), ensure_ascii=False, indent=2)


def checked(
    scheme: str,
    as_of: date,
    counts: Iterable[Count],
    findings: Iterable[Finding],
    notices: Iterable[Finding],
    unchecked: Sequence[str],
) -> dict[str, Any]:
    """Return what `check` found, and the account of every sheet."""
    return {
        "scheme": scheme,
        "as_of": as_of,
        "tables": [
            {
                "name": count.table,
                "file": count.file,
                "sheet": count.sheet,
                "rows": count.rows,
                "accepted": count.accepted,
                "rejected": count.rejected,
                "ignored": {ignored.reason: ignored.rows for ignored in count.ignored},
            }
            for count in counts
        ],
        "findings": [finding(one) for one in findings],
        "notices": [finding(one) for one in notices],
        "unchecked": list(unchecked),
    }


def finding(one: Finding) -> dict[str, Any]:
    """Return a finding with its sentence and its place."""
    return {
        "code": one.code,
        "severity": one.severity,
        "message": words.sentence(one),
        "todo": words.todo(one),
        "basis": words.basis(one),
        "source": place(one.source),
        "village": one.village,
        "household": one.household,
    }


def place(source: Source) -> dict[str, Any]:
    """Return a cell's place."""
    return {
        "file": source.file,
        "sheet": source.sheet,
        "row": source.row,
        "column": source.column,
    }


def village(
    town: str,
    of: Village,
    tally: Mapping[str, int],
    verdicts: Iterable[Verdict],
    rows: Iterable[Verdict],
    sources: Callable[[Verdict], Iterable[Source]],
) -> dict[str, Any]:
    """Return how a village stands: its targets, and each row that fails one."""
    return {
        "code": of.code,
        "name": of.name,
        "town": town,
        "tally": dict(tally),
        "targets": [verdict(one, sources) for one in verdicts],
        "rows": [verdict(one, sources) for one in rows],
    }


def standing(
    subject: Subject,
    tally: Mapping[str, int],
    verdicts: Iterable[Verdict],
    sources: Callable[[Verdict], Iterable[Source]],
) -> dict[str, Any]:
    """Return how the area, a county, a town or a unit stands."""
    return {
        "level": subject.level,
        "code": subject.code,
        "name": subject.name,
        "tally": dict(tally),
        "targets": [verdict(one, sources) for one in verdicts],
    }


def fund(one: FundFigure) -> dict[str, Any]:
    """Return what a fund comes to, in 元."""
    return {
        "id": one.fund.id,
        "name": one.fund.name,
        "count": one.count,
        "each": one.each,
        "total": one.total,
        "shares": dict(one.shares),
        "instalments": {str(year): amount for year, amount in one.instalments},
        "villages": dict(one.villages),
        "stated": one.fund.stated,
        "holds": one.holds,
    }


def payment(one: Payment) -> dict[str, Any]:
    """Return how the money of one payer stands, in 元."""
    return {
        "payer": one.payer,
        "planned": one.planned,
        "allocated": one.allocated,
        "spent": one.spent,
    }


def ranking(name: str, period: str, places: Iterable[Standing]) -> dict[str, Any]:
    """Return a ranking of one period."""
    return {
        "id": name,
        "period": period,
        "places": [
            {
                "code": one.code,
                "name": one.name,
                "place": one.place,
                "score": one.score,
                "rates": list(one.rates),
                "before": one.before,
                "lists": list(one.lists),
            }
            for one in places
        ],
    }


def verdict(one: Verdict, sources: Callable[[Verdict], Iterable[Source]]) -> dict[str, Any]:
    """Return a verdict with its figures and the cells they came from."""
    return {
        "target": one.target.id,
        "indicator": one.target.indicator,
        "name": one.target.name,
        "subject": one.subject.code,
        "of": one.subject.name,
        "outcome": one.outcome.value,
        "value": one.value,
        "threshold": one.threshold,
        "reference": one.reference,
        "forecast": one.forecast,
        "own": one.own,
        "top_up": one.top_up,
        "total": one.total,
        "failing": list(one.failing),
        "missing": list(one.missing),
        "hedge": one.target.hedge,
        "evidence": [place(source) for source in sources(one)],
    }


def explanation(one: Verdict, operands: Sequence[tuple[str, Value, str, Source]]) -> dict[str, Any]:
    """Return a verdict with the cells it was computed from and what they hold."""
    cells = [source for *_, source in operands]
    return {
        **verdict(one, lambda _: cells),
        "operands": [
            {"field": field, "value": value, "unit": unit} for field, value, unit, _ in operands
        ],
    }


def planned(
    due: Iterable[PlannedDocument],
    kept: Iterable[Kept],
    skipped: Iterable[Skipped],
    lacking: Iterable[str],
    changes: Iterable[Change],
    stale: Iterable[tuple[Version, LifeState, Iterable[Change]]] = (),
) -> dict[str, Any]:
    """Return what would be made and why."""
    return {
        "due": [
            {
                "document": paper.document,
                "title": paper.title,
                "reason": paper.because.reason,
                "changes": [change(one) for one in paper.because.changes],
                "supersedes": paper.because.supersedes,
            }
            for paper in due
        ],
        "kept": len(list(kept)),
        "skipped": [skip(one) for one in skipped],
        "without_template": list(lacking),
        "roster_changes": [change(one) for one in changes],
        "stale": [
            {**version(one), "state": state, "changes": [change(each) for each in changed]}
            for one, state, changed in stale
        ],
    }


def change(one: Change) -> dict[str, str]:
    """Return a figure that changed."""
    return {"path": one.path, "field": one.label, "of": one.of, "old": one.old, "new": one.new}


def skip(one: Skipped) -> dict[str, str]:
    """Return a paper that was not made, and why."""
    return {"document": one.document, "title": one.title, "reason": one.reason}


def made(
    papers: Iterable[Made], kept: Iterable[Kept], skipped: Iterable[Skipped], restored: int
) -> dict[str, Any]:
    """Return what a run made."""
    return {
        "made": [version(paper.version) for paper in papers],
        "kept": len(list(kept)),
        "restored": restored,
        "skipped": [skip(one) for one in skipped],
    }


def bound(
    versions: Iterable[Version], kept: Iterable[Version], skipped: Iterable[Skipped]
) -> dict[str, Any]:
    """Return what was bound."""
    return {
        "bound": [version(one) for one in versions],
        "kept": len(list(kept)),
        "skipped": [skip(one) for one in skipped],
    }


def version(one: Version) -> dict[str, Any]:
    """Return a version as its manifest has it."""
    return {
        "document": one.document,
        "number": one.number,
        "title": one.title,
        "origin": one.origin,
        "because": one.because,
        "id": one.manifest,
        "digest": one.digest,
        "as_of": one.as_of,
        "pages": one.pages,
        "files": [{"path": entry.path, "sha256": entry.sha256} for entry in one.files],
        "parent": one.parent,
        "supersedes": one.supersedes,
        "base": one.base,
        "issue": issue(one.issue),
    }


def issue(one: Issue | None) -> dict[str, Any] | None:
    """Return what a version was issued as; None for a draft."""
    if one is None:
        return None
    return {"day": one.day, "number": one.number, "corrects": one.corrects}


def issued(
    versions: Iterable[Version], already: Iterable[Version], skipped: Iterable[Skipped]
) -> dict[str, Any]:
    """Return what `issue` issued."""
    return {
        "issued": [version(one) for one in versions],
        "already": [version(one) for one in already],
        "skipped": [skip(one) for one in skipped],
    }


def adopted(
    lines: Iterable[tuple[Version, Iterable[tuple[str, Sequence[str]]]]],
    skipped: Iterable[Skipped],
) -> dict[str, Any]:
    """Return what `adopt` took in, with the figures that no longer stand in the text."""
    return {
        "adopted": [
            {
                **version(one),
                "lost": [{"printed": said, "fields": list(labels)} for said, labels in gone],
            }
            for one, gone in lines
        ],
        "skipped": [skip(one) for one in skipped],
    }


def numbered(series: Series, lines: Iterable[Numbered]) -> dict[str, Any]:
    """Return a series and every number of it."""
    return {
        "organ": series.organ,
        "mark": series.mark,
        "year": series.year,
        "start": series.start,
        "numbers": [dataclasses.asdict(line) for line in lines],
    }


def event(one: Event, about: Iterable[Version]) -> dict[str, Any]:
    """Return an event of the log and the versions it is about."""
    return {
        "sequence": one.sequence,
        "at": one.at,
        "operator": one.operator,
        "what": one.what,
        "reason": one.reason,
        "digest": one.digest,
        "versions": [
            {"document": version.document, "number": version.number, "title": version.title}
            for version in about
        ],
    }


def logged(line: LogLine, about: Iterable[Mention]) -> dict[str, Any]:
    """Return one event as `history log` shows it, with the papers asked for."""
    return {
        "sequence": line.first,
        "at": line.at,
        "operator": line.operator,
        "what": line.what,
        "reason": line.reason,
        "digest": line.digest,
        "versions": [dataclasses.asdict(one) for one in about],
    }


def holding(one: Holding) -> dict[str, Any]:
    """Return what there is of one kind: bytes of the newest versions, and of all."""
    return {
        "kind": one.kind,
        "documents": one.documents,
        "versions": one.versions,
        "pages": one.pages,
        "bytes": one.size,
        "bytes_of_all_versions": one.whole,
        "example": one.example,
    }


def kind(one: DocumentKind) -> dict[str, Any]:
    """Return a kind of paper as its manifest has it."""
    read = dataclasses.asdict(one)
    del read["folder"]
    return read


def scheme(one: Scheme) -> dict[str, Any]:
    """Return a scheme as it was read."""
    read = dataclasses.asdict(one)
    del read["folder"]
    return read


def verified(faults: Iterable[Fault], counts: Mapping[str, int]) -> dict[str, Any]:
    """Return what `history verify` examined and found wrong."""
    return {
        "counts": dict(counts),
        "faults": [
            {"what": fault.what, "name": fault.name, "problem": fault.problem} for fault in faults
        ],
    }


def pruned(
    versions: Iterable[Version], blobs: int, size: int, kept: int, done: bool
) -> dict[str, Any]:
    """Return which drafts `history prune` gives up, or would."""
    return {
        "done": done,
        "blobs": blobs,
        "bytes": size,
        "kept": kept,
        "versions": [
            {"document": one.document, "number": one.number, "title": one.title} for one in versions
        ],
    }


def measured(file: str, one: Measured) -> dict[str, Any]:
    """Return a PDF against GB/T 9704: each figure with its conclusion, and the fonts."""
    return {
        "file": file,
        "form": one.form,
        "pages": one.pages,
        "fits": one.fits,
        "measurements": [
            {
                "code": line.code,
                "item": line.item,
                "name": line.name,
                "value": line.value,
                "target": line.target,
                "tolerance": line.tolerance,
                "pages": list(line.pages),
                "conclusion": line.conclusion,
                "severity": line.severity,
                "todo": words.rule(line.code)["todo"],
                "basis": words.rule(line.code)["source"],
            }
            for line in one.measurements
        ],
        "fonts": [dataclasses.asdict(font) for font in one.fonts],
    }
