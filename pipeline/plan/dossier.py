"""What the front and back of a village's dossier say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.model import CatalogueEntry, Scheme, Town, Village


def dossier_title(scheme: Scheme, town: Town, village: Village) -> str:
    """Return the 题名 of a village's dossier: 责任者 + 问题 + 文种 (GB/T 9705)."""
    return f"{scheme.area.name}{town.name}{village.name}{scheme.year}年{scheme.archive.subject}卷宗"


def dossier_context(
    scheme: Scheme, town: Town, village: Village, entries: Sequence[CatalogueEntry], draft: bool
) -> dict[str, Any]:
    """Return the context of the cover, the 卷内文件目录 and the 备考表."""
    archive = scheme.archive
    return {
        "scheme": {"sample": scheme.sample},
        "subject": {"name": village.name, "town": town.name, "county": scheme.area.name},
        "dossier": {
            "title": dossier_title(scheme, town, village),
            "draft": draft,
            "archive": {
                "fonds": archive.fonds,
                "year": archive.year,
                "retention": archive.retention,
                "category": archive.category,
                "number": f"{archive.category}·{archive.year}-{village.code}",
            },
            "pages": sum(entry.pages for entry in entries),
            "head": "",
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
