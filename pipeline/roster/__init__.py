"""Workbooks in, a typed `Roster` out, every row accounted for; owns calamine and the tables."""

from __future__ import annotations

from pipeline.roster.formats import ENDINGS, Passwords
from pipeline.roster.mapping import read_mapping
from pipeline.roster.read import read_roster
from pipeline.roster.tables import load_tables
from pipeline.roster.understand import UnderstoodSheet, mapping_text, understand

__all__ = [
    "ENDINGS",
    "Passwords",
    "UnderstoodSheet",
    "load_tables",
    "mapping_text",
    "read_mapping",
    "read_roster",
    "understand",
]
