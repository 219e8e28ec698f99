"""Papers: which the scheme asks for, which history already holds, why the others are due."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import convert, files, render
from pipeline.errors import RosterError
from pipeline.history import History
from pipeline.model import (
    Because,
    Change,
    DocumentRule,
    Kept,
    PlannedDocument,
    Skipped,
    Version,
)
from pipeline.plan import Digests, Selection, compare, compare_rosters, plan, rules_without_template
from pipeline.report import sentence, source_words
from pipeline.roster import load_tables, read_mapping, read_roster
from pipeline.run.survey import ENGINES, Survey

DOSSIER = "dossier"
"""The kind of a dossier's front matter; bound, never planned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """The plan of a run."""

    due: tuple[PlannedDocument, ...]
    kept: tuple[Kept, ...]
    skipped: tuple[Skipped, ...]
    lacking: tuple[DocumentRule, ...]
    """Papers the scheme asks for that no template exists for yet."""
    roster_changes: tuple[Change, ...] = ()
    """Cells that differ from the snapshot the newest kept papers were made from."""
    not_compared: str = ""
    """Why that snapshot couldn't be read again; nothing else depends on it."""


def digests(survey: Survey) -> Digests:
    """Digest every template and engine once for a run."""
    roots = {engine: survey.workspace.template_roots(engine) for engine in ENGINES}
    return Digests(
        template={
            kind.id: render.template_digest(kind, roots[kind.engine])
            for kind in survey.kinds.values()
        },
        engine={
            "html": render.engine_digest("html"),
            "docx": render.engine_digest("docx", convert.office_version()),
        },
    )


def plan_papers(survey: Survey, selection: Selection) -> tuple[PlannedDocument, ...]:
    """Plan the papers asked for, and prove each template on the first of its papers.

    Raises:
        SchemeError: when a kind shows what it may not.
        TemplateError: for a fault that every paper of a kind would stumble over.
    """
    planned = tuple(
        paper
        for paper in plan(
            survey.scheme, survey.kinds, survey.roster, survey.facts(), digests(survey)
        )
        if selection.takes(paper, survey.roster)
    )
    first = {paper.kind.id: paper for paper in reversed(planned)}
    for paper in first.values():
        roots = survey.workspace.template_roots(paper.kind.engine)
        render.prove(paper.kind, roots, paper.context)
    return planned


def papers(
    survey: Survey,
    planned: Sequence[PlannedDocument],
    history: History | None,
    *,
    strict: bool = False,
) -> Papers:
    """Hold a plan against what history remembers, None where there is none yet. Writes nothing.

    What an error was found in is skipped; if `strict`, also what a warning was found in.
    """
    newest = history.latest([paper.document for paper in planned]) if history else {}
    barred = survey.barred(strict=strict)
    due: list[PlannedDocument] = []
    kept: list[Kept] = []
    skipped: list[Skipped] = []
    for paper in planned:
        bar = barred.of(paper)
        version = newest.get(paper.document)
        if bar is not None:
            reason = f"{source_words(bar.source)}：{sentence(bar)}"
            skipped.append(Skipped(document=paper.document, title=paper.title, reason=reason))
        elif version is not None and version.digest == paper.digest:
            kept.append(Kept(planned=paper, version=version))
        else:
            because = _because(paper, version, history, survey)
            due.append(dataclasses.replace(paper, because=because))
    changes, not_compared = _roster_changes(survey, newest.values(), history)
    return Papers(
        due=tuple(due),
        kept=tuple(kept),
        skipped=tuple(skipped),
        lacking=rules_without_template(survey.scheme, survey.kinds),
        roster_changes=changes,
        not_compared=not_compared,
    )


def _because(
    paper: PlannedDocument, version: Version | None, history: History | None, survey: Survey
) -> Because:
    if version is None or history is None:
        return Because(reason="new")
    changes: tuple[Change, ...] = ()
    if version.context != paper.context_digest:
        changes = compare(history.context(version), paper.context)
    if _edited(version, survey):
        return Because(reason="edited", changes=changes)
    if changes:
        return Because(reason="data", changes=changes)
    if version.template != paper.template_digest:
        return Because(reason="template")
    return Because(reason="engine")


def _edited(version: Version, survey: Survey) -> bool:
    """Tell whether somebody changed a file of this version in the outputs tree."""
    outputs = survey.workspace.outputs(survey.scheme.id)
    return any(
        path.is_file() and files.file_digest(path) != entry.sha256
        for entry in version.files
        if (path := outputs / entry.path)
    )


def _roster_changes(
    survey: Survey, versions: Iterable[Version], history: History | None
) -> tuple[tuple[Change, ...], str]:
    """Compare the workbooks with those of the newest version, cell by cell, or say why not."""
    latest = max(versions, key=lambda version: (version.as_of, version.number), default=None)
    if latest is None or history is None:
        return (), ""
    before = history.workbooks(latest.snapshot)
    if {name: files.digest(data) for name, data in before.items()} == survey.roster.files:
        return (), ""
    tables = load_tables(survey.scheme)
    ask = survey.passwords or (lambda name: iter(()))

    def passwords(name: str) -> Iterator[str]:
        return ask(f"{name}（截止 {latest.as_of} 的旧名册）")

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for book, data in before.items():
            (folder / files.safe_name(book)).write_bytes(data)
        try:
            old = read_roster(folder, tables, read_mapping(survey.scheme.folder, tables), passwords)
        except RosterError as error:
            return (), error.what
    return compare_rosters(old, survey.roster), ""
