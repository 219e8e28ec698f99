"""The codes on a picture of a page, and where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import zxingcpp
from PIL import Image, ImageFilter

from pipeline.model import is_page_code

_STRIP = 0.16
"""Part of a picture at each edge in which a code of ours stands, whichever way it lies."""
_SMALL, _LARGE = 1900, 3000
"""Pixels of a picture's longer side: below, it is enlarged for a second look; above, shrunk."""

_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])

Corner = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A code and its corners on the picture, in pixels, from the code's own top left clockwise."""

    text: str
    corners: tuple[Corner, Corner, Corner, Corner]

    @property
    def ours(self) -> bool:
        """Tell whether it has the form of our codes."""
        return is_page_code(self.text)


def find_codes(picture: Image.Image) -> tuple[Found, ...]:
    """Return the codes on a picture as it is."""
    return _first(_plainly(picture))


def search_codes(picture: Image.Image) -> tuple[Found, ...]:
    """Return the codes on a picture that shows none of ours at first sight.

    Looked at through red (a seal over a code is white there), at twice the size, smoothed against
    noise, sharpened: only at the edges of the page, where our codes stand.
    """
    return _first(_harder(picture))


def _first(looks: Iterator[tuple[Found, ...]]) -> tuple[Found, ...]:
    """Return what the first look found that shows a code of ours, else the first to show any."""
    foreign: tuple[Found, ...] = ()
    for found in looks:
        if any(one.ours for one in found):
            return found
        foreign = foreign or found
    return foreign


def _plainly(picture: Image.Image) -> Iterator[tuple[Found, ...]]:
    grey = picture.convert("L")
    shrink = max(grey.size) // _LARGE + 1
    if shrink > 1:
        yield _read(grey.reduce(shrink), 1 / shrink, (0, 0))
    yield _read(grey, 1, (0, 0))


def _harder(picture: Image.Image) -> Iterator[tuple[Found, ...]]:
    red = picture.getchannel("R") if picture.mode == "RGB" else None
    if red is not None:
        yield _read(red, 1, (0, 0))
    for box in _edges(picture.size):
        for channel in filter(None, (picture.crop(box).convert("L"), red and red.crop(box))):
            for change in _CHANGES:
                yield _read(change(channel), change(channel).width / channel.width, box[:2])


def _larger(strip: Image.Image) -> Image.Image:
    return strip.resize((strip.width * 2, strip.height * 2), Image.Resampling.BICUBIC)


def _smoother(strip: Image.Image) -> Image.Image:
    return _larger(strip.filter(ImageFilter.GaussianBlur(0.7)))


def _sharper(strip: Image.Image) -> Image.Image:
    return _larger(strip).filter(ImageFilter.UnsharpMask(4, 250, 0))


_CHANGES: tuple[Callable[[Image.Image], Image.Image], ...] = (_larger, _smoother, _sharper)


def _edges(size: tuple[int, int]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the four edges of a picture, the foot of an upright page first."""
    width, height = size
    across, down = int(width * _STRIP), int(height * _STRIP)
    yield 0, height - down, width, height
    yield 0, 0, width, down
    yield 0, 0, across, height
    yield width - across, 0, width, height


def _read(grey: Image.Image, scale: float, origin: tuple[int, int]) -> tuple[Found, ...]:
    """Return the codes on a part of a picture, their corners on the whole of it."""
    codes = zxingcpp.read_barcodes(np.asarray(grey), formats=_QR, try_invert=False)
    x, y = origin

    def on_picture(point: zxingcpp.Point) -> Corner:
        return point.x / scale + x, point.y / scale + y

    return tuple(
        Found(
            text=code.text,
            corners=(
                on_picture(code.position.top_left),
                on_picture(code.position.top_right),
                on_picture(code.position.bottom_right),
                on_picture(code.position.bottom_left),
            ),
        )
        for code in codes
    )
