"""The story, one stage a file: survey, papers (what to make and why), make, bind, accept.

Rooms never meet but here: each stage hands the result of one room to the next.
"""

from __future__ import annotations

from pipeline.run.accept import accept
from pipeline.run.adopt import Adopted, Lost, adopt
from pipeline.run.ask import blame, diff, pages, trace
from pipeline.run.bind import bind, take_attachments
from pipeline.run.complete import Completeness, complete, write_lists
from pipeline.run.due import due
from pipeline.run.explain import explain
from pipeline.run.folders import dossier_subjects, folders
from pipeline.run.gauge import archival, gauge
from pipeline.run.issue import Issued, issue
from pipeline.run.keep import export, head, prune, rebuild, take, verify
from pipeline.run.letters import Scanned
from pipeline.run.look import kinds, scheme, schemes
from pipeline.run.make import Outcome, make
from pipeline.run.papers import Papers, papers, plan_papers
from pipeline.run.past import (
    Wanted,
    ledger,
    log,
    open_history,
    past_if_any,
    planning,
    show,
    stats,
    working,
)
from pipeline.run.print import Run, print_papers
from pipeline.run.restore import restore
from pipeline.run.scan import assign as assign_page
from pipeline.run.scan import scan
from pipeline.run.stale import stale_signed
from pipeline.run.start import doctor, init, sample
from pipeline.run.survey import Survey, changes, survey
from pipeline.run.templates import lint_templates, preview_templates, watch_templates
from pipeline.run.understand import understood
from pipeline.run.withdraw import withdraw

__all__ = [
    "Adopted",
    "Completeness",
    "Issued",
    "Lost",
    "Outcome",
    "Papers",
    "Run",
    "Scanned",
    "Survey",
    "Wanted",
    "accept",
    "adopt",
    "archival",
    "assign_page",
    "bind",
    "blame",
    "changes",
    "complete",
    "diff",
    "doctor",
    "dossier_subjects",
    "due",
    "explain",
    "export",
    "folders",
    "gauge",
    "head",
    "init",
    "issue",
    "kinds",
    "ledger",
    "lint_templates",
    "log",
    "make",
    "open_history",
    "pages",
    "papers",
    "past_if_any",
    "plan_papers",
    "planning",
    "preview_templates",
    "print_papers",
    "prune",
    "rebuild",
    "restore",
    "sample",
    "scan",
    "scheme",
    "schemes",
    "show",
    "stale_signed",
    "stats",
    "survey",
    "take",
    "take_attachments",
    "trace",
    "understood",
    "verify",
    "watch_templates",
    "withdraw",
    "working",
    "write_lists",
]
