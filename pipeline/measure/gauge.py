"""The door to a reading against GB/T 9704: each rule of §1.12, with its figure and its verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.errors import OutputError, PaperError
from pipeline.measure import geometry, placement, prose, wording
from pipeline.measure.exempt import declared, exempt
from pipeline.measure.faces import carried, fonts_used, roles
from pipeline.measure.glyphs import tofu
from pipeline.measure.ink import Ink
from pipeline.measure.mark import Mark
from pipeline.measure.paper import Paper
from pipeline.measure.privacy import privacy
from pipeline.measure.read import Page, Reading, open_pages, read_behind, read_page
from pipeline.measure.rows import rows
from pipeline.measure.rules import private_use, squeeze, unread
from pipeline.measure.sheet import Sheet, lay_out
from pipeline.measure.standard import NO_FAULT, Figure, Item, items
from pipeline.model import Box, Conclusion, FontUse, Measured, Measurement

SIZE = 256 << 20
"""Bytes of a file that is looked at."""
PAGES = 2000
"""Pages of a file that are looked at; a longer one is refused."""
_MOST = 12
"""Different failures of one item that are listed; the last says how many more there are."""
_ITEMS = {
    "TOFU": "TOFU.glyph",
    "PUA": "PUA.code",
    "FONT": "FONT.known",
    "TEXT": "TEXT.read",
    "D09": "D09.personal",
}
_FINE = {"TEXT": "每页都有", "FONT": "都在"}
"""What is said where nothing was found fault with; of the others `NO_FAULT`."""


def gauge(
    pdf: bytes,
    *,
    name: str = "",
    public: bool = False,
    exempt_boxes: Sequence[Box] = (),
    allowed_phones: Sequence[str] = (),
) -> Measured:
    """Read any PDF against GB/T 9704-2012.

    Args:
        pdf: the file.
        name: its name without the ending; a 发文字号 in it must be the paper's.
        public: look for personal data too.
        exempt_boxes: boxes that may stand outside the type area on all pages, beside those a
            page declares and the stamps of this house.
        allowed_phones: mobile numbers a public paper may show.

    Raises:
        PaperError: when it is no readable PDF, or too large.
    """
    if len(pdf) > SIZE:
        raise PaperError(f"大于 {SIZE >> 20} MB", todo="拆成几个文件再测")
    try:
        reading, sheets = _read(pdf)
    except OutputError as error:
        raise PaperError(_why(pdf), todo="确认它是没有损坏、不设密码的 PDF") from error
    boxes = declared(pdf)
    paper = Paper(
        sheets=sheets,
        rows=tuple(
            row
            for sheet, own in zip(sheets, boxes, strict=True)
            for row in rows(sheet, exempt(sheet, own, exempt_boxes))
        ),
        name=name,
    )
    fonts = fonts_used(reading)
    readable = any(squeeze(page.text) for page in reading.pages)
    with Ink(pdf) as ink:
        figures = [
            *_figures(paper, fonts, ink),
            *_marked(reading, readable, public, allowed_phones),
        ]
    return Measured(
        form=paper.form,
        pages=len(sheets),
        measurements=tuple(
            _measurements(figures, lambda item: _why_not(item, paper, public, readable))
        ),
        fonts=fonts,
        matrices=tuple(sheet.matrix for sheet in sheets),
    )


def _read(pdf: bytes) -> tuple[Reading, tuple[Sheet, ...]]:
    behind = read_behind(pdf)
    pages: list[Page] = []
    sheets: list[Sheet] = []
    for number, page, words in open_pages(pdf):
        if number > PAGES:
            raise PaperError(f"多于 {PAGES} 页", todo="拆成几个文件再测")
        pages.append(read_page(number, page, words))
        sheets.append(lay_out(number, page, words))
    return replace(behind, pages=tuple(pages)), tuple(sheets)


def _why(pdf: bytes) -> str:
    """Say what a file is that can't be read as a PDF."""
    if not pdf:
        return "文件是空的"
    if b"%PDF-" not in pdf[:1024]:
        return "不是 PDF 文件"
    return "设了密码，读不出" if b"/Encrypt" in pdf else "PDF 已损坏，读不出"


