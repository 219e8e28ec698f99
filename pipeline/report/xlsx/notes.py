"""Notes on cells: the comments part says them, the old VML drawing shows them (ECMA-376, VML)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count

from lxml import etree

from pipeline.report.xlsx.package import Package, parse, written
from pipeline.report.xlsx.places import Place, address, place
from pipeline.report.xlsx.words import clean

AUTHOR = "卷宗 juanzong"
COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_SPACES = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
_BOX = "_x0000_t202"
_SHAPE_ID = re.compile(rb"_x0000_s(\d+)")
_BLOCK = 1024
"""Ids of shapes are given in blocks, each drawing its own."""
_LINE = 20
"""Chinese characters on a line of a note."""
_MOST_LINES = 24
_WIDE = 4
_LAST_COLUMN = 16_384
_THREAD = "tc="
"""How the author of a comment begins that only repeats a conversation of Excel 365."""


def add_comments(data: bytes | None, notes: Mapping[Place, str], namespace: str) -> bytes:
    """Return a comments part with the notes added, to those of a cell if it has some.

    A note we wrote earlier is replaced, one that belongs to a conversation is left alone.
    """
    root = parse(data or f'<comments xmlns="{namespace}"/>'.encode())
    namespace = str(etree.QName(root).namespace)
    authors, comments = (_child(root, name) for name in ("authors", "commentList"))
    names = [one.text or "" for one in authors]
    if AUTHOR not in names:
        names.append(AUTHOR)
        etree.SubElement(authors, f"{{{namespace}}}author").text = AUTHOR
    ours = names.index(AUTHOR)
    there = {str(one.get("ref")): one for one in comments}
    for at, words in sorted(notes.items()):
        comment = there.get(address(at))
        if comment is None:
            comment = etree.SubElement(
                comments, f"{{{namespace}}}comment", ref=address(at), authorId=str(ours)
            )
        author = int(comment.get("authorId", "0"))
        if names[author : author + 1] and names[author].startswith(_THREAD):
            continue
        text = _child(comment, "text", first=True)
        if author == ours:
            text[:] = []
            text.text = None
        _say(text, words if not len(text) else f"\n\n{AUTHOR}：\n{words}")
    return written(root)


def commented(data: bytes) -> frozenset[Place]:
    """Return the cells a comments part speaks of."""
    return frozenset(
        place(str(one.get("ref"))) for one in parse(data).iter("{*}comment") if one.get("ref")
    )


def add_shapes(data: bytes | None, notes: Mapping[Place, str], first: int) -> bytes:
    """Return a VML drawing with a hidden box for each note.

    It isn't parsed: Excel itself writes drawings that are no XML.

    Args:
        data: the drawing that is there.
        notes: cells and words, which say how high a box must be.
        first: the first free id of a shape.

    Raises:
        ValueError: when the drawing has no end.
    """
    blocks = range(first // _BLOCK, (first + len(notes)) // _BLOCK + 1)
    data = data or _begun(blocks)
    end = data.rfind(b"</xml>")
    if end < 0:
        raise ValueError("a drawing without an end")
    spaces = "".join(
        f' xmlns:{prefix}="{uri}"'
        for prefix, uri in _SPACES.items()
        if f'xmlns:{prefix}="{uri}"'.encode() not in data[:2000]
    )
    box = "" if f'id="{_BOX}"'.encode() in data else _box(spaces)
    shapes = "".join(_shapes(notes, first, spaces))
    return data[:end] + (box + shapes).encode() + data[end:]


def free_id(package: Package) -> int:
    """Return an id of a shape that begins a block no drawing of the workbook uses."""
    drawings = (package.read(name) for name in package.names() if name.lower().endswith(".vml"))
    used = [int(one) for data in drawings for one in _SHAPE_ID.findall(data)]
    return (max(used, default=_BLOCK - 1) // _BLOCK + 1) * _BLOCK + 1


def _child(parent: etree._Element, name: str, *, first: bool = False) -> etree._Element:
    tag = f"{{{etree.QName(parent).namespace}}}{name}"
    found = parent.find(tag)
    if found is None:
        found = parent.makeelement(tag)
        parent.insert(0 if first else len(parent), found)
    return found


def _say(text: etree._Element, words: str) -> None:
    space = f"{{{etree.QName(text).namespace}}}"
    run = etree.SubElement(text, f"{space}r")
    look = etree.SubElement(run, f"{space}rPr")
    etree.SubElement(look, f"{space}rFont", val="宋体")
    etree.SubElement(look, f"{space}sz", val="9")
    said = etree.SubElement(run, f"{space}t")
    said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    said.text = clean(words)


def _begun(blocks: Iterable[int]) -> bytes:
    spaces = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _SPACES.items())
    ids = ",".join(str(block) for block in blocks)
    return (
        f'<xml{spaces}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{ids}"/>'
        "</o:shapelayout></xml>"
    ).encode()


def _box(spaces: str) -> str:
    return (
        f'<v:shapetype{spaces} id="{_BOX}" coordsize="21600,21600" o:spt="202" '
        'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
        '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
    )


def _shapes(notes: Mapping[Place, str], first: int, spaces: str) -> Iterator[str]:
    for number, ((row, column), words) in zip(count(first), sorted(notes.items()), strict=False):
        left = min(column, _LAST_COLUMN - _WIDE - 1)
        top = max(row - 2, 0)
        lines = sum(len(line) // _LINE + 1 for line in words.splitlines())
        bottom = top + min(lines, _MOST_LINES) + 1
        yield (
            f'<v:shape{spaces} id="_x0000_s{number}" type="#{_BOX}" style="position:absolute;'
            "margin-left:59.25pt;margin-top:1.5pt;width:192pt;height:74pt;z-index:1;"
            'visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
            '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
            '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
            '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
            f"<x:Anchor>{left}, 15, {top}, 2, {left + _WIDE}, 15, {bottom}, 4</x:Anchor>"
            f"<x:AutoFill>False</x:AutoFill><x:Row>{row - 1}</x:Row>"
            f"<x:Column>{column - 1}</x:Column></x:ClientData></v:shape>"
        )
