"""Is there ink where a page was to be signed, stamped and dated? Whose, nobody can say."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from pipeline.model import Box, BoxUse, InkBox
from pipeline.scans.align import Figures, warped
from pipeline.scans.printed import MM, Printed, grey

_DPI = 100
_ASIDE = 0.9
"""Millimetres around what was printed that are left out: scan and print never lie quite alike."""
_RED = [0] * 40 + [255] * 216
"""By how much red must be lighter than the other colours to be a seal's."""
_CLEAR = 248
"""Mean grey around a point of the print above which nothing was printed near."""
_DARKER = 0.22
"""Part of the paper's brightness by which ink is darker."""
_LEAST = 0.004
"""Part of a box that is ink when somebody has written in it. An empty one shows a tenth of it."""


def inked(picture: Image.Image, printed: Printed, matrix: Figures) -> tuple[InkBox, ...]:
    """Return each box of the printed page and whether it holds ink on the picture."""
    if not printed.places:
        return ()
    print_ = printed.drawn(_DPI)
    return tuple(
        InkBox(use=use, ink=_share(picture, print_, matrix, box, use) > _LEAST)
        for use, box in printed.places
    )


def _share(
    picture: Image.Image, print_: Image.Image, matrix: Figures, box: Box, use: BoxUse
) -> float:
    """Return the part of a box that is darker than the paper and wasn't printed."""
    scale = _DPI / MM
    left, top, right, bottom = (
        round(value * scale) for value in (box.left, box.top, box.right, box.bottom)
    )
    corner = np.array([[1, 0, box.left], [0, 1, box.top], [0, 0, 1]])
    part = warped(picture, matrix @ corner, (right - left, bottom - top), _DPI)
    there = grey(_seen(part, use).filter(ImageFilter.MedianFilter(3)))
    paper = max(float(np.percentile(there, 80)), 1.0)
    lines = print_.crop((left, top, right, bottom)).filter(ImageFilter.BoxBlur(_ASIDE * scale))
    free = grey(lines) > _CLEAR
    return float(((there < paper * (1 - _DARKER)) & free).sum() / max(int(free.sum()), 1))


def _seen(part: Image.Image, use: BoxUse) -> Image.Image:
    """Return a part in grey: red is dark where a seal is looked for, and white where a hand is.

    A seal of 42 millimetres reaches into the boxes beside its own.
    """
    if part.mode == "L":
        return part
    if use != "seal":
        red, green, blue = part.split()
        much = ImageChops.subtract(red, ImageChops.darker(green, blue)).point(_RED)
        return ImageChops.lighter(red, much.filter(ImageFilter.MaxFilter(3)))
    red, green, blue = part.split()
    return ImageChops.darker(ImageChops.darker(red, green), blue)
