"""Complete: what each dossier still lacks, with who answers for it. Writes nothing by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import dossier, files, render
from pipeline.dossier import Held, Signature, Slot
from pipeline.history import History
from pipeline.model import Attachment, DocumentRule, Gap, Version
from pipeline.plan import Selection, Shelf, ShelfLevel, dossier_title, shelved
from pipeline.run import attached
from pipeline.run.letters import SignedCopy, signed_copies
from pipeline.run.shelf import FINAL, author, papers_in_force, shelves_asked
from pipeline.run.survey import Survey

LIST = "gap_list"
"""The kind of the 缺件清单."""
_LINES = 18
"""Of the list on its one page, at most; the workbook has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """How one dossier stands."""

    shelf: Shelf
    title: str
    needed: int
    """Papers the scheme asks for in so many words."""
    held: int
    """Of these, how many lie in it."""
    gaps: tuple[Gap, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing that is needed is missing or out of order."""
        return not any(gap.needed for gap in self.gaps)


def complete(
    survey: Survey,
    selection: Selection,
    history: History | None,
    *,
    level: ShelfLevel = "village",
) -> Iterator[Completeness]:
    """Yield how each dossier of a level stands.

    Raises:
        PaperError: when a list of attachments can't be read.
    """
    asked = shelves_asked(survey, selection, level)
    wanted = [(shelf, list(shelved(survey.scheme, shelf, survey.as_of))) for shelf in asked]
    documents = {document for _, listed in wanted for _, document in listed}
    standing = papers_in_force(history, documents) if history else {}
    copies = signed_copies(history, [one for one, _ in standing.values()]) if history else {}
    everything = [attached.found(survey, shelf) for shelf, _ in wanted]
    unsound = attached.unsound(one for own in everything for one in own)
    for (shelf, listed), own in zip(wanted, everything, strict=True):
        lost = _lost(history, shelf, own)
        held = {one.name: _attached(one, shelf, lost, unsound) for one in own}
        slots = [
            _slot(shelf, rule, standing.get(document), own, held, copies)
            for rule, document in listed
        ]
        named = {one.name for rule, _ in listed for one in own if _is(one, rule)}
        others = [held[one.name] for one in own if one.name not in named]
        yield Completeness(
            shelf=shelf,
            title=dossier_title(survey.scheme, shelf),
            needed=sum(slot.needed for slot in slots),
            held=sum(slot.needed and bool(slot.held) for slot in slots),
            gaps=dossier.gaps(slots, others),
        )


def gap_list(survey: Survey, one: Completeness) -> bytes:
    """Print the 缺件清单 of a dossier, what is needed first, as many lines as fit on one page."""
    for lines in range(_LINES, 0, -1):
        pdf = _gap_list(survey, one, lines)
        if dossier.page_count(pdf) == 1:
            break
    return pdf


def _gap_list(survey: Survey, one: Completeness, lines: int) -> bytes:
    rows = sorted(one.gaps, key=lambda gap: not gap.needed)
    context = {
        "scheme": {"sample": survey.scheme.sample},
        "gaps": {
            "title": one.title,
            "as_of": survey.as_of.isoformat(),
            "needed": one.needed,
            "held": one.held,
            "more": max(0, len(rows) - lines),
            "rows": [
                {
                    "class": gap.filed,
                    "title": gap.title,
                    "problem": gap.problem,
                    "detail": gap.detail,
                    "who": gap.who,
                }
                for gap in rows[:lines]
            ],
        },
    }
    return render.render_html(survey.workspace.template_roots("html"), LIST, context)


def write_lists(survey: Survey, found: Sequence[Completeness], folder: Path) -> list[Path]:
    """Write the 缺件清单 of each dossier that lacks something into a folder."""
    written = []
    for one in found:
        if one.gaps:
            path = folder / f"{files.safe_name(f'缺件清单-{one.title}')}.pdf"
            files.write_atomic(path, gap_list(survey, one))
            written.append(path)
    return written


def _slot(
    shelf: Shelf,
    rule: DocumentRule,
    found: tuple[Version, str] | None,
    own: Sequence[Attachment],
    attachments: Mapping[str, Held],
    copies: Mapping[str, SignedCopy],
) -> Slot:
    who = _who(rule, shelf)
    held = [replace(attachments[one.name], who=who) for one in own if _is(one, rule)]
    if found is not None:
        held.append(_made(rule, *found, who, copies.get(found[0].manifest)))
    return Slot(
        title=rule.name,
        filed=rule.dossier,
        who=who,
        needed=rule.status == "explicit",
        held=tuple(held),
    )


def _made(
    rule: DocumentRule, version: Version, state: str, who: str, copy: SignedCopy | None
) -> Held:
    """Describe a paper of ours; signature and seal are there when it came back signed."""
    signed = not rule.signers or state == "signed"
    electronic = copy.signature if copy else None
    return Held(
        title=version.title,
        filed=rule.dossier,
        who=who,
        date=f"{version.issue.day:%Y%m%d}" if version.issue else "",
        issued=state in FINAL,
        signed=signed,
        sealed=signed,
        signature=electronic if electronic and electronic.state != "whole" else None,
    )


def _attached(
    one: Attachment, shelf: Shelf, lost: Mapping[str, str], unsound: Mapping[Path, Signature]
) -> Held:
    """Describe a paper of the office's own; what its list doesn't say of it counts as in order.

    Who put it there answers for it where the list names nobody.
    """
    return Held(
        title=one.title,
        filed=one.filed,
        who=one.author or (shelf.fill("{committee}") if shelf.village else shelf.town.name),
        date=one.date,
        signed=one.signed != "无",
        sealed=one.sealed != "无",
        signature=unsound.get(one.path),
        lost=lost.get(one.name, ""),
        photo=dossier.is_photo(one.name),
    )


def _is(one: Attachment, rule: DocumentRule) -> bool:
    """Tell whether an attachment is the paper a rule asks for."""
    if one.kind:
        return one.kind in (rule.id, rule.kind, rule.name)
    return rule.name in one.title


def _who(rule: DocumentRule, shelf: Shelf) -> str:
    """Return the organ that owes a paper, and the posts that sign it there."""
    _, row = shelf.rows[rule.level]
    posts = dict.fromkeys(one.post for one in rule.signers if one.post and row.fits(one.where))
    return f"{author(rule, shelf)} {'、'.join(posts)}".strip()


def _lost(history: History | None, shelf: Shelf, own: Sequence[Attachment]) -> dict[str, str]:
    """Return why attachments can't be bound: gone, or refused when they were last taken in."""
    why = {one.name: "清单里有，文件夹里没有" for one in own if not one.path.is_file()}
    if history is not None:
        names = {attached.document_of(shelf, one): one.name for one in own}
        for document, version in history.latest(names).items():
            said = history.context(version)
            if said["missing"]:
                why.setdefault(names[document], said["note"].removeprefix("缺件："))
    return why
