"""Ask the past: what differs between two versions, whence a figure came, who changed it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.config import Workspace
from pipeline.differ import Word, changed_words
from pipeline.errors import UsageError
from pipeline.model import ISSUE, Event, Version
from pipeline.run.past import find, open_history
from pipeline.run.snapshots import Shift, Snapshots
from pipeline.run.traces import Operand

if TYPE_CHECKING:
    from pipeline.roster import Passwords


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """A figure of a version, and its cells; none where it comes from the scheme."""

    version: Version
    path: str
    value: Any
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Two versions held against each other."""

    old: Version
    new: Version
    shifts: tuple[Shift, ...]
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blame:
    """One step of a subject's papers: who did what, and the figures that changed."""

    event: Event
    version: Version
    shifts: tuple[Shift, ...]


def trace(
    workspace: Workspace, scheme: str, ref: str, path: str, passwords: Passwords | None = None
) -> Traced:
    """Lead from a figure of a paper, by its path or name, to its cells in the stored snapshot.

    Raises:
        UsageError: when there is no such version or figure.
    """
    from pipeline.plan import called, figure

    with open_history(workspace, scheme, "history trace") as history:
        version = find(history, workspace, scheme, ref)
        context = history.context(version)
        if not path.isascii():
            path = called(context, path)
        value = figure(context, path)
        snapshots = Snapshots(workspace, scheme, history, passwords)
        found = tuple(snapshots.operands(version, path).values())
        snapshots.keep()
    return Traced(version=version, path=path, value=value, operands=found)


def diff(
    workspace: Workspace, scheme: str, old: str, new: str, passwords: Passwords | None = None
) -> Difference:
    """Hold two versions against each other: figures with their cells, and the words of the pages.

    Raises:
        UsageError: when there is no such version.
    """
    with open_history(workspace, scheme, "history diff") as history:
        first, second = (find(history, workspace, scheme, ref) for ref in (old, new))
        snapshots = Snapshots(workspace, scheme, history, passwords)
        shifts = tuple(snapshots.shifts(first, second))
        words = [snapshots.words(one) for one in (first, second)]
        snapshots.keep()
    return Difference(old=first, new=second, shifts=shifts, words=tuple(changed_words(*words)))


def pages(workspace: Workspace, scheme: str, old: str, new: str, ending: str) -> bytes:
    """Draw the pages of two versions side by side with what differs marked; PDF or PNG bytes."""
    from pipeline.differ.pages import side_by_side

    with open_history(workspace, scheme, "history diff") as history:
        pdfs = [history.file(find(history, workspace, scheme, ref), "pdf") for ref in (old, new)]
    return side_by_side(pdfs[0], pdfs[1], ending=ending)


def blame(
    workspace: Workspace,
    scheme: str,
    subject: str,
    *,
    since: date | None = None,
    until: date | None = None,
    passwords: Passwords | None = None,
) -> tuple[Blame, ...]:
    """Say who changed what of a subject's papers between two days, oldest first.

    Args:
        workspace: where.
        scheme: which scheme.
        subject: its code, or its name as the titles of its papers begin.
        since: first day, UTC.
        until: last day, UTC.
        passwords: opens locked workbooks of stored snapshots.

    Raises:
        UsageError: when no paper is about it.
    """
    with open_history(workspace, scheme, "history blame") as history:
        codes = {code for _, code in history.subjects(subject)}
        if not codes:
            raise UsageError(f"没有“{subject}”的文书", todo="写区划代码、户编号或名称")
        about = {
            version.manifest: version
            for code in codes
            for version in history.versions(subject=code)
        }
        events = history.events_about(version.document for version in about.values())
        snapshots = Snapshots(workspace, scheme, history, passwords)
        found = tuple(
            Blame(
                event=event,
                version=version,
                shifts=tuple(_since_parent(snapshots, version, about)) if told else (),
            )
            for event in events
            if _within(event.at, since, until)
            for version in (about[name] for name in event.versions if name in about)
            for told in [event.what in ("recorded", "adopted")]
        )
        snapshots.keep()
        return found


def _since_parent(
    snapshots: Snapshots, version: Version, about: Mapping[str, Version]
) -> Iterator[Shift]:
    parent = about.get(version.parent)
    if parent is not None and parent.data != version.data:
        for shift in snapshots.shifts(parent, version):
            if not shift.change.path.startswith(f"{ISSUE}."):
                yield shift


def _within(at: str, since: date | None, until: date | None) -> bool:
    day = at[:10]
    return (since is None or day >= since.isoformat()) and (
        until is None or day <= until.isoformat()
    )
