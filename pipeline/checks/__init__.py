"""(Roster, Scheme) in, findings out: one pure function a rule, one code, one bad fixture."""

from __future__ import annotations

from pipeline.checks.against import against
from pipeline.checks.check import RULES, check, unchecked

__all__ = ["RULES", "against", "check", "unchecked"]
