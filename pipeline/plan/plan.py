"""Which papers the scheme asks for of which subjects, each with all it will show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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
)
from pipeline.plan.context import build_context, check_kind
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
    """Plan every paper the scheme has made by us and for which there is a template.

    Streams county, then each town, its villages and their households. A paper's identity is the
    digest of its context, template and engine; nothing else.

    Raises:
        SchemeError: before the first paper, when a kind shows what it may not.
    """
    wanted = [
        (rule, kinds[rule.kind])
        for rule in scheme.document
        if rule.made and rule.origin == "made" and rule.kind in kinds
    ]
    for _, kind in wanted:
        check_kind(kind)
    for subject, record, places in _subjects(scheme, roster):
        for rule, kind in wanted:
            if rule.level == subject.level:
                document = f"{rule.kind}/{subject.code}" + (
                    f"/{rule.period}" if rule.period else ""
                )
                view = View(
                    scheme=scheme,
                    roster=roster,
                    facts=facts,
                    rule=rule,
                    subject=subject,
                    record=record,
                    document=document,
                )
                yield _planned(view, kind, digests, places)


def _planned(
    view: View, kind: DocumentKind, digests: Digests, places: tuple[str, ...]
) -> PlannedDocument:
    context = build_context(kind, view)
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
        period=view.rule.period,
        title=f"{view.subject.name}{view.rule.name}",
        context=context,
        context_digest=parts["context"],
        template_digest=parts["template"],
        engine_digest=parts["engine"],
        digest=files.digest(files.canonical(parts)),
        folder=(tree, *(files.safe_name(place) for place in places)),
        name=files.safe_name(view.rule.name + view.rule.period),
        villages=(village.code,) if (village := view.village()) else (),
        households=tuple(household.code for household in view.households()),
    )


def _subjects(
    scheme: Scheme, roster: Roster
) -> Iterator[tuple[Subject, Record | None, tuple[str, ...]]]:
    """Yield each subject with its row and the names of its folders."""
    county = scheme.area.name
    yield Subject(level="county", code=scheme.area.code, name=county), None, (county,)
    for town in roster.towns:
        yield Subject(level="town", code=town.code, name=town.name), town, (county, town.name)
        for village in roster.villages_of.get(town.code, ()):
            subject = Subject(level="village", code=village.code, name=village.name)
            places = (county, town.name, village.name)
            yield subject, village, places
            for household in roster.households_of.get(village.code, ()):
                if roster.household[household.code] is household:  # a code means one household
                    subject = Subject(level="household", code=household.code, name=household.head)
                    yield subject, household, (*places, f"{household.head} {household.code}")


def rules_without_template(
    scheme: Scheme, kinds: Mapping[str, DocumentKind]
) -> tuple[DocumentRule, ...]:
    """Return the papers the scheme asks for that no template exists for yet."""
    return tuple(
        rule for rule in scheme.document if rule.origin == "made" and rule.kind not in kinds
    )
