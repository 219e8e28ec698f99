"""A page as it was printed: what a scan of it is held against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image

from pipeline.model import Box, BoxUse, SignBox
from pipeline.scans.codes import Corner, find_codes

MM = 25.4
_OPEN = 8
"""Versions held open at a time."""
_CODE_DPI = 200
_FOOT = 0.8
"""Part of a page's height below which its code stands."""
_POINT = MM / 72


@dataclass(frozen=True)
class Printed:
    """One page of a version: `version` is its manifest digest, `number` the page, from 1."""

    version: str
    number: int
    pdf: bytes
    boxes: tuple[SignBox, ...]

    @cached_property
    def size(self) -> tuple[float, float]:
        """Return width and height, millimetres."""
        width, height = self._page.get_size()
        return width * _POINT, height * _POINT

    def drawn(self, dpi: float, *, above: float = 0.0) -> Image.Image:
        """Return the page in grey, without the part of its height that lies above."""
        page = self._page
        crop = (0, 0, 0, page.get_height() * above)
        return page.render(scale=dpi / 72, grayscale=True, crop=crop).to_pil()  # type: ignore[no-any-return]

    @cached_property
    def corners(self) -> tuple[Corner, ...]:
        """Return the corners of its code in millimetres; nothing where it has none at its foot."""
        page = self.drawn(_CODE_DPI, above=_FOOT)
        cut = round(self.size[1] * _CODE_DPI / MM) - page.height
        found = next((one for one in find_codes(page) if one.ours), None)
        scale = MM / _CODE_DPI
        return tuple((x * scale, (y + cut) * scale) for x, y in found.corners) if found else ()

    @cached_property
    def places(self) -> tuple[tuple[BoxUse, Box], ...]:
        """Return the boxes to sign, stamp and date on this page, by the words they stand at."""
        page = self._page
        return tuple((sign.use, place) for sign in self.boxes for place in _places(page, sign))

    @cached_property
    def _page(self) -> Any:
        return _opened(self.pdf)[self.number - 1]


@lru_cache(_OPEN)
def _opened(pdf: bytes) -> Any:
    """Open a version once for all its pages: its fonts are what takes time."""
    return pypdfium2.PdfDocument(pdf)


def _places(page: Any, sign: SignBox) -> Iterator[Box]:
    words = page.get_textpage()
    height = page.get_height()
    search = words.search(sign.at, match_case=True)
    while (hit := search.get_next()) is not None:
        _, bottom, right, top = words.get_charbox(hit[0] + hit[1] - 1, loose=True)
        x, y = right * _POINT, (height - (bottom + top) / 2) * _POINT
        before, above, after, below = sign.box
        yield Box(x + before, y + above, x + after, y + below)


def grey(picture: Image.Image) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return a grey picture as figures from 0 to 255."""
    return np.asarray(picture, dtype=np.float32)
