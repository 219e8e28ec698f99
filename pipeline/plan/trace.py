"""From a figure of a paper back to the cells it was drawn from, as lasting addresses.

Nothing of this is in a context, so that inserting a row makes no paper stale: the cells are
found when somebody asks, in the snapshot the version was made from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pipeline.errors import UsageError
from pipeline.model import (
    Cell,
    Facts,
    Household,
    Level,
    Record,
    Roster,
    Scheme,
    Subject,
)
from pipeline.plan.aims import kept, lists
from pipeline.plan.grounds import cell, conclusion, exits, failing, of_target, targets
from pipeline.plan.helped import still_poor
from pipeline.plan.parts import PARTS
from pipeline.plan.path import parse
from pipeline.plan.planned import document_id
from pipeline.plan.reported import drawn
from pipeline.plan.rows import PLACES, PREFIX, belonging, wanted
from pipeline.plan.view import View
from pipeline.plan.work import own_funds, own_projects

_COUNTED: Mapping[str, tuple[str, str]] = {
    "households": ("households", "code"),
    "persons": ("members", "household_code"),
    "with_labour": ("households", "labour"),
    "without_labour": ("households", "labour"),
    "villages": ("villages", "code"),
    "weak": ("villages", "weak"),
}
"""A count of a part to the table and field that is counted."""
_PER_HEAD = {"disposable": "disposable", "net": "net_income"}
"""A figure a head to the household's field it is divided from."""

_REPORTED = frozenset({"progress", "ranking", "rankings", "highest", "lowest", "series"})
_JUDGED = _REPORTED | {"targets", "failing", "conclusion", "helped"}
_GROUPED = re.compile(r"(\w+)\.(below|kinds|payers)\[(\d+)\]")
_SUMMED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "construction": ("projects", ("start", "end", "total")),
    "agenda": ("projects", ("start", "end", "total")),
    "outlay": ("funds", ("payer", "planned", "allocated", "spent")),
    "exits": ("households", ("size", "reached_on")),
    "payers": ("funds", ("payer", "planned", "allocated", "spent")),
    "sorts": ("projects", ("kind", "total", "start", "end")),
}
"""A part of sums to the table and the fields it is drawn from, as a whole."""


def view_of(
    scheme: Scheme,
    roster: Roster,
    facts: Facts,
    *,
    document: str,
    level: str,
    code: str,
    period: str,
) -> View:
    """Return what the parts of a recorded paper may look at, in the snapshot it was made from.

    Raises:
        UsageError: when scheme or roster know no such paper.
    """
    record = _record(roster, level, code)
    name = str(record.value("head") or record.value("name") or "") if record else scheme.area.name
    levels: dict[str, Level] = {rule.level: rule.level for rule in scheme.document}
    subject = Subject(level=levels.get(level, "county"), code=code, name=name)
    for rule in scheme.document:
        if rule.level == level and document_id(rule, subject, period) == document:
            return View(
                scheme=scheme,
                roster=roster,
                facts=facts,
                rule=rule,
                subject=subject,
                record=record,
                document=document,
                period=period,
            )
    raise UsageError(f"方案里已没有文书“{document}”", todo="核对 scheme.toml 的 [[document]]")


def needs_facts(path: str) -> bool:
    """Tell whether a figure's cells can only be found where all targets have been judged."""
    part, _, field = parse(path)
    return (
        part in _JUDGED
        or (part == "totals" and field not in _COUNTED)
        or (part == "households" and field in ("", "outcome"))
    )


def cells(view: View, path: str) -> tuple[Cell, ...]:
    """Return the cells a figure was drawn from; none where it comes from the scheme.

    Args:
        view: see `view_of`.
        path: where the figure stands in the context: `households[3].disposable`.

    Raises:
        UsageError: when there is no such part or row.
    """
    part, index, field = parse(path)
    if part in _REPORTED:
        return tuple(dict.fromkeys(drawn(view, path, of_target)))
    if part in _DRAWN:
        return tuple(dict.fromkeys(_DRAWN[part](view, index, field)))
    if part in ("totals", "villages", "each_village", "below") and field in _COUNTED:
        return tuple(dict.fromkeys(_counted(_lower(view, part, index), field)))
    if part == "totals":
        return tuple(dict.fromkeys(exits(view, view.all_households())))
    if part in _SUMMED:
        table, names = _SUMMED[part]
        return tuple(cell(row, name) for row in _group(view, table, path) for name in names)
    rows = _rows(view, part)
    if index is not None:
        if index >= len(rows):
            raise UsageError(f"“{path}”：只有 {len(rows)} 行", todo="行从 0 数起")
        rows = rows[index : index + 1]
    return tuple(dict.fromkeys(one for row in rows for one in _fields(view, row, part, field)))


