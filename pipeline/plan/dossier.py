"""Which dossiers there are, which papers belong in each, and what their front and back say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

from pipeline import files
from pipeline.model import (
    CatalogueEntry,
    DocumentRule,
    Level,
    Record,
    Roster,
    Scheme,
    Subject,
    Town,
    Village,
)
from pipeline.plan.planned import counties_above, document_id, periods_of
from pipeline.plan.view import committee, county_of, government

ShelfLevel: TypeAlias = Literal["village", "town", "household", "project"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One dossier to be: whose it is, and where its papers are looked for."""

    subject: Subject
    town: Town
    village: Village | None
    county: str
    places: tuple[str, ...]
    """Folders below 内部 in the outputs."""
    rows: Mapping[Level, tuple[Subject, Record]]
    """Whose papers belong in it: its own, and for a village those of its town."""
    folders: tuple[tuple[str, ...], ...]
    """Where its attachments may lie below `attachments`: by name, or by code."""

    @property
    def place(self) -> str:
        """What stands after the town in its title."""
        village = self.village.name if self.village else ""
        return {
            "household": f"{village}{self.subject.name}户",
            "project": f"{village}{self.subject.name.removeprefix(village)}",
        }.get(self.subject.level, village)

    def fill(self, words: str) -> str:
        """Put the names of a dossier's places into `{town}` and the like, as papers do."""
        village = self.village
        names = {
            "county": self.county,
            "town": self.town.name,
            "village": village.name if village else "",
            "committee": committee(village.name) if village else "",
            "government": government(self.town.name),
            "unit": village.unit if village else "",
        }
        for name, word in names.items():
            words = words.replace(f"{{{name}}}", word)
        return words


def shelves(scheme: Scheme, roster: Roster, level: ShelfLevel) -> Iterator[Shelf]:
    """Yield the dossiers of a level, town by town."""
    for town in roster.towns:
        places = (*counties_above(town, scheme), town.name)
        own = Subject(level="town", code=town.code, name=town.name)
        by_town = ((files.safe_name(town.name),), (town.code,))
        if level == "town":
            yield Shelf(
                subject=own,
                town=town,
                village=None,
                county=county_of(town, scheme),
                places=places,
                rows={"town": (own, town)},
                folders=by_town,
            )
            continue
        for village in roster.villages_of.get(town.code, ()):
            yield from _in_village(scheme, roster, level, town, village, places)


def _in_village(
    scheme: Scheme,
    roster: Roster,
    level: ShelfLevel,
    town: Town,
    village: Village,
    above: tuple[str, ...],
) -> Iterator[Shelf]:
    places = (*above, village.name)
    folders = tuple(
        (files.safe_name(of), files.safe_name(own))
        for of in (town.name, town.code)
        for own in (village.name, village.code)
    )
    of_town = Subject(level="town", code=town.code, name=town.name)
    own = Subject(level="village", code=village.code, name=village.name)
    if level == "village":
        yield Shelf(
            subject=own,
            town=town,
            village=village,
            county=county_of(town, scheme),
            places=places,
            rows={"town": (of_town, town), "village": (own, village)},
            folders=folders,
        )
        return
    rows: Sequence[tuple[Subject, Record]] = (
        [
            (Subject(level=level, code=row.code, name=row.head), row)
            for row in roster.households_of.get(village.code, ())
        ]
        if level == "household"
        else [
            (Subject(level=level, code=row.code, name=row.name), row)
            for row in roster.projects_of.get(village.code, ())
        ]
    )
    for subject, row in rows:
        below = (APART[level], files.safe_name(subject.code))
        yield Shelf(
            subject=subject,
            town=town,
            village=village,
            county=county_of(town, scheme),
            places=(*places, *below),
            rows={level: (subject, row)},
            folders=tuple((*folder, *below) for folder in folders),
        )


APART: Mapping[str, str] = {"household": "户", "project": "项目"}
"""Folders in a village's attachments that hold the dossiers of its households and projects."""


def shelved(scheme: Scheme, shelf: Shelf, as_of: date) -> Iterator[tuple[DocumentRule, str]]:
    """Yield each paper the scheme files in this dossier, with its document id, as listed there."""
    for rule in scheme.document:
        found = shelf.rows.get(rule.level)
        if not rule.dossier or found is None or not found[1].fits(rule.where):
            continue
        for period in periods_of(rule, scheme, as_of):
            yield rule, document_id(rule, found[0], period)


def dossier_title(scheme: Scheme, shelf: Shelf) -> str:
    """Return the 题名 of a dossier: 责任者 + 问题 + 文种 (GB/T 9705)."""
    place = f"{scheme.area.name}{shelf.town.name}{shelf.place}"
    return f"{place}{scheme.year}年{scheme.archive.subject}卷宗"


def dossier_context(
    scheme: Scheme, shelf: Shelf, entries: Sequence[CatalogueEntry], *, draft: bool, head: str
) -> dict[str, Any]:
    """Return the context of the cover, the 卷内文件目录 and the 备考表.

    Args:
        scheme: whose archive it is.
        shelf: whose dossier it is.
        entries: the lines of the catalogue.
        draft: it holds a paper that is not issued (工作卷).
        head: digest of the newest event of the log, printed on an issued dossier.
    """
    archive = scheme.archive
    return {
        "scheme": {"sample": scheme.sample},
        "subject": {"name": shelf.place, "town": shelf.town.name, "county": scheme.area.name},
        "dossier": {
            "title": dossier_title(scheme, shelf),
            "draft": draft,
            "archive": {
                "fonds": archive.fonds,
                "year": archive.year,
                "retention": archive.retention,
                "category": archive.category,
                "number": f"{archive.category}·{archive.year}-{shelf.subject.code}",
            },
            "pages": sum(entry.pages for entry in entries),
            "head": head,
            "entries": [
                {
                    "order": entry.order,
                    "number": entry.number,
                    "author": entry.author,
                    "title": entry.title,
                    "date": entry.date,
                    "first_page": entry.first_page,
                    "pages": entry.pages,
                    "note": entry.note,
                    "class": entry.filed,
                }
                for entry in entries
            ],
        },
    }
