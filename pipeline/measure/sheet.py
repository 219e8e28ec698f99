"""Where everything on a page lies: glyphs, rules and pictures, in millimetres from its top left.

As the page is looked at: turned pages are turned back, a crop box is the sheet, forms are unfolded.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.errors import PaperError
from pipeline.model import Box

MM = 25.4 / 72
GLYPHS = 60_000
"""Characters of one page; a page that holds more isn't a page."""
_SHAPES = 100_000
_INVISIBLE = 3
_THIN = 2.0
"""Millimetres: a drawn shape thinner than this is a rule."""
_UPRIGHT = 0.02
"""Sine of the angle a line of text may lean."""

Colour = tuple[int, int, int]
Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Glyph:
    """One drawn character."""

    text: str
    box: Box
    """Its outline's box, not the font's."""
    x: float
    y: float
    """Where it stands on its base line."""
    size: float
    """Points, as it is looked at."""
    font: str
    colour: Colour
    upright: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A line or a thin bar."""

    box: Box
    colour: Colour


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page with everything on it."""

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...]
    pictures: tuple[Box, ...]
    matrix: Matrix
    """From millimetres on the sheet to points of the page's own space."""


def is_red(colour: Colour) -> bool:
    """Tell whether a colour is the red of a head, whatever the printer's mixture."""
    red, green, blue = colour
    return red >= 150 and green <= 90 and blue <= 90


def lay_out(number: int, page: pypdfium2.PdfPage, words: pypdfium2.PdfTextPage) -> Sheet:
    """Read where everything lies on an open page.

    Raises:
        PaperError: when there is more on it than on any page of a paper.
    """
    width, height = page.get_size()
    view = _view(page, width, height)
    rules: list[Rule] = []
    pictures: list[Box] = []
    for kind, shape, form in _shapes(page):
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            rules += _lines(shape, _then(form, view))
        elif (box := _bounds(shape, _then(form, view))) is not None:
            pictures.append(box)
    return Sheet(
        number=number,
        width=width * MM,
        height=height * MM,
        glyphs=tuple(_glyphs(words, view)),
        rules=tuple(rules),
        pictures=tuple(pictures),
        matrix=inverse(view),
    )


def _view(page: pypdfium2.PdfPage, width: float, height: float) -> Matrix:
    """Return the way from page space in points to the sheet in millimetres."""
    fine = 1000

    def place(x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        size = (round(width * fine), round(height * fine))
        pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, across, down)
        return across.value / fine * MM, down.value / fine * MM

    e, f = place(0, 0)
    ax, ay = place(100, 0)
    bx, by = place(0, 100)
    return (ax - e) / 100, (ay - f) / 100, (bx - e) / 100, (by - f) / 100, e, f


