"""The past: what was recorded, when and by whom."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from pipeline.config import Workspace
from pipeline.history import History, held
from pipeline.model import Event, Holding, LifeState, Version

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


def show(workspace: Workspace, scheme: str, ref: str) -> Shown:
    """Return one version by document, `@` number, short id, or a path below outputs."""
    with open_history(workspace, scheme, "history show") as history:
        version = find(history, workspace, scheme, ref)
        life = history.lives([version.document])[version.document]
        events = history.events(version)
        pruned = any(event.what == "pruned" for event in events)
        books = () if pruned or not version.snapshot else history.rosters(version.snapshot)
        return Shown(
            version=version,
            state=life.state(version),
            events=events,
            context={} if pruned else history.context(version),
            workbooks=tuple(sorted(books)),
        )


def stats(workspace: Workspace, scheme: str) -> list[Holding]:
    """Return what the history holds, by kind of paper."""
    with open_history(workspace, scheme, "history stats") as history:
        return history.holdings()


def find(history: History, workspace: Workspace, scheme: str, ref: str) -> Version:
    """Return one version by document, `@` number, short id, or a path below outputs.

    Raises:
        UsageError: when there is none, or more than one.
    """
    path = ref.removeprefix(f"{workspace.outputs(scheme)}/").removeprefix(f"outputs/{scheme}/")
    return history.version(path)
