"""The log as it is asked for: which papers, whose, since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pipeline.config import Workspace
from pipeline.history import Asked, History
from pipeline.model import ENGINES, LifeState, LogLine, Mention, Numbered, Roster, Series
from pipeline.run.past import open_history

if TYPE_CHECKING:
    from pipeline.roster import Passwords


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines of the log are asked for, in the words of people; empty means all."""

    kind: tuple[str, ...] = ()
    town: tuple[str, ...] = ()
    village: tuple[str, ...] = ()
    household: tuple[str, ...] = ()
    period: tuple[str, ...] = ()
    state: tuple[LifeState, ...] = ()
    """The state a version is in now, not the one it was in then."""
    user: tuple[str, ...] = ()
    since: date | None = None


def log(
    workspace: Workspace, scheme: str, wanted: Wanted, passwords: Passwords | None = None
) -> list[LogLine]:
    """Return what happened, oldest first; of what is about papers asked for only that."""
    with open_history(workspace, scheme, "history log") as history:
        return history.lines(_asked(workspace, scheme, wanted, history, passwords))


def mentions(
    workspace: Workspace, scheme: str, wanted: Wanted, passwords: Passwords | None = None
) -> tuple[list[LogLine], Mapping[int, list[Mention]]]:
    """Return the same, and of each event all papers asked for that it is about."""
    with open_history(workspace, scheme, "history log") as history:
        asked = _asked(workspace, scheme, wanted, history, passwords)
        return history.lines(asked), history.mentions(asked)


def ledger(workspace: Workspace, scheme: str) -> tuple[tuple[Series, tuple[Numbered, ...]], ...]:
    """Return each series of the scheme with every number of it, gaps explained."""
    from pipeline.schemes import read_scheme

    series = read_scheme(workspace.scheme_folder(scheme)).series
    with open_history(workspace, scheme, "history log") as history:
        return tuple((one, history.ledger(one)) for one in series)


def _asked(
    workspace: Workspace,
    scheme: str,
    wanted: Wanted,
    history: History,
    passwords: Passwords | None,
) -> Asked:
    """Understand the words; scheme, kinds and rosters are read only where they are needed."""
    kinds: frozenset[str] | None = None
    subjects: frozenset[str] | None = None
    if wanted.kind or wanted.town or wanted.village or wanted.household:
        kinds, subjects = _selected(workspace, scheme, wanted, history, passwords)
    return Asked(
        kinds=kinds,
        subjects=subjects,
        periods=frozenset(wanted.period) or None,
        states=frozenset(wanted.state) or None,
        operators=frozenset(wanted.user) or None,
        since=wanted.since.isoformat() if wanted.since else "",
    )


def _selected(
    workspace: Workspace,
    scheme: str,
    wanted: Wanted,
    history: History,
    passwords: Passwords | None,
) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    """Return the kinds and the codes of the subjects that are meant; None where all are."""
    placed = bool(wanted.town or wanted.village or wanted.household)
    if not placed and history.recorded_kinds(wanted.kind) == set(wanted.kind):
        return frozenset(wanted.kind), None
    from pipeline.plan import select
    from pipeline.schemes import read_kinds, read_scheme

    read = read_scheme(workspace.scheme_folder(scheme))
    roster = Roster()
    if placed:
        from pipeline.roster import load_tables, read_mapping, read_roster

        tables = load_tables(read)
        _, folder = workspace.snapshot_folder(scheme, None)
        roster = read_roster(folder, tables, read_mapping(read.folder, tables), passwords)
    selection = select(
        read,
        read_kinds({engine: workspace.template_roots(engine) for engine in ENGINES}),
        roster,
        kind=wanted.kind,
        town=wanted.town,
        village=wanted.village,
        household=wanted.household,
    )
    subjects = frozenset(
        code for level, code in history.subjects() if selection.takes_subject(level, code, roster)
    )
    return selection.kinds, subjects if placed else None
