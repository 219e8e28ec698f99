"""Due: the duties of a scheme on a day; the papers that history holds count as done."""

from __future__ import annotations

from datetime import date, datetime

from pipeline.facts import timetable
from pipeline.model import Duty
from pipeline.run.past import past_if_any
from pipeline.run.survey import Survey


def due(survey: Survey, on: date) -> tuple[Duty, ...]:
    """Return every duty by day, as it stands on `on`. Writes nothing."""
    return timetable(survey.roster, survey.scheme, on, _made(survey))


def _made(survey: Survey) -> dict[tuple[str, str], date]:
    """Return the day each paper of the scheme was first recorded for a period."""
    rules: dict[str, list[str]] = {}
    for rule in survey.scheme.document:
        rules.setdefault(rule.kind, []).append(rule.id)
    made: dict[tuple[str, str], date] = {}
    with past_if_any(survey.workspace, survey.scheme.id, "due") as history:
        if history is None:
            return made
        versions = {version.manifest: version for version in history.versions()}
        for event in history.log():
            day = datetime.fromisoformat(event.at).date()
            for name in event.versions:
                version = versions.get(name)
                if version is not None:
                    for paper in rules.get(version.kind, ()):
                        made.setdefault((paper, version.period), day)
    return made
