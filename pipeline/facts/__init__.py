"""(Roster, Scheme, as_of) in, `Facts` out: every target judged for every subject, exactly."""

from __future__ import annotations

from pipeline.facts.compute import compute, exit_target, judge_one
from pipeline.facts.timetable import Made, timetable

__all__ = ["Made", "compute", "exit_target", "judge_one", "timetable"]
