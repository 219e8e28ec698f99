"""The rosters recorded papers were made from, and the cells their figures were drawn from.

What reads workbooks and judges them is loaded when it is first needed: a difference that is in
no cell is told without.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import files
from pipeline.config import Workspace
from pipeline.errors import UsageError
from pipeline.history import History
from pipeline.model import ISSUE, Change, Version
from pipeline.plan import compare
from pipeline.run.traces import Operand, Trace, basis

if TYPE_CHECKING:
    from pipeline.model import Cell, Facts, Roster, Scheme
    from pipeline.plan import View
    from pipeline.roster import Passwords

_ISSUED = {"day": "成文日期", "number": "发文字号", "corrects": "更正"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A figure that changed, and the cells that made it change: before and after."""

    change: Change
    cells: tuple[tuple[Operand | None, Operand | None], ...]


@dataclass(slots=True)
class Snapshots:
    """Rosters and facts of stored snapshots, each read once."""

    workspace: Workspace
    name: str
    """Of the scheme."""
    history: History
    passwords: Passwords | None
    _rosters: dict[str, Roster] = field(default_factory=dict)
    _facts: dict[tuple[str, date], Facts] = field(default_factory=dict)
    _scheme: Scheme | None = None
    _traces: dict[str, tuple[Version, Trace]] = field(default_factory=dict)
    _basis: str = ""

    @property
    def scheme(self) -> Scheme:
        """The scheme as it is now."""
        from pipeline.schemes import read_scheme

        if self._scheme is None:
            self._scheme = read_scheme(self.workspace.scheme_folder(self.name))
        return self._scheme

    def roster(self, version: Version) -> Roster:
        """Return the roster a version was made from.

        Raises:
            HistoryError: when a workbook is missing in the store or damaged.
            RosterError: when it can't be read.
        """
        from pipeline.roster import load_tables, read_mapping, read_roster

        if version.snapshot not in self._rosters:
            tables = load_tables(self.scheme)
            mapping = read_mapping(self.scheme.folder, tables)
            with tempfile.TemporaryDirectory() as name:
                for book, data in self.history.workbooks(version.snapshot).items():
                    (Path(name) / files.safe_name(book)).write_bytes(data)
                roster = read_roster(Path(name), tables, mapping, self.passwords)
            self._rosters[version.snapshot] = roster
        return self._rosters[version.snapshot]

    def facts(self, version: Version, *, judged: bool) -> Facts:
        """Return the facts of a version's roster; where nothing judged is asked for, just the day.

        To judge a county takes as long as to read its workbooks.
        """
        from pipeline.model import Facts

        if not judged:
            return Facts(as_of=version.as_of, verdicts={}, tallies={})
        from pipeline.facts import compute

        key = (version.snapshot, version.as_of)
        if key not in self._facts:
            self._facts[key] = compute(self.roster(version), self.scheme, version.as_of, [])
        return self._facts[key]

    def operands(self, version: Version, path: str) -> dict[Cell, Operand]:
        """Return the cells a figure of a version was drawn from.

        Raises:
            UsageError: when the figure or its row is not in this version.
        """
        if not version.snapshot:
            return {}
        trace = self._trace(version)
        known = trace.operands(path)
        if known is not None:
            return known
        from pipeline.plan import needs_facts

        view = self._view(version, judged=needs_facts(path))
        trace.take(view, path)
        return trace.operands(path) or {}

    def refuses(self, version: Version, path: str) -> bool:
        """Tell whether it is known that a figure of a version is drawn from no row."""
        return bool(version.snapshot) and self._trace(version).refuses(path)

    def words(self, version: Version) -> str:
        """Return the words on the pages of a version.

        Raises:
            HistoryError: when its PDF is missing or damaged, also where the words are noted.
        """
        pdf = self.history.file(version, "pdf")
        name, trace = files.digest(pdf), self._trace(version)
        known = trace.words(name)
        if not known:
            from pipeline.differ.text import words_of

            known = words_of(pdf)
            trace.say(name, known)
        return known

    def keep(self) -> None:
        """Note what had to be found for the next question; nothing out of a locked workbook."""
        found = (
            (version, trace.written())
            for version, trace in self._traces.values()
            if trace.changed and (trace.kept or self._open(version))
        )
        self.history.traces.put(found, self._basis)

    def _open(self, version: Version) -> bool:
        """Tell whether the roster was read, and no password was needed for it."""
        roster = self._rosters.get(version.snapshot)
        return roster is not None and not roster.secret

    def _trace(self, version: Version) -> Trace:
        """Return what was noted of a version's figures when it was made, or asked for before."""
        self._basis = self._basis or basis(self.workspace.scheme_folder(self.name))
        if version.manifest not in self._traces:
            trace = Trace(self.history.traces.get(version, self._basis))
            self._traces[version.manifest] = (version, trace)
        return self._traces[version.manifest][1]

    def _view(self, version: Version, *, judged: bool) -> View:
        from pipeline.plan import view_of

        return view_of(
            self.scheme,
            self.roster(version),
            self.facts(version, judged=judged),
            document=version.document,
            level=version.level,
            code=version.subject,
            period=version.period,
        )

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
    if snapshots.refuses(version, path):
        return {}
    try:
        return snapshots.operands(version, path)
    except UsageError:
        return {}
