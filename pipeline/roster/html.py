"""A web page that a system saved as .xls: its tables as grids."""

from __future__ import annotations

import re

from lxml import etree, html

from pipeline.errors import RosterError
from pipeline.roster.limits import CELLS, check_extent
from pipeline.roster.text import decode

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*(utf-8|gbk|gb2312|gb18030)", re.IGNORECASE)
Merge = tuple[tuple[int, int], tuple[int, int]]


def tables(name: str, data: bytes) -> list[tuple[list[list[object]], list[Merge]]]:
    """Return each table of a page: its cells and its merged ranges.

    Raises:
        RosterError: when there is no table in it.
    """
    stated = _CHARSET.search(data[:4096])
    try:
        text = data.decode("gb18030" if stated and b"gb" in stated[1].lower() else "utf-8")
    except UnicodeDecodeError:
        text = decode(name, data)
    text = re.sub(r"^\ufeff?\s*<\?xml[^>]*\?>", "", text)
    try:
        page = html.document_fromstring(text, parser=html.HTMLParser(no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        page = None
    found = [] if page is None else [table for table in page.iter("table") if not _nests(table)]
    if not found:
        raise RosterError("网页里没有表格", where=name, todo="从系统重新导出，或另存为 .xlsx")
    return [_grid(name, table) for table in found]


def _nests(table: html.HtmlElement) -> bool:
    return table.find(".//table") is not None


def _grid(name: str, table: html.HtmlElement) -> tuple[list[list[object]], list[Merge]]:
    taken: dict[tuple[int, int], object] = {}
    merges: list[Merge] = []
    width = height = 0
    for number, row in enumerate(table.iter("tr")):
        column = 0
        for cell in row.iterchildren("td", "th"):
            while (number, column) in taken:
                column += 1
            down, right = _span(cell, "rowspan"), _span(cell, "colspan")
            for place in ((number + d, column + r) for d in range(down) for r in range(right)):
                taken[place] = ""
                if len(taken) > CELLS // 8:
                    check_extent(name, "", CELLS, place[1] + 2)
            taken[number, column] = " ".join(cell.itertext())
            if down > 1 or right > 1:
                merges.append(((number, column), (number + down - 1, column + right - 1)))
            column += right
        width, height = max(width, column), number + 1
    check_extent(name, "", height, width)
    cells: list[list[object]] = [
        [taken.get((row, column), "") for column in range(width)] for row in range(height)
    ]
    return cells, merges


def _span(cell: html.HtmlElement, name: str) -> int:
    stated = str(cell.get(name) or "")
    return min(max(int(stated), 1), 1000) if stated.isascii() and stated.isdigit() else 1
