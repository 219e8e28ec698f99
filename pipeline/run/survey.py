"""Survey: read the scheme, the kinds and one snapshot of the rosters, and check them all."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path

from pipeline.checks import against, check, unchecked
from pipeline.config import Workspace
from pipeline.errors import RosterError
from pipeline.facts import compute
from pipeline.model import (
    ENGINES,
    DocumentKind,
    Facts,
    Finding,
    PlannedDocument,
    Roster,
    Scheme,
)
from pipeline.roster import Passwords, load_tables, read_mapping, read_roster
from pipeline.sample import write_sample
from pipeline.schemes import read_kinds, read_scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class Barred:
    """The first finding that bars the papers of each village and household."""

    villages: dict[str, Finding]
    """Whatever is wrong in a village: its own papers show all of its rows."""
    shared: dict[str, Finding]
    """What is wrong with a village as a whole; it bars the papers of its households, too."""
    households: dict[str, Finding]

    def add(self, finding: Finding) -> None:
        """Let a finding bar what nothing bars yet."""
        self.villages.setdefault(finding.village, finding)
        if finding.household:
            self.households.setdefault(finding.household, finding)
        else:
            self.shared.setdefault(finding.village, finding)

    def of(self, paper: PlannedDocument) -> Finding | None:
        """Return the finding that keeps a paper from being made."""
        own = paper.subject.level in {"household", "member"}
        places = self.shared if own else self.villages
        found = (places[code] for code in paper.villages if code in places)
        rows = (self.households[code] for code in paper.households if code in self.households)
        return next(chain(found, rows), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """Everything that was read, before anything is written."""

    workspace: Workspace
    scheme: Scheme
    kinds: Mapping[str, DocumentKind]
    roster: Roster
    findings: tuple[Finding, ...]
    as_of: date
    folder: Path
    """The snapshot folder the workbooks were read from."""
    passwords: Passwords | None = None
    """What opens workbooks that are locked, also those of older snapshots."""
    _facts: list[Facts] = field(default_factory=list)

    def facts(self) -> Facts:
        """Compute the facts of this snapshot; of earlier ones only where something is told by them.

        Once: who plans asks for them, and who notes what the figures were drawn from.

        Raises:
            RosterError: for an earlier snapshot that can't be read.
        """
        if not self._facts:
            earlier = list(self._earlier()) if _looks_back(self.scheme) else []
            self._facts.append(compute(self.roster, self.scheme, self.as_of, earlier))
        return self._facts[0]

    def _earlier(self) -> Iterator[Facts]:
        tables = load_tables(self.scheme)
        mapping = read_mapping(self.scheme.folder, tables)
        for day, folder in self.workspace.snapshots(self.scheme.id).items():
            if day < self.as_of:
                roster = read_roster(folder, tables, mapping, self.passwords)
                yield compute(roster, self.scheme, day)

    def barred(self, *, strict: bool = False) -> Barred:
        """Return what findings keep from being made: errors, and warnings if `strict`."""
        barred = Barred(villages={}, shared={}, households={})
        for severity in ("error", "warning") if strict else ("error",):
            for finding in self.findings:
                if finding.severity == severity:
                    barred.add(finding)
        return barred

    def by_town(self, findings: Sequence[Finding]) -> dict[str, int]:
        """Count findings by the name of their town, most first."""
        roster = self.roster
        counted = Counter(
            roster.town[village.town_code].name
            for one in findings
            if (village := roster.village.get(one.village)) and village.town_code in roster.town
        )
        return dict(counted.most_common())

    def unchecked(self) -> dict[str, tuple[str, ...]]:
        """Return the rules that lack columns of this roster, with the columns' names."""
        return unchecked(self.roster, self.scheme)


def _looks_back(scheme: Scheme) -> bool:
    return any(target.form == "relapse" for target in scheme.target) or any(
        ranking.every == "year" for ranking in scheme.ranking
    )


def changes(survey: Survey, old: Path) -> tuple[Finding, ...]:
    """Compare the households with those of an older workbook, or of a folder of workbooks.

    Raises:
        RosterError: when it can't be read.
    """
    tables = {"households": load_tables(survey.scheme)["households"]}
    if old.is_dir():
        before = read_roster(old, tables, passwords=survey.passwords)
    else:
        with tempfile.TemporaryDirectory() as name:
            try:
                shutil.copy(old, name)
            except OSError as error:
                raise RosterError(f"读不了：{error}", where=str(old), todo="检查路径") from error
            before = read_roster(Path(name), tables, passwords=survey.passwords)
    return against(before, survey.roster, jump=survey.scheme.jump)


def survey(
    workspace: Workspace,
    scheme: str,
    as_of: date | None = None,
    passwords: Passwords | None = None,
) -> Survey:
    """Read and check all inputs of a scheme; `passwords` are tried on locked workbooks.

    Raises:
        UsageError: for a scheme the workspace doesn't have.
        SchemeError: for a faulty scheme.toml or kind.toml.
        RosterError: for a missing or unreadable workbook, sheet or column.

    The rosters of a sample too large to be kept are made at their first use.
    """
    read = read_scheme(workspace.scheme_folder(scheme))
    plan = read.sample_plan
    if plan and not plan.stored and not workspace.snapshots(scheme):
        with tempfile.TemporaryDirectory(dir=read.folder, prefix=".sample-") as name:
            made = Path(name) / plan.as_of.isoformat()  # whole or not at all, if it is broken off
            write_sample(read, load_tables(read), made, as_of=plan.as_of)
            made.rename(read.folder / made.name)
    day, folder = workspace.snapshot_folder(scheme, as_of)
    tables = load_tables(read)
    roster = read_roster(folder, tables, read_mapping(read.folder, tables), passwords)
    return Survey(
        workspace=workspace,
        scheme=read,
        kinds=read_kinds({engine: workspace.template_roots(engine) for engine in ENGINES}),
        roster=roster,
        findings=check(roster, read, day),
        as_of=day,
        folder=folder,
        passwords=passwords,
    )
