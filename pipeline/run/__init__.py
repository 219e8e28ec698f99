"""The story, one stage a file: survey, papers (what to make and why), make, bind, accept.

Rooms never meet but here: each stage hands the result of one room to the next.
"""

from __future__ import annotations

from pipeline.run.accept import accept
from pipeline.run.bind import bind
from pipeline.run.due import due
from pipeline.run.explain import explain
from pipeline.run.gauge import gauge
from pipeline.run.letters import Scanned
from pipeline.run.look import kinds, scheme, schemes
from pipeline.run.make import Outcome, make
from pipeline.run.papers import Papers, papers, plan_papers
from pipeline.run.past import log, open_history, past_if_any, show, stats, verify
from pipeline.run.print import Run, print_papers
from pipeline.run.scan import assign as assign_page
from pipeline.run.scan import scan
from pipeline.run.stale import Stale, stale_signed
from pipeline.run.start import doctor, init, sample
from pipeline.run.survey import Survey, changes, survey
from pipeline.run.templates import lint_templates, preview_templates, watch_templates
from pipeline.run.understand import understood

__all__ = [
    "Outcome",
    "Papers",
    "Run",
    "Scanned",
    "Stale",
    "Survey",
    "accept",
    "assign_page",
    "bind",
    "changes",
    "doctor",
    "due",
    "explain",
    "gauge",
    "init",
    "kinds",
    "lint_templates",
    "log",
    "make",
    "open_history",
    "papers",
    "past_if_any",
    "plan_papers",
    "preview_templates",
    "print_papers",
    "sample",
    "scan",
    "scheme",
    "schemes",
    "show",
    "stale_signed",
    "stats",
    "survey",
    "understood",
    "verify",
    "watch_templates",
]
