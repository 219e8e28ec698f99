"""I01, I02: who may be identified as poor, by the criteria of the scheme."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal

from pipeline.checks.case import Case, shown
from pipeline.errors import SchemeError
from pipeline.model import Criterion, Finding, Household, Record, Value

_COMPARES: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
}  # fmt: skip


def excluded(case: Case) -> Iterator[Finding]:
    """I01: a household that a criterion excludes is looked into; it isn't removed by this."""
    criteria = [one for one in _criteria(case) if one.kind == "exclude"]
    for household in case.roster.households:
        for criterion in criteria:
            if hit := _hit(case, household, criterion):
                yield case.finding(
                    hit,
                    criterion.field,
                    criterion.severity,
                    name=household.head,
                    group=criterion.group,
                    criterion=criterion.name,
                    found=_found(case, hit, criterion),
                    source=criterion.source,
                )


def included(case: Case) -> Iterator[Finding]:
    """I02: a household meets at least one criterion of each group that includes.

    A household of which every field of a group is unknown is left to R15.
    """
    groups: dict[str, list[Criterion]] = defaultdict(list)
    for criterion in _criteria(case):
        if criterion.kind == "include":
            groups[criterion.group].append(criterion)
    for household in case.roster.households:
        for group, criteria in groups.items():
            known = [one for one in criteria if _known(case, household, one)]
            if known and not any(_hit(case, household, one) for one in known):
                first = known[0]
                yield case.finding(
                    next(_rows(case, household, first)),
                    first.field,
                    first.severity,
                    name=household.head,
                    group=group,
                    criterion="、".join(one.name for one in criteria),
                    source=first.source,
                )


def _criteria(case: Case) -> Iterator[Criterion]:
    for criterion in case.scheme.identification:
        table = case.roster.tables[criterion.table]
        if table.column(criterion.field) is None:
            raise SchemeError(
                f"“{criterion.name}”用到没有的字段 {criterion.table}.{criterion.field}",
                where=str(case.scheme.folder / "scheme.toml"),
                todo="改用名册表里的列 id，或用 extra_field 加上这一列",
            )
        yield criterion


def _rows(case: Case, household: Household, criterion: Criterion) -> Iterator[Record]:
    return iter(case.members(household) if criterion.table == "members" else (household,))


def _known(case: Case, household: Household, criterion: Criterion) -> bool:
    rows = _rows(case, household, criterion)
    return any(row.value(criterion.field) not in (None, "") for row in rows)


def _hit(case: Case, household: Household, criterion: Criterion) -> Record | None:
    """Return the row of a household, or of the first member, that a criterion fits."""
    rows = _rows(case, household, criterion)
    return next((row for row in rows if _fits(case, row, criterion)), None)


def _fits(case: Case, row: Record, criterion: Criterion) -> bool:
    value, wanted = row.value(criterion.field), criterion.value
    if value is None or value == "":
        return False
    if criterion.op in _COMPARES:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return False
        return _COMPARES[criterion.op](Decimal(value), Decimal(str(wanted)))
    if criterion.op == "filled":
        return True
    equal = _equal(case, row, value, criterion)
    return equal if criterion.op == "=" else not equal


def _equal(case: Case, row: Record, value: Value, criterion: Criterion) -> bool:
    """Compare with one value or one of several; a cell of several words holds each of them."""
    wanted = criterion.value if isinstance(criterion.value, tuple) else (criterion.value,)
    if isinstance(value, str):
        words = {value, *case.said(row, criterion.field)}
        return any(str(one) in words for one in wanted)
    return any(isinstance(one, bool) == isinstance(value, bool) and one == value for one in wanted)


def _found(case: Case, row: Record, criterion: Criterion) -> str:
    name = case.name(criterion.table, criterion.field)
    return f"{name}：{shown(row.value(criterion.field))}"
