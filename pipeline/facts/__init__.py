"""(Roster, Scheme, as_of) in, `Facts` out: every target judged for every subject, exactly."""

from __future__ import annotations

from pipeline.facts.compute import compute

__all__ = ["compute"]
