"""What may stand outside the type area: boxes a page declares, and the stamps of this house.

A page declares boxes as PDF lets a program keep data of its own: `/PieceInfo << /JuanZong <<
/Private [left bottom right top …] >> >>`, in the page's own points. Known without that are the
stamps whose words stand in standard.toml (样例数据, 系统默认 …), and the number an archive puts
into the upper corner of each page of a dossier.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import pikepdf

from pipeline.measure.rows import Row, rows
from pipeline.measure.sheet import Matrix, Sheet, inverse, placed
from pipeline.measure.standard import standard, type_area
from pipeline.model import Box

_OWNER = "/JuanZong"
_MOST = 100


def exempt(
    sheet: Sheet, declared: Sequence[Sequence[float]], given: Sequence[Box]
) -> tuple[Box, ...]:
    """Return every exempt box of a page, in millimetres from its top left.

    Args:
        sheet: the page.
        declared: what the page itself declares, in points.
        given: boxes exempt on all pages.
    """
    view: Matrix = inverse(sheet.matrix)
    boxes = [placed(view, one[0], one[1], one[2], one[3]) for one in declared]
    return (*given, *boxes, *_stamps(sheet))


def declared(pdf: bytes) -> tuple[tuple[tuple[float, ...], ...], ...]:
    """Return the boxes each page declares; a page that declares nonsense declares nothing."""
    with pikepdf.open(BytesIO(pdf), suppress_warnings=True) as file:
        return tuple(_of(page) for page in file.pages)


def _of(page: pikepdf.Page) -> tuple[tuple[float, ...], ...]:
    try:
        listed = page.obj.PieceInfo[_OWNER].Private
        numbers = [float(value) for value in listed][: 4 * _MOST]
    except (AttributeError, KeyError, TypeError, ValueError):
        return ()
    return tuple(
        tuple(numbers[start : start + 4]) for start in range(0, len(numbers) - len(numbers) % 4, 4)
    )


def _stamps(sheet: Sheet) -> tuple[Box, ...]:
    words = standard()["exempt"]["words"]
    return tuple(
        part.box
        for row in rows(sheet)
        for part in row.parts()
        if (part.words in words and not type_area().holds(part.box)) or _numbers(sheet, part)
    )


def _numbers(sheet: Sheet, part: Row) -> bool:
    """Tell whether a part of a row is an archive's page number."""
    corner, box = standard()["exempt"]["corner"], part.box
    beside = min(box.left, sheet.width - box.right) < corner
    return beside and box.bottom < corner and part.words.isdecimal() and len(part.words) < 5
