"""Pictures of pages for people: a thumbnail for the inbox, and the signed paper as one PDF."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import numpy as np
import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image, ImageFilter

from pipeline.scans.align import Figures, warped
from pipeline.scans.printed import MM

_DPI = 200
_QUALITY = 70
_THUMBNAIL = (480, 680)
_LOOK = (420, 594)
_DARKER = 45
_SPECK = 0.0004
"""Part of a page that is darker than its surroundings when something is written on it."""


def is_blank(picture: Image.Image) -> bool:
    """Tell whether nothing is on a page: shadows, grain and the sheet's own edge are nothing."""
    small = picture.convert("L").resize(_LOOK, Image.Resampling.BOX)
    around = small.filter(ImageFilter.BoxBlur(12))
    darker = np.asarray(around, np.int16) - np.asarray(small, np.int16) > _DARKER
    margin_x, margin_y = _LOOK[0] // 20, _LOOK[1] // 20
    return bool(darker[margin_y:-margin_y, margin_x:-margin_x].mean() < _SPECK)


def thumbnail(picture: Image.Image) -> bytes:
    """Return a small JPEG."""
    small = picture.copy()
    small.thumbnail(_THUMBNAIL)
    return _jpeg(small)


def upright(picture: Image.Image, matrix: Figures, size: tuple[float, float]) -> bytes:
    """Return a page as it was printed, turned and straightened, as JPEG at 200 dpi.

    Args:
        picture: the scan.
        matrix: from millimetres of the page to pixels of the scan.
        size: of the page, millimetres.
    """
    pixels = (round(size[0] * _DPI / MM), round(size[1] * _DPI / MM))
    return _jpeg(warped(picture, matrix, pixels, _DPI))


def assemble(printed: bytes, scans: Sequence[bytes]) -> bytes:
    """Return the printed PDF with each page covered by its scan: its text can still be searched.

    Args:
        printed: the version that was printed.
        scans: one JPEG for each page, from `upright`.
    """
    with pikepdf.open(BytesIO(printed)) as book:
        for number, (page, data) in enumerate(zip(book.pages, scans, strict=True), start=1):
            x0, y0, x1, y1 = (float(value) for value in page.mediabox)
            with Image.open(BytesIO(data)) as picture:
                space = Name.DeviceGray if picture.mode == "L" else Name.DeviceRGB
                width, height = picture.size
            scan = book.make_stream(
                data,
                Dictionary(
                    Type=Name.XObject,
                    Subtype=Name.Image,
                    Width=width,
                    Height=height,
                    ColorSpace=space,
                    BitsPerComponent=8,
                    Filter=Name.DCTDecode,
                ),
            )
            # Pages of one file may share their resources, so each scan has a name of its own.
            page.add_resource(scan, Name.XObject, Name(f"/JZScan{number}"))
            page.contents_add(b"q", prepend=True)
            box = f"{x1 - x0:.3f} 0 0 {y1 - y0:.3f} {x0:.3f} {y0:.3f}"
            page.contents_add(
                f"Q\n/Artifact BMC q {box} cm /JZScan{number} Do Q EMC".encode("ascii")
            )
        stream = BytesIO()
        book.save(
            stream,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return stream.getvalue()


def _jpeg(picture: Image.Image) -> bytes:
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=_QUALITY, dpi=(_DPI, _DPI))
    return stream.getvalue()
