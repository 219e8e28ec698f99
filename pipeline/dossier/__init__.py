"""Recorded PDFs and their front matter enter, one bound and rechecked file leaves.

Owns how a dossier is put together: page numbers, bookmarks, labels, links, shared fonts.
"""

from __future__ import annotations

from pipeline.dossier.attachments import CLASSES, find_attachments, folders_apart, is_photo
from pipeline.dossier.bind import bind
from pipeline.dossier.catalogue import catalogue, page_count
from pipeline.dossier.collate import collate
from pipeline.dossier.complete import Held, Slot, gaps
from pipeline.dossier.foreign import TakenIn, take_in
from pipeline.dossier.recheck import recheck
from pipeline.dossier.signature import Signature, may_be_signed, signature_of

BINDING = 3
"""Raised when the same parts would be bound to other bytes than before."""

__all__ = [
    "BINDING",
    "CLASSES",
    "Held",
    "Signature",
    "Slot",
    "TakenIn",
    "bind",
    "catalogue",
    "collate",
    "find_attachments",
    "folders_apart",
    "gaps",
    "is_photo",
    "may_be_signed",
    "page_count",
    "recheck",
    "signature_of",
    "take_in",
]
