"""G17: the fonts a paper is really drawn with, against those the standard asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.measure.glyphs import characters_of
from pipeline.measure.paper import Paper
from pipeline.measure.read import Reading
from pipeline.measure.rows import Row
from pipeline.measure.standard import Figure, standard
from pipeline.model import FontUse

_TAG = re.compile(r"^[A-Z]{6}\+")
_ROLES = {"title": "标题", "body": "正文"}


def fonts_used(reading: Reading) -> tuple[FontUse, ...]:
    """Return every font that draws something, in the order of pages."""
    drawn: dict[str, tuple[bool, set[str], set[int]]] = {}
    for page in reading.pages:
        for run in page.runs:
            _, characters, pages = drawn.setdefault(run.font, (run.embedded, set(), set()))
            characters.update(run.text.strip())
            pages.add(page.number)
    return tuple(
        FontUse(
            name=_bare(name) or "Type 3",
            embedded=embedded,
            # PDFium leaves the tag out of the names of simple fonts
            subset=not name or _bare(name) in reading.subsets,
            characters=len(characters),
            pages=tuple(sorted(pages)),
            known=bool(name) and characters_of(name) is not None,
        )
        for name, (embedded, characters, pages) in drawn.items()
    )


def carried(fonts: Sequence[FontUse]) -> Iterator[Figure]:
    """G17: every font is in the file, and only the part of it that is needed."""
    for item, what in (("G17.embedded", "embedded"), ("G17.subset", "subset")):
        lacking = [font for font in fonts if not getattr(font, what)]
        for font in lacking:
            yield Figure(item=item, page=font.pages[0], value=font.name, fits=False)
        if fonts and not lacking:
            yield Figure(item=item, page=0, value=f"{len(fonts)} 种字体", fits=True)


def roles(paper: Paper) -> Iterator[Figure]:
    """G17: title and body are in their fonts, or in free ones known to stand in for them."""
    found = [*_role("title", paper.title), *_role("body", _plain_body(paper))]
    wrong = [figure for figure in found if not figure.fits]
    yield from wrong
    if found and not wrong:
        said = "；".join(figure.value for figure in found)
        yield Figure(item="G17.role", page=0, value=said, fits=True)


def _role(role: str, rows: Sequence[Row]) -> Iterator[Figure]:
    known = standard()["fonts"][role]
    for name in dict.fromkeys(_bare(row.font) for row in rows):
        row = next(row for row in rows if _bare(row.font) == name)
        own, free = _any(name, known["own"]), _any(name, known["free"])
        stands_in = "" if own else "（替代）" if free else "（非标准）"
        yield Figure(
            item="G17.role",
            page=row.page,
            value=f"{_ROLES[role]} {name or 'Type 3'}{stands_in}",
            fits=own or free,
            boxes=(row.box,),
        )


def _plain_body(paper: Paper) -> list[Row]:
    """Return the rows that go on with a paragraph: headings have fonts of their own."""
    left = standard()["sheet"]["left"]
    return [row for row in paper.main if row.left < left + 3 and row.cells > 20]


def _any(name: str, known: Sequence[str]) -> bool:
    return any(_key(one) in _key(name) for one in known)


def _key(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _bare(name: str) -> str:
    return _TAG.sub("", name)
