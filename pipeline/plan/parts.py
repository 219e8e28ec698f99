"""The parts of a context: what each one shows of a subject, from the roster and the facts.

Every figure is text; the same figure in prose and table is the same value of the context.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from pipeline.model import Fund, Household, Outcome, Project, Signer
from pipeline.plan import acceptance, policy, standing
from pipeline.plan.judged import conclusion, failing, figure, shown, targets
from pipeline.plan.view import View


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
    """Return the assumptions this paper rests on: its own, and those of the targets it shows."""
    used = [*view.rule.defaults]
    if view.rule.status != "extra":
        used += [name for target in shown(view) for name in target.defaults]
    order = [assumption for assumption in view.scheme.assumption if assumption.id in used]
    return [{"id": assumption.id, "text": assumption.text} for assumption in order]


def _subject(view: View) -> dict[str, Any]:
    town = view.town()
    return {
        "level": view.subject.level,
        "code": view.subject.code,
        "name": view.subject.name,
        "village": view.names()["village"],
        "town": town.name if town else "",
        "county": view.scheme.area.name,
    }


def _town(view: View) -> dict[str, Any]:
    town = view.town()
    return {"name": town.name if town else "", "kind": town.kind if town else ""}


def _village(view: View) -> dict[str, Any]:
    record = view.village()
    fields = ("weak", "collective_income", "unit", "population")
    return {name: record.value(name) if record else None for name in fields}


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
        for household in view.households()
    ]


def _each(household: Household, total: Decimal | None, view: View) -> str | None:
    people = len(view.roster.members_of.get(household.code, ())) or household.size
    return figure(total / people, None) if total is not None and people else None


def _exit(household: Household, view: View) -> str:
    name = str(view.rule.settings.get("exits", ""))
    verdict = view.facts.verdict("household", household.code, name)
    return (verdict.outcome if verdict else Outcome.INAPPLICABLE).value


def _projects(view: View) -> list[dict[str, Any]]:
    """Return the subject's projects, each with the money that was given and spent on it."""
    fields = ("name", "kind", "content", "start", "end", "total", "unit", "status")
    roster = view.roster
    return [
        {
            **{name: project.value(name) for name in fields},
            "in_village": village.name
            if (village := roster.village.get(project.village_code))
            else "",
            "in_household": one.head
            if (one := roster.household.get(project.household_code))
            else "",
            **_added(
                fund
                for fund in roster.funds_of.get(project.village_code, ())
                if fund.project_code == project.code
            ),
        }
        for project in own_projects(view)
    ]


def own_projects(view: View) -> tuple[Project, ...]:
    """Return the projects of the village the subject is, or for the household it is."""
    if isinstance(view.record, Household):
        projects = view.roster.projects_of.get(view.record.village_code, ())
        return tuple(one for one in projects if one.household_code == view.subject.code)
    return tuple(
        project
        for village in view.villages()
        for project in view.roster.projects_of.get(village.code, ())
    )


def _funds(view: View) -> dict[str, Any]:
    sums = _added(_own_funds(view))
    rate = sums["spent"] / sums["allocated"] if sums["allocated"] else None
    return {**sums, "spent_rate": standing.percent(rate)}


def _added(funds: Iterable[Fund]) -> dict[str, Decimal]:
    rows = list(funds)
    return {
        name: sum((Decimal(str(fund.value(name) or 0)) for fund in rows), Decimal(0))
        for name in ("planned", "allocated", "spent")
    }


def _own_funds(view: View) -> list[Fund]:
    """Return the funds of the subject's villages; of a household those of its own projects."""
    funds = [
        fund for village in view.villages() for fund in view.roster.funds_of.get(village.code, ())
    ]
    if isinstance(view.record, Household):
        own = {project.code for project in own_projects(view)}
        funds = [fund for fund in funds if fund.project_code in own]
    return funds


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
    return {"id": view.period, "year": year, "number": rest.lstrip("0")}


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
    "villages": standing.villages,
    "totals": _totals,
    "targets": targets,
    "failing": failing,
    "criteria": acceptance.criteria,
    "conclusions": acceptance.conclusions,
    "unpassed": acceptance.unpassed,
    "households": _households,
    "projects": _projects,
    "funds": _funds,
    "publicity": policy.publicity,
    "channels": _channels,
    "places": policy.places,
    "measures": policy.measures,
    "calendar": policy.calendar,
    "money": policy.money,
    "ranking": standing.ranking,
    "rankings": standing.rankings,
    "series": standing.series,
    "causes": standing.causes,
    "incomes": standing.incomes,
    "below": standing.below,
    "members": standing.members,
    "period": _period,
    "settings": _settings,
    "content": _content,
    "conclusion": conclusion,
}
