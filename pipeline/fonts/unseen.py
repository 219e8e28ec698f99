"""Words behind a picture of a page: nobody sees them, but the page can be searched.

Where each word stands is told in parts of the picture, so that it doesn't matter how large the
picture is drawn.
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from math import ceil
from typing import TypeAlias

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pikepdf import Array, Dictionary, Name
from PIL import Image

FONT = "/Unseen"
"""Its name in the resources of a page."""

_GRAIN = 1_000_000
"""Steps of a page's side in which pdfium, which counts in whole ones, says where something is."""
_MOST_SIGNS = 20_000
"""Of one page; a page of a newspaper has half as many."""
_NO_WORD = frozenset({"Cc", "Cs", "Co", "Cn"})
"""Categories of Unicode that are no text: controls, halves, private, unknown."""
_NEVER = frozenset("\ufeff\ufffe\ufffd")
_GAP = 1.2
"""Of a sign's height: a wider gap begins another word."""
_CONTRAST = 32
"""Of 255: between a sign that can be read and what it stands on."""
_CHUNK = 100
"""Lines of one section of a character map, at most (Adobe 5014)."""


Box: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, width and height, in points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Text in one line; its box in parts of the page as it is looked at, from the lower left."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


def words_of(page: pypdfium2.PdfPage, shown: Image.Image | None = None) -> list[Words]:
    """Return the words of a page of a PDF, in the order they are drawn.

    Args:
        page: The page.
        shown: Its picture, if what nobody sees on it shall be left out: under a black bar, or
            white on white.
    """
    grey = shown.convert("L") if shown else None
    found: list[Words] = []
    apart = True
    for sign in _signs(page):
        if sign is None or (grey and not _visible(sign, grey)):
            apart = True
        elif apart or not _follows(found[-1], sign):
            found.append(sign)
            apart = False
        else:
            found[-1] = _joined(found[-1], sign)
    return found


def draw_words(
    book: pikepdf.Pdf, pages: Sequence[tuple[Sequence[Words], Box]]
) -> tuple[pikepdf.Object, list[bytes]]:
    """Make the font of the unseen, and the operators that write the words of each page.

    Args:
        book: the file it is for.
        pages: for each page its words, and where its picture lies.

    Returns:
        The font, to be named `FONT` in the resources of each page; the operators of each.
    """
    signs = sorted({sign for words, _ in pages for one in words for sign in one.text})
    number = {sign: place for place, sign in enumerate(signs, start=1)}

    def operators(words: Sequence[Words], box: Box) -> bytes:
        lines = [f"BT 3 Tr {FONT} 1 Tf"]
        for one in words:
            code = "".join(f"{number[sign]:04X}" for sign in one.text)
            across = (one.right - one.left) * box[2] / len(one.text)
            up = (one.top - one.bottom) * box[3]
            x, y = box[0] + one.left * box[2], box[1] + one.bottom * box[3]
            lines.append(f"{across:.3f} 0 0 {up:.3f} {x:.2f} {y:.2f} Tm <{code}> Tj")
        return "\n".join((*lines, "ET")).encode("ascii") if words else b""

    return _font(book, signs), [operators(words, box) for words, box in pages]


def _signs(page: pypdfium2.PdfPage) -> Iterator[Words | None]:
    """Yield each sign that is text and stands on the page; None where there is a space."""
    text = page.get_textpage()
    x, y = ctypes.c_int(), ctypes.c_int()

    def seen(across: float, up: float) -> tuple[float, float]:
        pdfium.FPDF_PageToDevice(page, 0, 0, _GRAIN, _GRAIN, 0, across, up, x, y)
        return x.value / _GRAIN, 1 - y.value / _GRAIN

    high = ""
    for place in range(min(text.count_chars(), _MOST_SIGNS)):
        sign = chr(pdfium.FPDFText_GetUnicode(text, place))
        if "\ud800" <= sign < "\udc00":
            high = sign
            continue
        if high:  # the two halves of a rare character
            whole = (high + sign).encode("utf-16", "surrogatepass")
            sign, high = whole.decode("utf-16", "replace")[0], ""
        if sign.isspace():
            yield None
            continue
        if unicodedata.category(sign) in _NO_WORD or sign in _NEVER:
            continue
        left, bottom, right, top = text.get_charbox(place, loose=True)
        (x0, y0), (x1, y1) = seen(left, bottom), seen(right, top)
        x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
        if 0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1:
            yield Words(text=sign, left=x0, bottom=y0, right=x1, top=y1)


