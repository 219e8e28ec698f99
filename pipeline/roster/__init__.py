"""Workbooks in, a typed `Roster` out, every row accounted for; owns calamine and the tables."""

from __future__ import annotations

from pipeline.roster.read import read_roster
from pipeline.roster.tables import load_tables

__all__ = ["load_tables", "read_roster"]
