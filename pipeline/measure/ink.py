"""Ink on pixels: where a page is really dark or red. A text box holds more than its ink."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import numpy
import pypdfium2

from pipeline.measure.sheet import MM
from pipeline.model import Box

_DPI = 200
_DARK = 200
"""A channel darker than this is ink."""


class Ink:
    """The pixels of a document, drawn page by page when asked for; close it, or use `with`."""

    def __init__(self, pdf: bytes) -> None:
        self._document = pypdfium2.PdfDocument(pdf)
        self._number = 0
        self._pixels: Any = None

    def __enter__(self) -> Ink:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._document.close()

    def dark(self, page: int, box: Box) -> Box | None:
        """Return the box of the ink inside a box, None where there is none."""
        cut, origin = self._cut(page, box)
        return _extent(cut.min(axis=2) < _DARK, origin)

    def red(self, page: int, box: Box) -> Box | None:
        """Return the box of the red ink inside a box, None where there is none."""
        cut, origin = self._cut(page, box)
        red, green, blue = (cut[:, :, channel].astype(int) for channel in range(3))
        return _extent((red >= 150) & (green <= 130) & (blue <= 130), origin)

    def _cut(self, page: int, box: Box) -> tuple[Any, tuple[int, int]]:
        pixels = self._page(page)
        high, wide = pixels.shape[:2]
        scale = _DPI / 25.4
        left, right = (min(max(round(x * scale), 0), wide) for x in (box.left, box.right))
        top, bottom = (min(max(round(y * scale), 0), high) for y in (box.top, box.bottom))
        return pixels[top:bottom, left:right], (left, top)

    def _page(self, number: int) -> Any:
        if number != self._number:
            page = self._document[number - 1]
            try:
                longest = max(page.get_size()) * MM
                scale = _DPI / 72 * min(1.0, 600 / longest)  # a poster is no paper of this standard
                bitmap = page.render(scale=scale, rev_byteorder=True)
                self._pixels = bitmap.to_numpy()[:, :, :3].copy()
                self._number = number
            finally:
                page.close()
        return self._pixels


def _extent(mask: Any, origin: tuple[int, int]) -> Box | None:
    down, across = numpy.nonzero(mask)
    if not len(down):
        return None
    unit = 25.4 / _DPI
    left, top = origin
    return Box(
        (left + int(across.min())) * unit,
        (top + int(down.min())) * unit,
        (left + int(across.max()) + 1) * unit,
        (top + int(down.max()) + 1) * unit,
    )
