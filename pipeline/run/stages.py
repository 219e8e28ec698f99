"""Every stage behind one door. Importing it loads every room; quick questions go to their own."""

from __future__ import annotations

from pipeline.run.accept import accept
from pipeline.run.adopt import Adopted, Lost, adopt
from pipeline.run.bind import bind, take_attachments
from pipeline.run.complete import Completeness, complete, write_lists
from pipeline.run.due import due
from pipeline.run.explain import explain
from pipeline.run.folders import dossier_subjects, folders
from pipeline.run.gauge import archival, gauge
from pipeline.run.issue import Issued, drafts, issue
from pipeline.run.letters import Scanned
from pipeline.run.look import kinds, scheme, schemes
from pipeline.run.make import Outcome, make
from pipeline.run.papers import Papers, papers, plan_papers
from pipeline.run.past import open_history, past_if_any, planning, working
from pipeline.run.print import Run, print_papers
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
    "accept",
    "adopt",
    "archival",
    "assign_page",
    "bind",
    "changes",
    "complete",
    "doctor",
    "dossier_subjects",
    "drafts",
    "due",
    "explain",
    "folders",
    "gauge",
    "init",
    "issue",
    "kinds",
    "lint_templates",
    "make",
    "open_history",
    "papers",
    "past_if_any",
    "plan_papers",
    "planning",
    "preview_templates",
    "print_papers",
    "sample",
    "scan",
    "scheme",
    "schemes",
    "stale_signed",
    "survey",
    "take_attachments",
    "understood",
    "watch_templates",
    "withdraw",
    "working",
    "write_lists",
]
