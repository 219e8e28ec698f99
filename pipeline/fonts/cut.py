"""A few signs cut out of one of our fonts, and put into a PDF: numbers and codes of pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from io import BytesIO

import pikepdf
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name

from pipeline import fonts
from pipeline.errors import ToolError

_STEM, _SERIF, _FIXED, _PLAIN = 80, 2, 1, 32
"""What a font descriptor has to say; the last three are flags (ISO 32000-1, table 123)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """Signs of a font, all of one width; measures in thousandths of its size."""

    name: str
    signs: str
    data: bytes
    width: int
    height: int
    """Of the digit 0."""
    box: tuple[int, ...]
    fixed: bool


@cache
def cut(file: str, signs: str) -> Face:
    """Cut signs of one width, the digit 0 among them, out of a TrueType font of the closed set.

    Args:
        file: the font's file name, such as `LiberationSerif-Regular.ttf`.
        signs: ASCII.

    Raises:
        ToolError: when the font is missing.
    """
    family = file.partition("-")[0]
    path = next((path for path in fonts.font_files() if path.name == file), None)
    if path is None:
        raise ToolError(f"缺少字体 {family}", todo="运行 juanzong doctor 看安装命令")
    options = subset.Options(
        hinting=False, layout_features=[], name_IDs=[], recalc_timestamp=False, notdef_outline=True
    )
    options.drop_tables += ["FFTM"]  # a time stamp of FontForge's
    with TTFont(path, lazy=True, recalcTimestamp=False) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(text=signs)
        cutter.subset(font)
        scale = 1000 / font["head"].unitsPerEm
        head, zero = font["head"], font.getBestCmap()[ord("0")]
        stream = BytesIO()
        font.save(stream, reorderTables=True)
        corners = (head.xMin, head.yMin, head.xMax, head.yMax)  # those of the signs that are left
        return Face(
            name=family,
            signs="".join(sorted(signs)),
            data=stream.getvalue(),
            width=round(font["hmtx"][zero][0] * scale),
            height=round(font["glyf"][zero].yMax * scale),
            box=tuple(round(value * scale) for value in corners),
            fixed=bool(font["post"].isFixedPitch),
        )


def embed(book: pikepdf.Pdf, face: Face, tag: str) -> pikepdf.Object:
    """Put the signs into a file as one font all its pages may share.

    Args:
        book: the file.
        face: from `cut`.
        tag: six capitals that mark a font as part of one.
    """
    name = Name(f"/{tag}+{face.name}")
    first, last = ord(face.signs[0]), ord(face.signs[-1])
    descriptor = book.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            Flags=_PLAIN + (_FIXED if face.fixed else _SERIF),
            FontBBox=Array(face.box),
            ItalicAngle=0,
            Ascent=face.height,
            Descent=0,
            CapHeight=face.height,
            StemV=_STEM,
            FontFile2=book.make_stream(face.data, Length1=len(face.data)),
        )
    )
    return book.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=name,
            Encoding=Name.WinAnsiEncoding,
            FirstChar=first,
            LastChar=last,
            Widths=Array([face.width] * (last - first + 1)),
            FontDescriptor=descriptor,
        )
    )
