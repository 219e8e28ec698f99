"""Print each page's code at its foot: a QR code in the middle, and the id beside it for people.

A Word footer can't change from page to page, so this is done on the finished PDF, and that PDF is
what is printed for signing. The place is declared to `measure` in the page's own `/PieceInfo`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO

import pikepdf
import pypdfium2
import segno
from pikepdf import Array, Dictionary, Name

from pipeline.errors import OutputError
from pipeline.fonts.cut import cut, embed
from pipeline.model import CODE_ALPHABET

CODES = 1
"""Raised when codes would be drawn otherwise than before."""

MODULE = 0.5
"""Millimetres. Below that, scans at 150 and 200 dpi lose codes."""
QUIET = 4
"""Modules of white around a code."""
SIDE = (29 + 2 * QUIET) * MODULE
"""Millimetres: 18.5, with the white."""
FOOT = 6.0
"""From the sheet's lower edge to the white, millimetres: printers leave their own margin."""

_POINT = 72 / 25.4
_SIZE, _LEADING = 7.0, 9.0
_BESIDE = 16.0
"""Millimetres the id takes beside the code."""
_FACE = "LiberationMono-Regular.ttf"
_WRITTEN = "D:20000101000000Z"
"""PDF wants a date on private data; ours says nothing, so that the same page is the same bytes."""
_WHITE = 250
"""A grey above which a pixel of the foot is blank."""


def stamp_codes(pdf: bytes, codes: Sequence[str]) -> bytes:
    """Return the PDF with a code on each page; the same bytes for the same PDF and codes.

    Args:
        pdf: an upright paper whose pages leave their foot free in the middle.
        codes: one for each page.

    Raises:
        OutputError: when the number of pages is another, or something stands in a code's place.
        ToolError: when the font of the ids is missing.
    """
    _check_clear(pdf, len(codes))
    with pikepdf.open(BytesIO(pdf)) as book:
        font = embed(book, cut(_FACE, CODE_ALPHABET + " "), "JZCODE")
        for page, code in zip(book.pages, codes, strict=True):
            left, bottom = _corner(page)
            page.add_resource(font, Name.Font, Name.JZCode, replace_existing=True)
            page.contents_add(b"q", prepend=True)
            drawing = "\n".join(("Q", *_drawing(code, left, bottom)))
            page.contents_add(drawing.encode("ascii"))
            _declare(page, left, bottom)
        stream = BytesIO()
        book.save(
            stream,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return stream.getvalue()


def _corner(page: pikepdf.Page) -> tuple[float, float]:
    """Return the lower left corner of a code with its white, in points."""
    x0, y0, x1, _ = (float(value) for value in page.mediabox)
    return (x0 + x1 - SIDE * _POINT) / 2, y0 + FOOT * _POINT


def _check_clear(pdf: bytes, pages: int) -> None:
    """Look at the foot of each page: a code over something is none."""
    with pypdfium2.PdfDocument(pdf) as document:
        if len(document) != pages:
            raise OutputError(f"文书有 {len(document)} 页，页码编号却有 {pages} 个")
        for number, page in enumerate(document, start=1):
            width, height = page.get_size()
            left = (width - SIDE * _POINT) / 2
            right = width - left - (SIDE + _BESIDE) * _POINT
            crop = (left, FOOT * _POINT, right, height - (FOOT + SIDE) * _POINT)
            if page.render(scale=1, crop=crop, grayscale=True).to_numpy().min() < _WHITE:
                raise OutputError(
                    f"第{number}页页脚正中有内容，二维码没有地方",
                    todo="改模板：页脚正中离纸边 6 至 25 毫米处留空",
                )


def _drawing(code: str, left: float, bottom: float) -> Iterator[str]:
    """Write the operators of a code and its id; both are no part of the text of the paper."""
    side = MODULE * _POINT
    rows = [bytes(row) for row in _matrix(code)]
    top = bottom + (len(rows) + QUIET) * side
    yield "/Artifact BMC q 0 g"
    for down, row in enumerate(rows, start=1):
        for start, length in _runs(row):
            x, y = left + (QUIET + start) * side, top - down * side
            yield f"{x:.3f} {y:.3f} {length * side:.3f} {side:.3f} re"
    yield "f"
    x, y = left + SIDE * _POINT, bottom + SIDE * _POINT / 2 + _LEADING - _SIZE / 3
    yield f"BT /JZCode {_SIZE} Tf {_LEADING} TL {x:.3f} {y:.3f} Td"
    for start in range(0, len(code), 8):
        yield f"({code[start : start + 4]} {code[start + 4 : start + 8]}) Tj T*"
    yield "ET Q EMC"


def _matrix(code: str) -> Sequence[Sequence[int]]:
    made = segno.make_qr(code, error="h", version=3, mode="alphanumeric", boost_error=False)
    return made.matrix


def _runs(row: bytes) -> Iterator[tuple[int, int]]:
    """Yield start and length of each run of dark modules."""
    start = row.find(1)
    while start >= 0:
        end = row.find(0, start)
        end = len(row) if end < 0 else end
        yield start, end - start
        start = row.find(1, end)


def _declare(page: pikepdf.Page, left: float, bottom: float) -> None:
    """Say that this box stands outside the type area on purpose."""
    box = [left, bottom, left + (SIDE + _BESIDE) * _POINT, bottom + SIDE * _POINT]
    there = page.obj.get("/PieceInfo", Dictionary()).get("/JuanZong", Dictionary())
    boxes = [*there.get("/Private", []), *(round(value, 3) for value in box)]
    page.obj.PieceInfo = Dictionary(
        JuanZong=Dictionary(LastModified=pikepdf.String(_WRITTEN), Private=Array(boxes))
    )
