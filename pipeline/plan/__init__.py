"""(Scheme, kinds, Roster, Facts) in, `PlannedDocument`s out, streamed village by village; pure."""

from __future__ import annotations

from pipeline.plan.compare import compare, compare_rosters
from pipeline.plan.dossier import dossier_context, dossier_title
from pipeline.plan.handover import handover_context
from pipeline.plan.plan import Digests, document_id, period_words, plan, rules_without_template
from pipeline.plan.select import Selection, select

__all__ = [
    "Digests",
    "Selection",
    "compare",
    "compare_rosters",
    "document_id",
    "dossier_context",
    "dossier_title",
    "handover_context",
    "period_words",
    "plan",
    "rules_without_template",
    "select",
]
