"""Cells that belong together: `{{ village.town | merge }}` joins equal cells below one another.

docxtpl's `{% vm %}` merges all rows of a loop. In a list of villages only those of the same town
belong together, so the filter marks its value, and rows are joined after the table is filled:
a cell with the one above it when both say the same, and so do the marked cells to their left.
"""

from __future__ import annotations

from lxml import etree
from markupsafe import Markup, escape

from pipeline.render.places import W, texts

MARK = "\uf8fe"
"""Private, so no value and no template can hold it."""


def merge(value: object) -> Markup:
    """Mark what a cell says, so that it is joined with equal ones above it."""
    return Markup(MARK) + escape("" if value is None else value)


def joined(root: etree._Element) -> None:
    """Join the marked cells of every table of a filled part, in place."""
    for table in root.iter(f"{W}tbl"):
        above: dict[int, str] = {}
        for row in table.iterchildren(f"{W}tr"):
            above = _join_row(row, above)


def _join_row(row: etree._Element, above: dict[int, str]) -> dict[int, str]:
    """Join a row with what its marked cells stand below; return what they say."""
    says: dict[int, str] = {}
    same = True
    column = 0
    for cell in row.iterchildren(f"{W}tc"):
        marked = [text for text in cell.iter(f"{W}t") if MARK in (text.text or "")]
        if marked:
            for text in marked:
                text.text = (text.text or "").replace(MARK, "")
            says[column] = "".join(text.text or "" for text in cell.iter(f"{W}t"))
            same = same and above.get(column) == says[column]
            _span(cell, "continue" if same else "restart")
            if same:
                _empty(cell)
        column += _width(cell)
    return says


def _span(cell: etree._Element, value: str) -> None:
    """Set `w:vMerge`, which stands right after width and column span."""
    properties = cell.find(f"{W}tcPr")
    if properties is None:
        properties = etree.Element(f"{W}tcPr")
        cell.insert(0, properties)
    for old in properties.findall(f"{W}vMerge"):
        properties.remove(old)
    before = {f"{W}cnfStyle", f"{W}tcW", f"{W}gridSpan", f"{W}hMerge"}
    place = sum(1 for child in properties if child.tag in before)
    span = etree.Element(f"{W}vMerge")
    span.set(f"{W}val", value)
    properties.insert(place, span)


def _empty(cell: etree._Element) -> None:
    for paragraph in cell.iter(f"{W}p"):
        for text in texts(paragraph):
            text.text = ""


def _width(cell: etree._Element) -> int:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    return int(span.get(f"{W}val") or 1) if span is not None else 1
