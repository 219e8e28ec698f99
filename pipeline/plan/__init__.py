"""(Scheme, kinds, Roster, Facts) in, `PlannedDocument`s out, streamed village by village; pure."""

from __future__ import annotations

from pipeline.plan.compare import compare, compare_rosters
from pipeline.plan.dossier import (
    APART,
    Shelf,
    ShelfLevel,
    dossier_context,
    dossier_title,
    shelved,
    shelves,
)
from pipeline.plan.handover import handover_context
from pipeline.plan.leaves import leaves
from pipeline.plan.path import figure
from pipeline.plan.plan import Digests, document_id, plan, rules_without_template
from pipeline.plan.select import Selection, select
from pipeline.plan.times import period_words
from pipeline.plan.trace import cells, judged, view_of
from pipeline.plan.view import View

__all__ = [
    "APART",
    "Digests",
    "Selection",
    "Shelf",
    "ShelfLevel",
    "View",
    "cells",
    "compare",
    "compare_rosters",
    "document_id",
    "dossier_context",
    "dossier_title",
    "figure",
    "handover_context",
    "judged",
    "leaves",
    "period_words",
    "plan",
    "rules_without_template",
    "select",
    "shelved",
    "shelves",
    "view_of",
]
