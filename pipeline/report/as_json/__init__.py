"""Results as plain JSON for other programs; each function is one shape."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pipeline import files
from pipeline.doors import door

if TYPE_CHECKING:
    from pipeline.report.as_json.judged import (
        explanation,
        fund,
        payment,
        ranking,
        standing,
        verdict,
        village,
    )
    from pipeline.report.as_json.papers import adopted, bound, change, issued, made, planned, skip
    from pipeline.report.as_json.past import (
        event,
        holding,
        issue,
        logged,
        numbered,
        pruned,
        verified,
        version,
    )
    from pipeline.report.as_json.policy import kind, measured, scheme
    from pipeline.report.as_json.roster import checked, finding, place
else:
    __getattr__ = door(__name__, __file__)

__all__ = [
    "adopted",
    "bound",
    "change",
    "checked",
    "dumps",
    "event",
    "explanation",
    "finding",
    "fund",
    "holding",
    "issue",
    "issued",
    "kind",
    "logged",
    "made",
    "measured",
    "numbered",
    "payment",
    "place",
    "planned",
    "pruned",
    "ranking",
    "scheme",
    "skip",
    "standing",
    "verdict",
    "verified",
    "version",
    "village",
]


def dumps(value: Any) -> str:
    """Write JSON as people and programs like to read it."""
    return json.dumps(files.plain(value), ensure_ascii=False, indent=2)