def _figures(paper: Paper, fonts: Sequence[FontUse], ink: Ink) -> Iterator[Figure]:
    yield from geometry.sheet_size(paper)
    if paper.form:
        yield from geometry.inside(paper, ink)
        yield from geometry.flush(paper)
        yield from geometry.row_count(paper)
        yield from geometry.row_length(paper)
        yield from geometry.sizes(paper)
        yield from geometry.head(paper, ink)
        yield from geometry.red_line(paper)
        yield from wording.company(paper)
        yield from wording.document_number(paper)
        yield from wording.dates(paper)
        yield from placement.folios(paper)
        yield from prose.headings(paper)
        yield from wording.attachments(paper)
        yield from placement.imprint(paper)
        yield from roles(paper)
        yield from prose.copied(paper)
    yield from carried(fonts)
    yield from prose.wrong_forms(paper)


def _marked(
    reading: Reading, readable: bool, public: bool, phones: Sequence[str]
) -> Iterator[Figure]:
    """Turn what `make` looks for too into figures; a paper without text is not without faults."""
    marks: list[Mark] = [*unread(reading), *tofu(reading), *private_use(reading)]
    if public:
        marks += privacy(reading, allowed_phones=phones)
    for mark in marks:
        # a font the house doesn't have is no fault of the paper
        fits = mark.code == "FONT"
        value = f"{mark.value}（未能核对）" if fits else mark.value or "无"
        yield Figure(item=_ITEMS[mark.code], page=mark.page, value=value, fits=fits)
    met = {mark.code for mark in marks}
    for code, item in _ITEMS.items() if readable else ():
        if code not in met and (public or code != "D09"):
            yield Figure(item=item, page=0, value=_FINE.get(code, NO_FAULT), fits=True)


def _why_not(item: Item, paper: Paper, public: bool, readable: bool) -> str:
    """Say why nothing was measured of an item."""
    if item.code == "D09" and not public:
        return "没有加 --public"
    if not item.plain and not paper.form:
        return "没有红头"
    return "文中没有" if readable else "没有可读的文字"


def _measurements(
    figures: Iterable[Figure], why_not: Callable[[Item], str]
) -> Iterator[Measurement]:
    """Yield one line for each item: each figure that fails, else the worst one, else 不适用."""
    by_item: dict[str, list[Figure]] = {}
    for figure in figures:
        by_item.setdefault(figure.item, []).append(figure)
    for item in items().values():
        found = by_item.get(item.id, [])
        alike: dict[str, list[Figure]] = {}
        for figure in found:
            if not figure.fits:
                alike.setdefault(figure.value, []).append(figure)
        for at, same in enumerate(list(alike.values())[:_MOST]):
            more = len(alike) - _MOST if at == _MOST - 1 else 0
            yield _measurement(item, same, "不合格", more)
        if not alike and found:
            yield _measurement(item, [max(found, key=lambda figure: figure.off)], "合格", 0)
        elif not found:
            nothing = Figure(item=item.id, page=0, value=why_not(item), fits=True)
            yield _measurement(item, [nothing], "不适用", 0)


def _measurement(
    item: Item, figures: Sequence[Figure], conclusion: Conclusion, more: int
) -> Measurement:
    """Return the line of figures that are alike."""
    first = figures[0]
    return Measurement(
        code=item.code,
        item=item.id,
        name=item.name,
        value=first.value + (f"（另 {more} 种）" if more > 0 else ""),
        target=_target(item, first),
        tolerance=f"±{item.within:g} {item.unit}" if item.within is not None else "",
        pages=tuple(sorted({figure.page for figure in figures if figure.page})),
        conclusion=conclusion,
        severity=item.severity,
        boxes=tuple((figure.page, box) for figure in figures for box in figure.boxes),
    )


def _target(item: Item, figure: Figure) -> str:
    if item.target:
        return item.target
    aim = item.aim if figure.aim is None else figure.aim
    if aim is not None:
        return f"{aim:g} {item.unit}"
    if item.least is None:
        return f"不多于 {item.most:g} {item.unit}"
    return f"{item.least:g}—{item.most:g} {item.unit}"
