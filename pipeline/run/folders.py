"""Which dossiers are due: the papers and attachments of each, in class order, its identity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline import dossier, files
from pipeline.history import History
from pipeline.model import CatalogueEntry, Skipped, Version
from pipeline.plan import Selection, Shelf, ShelfLevel, dossier_context, dossier_title
from pipeline.run import attached
from pipeline.run.attached import Attached
from pipeline.run.papers import DOSSIER, digests
from pipeline.run.shelf import Content, Paper, author, contents, shelves_asked
from pipeline.run.survey import Survey

_FILE = "卷宗.pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A dossier to be: what goes into it, its catalogue and its identity."""

    content: Content
    entries: tuple[CatalogueEntry, ...]
    digest: str
    title: str
    path: str

    @property
    def document(self) -> str:
        """The dossier as a document of history."""
        return f"{DOSSIER}/{self.content.shelf.subject.code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """The plan of a run of binding."""

    due: tuple[Folder, ...]
    kept: tuple[tuple[Folder, Version], ...]
    """Whose newest version holds just these parts."""
    skipped: tuple[Skipped, ...]


def dossier_subjects(survey: Survey, selection: Selection, level: ShelfLevel) -> set[str]:
    """Return the codes of the subjects whose dossiers were asked for."""
    return {shelf.subject.code for shelf in shelves_asked(survey, selection, level)}


def folders(
    survey: Survey,
    selection: Selection,
    history: History,
    taken: Mapping[str, Sequence[Attached]],
    *,
    level: ShelfLevel = "village",
) -> Folders:
    """Plan the dossiers of a level: only from recorded papers. Writes nothing.

    Args:
        survey: scheme and rosters.
        selection: which dossiers.
        history: what was recorded.
        taken: the attachments by subject, see `attached.take_in`.
        level: one dossier for each of these.
    """
    made = digests(survey)
    asked = shelves_asked(survey, selection, level)
    every = contents(survey, asked, taken, history)
    filled = [content for content in every if content.items]
    empty = [content for content in every if not content.items]
    template, engine = made.template[DOSSIER], made.engine["html"]
    planned = [_folder(survey, content, template, engine) for content in filled]
    newest = history.latest([folder.document for folder in planned])
    holds = {name: version.digest for name, version in newest.items()}
    return Folders(
        due=tuple(one for one in planned if holds.get(one.document) != one.digest),
        kept=tuple(
            (one, newest[one.document]) for one in planned if holds.get(one.document) == one.digest
        ),
        skipped=(
            *attached.unbindable(one for each in taken.values() for one in each),
            *_without_papers(survey, empty, level, any_filled=bool(filled)),
        ),
    )


def _without_papers(
    survey: Survey, empty: Sequence[Content], level: ShelfLevel, *, any_filled: bool
) -> Iterator[Skipped]:
    """Report dossiers with nothing in them; of households and projects only if there are none."""
    if level in ("household", "project"):
        empty = empty[:1] if not any_filled else ()
    for content in empty:
        yield Skipped(
            document=f"{DOSSIER}/{content.shelf.subject.code}",
            title=dossier_title(survey.scheme, content.shelf),
            reason="还没有可装订的文书，请先运行 juanzong make",
        )


def _folder(survey: Survey, content: Content, template: str, engine: str) -> Folder:
    shelf = content.shelf
    entries = dossier.catalogue(_line(item, shelf) for item in content.items)
    identity = {
        "parts": [sha256(item.bound) for item in content.items],
        "attached": [item.bound.files[-1].sha256 for item in content.items if item.original],
        "context": dossier_context(survey.scheme, shelf, entries, draft=content.draft, head=""),
        "template": template,
        "engine": engine,
        "binding": dossier.BINDING,
    }
    return Folder(
        content=content,
        entries=entries,
        digest=files.digest(files.canonical(identity)),
        title=dossier_title(survey.scheme, shelf),
        path="/".join(("内部", *(files.safe_name(place) for place in shelf.places), _FILE)),
    )


def _line(item: Paper | Attached, shelf: Shelf) -> CatalogueEntry:
    if isinstance(item, Paper):
        issue = item.version.issue
        return CatalogueEntry(
            order=0,
            number=issue.number if issue else "",
            author=author(item.rule, shelf),
            title=item.version.title,
            date=f"{issue.day:%Y%m%d}" if issue else "",
            first_page=0,
            pages=item.version.pages,
            note=_standing(item),
            filed=item.rule.dossier,
        )
    one = item.attachment
    return CatalogueEntry(
        order=0,
        number=one.number,
        author=one.author,
        title=one.title,
        date=one.date,
        first_page=0,
        pages=item.version.pages,
        note="；".join(word for word in (one.note, "缺件" if item.missing else item.note) if word),
        filed=one.filed,
    )


def _standing(paper: Paper) -> str:
    """Write the 备注: a draft; the pages that came back signed, on paper or as a file."""
    words = [] if paper.issued else ["草稿"]
    if paper.signed:
        electronic = paper.signed.signature
        words.append(f"{electronic.words}，原件附后" if electronic else "签署件")
    return "；".join(words)


def sha256(version: Version) -> str:
    """Return the digest of a version's PDF."""
    return next(entry.sha256 for entry in version.files if entry.path.endswith(".pdf"))
