"""The doors of the room: read pages of a file, lay one that a person named, make the signed PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from pipeline.model import ScannedPage
from pipeline.scans.align import Figures, Laid, follow, lay, sheet
from pipeline.scans.codes import find_codes, search_codes
from pipeline.scans.ink import inked
from pipeline.scans.open import open_pages
from pipeline.scans.picture import assemble, is_blank, thumbnail, upright
from pipeline.scans.printed import Printed

ALIKE = 35
"""Likeness from which a page is the one that was printed. Others come to 20 at most."""

Ask = Callable[[str], Printed | None]


def read_pages(path: Path, numbers: Sequence[int], ask: Ask) -> list[ScannedPage]:
    """Read pages of a file of scans.

    Args:
        path: PDF, TIFF, JPEG, PNG or HEIC.
        numbers: from 1.
        ask: which printed page a code stands for, None for a code that was never given out.

    Raises:
        PaperError: when the file can't be read.
    """
    return [_understood(number, picture, ask) for number, picture in open_pages(path, numbers)]


def _understood(number: int, picture: Image.Image, ask: Ask) -> ScannedPage:
    found = find_codes(picture)
    if not found and is_blank(picture):
        return ScannedPage(number=number, status="blank")
    if not any(one.ours for one in found):
        found = search_codes(picture) or found
    ours = {one.text: one for one in found if one.ours}
    if not ours:
        return ScannedPage(number=number, status="foreign" if found else "unread")
    if len(ours) > 1:
        return ScannedPage(number=number, status="several")
    (code,) = ours.values()
    printed = ask(code.text)
    if printed is None:
        return ScannedPage(number=number, status="foreign", code=code.text)
    laid = lay(picture, printed, code.corners)
    return replace(_filed(number, picture, printed, laid), code=code.text)


def _filed(number: int, picture: Image.Image, printed: Printed, laid: Laid) -> ScannedPage:
    if laid.likeness < ALIKE:
        return ScannedPage(
            number=number,
            status="different",
            version=printed.version,
            page=printed.number,
            likeness=laid.likeness,
        )
    return ScannedPage(
        number=number,
        status="filed",
        version=printed.version,
        page=printed.number,
        likeness=laid.likeness,
        boxes=inked(picture, printed, laid.matrix),
        place=tuple(f"{value:.9g}" for value in laid.matrix.reshape(9)[:8]),
    )


def place_page(path: Path, number: int, pages: Sequence[Printed]) -> ScannedPage | None:
    """Lay a page without a code over each of the printed pages a person named, either way up.

    Returns:
        The page as the one it is most like; None where it is like none of them.

    Raises:
        PaperError: when the file can't be read.
    """
    ((_, picture),) = open_pages(path, [number])
    tries = [
        (follow(picture, printed, sheet(picture, printed, quarter)), printed)
        for printed in pages
        for quarter in range(4)
    ]
    laid, printed = max(tries, key=lambda one: one[0].likeness)
    page = _filed(number, picture, printed, laid)
    return page if page.status == "filed" else None


def signed_pdf(printed: Printed, pages: Mapping[int, tuple[Path, ScannedPage]]) -> bytes:
    """Return a version as it came back: every page upright, with the printed words behind it.

    Args:
        printed: any page of the version.
        pages: number of each page to the file and the page of it that shows it.

    Raises:
        PaperError: when a file can't be read.
    """
    scans = [_upright(*pages[number], _page_of(printed, number)) for number in sorted(pages)]
    return assemble(printed.pdf, scans)


def _page_of(printed: Printed, number: int) -> Printed:
    """Return another page of the same version."""
    return Printed(printed.version, number, printed.pdf, printed.boxes)


def _upright(path: Path, page: ScannedPage, printed: Printed) -> bytes:
    ((_, picture),) = open_pages(path, [page.number])
    matrix: Figures = (
        np.array([*map(float, page.place), 1.0]).reshape(3, 3)
        if page.place
        else sheet(picture, printed, 0)
    )
    return upright(picture, matrix, printed.size)


def thumbnails(path: Path, numbers: Sequence[int]) -> Iterator[bytes]:
    """Yield a small JPEG of each of the pages.

    Raises:
        PaperError: when the file can't be read.
    """
    for _, picture in open_pages(path, numbers):
        yield thumbnail(picture)
