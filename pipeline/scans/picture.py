"""Pictures of pages for people: a thumbnail for the inbox, and the signed paper as one PDF."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import numpy as np
import pikepdf
import pypdfium2
from pikepdf import Dictionary, Name
from PIL import Image, ImageFilter

from pipeline.fonts.unseen import FONT, draw_words, words_of
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
    """Return the printed PDF with each page replaced by its scan; its words stay, unseen.

    What else belongs to the file stays too: colour profile, metadata, and so PDF/A.

    Args:
        printed: the version that was printed.
        scans: one JPEG for each page, from `upright`.
    """
    with pypdfium2.PdfDocument(printed) as document:
        words = [words_of(page) for page in document]
    with pikepdf.open(BytesIO(printed)) as book:
        boxes = [tuple(float(value) for value in page.mediabox) for page in book.pages]
        places = [(x0, y0, x1 - x0, y1 - y0) for x0, y0, x1, y1 in boxes]
        font, layers = draw_words(book, list(zip(words, places, strict=True)))
        for page, data, layer, (x, y, across, up) in zip(
            book.pages, scans, layers, places, strict=True
        ):
            _drop(page.obj, "/StructParents", "/Tabs", "/PieceInfo", "/Group")
            for annotation in page.obj.get("/Annots", ()):
                _drop(annotation, "/StructParent")
            page.obj.Resources = Dictionary(
                XObject=Dictionary(Scan=_image(book, data)), Font=Dictionary({FONT: font})
            )
            box = f"{across:.3f} 0 0 {up:.3f} {x:.3f} {y:.3f}"
            drawing = f"q {box} cm /Scan Do Q\n".encode("ascii")
            page.obj.Contents = book.make_stream(drawing + layer)
        _drop(book.Root, "/StructTreeRoot", "/MarkInfo")
        stream = BytesIO()
        book.save(
            stream,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return stream.getvalue()


def _drop(holder: pikepdf.Object, *keys: str) -> None:
    for key in keys:
        if key in holder:
            del holder[key]


def _image(book: pikepdf.Pdf, data: bytes) -> pikepdf.Stream:
    with Image.open(BytesIO(data)) as picture:
        space = Name.DeviceGray if picture.mode == "L" else Name.DeviceRGB
        width, height = picture.size
    return book.make_stream(
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


def _jpeg(picture: Image.Image) -> bytes:
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=_QUALITY, optimize=True, dpi=(_DPI, _DPI))
    return stream.getvalue()
