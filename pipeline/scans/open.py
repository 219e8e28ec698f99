"""Files as they come from a scanner or a telephone, page by page as pictures.

What a file is, its bytes say, not its name. The same bytes give the same pictures, so a point of
a picture may be remembered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageFile, ImageOps

from pipeline.errors import PaperError

_MOST_PIXELS = 400_000_000
_LONG_SIDE = 5000
"""Pixels of a picture's longer side that are looked at; 400 dpi of A4."""
_DPI = (100, 300)
_UNKNOWN_DPI = 200
"""Of a PDF page that isn't a picture."""
_MOST_POINTS = 3000
"""A page of a PDF longer than a metre is no letter; it is looked at as if it were one."""


def count_pages(path: Path) -> int:
    """Count the pages of a file of scans.

    Raises:
        PaperError: when it is none that can be read.
    """
    with _readable(path):
        if _is_pdf(path):
            with pypdfium2.PdfDocument(path) as document:
                return len(document)
        with _picture(path) as picture:
            return int(getattr(picture, "n_frames", 1))


def open_pages(path: Path, numbers: Sequence[int]) -> Iterator[tuple[int, Image.Image]]:
    """Yield pages of a file as pictures, grey or in colour.

    Args:
        path: PDF, TIFF, JPEG, PNG or HEIC.
        numbers: from 1.

    Raises:
        PaperError: when the file or a page of it can't be read.
    """
    with _readable(path):
        if _is_pdf(path):
            with pypdfium2.PdfDocument(path) as document:
                for number in numbers:
                    yield number, _drawn(document[number - 1])
            return
        with _picture(path) as picture:
            for number in numbers:
                if number > 1:
                    picture.seek(number - 1)
                yield number, _usable(picture)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    if not path.stat().st_size:
        raise PaperError("文件是空的（0 字节）")
    try:
        yield
    except pypdfium2.PdfiumError as error:
        secret = "password" in str(error).lower()
        raise PaperError("设了密码，读不出" if secret else "PDF 已损坏，读不出") from error
    except (OSError, EOFError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise PaperError("不是能读的 PDF、TIFF、JPEG、PNG 或 HEIC，或文件不完整") from error


def _is_pdf(path: Path) -> bool:
    with path.open("rb") as stream:
        return b"%PDF-" in stream.read(1024)


def _picture(path: Path) -> Image.Image:
    _know_heic()
    limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None  # ours is the limit
    try:
        picture = Image.open(path)
    finally:
        Image.MAX_IMAGE_PIXELS = limit
    if picture.width * picture.height > _MOST_PIXELS:
        picture.close()
        raise PaperError(f"图片过大：{picture.width}×{picture.height} 像素")
    return picture


@cache
def _know_heic() -> None:
    import pi_heif

    pi_heif.register_heif_opener()
    # Ours is the limit, and a page of 600 dpi in colour is no bomb.
    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS


def _usable(picture: Image.Image) -> Image.Image:
    """Turn it as its telephone held it, and take no more pixels than are of use."""
    shrink = max(picture.size) // _LONG_SIDE + (max(picture.size) % _LONG_SIDE > 0)
    grey = picture.mode in {"1", "L", "LA", "I;16"}
    # WeasyPrint tells Pillow to fill what is cut off with grey; here half a page is no page.
    lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        plain = ImageOps.exif_transpose(picture).convert("L" if grey else "RGB")
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient
    return plain.reduce(shrink) if shrink > 1 else plain


def _drawn(page: Any) -> Image.Image:
    """Draw a page of a PDF with as many pixels as its scanner took."""
    width, height = page.get_size()
    long = max(width, height, 1.0)
    dpi = _scanned_at(page, long) if long < _MOST_POINTS else _LONG_SIDE * 72 / long
    drawn = page.render(scale=dpi / 72, rev_byteorder=True).to_pil()
    return drawn if drawn.mode in {"L", "RGB"} else drawn.convert("RGB")  # type: ignore[no-any-return]


def _scanned_at(page: Any, long: float) -> float:
    pixels = [max(one.get_px_size()) for one in page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE])]
    dpi = max(pixels, default=0) * 72 / long
    return min(max(dpi, _DPI[0]), _DPI[1]) if dpi else _UNKNOWN_DPI
