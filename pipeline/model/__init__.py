"""The nouns everybody shares: frozen records, no behaviour beyond looking something up."""

from __future__ import annotations

from pipeline.model.finding import Finding, Severity, Source
from pipeline.model.paper import (
    Because,
    CatalogueEntry,
    Change,
    Dossier,
    Event,
    Fault,
    FileEntry,
    Kept,
    Made,
    Part,
    PlannedDocument,
    Rendered,
    Skipped,
    Version,
)
from pipeline.model.policy import (
    Archive,
    Area,
    Assumption,
    Basis,
    Branch,
    Dated,
    DocumentKind,
    DocumentRule,
    Due,
    FundRule,
    Level,
    Measure,
    Parameter,
    Rule,
    SamplePlan,
    Scheme,
    Signer,
    Target,
    Total,
    Where,
)
from pipeline.model.roster import (
    AUDIENCES,
    Audience,
    Column,
    Count,
    Fund,
    Helper,
    Household,
    Ignored,
    Member,
    Organ,
    Progress,
    Project,
    Record,
    Roster,
    Table,
    Town,
    Unit,
    Value,
    Village,
)
from pipeline.model.verdict import Cell, Facts, Outcome, Subject, Verdict

__all__ = [
    "AUDIENCES", "Archive", "Area", "Assumption", "Audience", "Basis", "Because", "Branch",
    "CatalogueEntry", "Cell", "Change", "Column", "Count", "Dated", "DocumentKind",
    "DocumentRule", "Dossier", "Due", "Event", "Facts", "Fault", "FileEntry", "Finding", "Fund",
    "FundRule", "Helper", "Household", "Ignored", "Kept", "Level", "Made", "Measure", "Member",
    "Organ", "Outcome", "Parameter", "Part", "PlannedDocument", "Progress", "Project", "Record",
    "Rendered", "Roster", "Rule", "SamplePlan", "Scheme", "Severity", "Signer", "Skipped",
    "Source", "Subject", "Table", "Target", "Total", "Town", "Unit", "Value", "Verdict",
    "Version", "Village", "Where",
]
