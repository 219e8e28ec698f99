"""The sheet that lists what was found, each with a link to its cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.report.xlsx.places import address
from pipeline.report.xlsx.styles import Styles
from pipeline.report.xlsx.words import inside

HEADINGS = ("代码", "级别", "工作表", "单元格", "发现", "处理办法", "依据")
_WIDTHS = (8, 8, 18, 10, 56, 40, 32)
_SEVERITY, _CELL = 1, 3
_MOST_LINKS = 65_000
"""Excel repairs a sheet that has more than 65 530 links."""
_MOST_LINES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One finding in words."""

    words: tuple[str, str, str, str, str, str, str]
    """What stands under `HEADINGS`."""
    colour: str
    target: tuple[str, str] | None = None
    """Sheet and address the cell links to."""


def listing(lines: Sequence[Line], styles: Styles, namespace: str) -> bytes:
    """Return the part of the sheet: words only, never a formula."""
    shown = lines[:_MOST_LINES]
    rows = "".join(_rows(shown, len(lines) - len(shown), styles))
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(_WIDTHS, start=1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{namespace}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>{rows}</sheetData>"
        f'<autoFilter ref="A1:{address((len(shown) + 1, len(HEADINGS)))}"/>{_links(shown)}'
        "</worksheet>"
    ).encode()


def _rows(lines: Sequence[Line], more: int, styles: Styles) -> Iterator[str]:
    head = styles.text(bold=True, colour="DDEBF7")
    yield _row(1, HEADINGS, [head] * len(HEADINGS))
    plain, link = styles.text(), styles.text(link=True)
    for number, line in enumerate(lines, start=2):
        looks = [plain] * len(HEADINGS)
        looks[_SEVERITY] = styles.text(colour=line.colour)
        if line.target and number <= _MOST_LINKS:
            looks[_CELL] = link
        yield _row(number, line.words, looks)
    if more:
        yield _row(len(lines) + 2, (f"另有 {more} 处，用 juanzong check --json 看全部",), [plain])


def _row(number: int, words: Sequence[str], looks: Sequence[int]) -> str:
    cells = "".join(
        f'<c r="{address((number, column))}" s="{look}" t="inlineStr">'
        f'<is><t xml:space="preserve">{inside(word)}</t></is></c>'
        for column, (word, look) in enumerate(zip(words, looks, strict=True), start=1)
    )
    return f'<row r="{number}">{cells}</row>'


def _links(lines: Sequence[Line]) -> str:
    links = "".join(
        f'<hyperlink ref="{address((number, _CELL + 1))}" location={_location(*line.target)}/>'
        for number, line in enumerate(lines[: _MOST_LINKS - 1], start=2)
        if line.target
    )
    return f"<hyperlinks>{links}</hyperlinks>" if links else ""


def _location(sheet: str, cell: str) -> str:
    quoted = sheet.replace("'", "''")
    return '"' + inside(f"'{quoted}'!{cell}").replace('"', "&quot;") + '"'
