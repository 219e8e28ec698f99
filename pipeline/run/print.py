"""Print: recorded papers on their way to be signed, one file for each town."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import dossier, files, render
from pipeline.errors import UsageError
from pipeline.history import History
from pipeline.model import Version
from pipeline.plan import Selection, handover_context
from pipeline.run.survey import Survey

PRINT_RUN = "print_run"
"""The kind of the sheets between the papers; never planned."""
_FOLDER = "内部/打印"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One town's papers, ready to print on both sides."""

    place: str
    path: Path
    papers: tuple[Version, ...]
    pages: int


def print_papers(
    survey: Survey,
    selection: Selection,
    history: History,
    *,
    copies: int,
    into: Path | None,
    at: str,
    by: str,
) -> tuple[Run, ...]:
    """Collate the newest recorded papers for signing, and log that they were printed.

    Only papers whose pages carry codes: others don't find their way back.

    Args:
        survey: what was read.
        selection: which papers.
        history: the scheme's history.
        copies: how many of each.
        into: folder the files go to; below the outputs by default.
        at: when, UTC.
        by: who.

    Raises:
        UsageError: when there is nothing to print.
    """
    groups = _by_town(survey, selection, history)
    if not groups:
        raise UsageError(
            "没有要打印签字的文书",
            todo=f"先运行 juanzong make {survey.scheme.id}；文种须在 kind.toml 里有 qr = true",
        )
    folder = into or survey.workspace.outputs(survey.scheme.id) / _FOLDER
    runs = []
    for place, papers in groups.items():
        data = _collated(survey, place, papers, copies, history)
        path = folder / f"{files.safe_name(place)}.pdf"
        files.write_atomic(path, data)
        runs.append(
            Run(place=place, path=path, papers=tuple(papers), pages=dossier.page_count(data))
        )
    printed = [version for run in runs for version in run.papers]
    history.mark("printed", printed, at=at, operator=by, reason=f"每种 {copies} 份")
    return tuple(runs)


def _by_town(survey: Survey, selection: Selection, history: History) -> dict[str, list[Version]]:
    """Return each town's own papers, and those of the county itself, in the roster's order."""
    wanted = [
        kind.id
        for kind in survey.kinds.values()
        if kind.qr and (selection.kinds is None or kind.id in selection.kinds)
    ]
    every = {one.document: one for kind in wanted for one in history.versions(kind=kind)}
    names = [*(town.name for town in survey.roster.towns), survey.scheme.area.name]
    groups: dict[str, list[Version]] = {name: [] for name in names}
    for version in every.values():
        if version.codes and selection.takes_subject(version.level, version.subject, survey.roster):
            groups[_place(survey, version)].append(version)
    return {place: papers for place, papers in groups.items() if papers}


def _place(survey: Survey, version: Version) -> str:
    roster, code = survey.roster, version.subject
    if version.level == "household" and code in roster.household:
        code = roster.household[code].village_code
    if code in roster.village:
        code = roster.village[code].town_code
    return roster.town[code].name if code in roster.town else survey.scheme.area.name


def _collated(
    survey: Survey, place: str, papers: Sequence[Version], copies: int, history: History
) -> bytes:
    roots = survey.workspace.template_roots("html")

    def sheet(about: Sequence[Version], part: str) -> bytes:
        context = handover_context(survey.scheme, place, about, copies, part)
        return render.render_html(roots, PRINT_RUN, context)

    parts = [("交接单", sheet(papers, "list"))]
    for paper in papers:
        parts.append((f"{paper.title}隔页", sheet([paper], "sheet")))
        parts += [(paper.title, history.file(paper, "pdf"))] * copies
    return dossier.collate(parts)
