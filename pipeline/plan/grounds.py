"""The cells behind what was judged: of a verdict, and of those it counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.model import Cell, Household, Record, Target, Verdict
from pipeline.plan.judged import shown
from pipeline.plan.view import View


def cell(row: Record, field: str) -> Cell:
    """Return the lasting address of a field of a row."""
    return Cell(table=row.table, key=row.key, field=field)


def exits(view: View, households: Iterable[Household]) -> Iterator[Cell]:
    """Yield the cells by which households were found out of poverty."""
    name = str(view.rule.settings.get("exits", ""))
    for household in households:
        verdict = view.facts.verdict("household", household.code, name)
        if verdict is not None:
            yield from verdict.evidence


def targets(view: View, index: int | None, field: str) -> Iterator[Cell]:
    """Yield the cells behind the targets a paper shows, or one of them."""
    judged = [
        target
        for target in shown(view)
        if (verdict := view.verdict(target.id)) is not None
        and (target.level == view.subject.level or verdict.total)
    ]
    chosen = judged if index is None else judged[index : index + 1]
    for target in chosen:
        yield from _evidence(view, view.verdict(target.id))


def failing(view: View, index: int | None, field: str) -> Iterator[Cell]:
    """Yield the cells of whoever misses a target, or of one of them."""
    verdicts = [
        verdict
        for target in shown(view)
        if (group := view.verdict(target.id)) is not None
        and not target.hedge
        and target.form != "composite"
        for code in (*group.failing, *group.missing)
        if (verdict := view.facts.verdict(target.level, code, target.id)) is not None
    ]
    for verdict in verdicts if index is None else verdicts[index : index + 1]:
        household = view.roster.household.get(verdict.subject.code.split("|")[0])
        if household and field in ("head", "group", "labour"):
            yield cell(household, field)
        else:
            yield from verdict.evidence


def conclusion(view: View, index: int | None, field: str) -> Iterator[Cell]:
    """Yield the cells behind the conclusion of a paper, and its targets."""
    yield from _evidence(view, view.verdict(str(view.rule.settings.get("conclusion", ""))))
    yield from targets(view, None, "")


def of_target(view: View, target: str) -> Iterator[Cell]:
    """Yield the cells behind one target."""
    yield from _evidence(view, view.verdict(target))


def _evidence(view: View, verdict: Verdict | None) -> Iterator[Cell]:
    """Yield the cells of a verdict; of a group those of the verdicts that it counts."""
    if verdict is None:
        return
    yield from verdict.evidence
    if verdict.total is None:
        return
    target = verdict.target
    counted = view.scheme.target_of(target.of) if target.of else target
    if counted.level == "member":
        yield from _members(view, counted)
        return
    below: Iterable[Record] = (
        view.villages() if counted.level == "village" else view.all_households()
    )
    for row in below:
        one = view.facts.verdict(counted.level, str(row.value("code")), counted.id)
        if one is not None:
            yield from one.evidence


def _members(view: View, target: Target) -> Iterator[Cell]:
    """Yield what members are judged by; verdicts on those who pass aren't kept."""
    columns = view.roster.tables["members"]
    names = [
        name
        for name in dict.fromkeys((*target.where, target.field, *target.fields))
        if name and columns.column(name) is not None
    ]
    for household in view.all_households():
        for member in view.roster.members_of.get(household.code, ()):
            yield from (cell(member, name) for name in names)
