"""Page numbers of a dossier, in the outer top corner: right on odd pages, left on even ones.

A page's own drawing becomes a form, so that nothing it does to the graphics state reaches the
number, and its stream isn't even unpacked for that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pikepdf
from pikepdf import Dictionary, Name, Stream

from pipeline.fonts.cut import Face, cut, embed

SIZE = 10.5
"""五号, in points."""
EDGE = 15 * 72 / 25.4
"""From the sheet's edges to the number, in points."""
SEAL_TOP = 8 * 72 / 25.4
"""From the sheet's upper edge to the 归档章, in points: clear of the type area."""

_FACE = "LiberationSerif-Regular.ttf"
_DIGITS = "0123456789"


def stamp(book: pikepdf.Pdf, pages: Iterable[pikepdf.Page]) -> None:
    """Print 1, 2, 3 … on the pages, upright as they are looked at.

    Raises:
        ToolError: when the font of the numbers is missing.
    """
    face = cut(_FACE, _DIGITS)
    font = embed(book, face, "JZPAGE")
    framed: set[tuple[int, int]] = set()
    for number, page in enumerate(pages, start=1):
        page.obj.Resources = Dictionary(
            Font=Dictionary(Number=font), XObject=Dictionary(Paper=_frame(book, page, framed))
        )
        drawing = f"q /Paper Do Q\n{_number(page, number, face)}\n"
        page.obj.Contents = book.make_stream(drawing.encode("ascii"))


def put_seals(
    book: pikepdf.Pdf, seals: Sequence[pikepdf.Page], firsts: Sequence[pikepdf.Page]
) -> None:
    """Put a 归档章 at the top centre of each paper's first page, upright as it is looked at."""
    for seal, page in zip(seals, firsts, strict=False):
        form = book.copy_foreign(seal.as_form_xobject())
        page.obj.Resources.XObject.Seal = form
        x0, y0, x1, y1 = _box(seal.mediabox)
        wide, high, unit, matrix = _seen(page)
        scale = 1 / unit
        left, base = (wide - (x1 - x0) * scale) / 2, high - SEAL_TOP * scale - (y1 - y0) * scale
        drawing = f"q {matrix} cm {scale:.4f} 0 0 {scale:.4f} {left:.3f} {base:.3f} cm /Seal Do Q\n"
        number = page.obj.Contents.read_bytes()
        page.obj.Contents = book.make_stream(number + drawing.encode("ascii"))


def _frame(book: pikepdf.Pdf, page: pikepdf.Page, framed: set[tuple[int, int]]) -> Stream:
    """Return the page's own drawing as a form; a lone stream is taken as it stands."""
    contents = page.obj.get("/Contents")
    if isinstance(contents, Stream) and contents.objgen not in framed:
        framed.add(contents.objgen)
        form = contents
    else:
        streams = [contents] if isinstance(contents, Stream) else list(contents or ())
        form = book.make_stream(b"\n".join(stream.read_bytes() for stream in streams))
    form.Type = Name.XObject
    form.Subtype = Name.Form
    form.BBox = page.mediabox
    form.Resources = page.obj.get("/Resources", Dictionary())
    return form


def _number(page: pikepdf.Page, number: int, face: Face) -> str:
    """Write the operators that draw a number in the outer top corner."""
    wide, high, unit, matrix = _seen(page)
    size, edge = SIZE / unit, EDGE / unit
    text = str(number)
    left = edge if number % 2 == 0 else wide - edge - len(text) * face.width * size / 1000
    base = high - edge - face.height * size / 1000
    return f"q {matrix} cm BT /Number {size:.3f} Tf 0 g {left:.3f} {base:.3f} Td ({text}) Tj ET Q"


def _seen(page: pikepdf.Page) -> tuple[float, float, float, str]:
    """Return width and height as looked at, the page's unit, and the matrix that leads there."""
    x0, y0, x1, y1 = _visible(page)
    turn = round(int(page.obj.get("/Rotate", 0)) / 90) * 90 % 360
    unit = float(page.obj.get("/UserUnit", 1))
    wide, high = (x1 - x0, y1 - y0) if turn in (0, 180) else (y1 - y0, x1 - x0)
    matrix = {  # from the page as it is looked at to the page as it is described
        0: (1, 0, 0, 1, x0, y0),
        90: (0, 1, -1, 0, x1, y0),
        180: (-1, 0, 0, -1, x1, y1),
        270: (0, -1, 1, 0, x0, y1),
    }[turn]
    return wide, high, unit, " ".join(f"{value:.3f}" for value in matrix)


def _visible(page: pikepdf.Page) -> tuple[float, float, float, float]:
    """Return the part of the sheet that shows: the crop box, as far as it lies on the sheet."""
    sheet = _box(page.mediabox)
    if "/CropBox" not in page.obj:
        return sheet
    crop = _box(page.cropbox)
    return (
        max(sheet[0], crop[0]),
        max(sheet[1], crop[1]),
        min(sheet[2], crop[2]),
        min(sheet[3], crop[3]),
    )


def _box(corners: pikepdf.Object) -> tuple[float, float, float, float]:
    """Return left, bottom, right, top; a file may name any two opposite corners."""
    x0, y0, x1, y1 = map(float, corners)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
