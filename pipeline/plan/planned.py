"""Which papers the scheme asks for of which subjects, each with all it will show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline import files
from pipeline.model import (
    DocumentKind,
    DocumentRule,
    Facts,
    PlannedDocument,
    Record,
    Roster,
    Scheme,
    Subject,
    Town,
    periods,
)
from pipeline.plan.context import build_context, check_kind
from pipeline.plan.times import period_words
from pipeline.plan.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """What a version depends on besides its context."""

    template: Mapping[str, str]
    """Kind id to the digest of its folder and of what it shares."""
    engine: Mapping[str, str]
    """Engine to the digest of its libraries and fonts."""


def plan(
    scheme: Scheme,
    kinds: Mapping[str, DocumentKind],
    roster: Roster,
    facts: Facts,
    digests: Digests,
) -> Iterator[PlannedDocument]:
    """Plan every paper the scheme has made or prefilled by us and for which there is a template.

    Streams county, then each town, its villages and their households. A paper's identity is the
    digest of its context, template and engine; nothing else. A subject or period that has none of
    what a kind `needs` gets no paper of it.

    Raises:
        SchemeError: before the first paper, when a kind shows what it may not.
    """
    wanted = [
        (rule, kinds[rule.kind])
        for rule in scheme.document
        if rule.made and rule.origin != "received" and rule.kind in kinds
    ]
    for _, kind in wanted:
        check_kind(kind, roster.tables)
    for subject, record, places in _subjects(scheme, roster):
        for rule, kind in wanted:
            if rule.level == subject.level:
                if record is not None and not record.fits(rule.where):
                    continue
                for period in periods_of(rule, scheme, facts.as_of):
                    view = View(
                        scheme=scheme,
                        roster=roster,
                        facts=facts,
                        rule=rule,
                        subject=subject,
                        record=record,
                        document=document_id(rule, subject, period),
                        period=period,
                        parts=frozenset(kind.shows),
                        public=kind.audience == "public",
                    )
                    context = build_context(kind, view)
                    lacking = [name for name in kind.needs if not _found(context, name)]
                    if not lacking and (not rule.listed or view.households()):
                        yield _planned(view, kind, context, digests, places)


def document_id(rule: DocumentRule, subject: Subject, period: str) -> str:
    """Return `<kind>[.<variant>]/<subject code>[/<period>]`."""
    kind = f"{rule.kind}.{rule.variant}" if rule.variant else rule.kind
    return "/".join(part for part in (kind, subject.code, period) if part)


def periods_of(rule: DocumentRule, scheme: Scheme, as_of: date) -> Iterator[str]:
    """Yield the periods a paper is made for: those that have begun by the roster's day."""
    if not rule.every:
        yield ""
        return
    spans = periods(rule.every, scheme.since, min(scheme.until, as_of))
    begun = [name for name, first, _ in spans if first <= as_of]
    for name in begun[-1:] if rule.latest else begun:
        if not rule.periods or name in rule.periods:
            yield name


def _found(context: Mapping[str, Any], name: str) -> Any:
    """Return a part of a context, or a field of it, by its path."""
    found: Any = context
    for step in name.split("."):
        found = found[step] if found else None
    return found


def _planned(
    view: View,
    kind: DocumentKind,
    context: dict[str, Any],
    digests: Digests,
    places: tuple[str, ...],
) -> PlannedDocument:
    parts = {
        "context": files.digest(files.canonical(context)),
        "template": digests.template[kind.id],
        "engine": digests.engine[kind.engine],
    }
    tree = "公开" if kind.audience == "public" else "内部"
    return PlannedDocument(
        document=view.document,
        rule=view.rule,
        kind=kind,
        subject=view.subject,
        period=view.period,
        title=f"{view.subject.name}{period_words(view.period)}{view.rule.name}",
        context=context,
        context_digest=parts["context"],
        template_digest=parts["template"],
        engine_digest=parts["engine"],
        digest=files.digest(files.canonical(parts)),
        folder=(tree, *(files.safe_name(place) for place in places)),
        name=files.safe_name(view.rule.name + view.period),
        villages=(village.code,) if (village := view.village()) else (),
        households=tuple(household.code for household in view.households()),
    )


def _subjects(
    scheme: Scheme, roster: Roster
) -> Iterator[tuple[Subject, Record | None, tuple[str, ...]]]:
    """Yield each subject with its row and the names of its folders."""
    area = scheme.area
    yield Subject(level=area.level, code=area.code, name=area.name), None, (area.name,)
    for unit in roster.units:
        subject = Subject(level="unit", code=unit.name, name=unit.name)
        yield subject, unit, (area.name, "帮扶单位", unit.name)
    counties: set[str] = set()
    for town in roster.towns:
        above = counties_above(town, scheme)
        if len(above) > 1 and town.county_code not in counties:
            counties.add(town.county_code)
            yield Subject(level="county", code=town.county_code, name=town.county), None, above
        yield from _below(town, (*above, town.name), roster)


def counties_above(town: Town, scheme: Scheme) -> tuple[str, ...]:
    """Return the folders above a town: the county, below its prefecture where the area is one."""
    area = scheme.area
    own = area.level != "county" and town.county
    return (area.name, town.county) if own else (area.name,)


def _below(
    town: Town, places: tuple[str, ...], roster: Roster
) -> Iterator[tuple[Subject, Record | None, tuple[str, ...]]]:
    yield Subject(level="town", code=town.code, name=town.name), town, places
    for village in roster.villages_of.get(town.code, ()):
        subject = Subject(level="village", code=village.code, name=village.name)
        here = (*places, village.name)
        yield subject, village, here
        for household in roster.households_of.get(village.code, ()):
            if roster.household[household.code] is household:  # a code means one household
                subject = Subject(level="household", code=household.code, name=household.head)
                yield subject, household, (*here, f"{household.head} {household.code}")


def rules_without_template(
    scheme: Scheme, kinds: Mapping[str, DocumentKind]
) -> tuple[DocumentRule, ...]:
    """Return the papers the scheme asks for that no template exists for yet."""
    return tuple(
        rule for rule in scheme.document if rule.origin != "received" and rule.kind not in kinds
    )
