"""Papers: which the scheme asks for, which history already holds, why the others are due."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import convert, files, render
from pipeline.errors import RosterError
from pipeline.history import History
from pipeline.model import (
    ENGINES,
    ISSUE,
    Because,
    Change,
    DocumentRule,
    Kept,
    Life,
    LifeState,
    PlannedDocument,
    Skipped,
    Version,
)
from pipeline.plan import Digests, Selection, compare, compare_rosters, plan, rules_without_template
from pipeline.report import sentence, source_words
from pipeline.roster import load_tables, read_mapping, read_roster
from pipeline.run.survey import Survey

DRAFT = "（更正稿）"
"""Ends the file name of a draft that would correct an issued paper."""
DOSSIER = "dossier"
"""The kind of a dossier's front matter; bound, never planned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """An issued or signed version whose data have changed since: which figures."""

    version: Version
    state: LifeState
    changes: tuple[Change, ...]


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
    standing: tuple[Version, ...] = ()
    """Issued versions besides the newest: in force, or corrected; they stay in the outputs."""
    stale: tuple[Stale, ...] = ()
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
    lives = history.lives([paper.document for paper in planned]) if history else {}
    barred = survey.barred(strict=strict)
    due: list[PlannedDocument] = []
    kept: list[Kept] = []
    skipped: list[Skipped] = []
    for paper in planned:
        bar = barred.of(paper)
        life = lives.get(paper.document)
        if bar is not None:
            reason = f"{source_words(bar.source)}：{sentence(bar)}"
            skipped.append(Skipped(document=paper.document, title=paper.title, reason=reason))
        elif life is not None and _shows(paper, life):
            kept.append(Kept(planned=paper, version=life.newest))
        else:
            due.append(_due(paper, life, history, survey))
    newest = [life.newest for life in lives.values()]
    changes, not_compared = _roster_changes(survey, newest, history)
    return Papers(
        due=tuple(due),
        kept=tuple(kept),
        skipped=tuple(skipped),
        lacking=rules_without_template(survey.scheme, survey.kinds),
        roster_changes=changes,
        standing=tuple(
            one for life in lives.values() for one in life.out if one is not life.newest
        ),
        stale=tuple(_stale(planned, lives, history)) if history else (),
        not_compared=not_compared,
    )


def _shows(paper: PlannedDocument, life: Life) -> bool:
    """Tell whether the newest version already shows just this.

    What was issued or edited by hand is held by its data alone: a new template or program is no
    reason to touch it.
    """
    version, state = life.newest, life.state(life.newest)
    if state == "withdrawn":
        return False
    if state == "draft" and version.origin != "edited":
        return version.digest == paper.digest
    return version.data == paper.context_digest


def _due(
    paper: PlannedDocument, life: Life | None, history: History | None, survey: Survey
) -> PlannedDocument:
    """Return the paper with why it is due; a draft that would correct has a name of its own."""
    if life is None or history is None:
        return dataclasses.replace(paper, because=Because(reason="new"))
    because = _because(paper, life, history, survey)
    if not life.standing:
        return dataclasses.replace(paper, because=because)
    because = dataclasses.replace(because, supersedes=life.standing.manifest)
    return dataclasses.replace(paper, because=because, name=f"{paper.name}{DRAFT}")


def _because(paper: PlannedDocument, life: Life, history: History, survey: Survey) -> Because:
    version = life.newest
    changes = changed(paper, version, history)
    if life.state(version) == "withdrawn":
        return Because(reason="withdrawn", changes=changes)
    if version.origin == "edited" or _edited(version, survey):
        return Because(reason="edited", changes=changes)
    if changes:
        return Because(reason="data", changes=changes)
    if version.template != paper.template_digest:
        return Because(reason="template")
    return Because(reason="engine")


def changed(paper: PlannedDocument, version: Version, history: History) -> tuple[Change, ...]:
    """Return the figures of a paper that are no longer what a version of it shows."""
    if version.data == paper.context_digest:
        return ()
    context = history.context(version)
    context.pop(ISSUE, None)
    return compare(context, paper.context)


def _stale(
    planned: Iterable[PlannedDocument], lives: Mapping[str, Life], history: History
) -> Iterator[Stale]:
    for paper in planned:
        life = lives.get(paper.document)
        version = life.standing if life else None
        if life and version and (changes := changed(paper, version, history)):
            yield Stale(version=version, state=life.state(version), changes=changes)


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