def _visible(sign: Words, grey: Image.Image) -> bool:
    """Tell whether there is anything but one even colour where a sign should be."""
    wide, high = grey.size
    left, right = int(sign.left * wide), ceil(sign.right * wide)
    top, bottom = int((1 - sign.top) * high), ceil((1 - sign.bottom) * high)
    dots = grey.crop((left, top, right, bottom)).histogram()
    tones = [tone for tone, number in enumerate(dots) if number]
    return tones[-1] - tones[0] >= _CONTRAST


def _follows(words: Words, sign: Words) -> bool:
    """Tell whether a sign stands to the right of words, in their line and close to them."""
    middle = (sign.bottom + sign.top) / 2
    each = (words.right - words.left) / len(words.text)
    gap = sign.left - words.right
    return words.bottom < middle < words.top and -each / 2 < gap < each * _GAP


def _joined(words: Words, sign: Words) -> Words:
    return Words(
        text=words.text + sign.text,
        left=words.left,
        bottom=min(words.bottom, sign.bottom),
        right=sign.right,
        top=max(words.top, sign.top),
    )


def _font(book: pikepdf.Pdf, signs: Sequence[str]) -> pikepdf.Object:
    """Make a font whose every sign is one empty square, and that knows what each one means."""
    name = Name("/JZWORD+Unseen")
    data = _empty()
    descriptor = book.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            Flags=4,
            FontBBox=Array([0, 0, 1000, 1000]),
            ItalicAngle=0,
            Ascent=1000,
            Descent=0,
            CapHeight=1000,
            StemV=80,
            FontFile2=book.make_stream(data, Length1=len(data)),
        )
    )
    below = book.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=name,
            CIDSystemInfo=Dictionary(
                Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
            ),
            CIDToGIDMap=book.make_stream(b"\0\1" * (len(signs) + 1)),
            DW=1000,
            FontDescriptor=descriptor,
        )
    )
    return book.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([below]),
            ToUnicode=book.make_stream(_meanings(signs)),
        )
    )


def _meanings(signs: Sequence[str]) -> bytes:
    """Write the character map from numbers, counted from 1, to Unicode."""
    lines = [
        f"<{number:04X}> <{sign.encode('utf-16-be').hex().upper()}>"
        for number, sign in enumerate(signs, start=1)
    ]
    chunks = [lines[start : start + _CHUNK] for start in range(0, len(lines), _CHUNK)]
    sections = [f"{len(each)} beginbfchar\n" + "\n".join(each) + "\nendbfchar" for each in chunks]
    return "\n".join(
        (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange",
            *sections,
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        )
    ).encode("ascii")


@cache
def _empty() -> bytes:
    """Build a TrueType font of one empty sign as wide as it is high."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "unseen"])
    builder.setupCharacterMap({0x20: "unseen"})
    builder.setupGlyf({name: TTGlyphPen(None).glyph() for name in (".notdef", "unseen")})
    builder.setupHorizontalMetrics(dict.fromkeys((".notdef", "unseen"), (1000, 0)))
    builder.setupHorizontalHeader(ascent=1000, descent=0)
    builder.setupPost()
    builder.updateHead(created=0, modified=0)
    builder.font.recalcTimestamp = False
    stream = BytesIO()
    builder.save(stream)
    return stream.getvalue()
