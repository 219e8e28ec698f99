"""Pages that are pictures: an office's photos, and foreign pages that can't stay as they are.

Every page made here is PDF/A-2u: one JPEG in grey or sRGB, unseen words, and nothing else.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageChops, ImageFile, ImageOps, UnidentifiedImageError

from pipeline.dossier.archival import declare
from pipeline.errors import PaperError
from pipeline.fonts.unseen import FONT, Box, Words, draw_words

DPI = 200
A4 = (595.276, 841.89)
MARGIN = 20 * 72 / 25.4
"""Around a photo, in points: clear of the page number and the binding edge."""
_LONG = round(A4[1] / 72 * DPI)
"""Pixels of a page's long side."""
_MOST_PIXELS = 200_000_000
"""Of a picture that can only be unpacked whole: 600 MB in colour."""
_FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "WEBP", "HEIF")
_MOST_FRAMES = 500
_QUALITY = 80
_WHITE = 250


def is_picture(data: bytes) -> bool:
    """Tell a picture from other files by its bytes; what its name says doesn't count."""
    try:
        with _open(data):
            return True
    except PaperError:
        return False


def photos(data: bytes) -> Iterator[Image.Image]:
    """Yield the picture in a file, or each of its pages, upright and no larger than a page needs.

    Raises:
        PaperError: when it is damaged, or larger than can be unpacked.
    """
    with _open(data) as picture:
        count = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
        if count > _MOST_FRAMES:
            raise PaperError(f"图像多于 {_MOST_FRAMES} 页")
        for number in range(count):
            picture.seek(number)
            picture.draft("RGB", (_LONG, _LONG))  # a JPEG is unpacked at a fraction of its size
            if picture.width * picture.height > _MOST_PIXELS:
                raise PaperError(f"图像太大（{picture.width}×{picture.height} 点）")
            yield flat(_upright(picture))


def _upright(picture: Image.Image) -> Image.Image:
    # WeasyPrint tells Pillow to fill what is cut off with grey; here half a photo is no photo.
    lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((_LONG, _LONG))
        return upright
    except (OSError, ValueError, SyntaxError) as error:
        raise PaperError("图像已损坏") from error
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictured:
    """A picture, and the sheet it is put on."""

    image: Image.Image
    size: tuple[float, float]
    """Width and height of the sheet, in points."""
    words: Sequence[Words] = ()
    """What can be read on it."""


def pages(pictures: Iterable[Pictured], *, margin: float = 0) -> tuple[bytes, int]:
    """Put pictures on pages of their own, words that can be searched behind them.

    Args:
        pictures: taken one at a time, so that many don't fill the memory.
        margin: around each picture, in points.

    Returns:
        The PDF, and how many pages it has.
    """
    with pikepdf.new() as pdf:
        drawn = [(one.words, _draw(pdf, one, margin)) for one in pictures]
        font, layers = draw_words(pdf, drawn)
        for page, layer in zip(pdf.pages, layers, strict=True):
            if layer:
                page.obj.Resources.Font = Dictionary({FONT: font})
                page.contents_add(layer)
        declare(pdf, "2u", "附件", "", "")
        stream = BytesIO()
        pdf.save(stream, deterministic_id=True)
        return stream.getvalue(), len(pdf.pages)


def blank(picture: Image.Image) -> bool:
    """Tell whether a page shows nothing."""
    lowest, _ = picture.convert("L").getextrema()
    return isinstance(lowest, int | float) and lowest >= _WHITE


@cache
def _know_heic() -> None:
    import pi_heif

    pi_heif.register_heif_opener()


def _open(data: bytes) -> Image.Image:
    _know_heic()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # sizes are ours to judge; the rest of TIFF is a jungle
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            return Image.open(BytesIO(data), formats=_FORMATS)
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
            raise PaperError("不是图像，或已损坏") from error
        finally:
            Image.MAX_IMAGE_PIXELS = limit


def flat(picture: Image.Image) -> Image.Image:
    """Lay a picture on white, in grey if it has no colour."""
    if picture.mode in ("1", "L", "I", "I;16", "F"):
        return picture.convert("L")
    if picture.has_transparency_data:
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture.convert("RGBA"))
    coloured = picture.convert("RGB")
    red, green, blue = coloured.split()
    same = all(ImageChops.difference(red, other).getextrema() == (0, 0) for other in (green, blue))
    return red if same else coloured


def _draw(pdf: pikepdf.Pdf, one: Pictured, margin: float) -> Box:
    """Put a picture on a page of its own; return where it lies."""
    picture, (wide, high) = one.image, one.size
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=_QUALITY)
    image = pdf.make_stream(
        stream.getvalue(),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=picture.width,
        Height=picture.height,
        BitsPerComponent=8,
        ColorSpace=Name.DeviceGray if picture.mode == "L" else Name.DeviceRGB,
        Filter=Name.DCTDecode,
    )
    room = (wide - 2 * margin, high - 2 * margin)
    scale = min(room[0] / picture.width, room[1] / picture.height)
    across, up = picture.width * scale, picture.height * scale
    left, bottom = (wide - across) / 2, (high - up) / 2
    page = pdf.add_blank_page(page_size=(wide, high))
    page.obj.MediaBox = Array([0, 0, round(wide, 3), round(high, 3)])
    page.obj.Resources = Dictionary(XObject=Dictionary(Picture=image))
    drawing = f"q {across:.3f} 0 0 {up:.3f} {left:.3f} {bottom:.3f} cm /Picture Do Q"
    page.obj.Contents = pdf.make_stream(drawing.encode("ascii"))
    return left, bottom, across, up
