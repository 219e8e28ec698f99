"""The pages of two finished papers side by side."""

from __future__ import annotations

import io
import time
from itertools import zip_longest
from typing import TYPE_CHECKING

import pypdfium2

from pipeline.errors import OutputError

if TYPE_CHECKING:
    # Loaded where pages are drawn: who only reads words need not wait for it.
    from PIL import Image

_NO_DAY = time.gmtime(0)
_SCALE = 100 / 72
_DARK = 160
"""Grey below which a pixel counts as ink."""


def side_by_side(old: bytes, new: bytes, *, ending: str) -> bytes:
    """Draw the pages of two PDFs: the old one, the new one, and both laid over each other.

    In the overlay what only the old page has is red, what only the new one has is blue.

    Args:
        old: a PDF.
        new: another.
        ending: `pdf`, a sheet for each page; or `png`, all sheets one below the other.

    Raises:
        OutputError: for another ending.
    """
    if ending not in ("pdf", "png"):
        raise OutputError(f"不会画 .{ending} 文件", todo="用 .pdf 或 .png")
    from PIL import Image

    sheets = [_sheet(a, b) for a, b in zip_longest(_pages(old), _pages(new), fillvalue=None)]
    out = io.BytesIO()
    if ending == "pdf":
        first, *rest = sheets
        first.save(
            out,
            "PDF",
            save_all=True,
            append_images=rest,
            resolution=100,
            creationDate=_NO_DAY,
            modDate=_NO_DAY,
        )
        return out.getvalue()
    tall = Image.new(
        "RGB", (max(one.width for one in sheets), sum(one.height for one in sheets)), "white"
    )
    top = 0
    for one in sheets:
        tall.paste(one, (0, top))
        top += one.height
    tall.save(out, "PNG")
    return out.getvalue()


def _pages(pdf: bytes) -> list[Image.Image]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=_SCALE).to_pil().convert("L") for page in document]


def _sheet(old: Image.Image | None, new: Image.Image | None) -> Image.Image:
    import numpy as np
    from PIL import Image

    width = max(one.width for one in (old, new) if one is not None)
    height = max(one.height for one in (old, new) if one is not None)
    grey = [_on(one, width, height) for one in (old, new)]
    inks = [np.asarray(one) < _DARK for one in grey]
    both = np.full((height, width, 3), 255, np.uint8)
    both[inks[0] & inks[1]] = (150, 150, 150)
    both[inks[0] & ~inks[1]] = (200, 0, 0)
    both[inks[1] & ~inks[0]] = (0, 70, 220)
    sheet = Image.new("RGB", (width * 3, height), "white")
    for place, picture in enumerate((*grey, Image.fromarray(both))):
        sheet.paste(picture.convert("RGB"), (place * width, 0))
    return sheet


def _on(page: Image.Image | None, width: int, height: int) -> Image.Image:
    """Lay a page on a white sheet of a size; a missing page is a white sheet."""
    from PIL import Image

    sheet = Image.new("L", (width, height), 255)
    if page is not None:
        sheet.paste(page, (0, 0))
    return sheet
