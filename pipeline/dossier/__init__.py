"""Recorded PDFs and their front matter enter, one bound and rechecked file leaves.

Owns how a dossier is put together: page numbers, bookmarks, labels, links, shared fonts.
"""

from __future__ import annotations

from pipeline.dossier.bind import bind
from pipeline.dossier.catalogue import catalogue, page_count
from pipeline.dossier.collate import collate
from pipeline.dossier.recheck import recheck

BINDING = 1
"""Raised when the same parts would be bound to other bytes than before."""

__all__ = ["BINDING", "bind", "catalogue", "collate", "page_count", "recheck"]
