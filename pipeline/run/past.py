"""The past: what was recorded, when and by whom."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.config import Workspace
from pipeline.history import History, held
from pipeline.model import Event, LifeState, Numbered, Series, Version, states
from pipeline.plan import select
from pipeline.roster import Passwords
from pipeline.run.survey import survey
from pipeline.schemes import read_scheme

PATIENCE = 60.0
"""Seconds a planner waits for another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One version with everything known of it."""

    version: Version
    state: LifeState
    events: tuple[Event, ...]
    context: Mapping[str, Any]
    workbooks: tuple[str, ...]


def open_history(workspace: Workspace, scheme: str, command: str) -> History:
    """Open the history of a scheme."""
    workspace.scheme_folder(scheme)
    return History.open(workspace.outputs(scheme) / "store", command=command, keys=workspace.keys)


@contextmanager
def working(
    workspace: Workspace, scheme: str, command: str, *, subjects: Collection[str], at: str
) -> Iterator[History]:
    """Open the history to write papers about some subjects, which nobody else may meanwhile.

    Raises:
        HistoryError: when another run holds one of them; says who.
    """
    with (
        open_history(workspace, scheme, command) as history,
        history.working(subjects, at=at),
    ):
        yield history


def planning(workspace: Workspace, command: str, *, at: str) -> AbstractContextManager[None]:
    """Plan alone: one planner at a time in a workspace.

    Raises:
        HistoryError: when another one is planning; says who.
    """
    folder = workspace.root / "outputs"
    folder.mkdir(mode=0o700, exist_ok=True)
    return held(folder, command=command, since=at, name=".planning", doing="计划", seconds=PATIENCE)


def past_if_any(
    workspace: Workspace, scheme: str, command: str
) -> AbstractContextManager[History | None]:
    """Open the history for reading; None where nothing has been recorded yet."""
    if (workspace.outputs(scheme) / "store").is_dir():
        return open_history(workspace, scheme, command)
    return nullcontext()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines of the log are asked for; empty means all."""

    kind: tuple[str, ...] = ()
    town: tuple[str, ...] = ()
    village: tuple[str, ...] = ()
    period: tuple[str, ...] = ()
    state: tuple[LifeState, ...] = ()
    """The state a version is in now, not the one it was in then."""
    user: tuple[str, ...] = ()
    since: date | None = None


def log(
    workspace: Workspace, scheme: str, wanted: Wanted, passwords: Passwords | None = None
) -> tuple[tuple[Event, tuple[Version, ...]], ...]:
    """Return the events, oldest first, each with the versions it is about that were asked for."""
    asked = _asked(workspace, scheme, wanted, passwords)
    since = wanted.since.isoformat() if wanted.since else ""
    with open_history(workspace, scheme, "history log") as history:
        every = history.versions()
        log = tuple(history.log())
        now = states(every, log) if wanted.state else {}
        versions = {
            version.manifest: version
            for version in every
            if asked(version) and (not wanted.state or now[version.manifest] in wanted.state)
        }
        lines = (
            (event, tuple(versions[name] for name in event.versions if name in versions))
            for event in log
            if event.at >= since and (not wanted.user or event.operator in wanted.user)
        )
        return tuple((event, about) for event, about in lines if about)


def ledger(workspace: Workspace, scheme: str) -> tuple[tuple[Series, tuple[Numbered, ...]], ...]:
    """Return each series of the scheme with every number of it, gaps explained."""
    series = read_scheme(workspace.scheme_folder(scheme)).series
    with open_history(workspace, scheme, "history log") as history:
        return tuple((one, history.ledger(one)) for one in series)


def _asked(
    workspace: Workspace,
    scheme: str,
    wanted: Wanted,
    passwords: Passwords | None,
) -> Callable[[Version], bool]:
    """Return what tells whether a version was asked for; the rosters are read only if need be."""
    if not (wanted.kind or wanted.town or wanted.village):
        return lambda version: not wanted.period or version.period in wanted.period
    known = survey(workspace, scheme, passwords=passwords)
    selection = select(
        known.scheme,
        known.kinds,
        known.roster,
        kind=wanted.kind,
        town=wanted.town,
        village=wanted.village,
    )

    def takes(version: Version) -> bool:
        right = selection.kinds is None or version.kind in selection.kinds
        right = right and (not wanted.period or version.period in wanted.period)
        return right and selection.takes_subject(version.level, version.subject, known.roster)

    return takes


def show(workspace: Workspace, scheme: str, ref: str) -> Shown:
    """Return one version by document, `@` number, short id, or a path below outputs."""
    with open_history(workspace, scheme, "history show") as history:
        version = find(history, workspace, scheme, ref)
        life = history.lives([version.document])[version.document]
        events = history.events(version)
        pruned = any(event.what == "pruned" for event in events)
        books = {} if pruned or not version.snapshot else history.workbooks(version.snapshot)
        return Shown(
            version=version,
            state=life.state(version),
            events=events,
            context={} if pruned else history.context(version),
            workbooks=tuple(sorted(books)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What the history holds of one kind of paper."""

    kind: str
    documents: int
    versions: int
    pages: int
    size: int
    """Bytes of the files of the newest versions."""
    example: str
    """A path below outputs/<scheme>."""


def stats(workspace: Workspace, scheme: str) -> tuple[Holding, ...]:
    """Return what the history holds, by kind: pages and sizes of the newest versions."""
    with open_history(workspace, scheme, "history stats") as history:
        every = history.versions()
    newest = {version.document: version for version in every}
    return tuple(
        Holding(
            kind=kind,
            documents=len(of),
            versions=sum(version.kind == kind for version in every),
            pages=sum(version.pages for version in of),
            size=sum(entry.size for version in of for entry in version.files),
            example=of[0].files[-1].path,
        )
        for kind in dict.fromkeys(version.kind for version in newest.values())
        if (of := [version for version in newest.values() if version.kind == kind])
    )


def find(history: History, workspace: Workspace, scheme: str, ref: str) -> Version:
    """Return one version by document, `@` number, short id, or a path below outputs.

    Raises:
        UsageError: when there is none, or more than one.
    """
    path = ref.removeprefix(f"{workspace.outputs(scheme)}/").removeprefix(f"outputs/{scheme}/")
    for version in reversed(history.versions()) if "." in ref else ():
        if any(entry.path == path for entry in version.files):
            return version
    return history.version(ref)
