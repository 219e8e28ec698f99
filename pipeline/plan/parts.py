"""The parts of a context: what each one shows of a subject, from the roster and the facts.

Every figure is text; the same figure in prose and table is the same value of the context.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pipeline.model import (
    DocumentRule,
    Facts,
    Household,
    Outcome,
    Parameter,
    Record,
    Roster,
    Scheme,
    Signer,
    Subject,
    Target,
    Town,
    Value,
    Verdict,
    Village,
)

_CENT = Decimal("0.01")
_COUNTERS = {"member": "人", "household": "户", "village": "村", "town": "镇街"}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """All that a part may look at."""

    scheme: Scheme
    roster: Roster
    facts: Facts
    rule: DocumentRule
    subject: Subject
    record: Record | None
    """The subject's own row; None for the county."""
    document: str

    def names(self) -> dict[str, str]:
        """Return the names a scheme may refer to in an organ: county, town, village."""
        town = self.town()
        village = self.record if isinstance(self.record, Village) else None
        return {
            "county": self.scheme.area.name,
            "town": town.name if town else "",
            "village": village.name if village else "",
        }

    def town(self) -> Town | None:
        """Return the town the subject is or lies in."""
        if isinstance(self.record, Town):
            return self.record
        if isinstance(self.record, Village):
            return self.roster.town.get(self.record.town_code)
        return None

    def fill(self, words: str) -> str:
        """Put the subject's names into `{town}` and the like; anything else stays as it is."""
        for name, word in self.names().items():
            words = words.replace(f"{{{name}}}", word)
        return words


def _scheme(view: View) -> dict[str, Any]:
    scheme = view.scheme
    return {
        "id": scheme.id,
        "name": scheme.name,
        "title": scheme.title,
        "year": scheme.year,
        "since": scheme.since,
        "until": scheme.until,
        "classifier": scheme.classifier,
        "area": scheme.area.name,
        "area_full": scheme.area.full,
        "as_of": view.facts.as_of,
        "sample": scheme.sample,
    }


def _document(view: View) -> dict[str, Any]:
    rule = view.rule
    return {
        "id": view.document,
        "name": rule.name,
        "issuer": view.fill(rule.issuer),
        "to": rule.to,
        "source": rule.source,
        "extra": rule.status == "extra",
        "basis": [
            {"title": basis.title, "number": basis.number, "date": basis.issued}
            for basis in view.scheme.basis
        ],
        "signers": [_signer(signer, view) for signer in _signers(view)],
        "clauses": {name: list(points) for name, points in rule.clauses.items()},
        "notes": _notes(view),
    }


def _signers(view: View) -> list[Signer]:
    return [
        signer
        for signer in view.rule.signers
        if view.record is None or view.record.fits(signer.where)
    ]


def _signer(signer: Signer, view: View) -> dict[str, Any]:
    return {
        "party": signer.party,
        "organ": view.fill(signer.organ),
        "post": signer.post,
        "assumed": signer.assumed,
    }


def _notes(view: View) -> list[dict[str, str]]:
    """Return the assumptions this paper rests on: its own, and those of the targets it shows."""
    used = [*view.rule.defaults]
    if view.rule.status != "extra":
        used += [name for target in _shown(view) for name in target.defaults]
    order = [assumption for assumption in view.scheme.assumption if assumption.id in used]
    return [{"id": assumption.id, "text": assumption.text} for assumption in order]


def _subject(view: View) -> dict[str, Any]:
    town = view.town()
    return {
        "level": view.subject.level,
        "code": view.subject.code,
        "name": view.subject.name,
        "town": town.name if town else "",
        "county": view.scheme.area.name,
    }


def _town(view: View) -> dict[str, Any]:
    town = view.town()
    return {"name": town.name if town else "", "kind": town.kind if town else ""}


def _village(view: View) -> dict[str, Any]:
    record = view.record
    fields = ("weak", "collective_income", "unit", "population")
    return {name: record.value(name) if record else None for name in fields}


def _villages(view: View) -> list[dict[str, Any]]:
    return [
        {
            "name": village.name,
            "weak": village.weak,
            **{
                name: view.facts.tallies[("village", village.code)][name]
                for name in ("households", "with_labour", "without_labour", "persons")
            },
        }
        for village in view.roster.villages_of.get(view.subject.code, ())
    ]


def _totals(view: View) -> dict[str, Any]:
    tally = view.facts.tallies.get((view.subject.level, view.subject.code), {})
    names = (
        "villages",
        "weak",
        "households",
        "persons",
        "with_labour",
        "without_labour",
        "met",
        "unmet",
        "missing",
    )
    return {name: tally.get(name) for name in names}


def _shown(view: View) -> list[Target]:
    """Return the targets that speak of the subject, the conclusion and mere text apart."""
    verdicts = view.facts.verdicts.get((view.subject.level, view.subject.code), {})
    conclusion = view.rule.settings.get("conclusion")
    return [
        target
        for target in view.scheme.target
        if target.id in verdicts
        and target.id != conclusion
        and not (target.form == "composite" and target.level == view.subject.level)
    ]


def _targets(view: View) -> list[dict[str, Any]]:
    verdicts = view.facts.verdicts.get((view.subject.level, view.subject.code), {})
    return [
        _target(target, verdicts[target.id], view)
        for target in _shown(view)
        if target.level == view.subject.level or verdicts[target.id].total
    ]


