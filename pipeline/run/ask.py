"""Ask the past: what differs between two versions, whence a figure came, who changed it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pipeline import files
from pipeline.config import Workspace
from pipeline.errors import UsageError
from pipeline.facts import compute
from pipeline.history import History
from pipeline.measure import Word, changed_words, read, side_by_side
from pipeline.model import Cell, Change, Event, Facts, Roster, Scheme, Source, Value, Version
from pipeline.plan import cells, compare, figure, view_of
from pipeline.roster import Passwords, load_tables, read_mapping, read_roster
from pipeline.run.papers import ISSUE
from pipeline.run.past import find, open_history
from pipeline.schemes import read_scheme

_ISSUED = {"day": "成文日期", "number": "发文字号", "corrects": "更正"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operand:
    """A cell a figure was drawn from, in the stored snapshot."""

    field: str
    value: Value
    source: Source
    hidden: bool
    """A number or name that only few may see: told apart, never told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """A figure of a version, and its cells; none where it comes from the scheme."""

    version: Version
    path: str
    value: Any
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A figure that changed, and the cells that made it change: before and after."""

    change: Change
    cells: tuple[tuple[Operand | None, Operand | None], ...]


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


@dataclass(slots=True)
class Snapshots:
    """Rosters and facts of stored snapshots, each read once."""

    workspace: Workspace
    scheme: Scheme
    history: History
    passwords: Passwords | None
    _read: dict[tuple[str, date], tuple[Roster, Facts]] = field(default_factory=dict)

    def of(self, version: Version) -> tuple[Roster, Facts]:
        """Return what a version was made from.

        Raises:
            HistoryError: when a workbook is missing in the store or damaged.
            RosterError: when it can't be read.
        """
        key = (version.snapshot, version.as_of)
        if key not in self._read:
            tables = load_tables(self.scheme)
            mapping = read_mapping(self.scheme.folder, tables)
            with tempfile.TemporaryDirectory() as name:
                for book, data in self.history.workbooks(version.snapshot).items():
                    (Path(name) / files.safe_name(book)).write_bytes(data)
                roster = read_roster(Path(name), tables, mapping, self.passwords)
            self._read[key] = (roster, compute(roster, self.scheme, version.as_of, []))
        return self._read[key]

    def operands(self, version: Version, path: str) -> dict[Cell, Operand]:
        """Return the cells a figure of a version was drawn from."""
        if not version.snapshot:
            return {}
        roster, facts = self.of(version)
        view = view_of(
            self.scheme,
            roster,
            facts,
            document=version.document,
            level=version.level,
            code=version.subject,
            period=version.period,
        )
        return dict(_operands(roster, cells(view, path)))

    def shifts(self, old: Version, new: Version) -> Iterator[Shift]:
        """Yield every figure that differs between two versions, with the cells that differ."""
        before, after = self.history.context(old), self.history.context(new)
        issued = before.pop(ISSUE, {}), after.pop(ISSUE, {})
        for change in compare(before, after):
            yield Shift(change=change, cells=tuple(self._pairs(old, new, change.path)))
        for name, label in _ISSUED.items():
            was, now = issued[0].get(name, ""), issued[1].get(name, "")
            if was != now:
                change = Change(
                    path=f"{ISSUE}.{name}", label=label, old=was or "（无）", new=now or "（无）"
                )
                yield Shift(change=change, cells=())

    def _pairs(
        self, old: Version, new: Version, path: str
    ) -> Iterator[tuple[Operand | None, Operand | None]]:
        sides = [_or_none(self, version, path) for version in (old, new)]
        for cell in dict.fromkeys([*sides[0], *sides[1]]):
            was, now = sides[0].get(cell), sides[1].get(cell)
            if was is None or now is None or was.value != now.value:
                yield was, now


def _or_none(snapshots: Snapshots, version: Version, path: str) -> dict[Cell, Operand]:
    """Return the cells of a figure; none where the row is not in this version."""
    try:
        return snapshots.operands(version, path)
    except UsageError:
        return {}


def trace(
    workspace: Workspace, scheme: str, ref: str, path: str, passwords: Passwords | None = None
) -> Traced:
    """Lead from a figure of a paper to its cells in the stored snapshot.

    Raises:
        UsageError: when there is no such version or figure.
    """
    with open_history(workspace, scheme, "history trace") as history:
        version = find(history, workspace, scheme, ref)
        value = figure(history.context(version), path)
        snapshots = _snapshots(workspace, scheme, history, passwords)
        found = tuple(snapshots.operands(version, path).values())
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
        snapshots = _snapshots(workspace, scheme, history, passwords)
        return Difference(
            old=first,
            new=second,
            shifts=tuple(snapshots.shifts(first, second)),
            words=tuple(changed_words(*(_text(history, one) for one in (first, second)))),
        )


def pages(workspace: Workspace, scheme: str, old: str, new: str, ending: str) -> bytes:
    """Draw the pages of two versions side by side with what differs marked; PDF or PNG bytes."""
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
        codes = {
            version.subject
            for version in history.versions()
            if version.subject == subject or version.title.startswith(subject)
        }
        if not codes:
            raise UsageError(f"没有“{subject}”的文书", todo="写区划代码、户编号或名称")
        about = {
            version.manifest: version
            for code in codes
            for version in history.versions(subject=code)
        }
        snapshots = _snapshots(workspace, scheme, history, passwords)
        return tuple(
            Blame(
                event=event,
                version=version,
                shifts=tuple(_since_parent(snapshots, version, about)) if told else (),
            )
            for event in history.log()
            if _within(event.at, since, until)
            for version in (about[name] for name in event.versions if name in about)
            for told in [event.what in ("recorded", "adopted")]
        )


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


def _snapshots(
    workspace: Workspace, scheme: str, history: History, passwords: Passwords | None
) -> Snapshots:
    read_one = read_scheme(workspace.scheme_folder(scheme))
    return Snapshots(workspace=workspace, scheme=read_one, history=history, passwords=passwords)


def _text(history: History, version: Version) -> str:
    return "\n".join(page.text for page in read(history.file(version, "pdf")).pages)


def _operands(roster: Roster, found: tuple[Cell, ...]) -> Iterator[tuple[Cell, Operand]]:
    for cell in found:
        row = roster.by_key[cell.table].get(cell.key)
        column = roster.tables[cell.table].column(cell.field)
        if row is not None and column is not None:
            yield (
                cell,
                Operand(
                    field=column.name,
                    value=row.value(cell.field),
                    source=row.source(cell.field),
                    hidden=column.audience == "restricted" and column.type in {"id", "text"},
                ),
            )
