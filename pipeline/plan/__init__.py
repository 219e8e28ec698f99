"""(Scheme, kinds, Roster, Facts) in, `PlannedDocument`s out, streamed village by village; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.doors import door

if TYPE_CHECKING:
    from pipeline.plan.changes import compare, compare_rosters
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
    from pipeline.plan.path import figure
    from pipeline.plan.planned import Digests, document_id, plan, rules_without_template
    from pipeline.plan.selection import Selection, select
    from pipeline.plan.shown import called, leaves
    from pipeline.plan.times import period_words
    from pipeline.plan.trace import cells, needs_facts, view_of
    from pipeline.plan.view import View
else:
    __getattr__ = door(__name__, __file__)

__all__ = [
    "APART",
    "Digests",
    "Selection",
    "Shelf",
    "ShelfLevel",
    "View",
    "called",
    "cells",
    "compare",
    "compare_rosters",
    "document_id",
    "dossier_context",
    "dossier_title",
    "figure",
    "handover_context",
    "leaves",
    "needs_facts",
    "period_words",
    "plan",
    "rules_without_template",
    "select",
    "shelved",
    "shelves",
    "view_of",
]