def _target(target: Target, verdict: Verdict, view: View) -> dict[str, Any]:
    grouped = verdict.total is not None
    parameter = _parameter(target, view)
    line = parameter.on(target.deadline or view.scheme.until) if parameter else None
    least = target.least if target.form == "count" else None
    counted = view.scheme.target_of(target.of) if target.of else target
    return {
        "id": target.id,
        "name": target.name,
        "scope": target.scope,
        "level": target.level,
        "form": target.form,
        "op": target.op,
        "threshold": line if line is not None else least,
        "share": target.share,
        "unit": parameter.unit if parameter else target.unit,
        "hedge": target.hedge,
        "deadline": target.deadline,
        "outcome": verdict.outcome.value,
        "passed": verdict.value if grouped else None,
        "total": verdict.total,
        "missing": len(verdict.missing),
        "counter": _COUNTERS.get(counted.level, ""),
        "value": None if grouped else figure(verdict.value, line),
        "own": figure(verdict.own, line),
        "top_up": figure(verdict.top_up, None),
    }


def _failing(view: View) -> list[dict[str, Any]]:
    """Return every row below that a hard target names: who, which figure, which line."""
    rows = []
    for target in _shown(view):
        group = view.facts.verdict(view.subject.level, view.subject.code, target.id)
        if group is None or target.hedge or target.form == "composite":
            continue
        for code in (*group.failing, *group.missing):
            verdict = view.facts.verdict(target.level, code, target.id)
            if verdict is not None:
                rows.append(_failed(target, verdict, view))
    return rows


def _failed(target: Target, verdict: Verdict, view: View) -> dict[str, Any]:
    code, name = verdict.subject.code, ""
    if target.level == "member":
        code, name = code.split("|")[0], verdict.subject.name
    household = view.roster.household[code]
    parameter = _parameter(target, view)
    line = parameter.on(target.deadline or view.scheme.until) if parameter else None
    threshold = verdict.threshold if line is None else line
    return {
        "target": target.name,
        "form": target.form,
        "head": f"{household.head}（{name}）"
        if name and name != household.head
        else household.head,
        "group": household.group,
        "labour": household.labour,
        "value": figure(verdict.value, line),
        "threshold": threshold if target.form != "checklist" else None,
        "unit": parameter.unit if parameter else target.unit,
        "outcome": verdict.outcome.value,
    }


def _households(view: View) -> list[dict[str, Any]]:
    return [
        {
            "head": household.head,
            "group": household.group,
            "size": household.size,
            "labour": household.labour,
            "disposable": _each(household, household.disposable, view),
            "net": _each(household, household.net_income, view),
            "reached_on": household.reached_on,
            "outcome": _exit(household, view),
        }
        for household in view.roster.households_of.get(view.subject.code, ())
    ]


def _each(household: Household, total: Decimal | None, view: View) -> str | None:
    people = len(view.roster.members_of.get(household.code, ())) or household.size
    return figure(total / people, None) if total is not None and people else None


def _exit(household: Household, view: View) -> str:
    name = str(view.rule.settings.get("exits", ""))
    verdict = view.facts.verdict("household", household.code, name)
    return (verdict.outcome if verdict else Outcome.INAPPLICABLE).value


def _projects(view: View) -> list[dict[str, Any]]:
    fields = ("name", "kind", "content", "total", "unit", "status")
    return [
        {name: project.value(name) for name in fields}
        for project in view.roster.projects_of.get(view.subject.code, ())
    ]


def _funds(view: View) -> dict[str, Any]:
    funds = view.roster.funds_of.get(view.subject.code, ())
    return {
        name: sum((Decimal(str(fund.value(name) or 0)) for fund in funds), Decimal(0))
        for name in ("planned", "allocated", "spent")
    }


def _publicity(view: View) -> dict[str, Any]:
    days = view.scheme.parameter_of(str(view.rule.settings["days"])).on(view.facts.as_of)
    return {"days": int(days or 0), "stage": str(view.rule.settings.get("stage", ""))}


def _channels(view: View) -> list[dict[str, Any]]:
    wanted = str(view.rule.settings.get("objections", ""))
    organs = [
        {"name": organ.short or organ.full, "phone": organ.phone, "address": organ.address}
        for organ in view.roster.organs
        if wanted and wanted in organ.role
    ]
    town = view.town()
    if town and town.phone:
        organs.append({"name": town.name, "phone": town.phone, "address": ""})
    return organs


def _places(view: View) -> list[str]:
    return list(view.rule.clauses.get("places", ()))


def _conclusion(view: View) -> str:
    name = str(view.rule.settings.get("conclusion", ""))
    verdict = view.facts.verdict(view.subject.level, view.subject.code, name)
    return (verdict.outcome if verdict else Outcome.INAPPLICABLE).value


def figure(value: Value, line: Decimal | None) -> str | None:
    """Write a figure with at most two decimals, half up; more where two would hide a difference.

    9999.996 beside a line of 10000 stays 9999.996, because 10000.00 未达标 would look wrong.
    """
    if value is None or isinstance(value, bool):
        return None
    if not isinstance(value, int | Decimal):
        return str(value)
    number = Decimal(value)
    for places in range(2, 12):
        shown = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if line is None or (
            (shown < line) == (number < line) and (shown > line) == (number > line)
        ):
            break
    whole = shown.to_integral_value()
    return format(whole if shown == whole else shown, "f")


def _parameter(target: Target, view: View) -> Parameter | None:
    return view.scheme.parameter_of(target.parameter) if target.parameter else None


PARTS: Mapping[str, Callable[[View], Any]] = {
    "scheme": _scheme,
    "document": _document,
    "subject": _subject,
    "town": _town,
    "village": _village,
    "villages": _villages,
    "totals": _totals,
    "targets": _targets,
    "failing": _failing,
    "households": _households,
    "projects": _projects,
    "funds": _funds,
    "publicity": _publicity,
    "channels": _channels,
    "places": _places,
    "conclusion": _conclusion,
}
