"""Survey: read the scheme, the kinds and one snapshot of the rosters, and check them all."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.checks import against, check, unchecked
from pipeline.config import Workspace
from pipeline.errors import RosterError
from pipeline.facts import compute
from pipeline.model import DocumentKind, Engine, Facts, Finding, Roster, Scheme
from pipeline.roster import load_tables, read_mapping, read_roster
from pipeline.sample import write_sample
from pipeline.schemes import read_kinds, read_scheme

ENGINES: tuple[Engine, ...] = ("docx", "html")


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

    def facts(self) -> Facts:
        """Compute the facts of this snapshot; of earlier ones only where something is told by them.

        Raises:
            RosterError: for an earlier snapshot that can't be read.
        """
        earlier = list(self._earlier()) if _looks_back(self.scheme) else []
        return compute(self.roster, self.scheme, self.as_of, earlier)

    def _earlier(self) -> Iterator[Facts]:
        tables = load_tables(self.scheme)
        mapping = read_mapping(self.scheme.folder, tables)
        for day, folder in self.workspace.snapshots(self.scheme.id).items():
            if day < self.as_of:
                yield compute(read_roster(folder, tables, mapping), self.scheme, day)

    def barred(self) -> dict[str, Finding]:
        """Return the villages whose papers an error keeps from being made, with the first error."""
        barred: dict[str, Finding] = {}
        for finding in self.findings:
            if finding.severity == "error" and finding.village:
                barred.setdefault(finding.village, finding)
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
        before = read_roster(old, tables)
    else:
        with tempfile.TemporaryDirectory() as name:
            try:
                shutil.copy(old, name)
            except OSError as error:
                raise RosterError(f"读不了：{error}", where=str(old), todo="检查路径") from error
            before = read_roster(Path(name), tables)
    return against(before, survey.roster, jump=survey.scheme.jump)


def survey(workspace: Workspace, scheme: str, as_of: date | None = None) -> Survey:
    """Read and check all inputs of a scheme.

    Raises:
        UsageError: for a scheme the workspace doesn't have.
        SchemeError: for a faulty scheme.toml or kind.toml.
        RosterError: for a missing or unreadable workbook, sheet or column.

    The rosters of a sample too large to be kept are made at their first use.
    """
    read = read_scheme(workspace.scheme_folder(scheme))
    plan = read.sample_plan
    if plan and not plan.stored and not workspace.snapshots(scheme):
        write_sample(
            read, load_tables(read), read.folder / plan.as_of.isoformat(), as_of=plan.as_of
        )
    day, folder = workspace.snapshot_folder(scheme, as_of)
    tables = load_tables(read)
    roster = read_roster(folder, tables, read_mapping(read.folder, tables))
    return Survey(
        workspace=workspace,
        scheme=read,
        kinds=read_kinds({engine: workspace.template_roots(engine) for engine in ENGINES}),
        roster=roster,
        findings=check(roster, read, day),
        as_of=day,
        folder=folder,
    )
