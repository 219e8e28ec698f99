"""The parts of a context: what each one shows of a subject, from the roster and the facts.

Every figure is text; the same figure in prose and table is the same value of the context.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pipeline.model import Signer
from pipeline.plan import acceptance, helped, openness, policy, reports, standing, work, works
from pipeline.plan.aims import checklists, particulars
from pipeline.plan.household import households
from pipeline.plan.judged import conclusion, failing, shown, targets
from pipeline.plan.steps import each_village, steps
from pipeline.plan.times import period_words
from pipeline.plan.view import View

_JUDGED = {"targets", "failing", "criteria", "conclusion", "unpassed"}
"""The parts that tell how targets stand; a paper without them owes no word on how they are read."""
_COUNTED = (
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
        "to": view.fill(rule.to),
        "source": rule.source,
        "extra": rule.status == "extra",
        "prefilled": rule.origin == "prefilled",
        "due": policy.due(view),
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
    """Return the assumptions this paper rests on: its own, and those of the targets it shows.

    Their ids, by which the office finds them in scheme.toml, tell the public nothing.
    """
    used = [*view.rule.defaults]
    if view.rule.status != "extra" and view.parts & _JUDGED:
        used += [name for target in shown(view) for name in target.defaults]
    order = [assumption for assumption in view.scheme.assumption if assumption.id in used]
    if view.public:
        return [{"text": assumption.text} for assumption in order]
    return [{"id": assumption.id, "text": assumption.text} for assumption in order]


def _subject(view: View) -> dict[str, Any]:
    town = view.town()
    return {
        "level": view.subject.level,
        "code": view.subject.code,
        "name": view.subject.name,
        "village": view.names()["village"],
        "town": town.name if town else "",
        "county": view.county(),
    }


def _town(view: View) -> dict[str, Any]:
    town = view.town()
    return {"name": town.name if town else "", "kind": town.kind if town else ""}


def _village(view: View) -> dict[str, Any]:
    record = view.village()
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
    """Return how many the subject has; a unit has what the villages it helps have.

    Whether villages are weak is told only where the roster says so of any.
    """
    villages = view.villages()
    tally = view.facts.tallies.get((view.subject.level, view.subject.code))
    if tally is None:
        rows = [view.facts.tallies[("village", village.code)] for village in villages]
        tally = {name: sum(row[name] for row in rows) for name in rows[0]} if rows else {}
        weak = sum(village.weak is True for village in villages)
        tally |= {"villages": len(villages), "weak": weak}
    found: dict[str, Any] = {name: tally.get(name) for name in _COUNTED}
    if all(village.weak is None for village in villages):
        found["weak"] = None
    return found


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


def _period(view: View) -> dict[str, Any]:
    year, _, rest = view.period.replace("Q", "-").partition("-")
    return {
        "id": view.period,
        "year": year,
        "number": rest.lstrip("0"),
        "words": period_words(view.period),
    }


def _settings(view: View) -> dict[str, Any]:
    return dict(view.rule.settings)


def _content(view: View) -> list[str]:
    return list(view.rule.content)


PARTS: Mapping[str, Callable[[View], Any]] = {
    "scheme": _scheme,
    "document": _document,
    "subject": _subject,
    "town": _town,
    "village": _village,
    "villages": _villages,
    "totals": _totals,
    "listed": openness.listed,
    "steps": steps,
    "each_village": each_village,
    "targets": targets,
    "failing": failing,
    "criteria": acceptance.criteria,
    "conclusions": acceptance.conclusions,
    "unpassed": acceptance.unpassed,
    "households": households,
    "projects": work.projects,
    "works": work.works,
    "schedule": work.schedule,
    "funds": work.funds,
    "checklists": checklists,
    "particulars": particulars,
    "built": openness.built,
    "sorts": openness.sorts,
    "payers": openness.payers,
    "results": openness.results,
    "staff": openness.staff,
    "publicity": policy.publicity,
    "channels": _channels,
    "places": policy.places,
    "measures": policy.measures,
    "calendar": policy.calendar,
    "money": policy.money,
    "ranking": standing.ranking,
    "rankings": standing.rankings,
    "highest": standing.highest,
    "lowest": standing.lowest,
    "progress": reports.progress,
    "series": reports.series,
    "construction": works.construction,
    "agenda": works.agenda,
    "outlay": works.outlay,
    "exits": helped.exits,
    "helped": helped.helped,
    "unit": helped.unit,
    "causes": standing.causes,
    "makeup": standing.makeup,
    "incomes": standing.incomes,
    "below": standing.below,
    "members": standing.members,
    "period": _period,
    "settings": _settings,
    "content": _content,
    "conclusion": conclusion,
}