def _then(first: Matrix, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def inverse(matrix: Matrix) -> Matrix:
    """Return the way back."""
    a, b, c, d, e, f = matrix
    size = a * d - b * c
    return (
        d / size,
        -b / size,
        -c / size,
        a / size,
        (c * f - d * e) / size,
        (b * e - a * f) / size,
    )


def _at(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def placed(matrix: Matrix, left: float, bottom: float, right: float, top: float) -> Box:
    """Return where a rectangle of the one space lies in the other."""
    x0, y0 = _at(matrix, left, bottom)
    x1, y1 = _at(matrix, right, top)
    return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _shapes(page: pypdfium2.PdfPage) -> Iterator[tuple[int, Any, Matrix]]:
    """Yield images and paths, those inside forms too, with the way of the form to the page."""
    unit: Matrix = (1, 0, 0, 1, 0, 0)
    todo: list[tuple[Any, Matrix]] = [
        (pdfium.FPDFPage_GetObject(page, number), unit)
        for number in range(pdfium.FPDFPage_CountObjects(page))
    ]
    seen = 0
    while todo and seen < _SHAPES:
        shape, form = todo.pop()
        seen += 1
        kind = pdfium.FPDFPageObj_GetType(shape)
        if kind == pdfium.FPDF_PAGEOBJ_FORM:
            inner = _then(_matrix(shape), form)
            todo += [
                (pdfium.FPDFFormObj_GetObject(shape, number), inner)
                for number in range(pdfium.FPDFFormObj_CountObjects(shape))
            ]
        elif kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH):
            yield kind, shape, form


def _matrix(shape: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(shape, found)
    return found.a, found.b, found.c, found.d, found.e, found.f


def _bounds(shape: Any, view: Matrix) -> Box | None:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(shape, left, bottom, right, top):
        return None
    box = placed(view, left.value, bottom.value, right.value, top.value)
    return box if all(map(math.isfinite, (box.left, box.top, box.right, box.bottom))) else None


def _lines(shape: Any, view: Matrix) -> Iterator[Rule]:
    """Yield the rules a path draws: each straight stroke, or a filling that is thin."""
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(shape, mode, stroke)
    if not stroke.value:
        box = _bounds(shape, view)
        if mode.value and box is not None and _is_rule(box):
            yield Rule(box, _colour(pdfium.FPDFPageObj_GetFillColor, shape))
        return
    colour = _colour(pdfium.FPDFPageObj_GetStrokeColor, shape)
    width = ctypes.c_float()
    pdfium.FPDFPageObj_GetStrokeWidth(shape, width)
    way = _then(_matrix(shape), view)
    half = width.value * math.hypot(way[2], way[3]) / 2
    last = None
    for point, drawn in _points(shape, way):
        if drawn and last is not None:
            box = _stroke(last, point, half)
            if _is_rule(box):
                yield Rule(box, colour)
        last = point


def _points(shape: Any, way: Matrix) -> Iterator[tuple[tuple[float, float], bool]]:
    """Yield a path's corners, and whether a straight line leads to each."""
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(min(pdfium.FPDFPath_CountSegments(shape), _SHAPES)):
        segment = pdfium.FPDFPath_GetPathSegment(shape, number)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        straight = pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_LINETO
        yield _at(way, x.value, y.value), straight


def _stroke(start: tuple[float, float], end: tuple[float, float], half: float) -> Box:
    """Return the box of a stroke with flat ends."""
    level = abs(start[1] - end[1]) < abs(start[0] - end[0])
    across, down = (0.0, half) if level else (half, 0.0)
    return Box(
        min(start[0], end[0]) - across,
        min(start[1], end[1]) - down,
        max(start[0], end[0]) + across,
        max(start[1], end[1]) + down,
    )


def _is_rule(box: Box) -> bool:
    return min(box.width, box.height) < _THIN < max(box.width, box.height)


def _colour(read: Any, *of: Any) -> Colour:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not read(*of, red, green, blue, alpha):
        return (0, 0, 0)
    return red.value, green.value, blue.value


def _glyphs(words: pypdfium2.PdfTextPage, view: Matrix) -> Iterator[Glyph]:
    """Yield the characters that are drawn, and the spaces that were written."""
    number = pdfium.FPDFText_CountChars(words)
    if number > GLYPHS:
        raise PaperError(f"一页上有 {number} 个字符", todo="确认它是公文，不是数据文件")
    drawn: dict[int, tuple[str, Colour, bool]] = {}
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    turn = pdfium.FS_MATRIX()
    high = 0
    scale = math.hypot(view[2], view[3])
    for index in range(number):
        code = pdfium.FPDFText_GetUnicode(words, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code, high = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00), 0
        if code in (0, 0xFFFE, 2, 10, 13) or pdfium.FPDFText_IsGenerated(words, index) == 1:
            continue
        shape = pdfium.FPDFText_GetTextObject(words, index)
        mark = ctypes.addressof(shape.contents) if shape else 0
        if mark not in drawn:
            drawn[mark] = _text(shape) if shape else ("", (0, 0, 0), True)
        font, colour, visible = drawn[mark]
        if not visible:
            continue
        pdfium.FPDFText_GetCharBox(words, index, left, right, bottom, top)
        pdfium.FPDFText_GetCharOrigin(words, index, x, y)
        pdfium.FPDFText_GetMatrix(words, index, turn)
        way = _then((turn.a, turn.b, turn.c, turn.d, 0, 0), (*view[:4], 0, 0))
        along = math.hypot(way[0], way[1]) or 1
        place = _at(view, x.value, y.value)
        yield Glyph(
            text=chr(code),
            box=placed(view, left.value, bottom.value, right.value, top.value),
            x=place[0],
            y=place[1],
            size=pdfium.FPDFText_GetFontSize(words, index) * math.hypot(way[2], way[3]) / scale,
            font=font,
            colour=colour,
            upright=way[0] > 0 and abs(way[1]) / along < _UPRIGHT,
        )


def _text(shape: Any) -> tuple[str, Colour, bool]:
    font = pdfium.FPDFTextObj_GetFont(shape)
    name = ""
    if font:
        size = pdfium.FPDFFont_GetBaseFontName(font, None, 0)
        buffer = ctypes.create_string_buffer(max(1, size))
        pdfium.FPDFFont_GetBaseFontName(font, buffer, size)
        name = buffer.value.decode("utf-8", "replace")
    visible = pdfium.FPDFTextObj_GetTextRenderMode(shape) != _INVISIBLE
    return name, _colour(pdfium.FPDFPageObj_GetFillColor, shape), visible
