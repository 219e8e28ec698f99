"""The pages again, with the standard's grid and everything that breaks a rule drawn over them."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pikepdf
from pikepdf import Dictionary, Name

from pipeline.errors import PaperError
from pipeline.measure.standard import standard, type_area
from pipeline.model import Box, Measured

_GRID = "0.55 0.75 0.95 RG 0.06 w"
_AREA = "0.1 0.4 0.8 RG 0.25 w"
_COLOURS = {"error": "0.9 0.1 0.1", "warning": "0.95 0.5 0", "info": "0.5 0.2 0.8"}
_LETTER = 2.6
"""Millimetres: height of a rule's code beside its box."""


def overlay(pdf: bytes, measured: Measured) -> bytes:
    """Return the file with 版心, 22 × 28 cells and the failures of each page drawn over it.

    The grid is drawn only on papers with a red head, for which it is meant.

    Raises:
        PaperError: when a page is built so wrongly that nothing can be added to it.
    """
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf), suppress_warnings=True) as book:
        font = book.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/Helvetica-Bold"))
        )
        try:
            for number, page in enumerate(book.pages, start=1):
                label = page.add_resource(font, Name.Font, prefix="Rule")
                drawn = "\n".join(_drawing(measured, number, str(label)))
                page.contents_add(b"q", prepend=True)
                page.contents_add(f"\nQ\n{drawn}".encode("ascii"))
            book.save(out, deterministic_id=True)
        except (pikepdf.PdfError, TypeError, ValueError) as error:
            raise PaperError("页面已损坏，画不上标注", todo="用能打开它的程序另存一份") from error
    return out.getvalue()


def _drawing(measured: Measured, number: int, label: str) -> Iterator[str]:
    """Yield the operators, in millimetres from the top left of the sheet."""
    matrix = " ".join(f"{value:.6f}" for value in measured.matrices[number - 1])
    yield f"q {matrix} cm"
    if measured.form:
        yield from _grid(type_area())
    failed = [
        one for one in measured.measurements if one.conclusion == "不合格" and number in one.pages
    ]
    for at, one in enumerate(failed):
        colour = _COLOURS[one.severity]
        yield f"{colour} RG {colour} rg 0.35 w"
        boxes = [box for page, box in one.boxes if page == number]
        for box in boxes:
            yield f"{box.left:.2f} {box.top:.2f} {box.width:.2f} {box.height:.2f} re S"
        left, top = (boxes[0].left - 9, boxes[0].top) if boxes else (5, 8 + 4 * at)
        # letters stand on their feet although y runs downwards here
        yield (
            f"BT {label} {_LETTER} Tf 1 0 0 -1 {max(left, 1):.2f} "
            f"{min(max(top, 4) + _LETTER * (at % 3), 290):.2f} Tm ({one.code}) Tj ET"
        )
    yield "Q"


def _grid(area: Box) -> Iterator[str]:
    yield _GRID
    cell, pitch = standard()["sheet"]["cell"], standard()["sheet"]["pitch"]
    for column in range(1, 28):
        x = area.left + column * cell
        yield f"{x:.3f} {area.top} m {x:.3f} {area.bottom} l S"
    for row in range(1, 22):
        y = area.top + row * pitch
        yield f"{area.left} {y:.3f} m {area.right} {y:.3f} l S"
    yield f"{_AREA} {area.left} {area.top} {area.width} {area.height} re S"
