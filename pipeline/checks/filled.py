"""R15: the fields that can't be empty; an absent column is 未检查, not a column of empty cells."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.case import Case
from pipeline.model import Finding, Record


def required(case: Case) -> Iterator[Finding]:
    """R15: every listed field of a household and an active member is filled; 0 is filled."""
    for household in case.roster.households:
        for field in _empty(household, case.words("households")):
            yield case.of(household, field)
    not_of_pupils = case.words("not_of_pupils")
    for member in case.roster.members:
        if member.active is False:
            continue
        for field in _empty(member, case.words("members")):
            if field not in not_of_pupils or "pupil" not in case.means(member, "school"):
                yield case.about(member, field, field=case.name("members", field))


def _empty(record: Record, fields: tuple[str, ...]) -> Iterator[str]:
    return (
        field for field in fields if field in record.columns and record.value(field) in (None, "")
    )
