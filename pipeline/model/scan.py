"""Paper that came back: what was found on each page of a file, and how a letter stands by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.model.kind import BoxUse
from pipeline.model.paper import Version

PageStatus = Literal["filed", "blank", "unread", "foreign", "several", "different"]
"""filed: belongs to a page we printed; unread: no code; foreign: a code we never gave out;
several: codes of more than one page; different: not what was printed with this code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InkBox:
    """A place to sign, stamp or date on a scanned page. Ink is all that can be said of it."""

    use: BoxUse
    ink: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedPage:
    """One page of a file of scans."""

    number: int
    """In the file, from 1."""
    status: PageStatus
    code: str = ""
    version: str = ""
    """Manifest digest of the version it belongs to."""
    page: int = 0
    """Which page of that version, from 1."""
    likeness: int = 0
    """How much it looks like the printed page, 0 to 100."""
    boxes: tuple[InkBox, ...] = ()
    place: tuple[str, ...] = ()
    """Eight figures: where a point of the printed page, in millimetres, lies on the picture."""
    assigned: str = ""
    """Who said so, for a page that was assigned by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A printed version and what has come back of it."""

    version: Version
    pages: tuple[int, ...]
    """Pages that have come back."""
    missing: tuple[int, ...]
    bare: tuple[tuple[int, BoxUse], ...]
    """Page and use of each box without ink."""
    superseded: int = 0
    """Number of the newest version, where this isn't it."""
    signed: bool = False
    """Every page is back and every box holds ink; history says so."""
    draft: bool = False
    """It was printed before it was issued."""
    fresh: bool = False
    """It became so in this run."""