def _group(view: View, table: str, path: str) -> list[Any]:
    """Return the rows that a part of sums adds up: all, or those of one place, kind or payer."""
    rows = belonging(view, table)
    found = _GROUPED.match(path)
    if not found:
        return rows
    part, by, number = found.groups()
    name = PARTS[part](view)[by][int(number)]["name"]
    if by == "below":
        places = view.places_below()
        return [row for row in rows if places.get(row.village_code) == name]
    column = "payer" if by == "payers" else "kind"
    return [row for row in rows if (row.value(column) or "未填") == name]


def _record(roster: Roster, level: str, code: str) -> Record | None:
    if level == "unit":
        return next((unit for unit in roster.units if unit.name == code), None)
    known: Mapping[str, Mapping[str, Record]] = {
        "town": roster.town,
        "village": roster.village,
        "household": roster.household,
    }
    return known.get(level, {}).get(code)


def _rows(view: View, part: str) -> list[Record]:
    """Return the rows a part shows, in its order."""
    found: Mapping[str, Callable[[], Iterable[Record | None]]] = {
        "subject": lambda: [view.record],
        "town": lambda: [view.town()],
        "village": lambda: [view.village()],
        "villages": lambda: view.roster.villages_of.get(view.subject.code, ()),
        "each_village": view.villages,
        "households": view.households,
        "incomes": view.all_households,
        "causes": view.all_households,
        "makeup": view.all_households,
        "members": lambda: view.roster.members_of.get(view.subject.code, ()),
        "projects": lambda: own_projects(view),
        "works": lambda: [one for one in own_projects(view) if not one.household_code],
        "schedule": lambda: [*own_projects(view), *own_funds(view)],
        "funds": lambda: own_funds(view),
        "money": lambda: belonging(view, "funds"),
        "channels": lambda: view.roster.organs,
        "helped": lambda: still_poor(view),
    }
    if part.startswith(PREFIX):
        return list(wanted(view, part.removeprefix(PREFIX)))
    rows = found.get(part, tuple)()
    return [row for row in rows if row is not None]


def _fields(view: View, row: Record, part: str, field: str) -> Iterator[Cell]:
    if isinstance(row, Household) and part in ("households", "incomes"):
        name = str(view.rule.settings.get("income", "disposable")) if part == "incomes" else field
        if field == "outcome":
            yield from exits(view, [row])
            return
        if part == "incomes" or field in _PER_HEAD:
            yield cell(row, _PER_HEAD.get(name, name))
            for member in view.roster.members_of.get(row.code, ()):
                yield cell(member, "household_code")
            return
    field = {"causes": "cause", "makeup": "kind", "subject": "head"}.get(part, field)
    names = [field] if field else [column.id for column in view.roster.tables[row.table].columns]
    if part == "subject" and not isinstance(row, Household):
        names = ["name"]
    if field in PLACES:
        names = ["household_code", "village_code", "town_code"]
    if part == "schedule" or field == "amount":
        names = ["total", "planned", "payer"]
    for name in names:
        if view.roster.tables[row.table].column(name) is not None:
            yield cell(row, name)


def _lower(view: View, part: str, index: int | None) -> View:
    """Return the view of the row of a list of villages; the view itself for totals."""
    villages = view.villages()
    if part == "totals" or index is None or index >= len(villages):
        return view
    village = villages[index]
    subject = Subject(level="village", code=village.code, name=village.name)
    return View(
        scheme=view.scheme,
        roster=view.roster,
        facts=view.facts,
        rule=view.rule,
        subject=subject,
        record=village,
        document=view.document,
    )


def _counted(view: View, name: str) -> Iterator[Cell]:
    table, field = _COUNTED[name]
    if table == "villages":
        yield from (cell(village, field) for village in view.villages())
        return
    for household in view.all_households():
        if table == "members":
            for member in view.roster.members_of.get(household.code, ()):
                yield cell(member, field)
        else:
            yield cell(household, field)


def _particulars(view: View, index: int | None, field: str) -> Iterator[Cell]:
    columns = kept(view)
    for column in columns if index is None else columns[index : index + 1]:
        if view.record is not None:
            yield cell(view.record, column.id)


def _checklists(view: View, index: int | None, field: str) -> Iterator[Cell]:
    chosen = lists(view)
    for target in chosen if index is None else chosen[index : index + 1]:
        for name in target.fields:
            if view.record is not None:
                yield cell(view.record, name)


def _listed(view: View, index: int | None, field: str) -> Iterator[Cell]:
    names = {"households": ["code"], "persons": ["size"]}.get(field, ["code", "size"])
    for household in view.households():
        for name in names:
            yield cell(household, name)


_DRAWN: Mapping[str, Callable[[View, int | None, str], Iterator[Cell]]] = {
    "targets": targets,
    "failing": failing,
    "listed": _listed,
    "conclusion": conclusion,
    "particulars": _particulars,
    "checklists": _checklists,
}
