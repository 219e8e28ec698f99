"""The elements of a paper as Word's XML, each in its style of `_gongwen.dotx`.

The imprint is a text box at the foot of the type area: Word and LibreOffice both keep it there,
whatever stands above, which neither does with a table that floats.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

CHARACTER = 316
"""Twentieths of a point a character takes on a line."""
WIDTH = 8845
"""Twentieths of a point the type area is wide."""
NAMESPACES = " ".join(
    f'xmlns:{prefix}="http://schemas.{rest}"'
    for prefix, rest in (
        ("w", "openxmlformats.org/wordprocessingml/2006/main"),
        ("r", "openxmlformats.org/officeDocument/2006/relationships"),
        ("mc", "openxmlformats.org/markup-compatibility/2006"),
        ("wp", "openxmlformats.org/drawingml/2006/wordprocessingDrawing"),
        ("a", "openxmlformats.org/drawingml/2006/main"),
        ("wps", "microsoft.com/office/word/2010/wordprocessingShape"),
    )
)
_POINT, _EMU = 20, 12700
_ROOM = 240
"""Twentieths of a point on both sides: LibreOffice sets figures apart from Chinese letters."""
_ROW = 480
"""Twentieths of a point a line of the imprint is high: 24 pt."""
_SHAPE = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"


def paragraph(style: str, words: str | Sequence[str] = "", more: str = "", run: str = "") -> str:
    """Return a paragraph.

    Args:
        style: id of the style.
        words: one line, or several with breaks between them.
        more: inner XML of its properties after the style.
        run: inner XML of the properties of its run after the fonts.
    """
    lines = [words] if isinstance(words, str) else words
    texts = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)
    chinese = f'<w:rPr><w:rFonts w:hint="eastAsia"/>{run}</w:rPr>'
    inner = f"<w:r>{chinese}{texts}</w:r>" if words else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{inner}</w:p>'


def head(mark: str, number: str, half_points: int = 92) -> str:
    """Return the red head: mark, number, rule."""
    return (
        paragraph("RedHead", mark, run=f'<w:sz w:val="{half_points}"/>')
        + paragraph("DocNumber", number)
        + paragraph("RedRule")
    )


def attached(names: Sequence[str]) -> str:
    """Return the list of attachments, a blank line above it; it goes over the page with the date.

    The first line begins with the label, three characters; each number takes less than one, and a
    single attachment has none.
    """
    many = len(names) > 1
    label, number = 3 * CHARACTER, 232 if many else 0
    rows = ""
    for place, name in enumerate(names, start=1):
        left, first = 2 * CHARACTER + label + number, label if place == 1 else 0
        indent = f'<w:ind w:left="{left}" w:hanging="{first + number}"/>'
        rows += paragraph(
            "AttachmentNote",
            f"{'附件：' if first else ''}{f'{place}.' if many else ''}{name}",
            indent,
        )
    return paragraph("Flush") + rows


def attachment(number: int | str, title: Sequence[str]) -> str:
    """Return the head of an attachment on a page of its own: number, blank line, title."""
    return (
        paragraph("Attachment", f"附件{number}")
        + paragraph("Flush")
        + paragraph("DocTitle", title)
        + paragraph("Flush")
    )


def signature(issuer: str, day: str, cells: int, day_cells: int) -> str:
    """Return issuer and date of a sealed paper, the date four characters in, both on one axis.

    Two lines above them are left for the seal.

    Args:
        issuer: who signs.
        day: the date in words.
        cells: half characters the issuer is wide.
        day_cells: half characters the date is wide.
    """
    wide = max(cells, day_cells) * CHARACTER // 2
    over = max(0, cells - day_cells) * CHARACTER // 4
    right = max(0, 4 * CHARACTER - over)
    left = WIDTH - right - wide - _ROOM
    place = f'<w:ind w:left="{left}" w:right="{right - _ROOM}"/><w:jc w:val="center"/>'
    return (
        paragraph("Flush", more="<w:keepNext/>") * 2
        + paragraph("Issuer", issuer, place)
        + paragraph("IssueDate", day, place)
    )


def imprint(copies: str, issuer: str, day: str, lines: int = 1) -> str:
    """Return the imprint at the foot of the page it is anchored on.

    Args:
        copies: 抄送, without the label.
        issuer: who prints.
        day: the day of printing, in words.
        lines: lines that `copies` takes.
    """
    tall = (lines + 1) * _ROW + 60
    place = (
        '<wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="margin"><wp:posOffset>0'
        '</wp:posOffset></wp:positionH><wp:positionV relativeFrom="margin"><wp:align>bottom'
        "</wp:align></wp:positionV>"
        f'<wp:extent cx="{WIDTH * _EMU // _POINT}" cy="{tall * _EMU // _POINT}"/>'
        '<wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapTopAndBottom/>'
        '<wp:docPr id="1" name="版记"/><wp:cNvGraphicFramePr/>'
    )
    shape = (
        '<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{WIDTH * _EMU // _POINT}" cy="{tall * _EMU // _POINT}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln>'
        f"</wps:spPr><wps:txbx><w:txbxContent>{_imprint_table(copies, issuer, day)}"
        f"{paragraph('Hairline')}</w:txbxContent></wps:txbx>"
        '<wps:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"><a:noAutofit/></wps:bodyPr>'
        "</wps:wsp>"
    )
    drawing = (
        '<w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" '
        'relativeHeight="1" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="0">'
        f'{place}<a:graphic><a:graphicData uri="{_SHAPE}">{shape}</a:graphicData></a:graphic>'
        "</wp:anchor></w:drawing>"
    )
    return (
        '<w:p><w:pPr><w:pStyle w:val="Hairline"/></w:pPr><w:r><mc:AlternateContent>'
        f'<mc:Choice Requires="wps">{drawing}</mc:Choice></mc:AlternateContent></w:r></w:p>'
    )


def _imprint_table(copies: str, issuer: str, day: str) -> str:
    edge = '<w:{} w:val="single" w:sz="{}" w:space="0" w:color="000000"/>'.format
    borders = edge("top", 8) + edge("bottom", 8) + edge("insideH", 6)
    left, right = 5400, WIDTH - 5400
    first = _cell(WIDTH, paragraph("Copies", f"抄送：{copies}。"), span=2)
    second = _cell(left, paragraph("Imprint", issuer)) + _cell(
        right, paragraph("Imprint", f"{day}印发", '<w:jc w:val="right"/>')
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{WIDTH}" w:type="dxa"/><w:tblInd w:w="0" w:type="dxa"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
        '<w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{left}"/><w:gridCol w:w="{right}"/></w:tblGrid>'
        f"<w:tr>{first}</w:tr><w:tr>{second}</w:tr></w:tbl>"
    )


def _cell(width: int, inner: str, span: int = 1) -> str:
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}</w:tcPr>{inner}</w:tc>'
