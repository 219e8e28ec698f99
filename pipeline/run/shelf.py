"""Shelf: what goes into each dossier, in order: recorded papers in force, and attachments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline import dossier
from pipeline.history import History
from pipeline.model import DocumentRule, Version
from pipeline.plan import Selection, Shelf, ShelfLevel, shelved, shelves
from pipeline.run.attached import Attached
from pipeline.run.letters import SignedCopy, signed_copies
from pipeline.run.survey import Survey

FINAL = frozenset({"issued", "signed"})
"""States of a paper that is no draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper of the scheme as it goes into a dossier."""

    rule: DocumentRule
    version: Version
    issued: bool
    signed: SignedCopy | None = None
    """The paper as it came back signed: what is bound in place of the print."""

    @property
    def bound(self) -> Version:
        """The version whose pages are bound."""
        return self.signed.version if self.signed else self.version

    @property
    def original(self) -> bool:
        """Whether its file, signed electronically, is to travel inside the dossier."""
        return self.signed is not None and self.signed.signature is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All that goes into one dossier, class by class: its papers, then its attachments."""

    shelf: Shelf
    items: tuple[Paper | Attached, ...]

    @property
    def draft(self) -> bool:
        """Whether something in it isn't final: a draft, or a sheet for what is missing."""
        return not all(
            item.issued if isinstance(item, Paper) else not item.missing for item in self.items
        )


def shelves_asked(survey: Survey, selection: Selection, level: ShelfLevel) -> tuple[Shelf, ...]:
    """Return the dossiers of a level that a person asked for."""
    roster = survey.roster
    return tuple(
        shelf
        for shelf in shelves(survey.scheme, roster, level)
        if selection.takes_subject(*_place(shelf), roster)
    )


def _place(shelf: Shelf) -> tuple[str, str]:
    """Return what a selection asks about: a household's or project's village."""
    if shelf.village is None:
        return "town", shelf.town.code
    return "village", shelf.village.code


def papers_in_force(history: History, documents: Iterable[str]) -> dict[str, tuple[Version, str]]:
    """Return for each document the version that stands, and its state.

    The one issued or signed that was neither corrected nor withdrawn; where there is none, the
    newest draft.
    """
    found: dict[str, tuple[Version, str]] = {}
    for document, life in history.lives(documents).items():
        version = life.standing or life.newest
        if life.state(version) != "withdrawn":
            found[document] = (version, life.state(version))
    return found


def contents(
    survey: Survey,
    asked: Sequence[Shelf],
    attached: Mapping[str, Sequence[Attached]],
    history: History,
) -> tuple[Content, ...]:
    """Gather what goes into each dossier."""
    wanted = [(shelf, list(shelved(survey.scheme, shelf, survey.as_of))) for shelf in asked]
    standing = papers_in_force(
        history, {document for _, listed in wanted for _, document in listed}
    )
    signed = signed_copies(history, [version for version, _ in standing.values()])
    return tuple(
        Content(
            shelf=shelf,
            items=tuple(
                sorted(
                    (
                        *(
                            Paper(
                                rule=rule,
                                version=found[0],
                                issued=found[1] in FINAL,
                                signed=signed.get(found[0].manifest),
                            )
                            for rule, document in listed
                            if (found := standing.get(document)) is not None
                        ),
                        *attached.get(shelf.subject.code, ()),
                    ),
                    key=lambda item: dossier.CLASSES.index(filed(item)),
                )
            ),
        )
        for shelf, listed in wanted
    )


def filed(item: Paper | Attached) -> str:
    """Return the class an item is filed under."""
    return item.rule.dossier if isinstance(item, Paper) else item.attachment.filed


def author(rule: DocumentRule, shelf: Shelf) -> str:
    """Return the 责任者 of a paper."""
    if rule.level == "town" and "{" not in rule.issuer:
        return shelf.town.name  # 各镇街 …: each its own
    return shelf.fill(rule.issuer)
