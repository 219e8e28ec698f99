"""Read a bound dossier again with other eyes: pypdf, and none of the code that bound it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, StreamObject

from pipeline.model import CatalogueEntry

_SHOWS = re.compile(rb"(?<![A-Za-z0-9/])(?:Tj|TJ|Do|EI|sh|['\"SsBb]|[Bb]\*)(?![A-Za-z0-9])")
_FILLS = re.compile(rb"(?<![A-Za-z0-9/])[fF]\*?(?![A-Za-z0-9])")


@dataclass(frozen=True, slots=True)
class _Book:
    """A dossier as pypdf sees it."""

    reader: PdfReader
    pages: tuple[PageObject, ...]
    index: dict[int, int]
    """Object number of a page to its place in the file, from 0."""
    leading: int
    """Pages before the first paper."""


def recheck(dossier_pdf: bytes, entries: Sequence[CatalogueEntry]) -> tuple[str, ...]:
    """Say in sentences what is wrong with a bound dossier; nothing when it is good.

    Checked: pages of the file; bookmarks, labels and printed numbers against the catalogue; that
    every link stays in its paper and every catalogue line leads to its own; no blank page.
    """
    try:
        reader = PdfReader(BytesIO(dossier_pdf), strict=False)
        pages = tuple(reader.pages)
    except (PyPdfError, ValueError, KeyError, RecursionError) as error:
        return (f"案卷打不开：{error}",)
    leading = len(pages) - sum(entry.pages for entry in entries) - 1
    if leading < 2:
        return (f"全卷只有 {len(pages)} 页，少于卷首和目录所记各件的页数",)
    index = {
        page.indirect_reference.idnum: number
        for number, page in enumerate(pages)
        if page.indirect_reference is not None
    }
    book = _Book(reader, pages, index, leading)
    return (
        *_lines(entries),
        *_bookmarks(book, entries),
        *_labels(book),
        *_numbers(book),
        *_links(book, entries),
        *_blanks(book),
    )


def _lines(entries: Sequence[CatalogueEntry]) -> Iterator[str]:
    first = 1
    for order, entry in enumerate(entries, start=1):
        if (entry.order, entry.first_page) != (order, first):
            yield (
                f"目录《{entry.title}》记顺序号 {entry.order}、页号 {entry.first_page}，"
                f"应为 {order}、{first}"
            )
        first += entry.pages


def _bookmarks(book: _Book, entries: Sequence[CatalogueEntry]) -> Iterator[str]:
    """Every second-level bookmark is a paper, in catalogue order."""
    found = [
        (str(mark.title), book.index.get(getattr(mark.page, "idnum", 0), -1) - book.leading + 1)
        for inner in book.reader.outline
        if isinstance(inner, list)
        for mark in inner
        if not isinstance(mark, list)
    ]
    wanted = [(entry.title, entry.first_page) for entry in entries]
    if len(found) != len(wanted):
        yield f"目录有 {len(wanted)} 件，书签有 {len(found)} 件"
    for (title, page), (marked, to) in zip(wanted, found, strict=False):
        if (title, page) != (marked, to):
            yield f"目录《{title}》在第 {page} 页，书签《{marked}》指向第 {to} 页"


def _labels(book: _Book) -> Iterator[str]:
    papers = book.reader.page_labels[book.leading : -1]
    for number, label in enumerate(papers, start=1):
        if label != str(number):
            yield f"第 {number} 页的页标签是“{label}”"


def _numbers(book: _Book) -> Iterator[str]:
    """The last text a page shows by itself, outside of any form, is its printed number."""
    for number, page in enumerate(book.pages[book.leading : -1], start=1):
        printed = ""
        for operands, operator in _operations(page):
            if operator == b"Tj":
                printed = str(operands[0])
        if printed != str(number):
            yield f"第 {number} 页印的页码是“{printed}”"


def _operations(page: PageObject) -> list[tuple[Any, bytes]]:
    contents = page.get_contents()
    return [] if contents is None else contents.operations


def _links(book: _Book, entries: Sequence[CatalogueEntry]) -> Iterator[str]:
    """Links of a paper stay in it; those of the front matter lead to papers, and to each one."""
    reached: set[int] = set()
    for place, target in _targets(book, [*range(book.leading), len(book.pages) - 1]):
        reached.add(target - book.leading + 1)
        if target < 0:
            yield f"卷首第 {place + 1} 页的链接没有着落"
    firsts = {entry.first_page for entry in entries}
    if reached & firsts:  # a front matter without links is a plain one, not a wrong one
        for entry in entries:
            if entry.first_page not in reached:
                yield f"目录《{entry.title}》没有链到它的第 {entry.first_page} 页"
    for entry in entries:
        start = book.leading + entry.first_page - 1
        own = range(start, start + entry.pages)
        for place, target in _targets(book, own):
            if target not in own:
                yield f"《{entry.title}》第 {place - start + 1} 页的链接指到了别的文件"


def _targets(book: _Book, places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield page and target page of every inner link; the target is -1 when it can't be told."""
    for place in places:
        for reference in book.pages[place].get("/Annots") or ():
            annotation = reference.get_object()
            if not isinstance(annotation, DictionaryObject):
                continue
            action = annotation.get("/A")
            action = action.get_object() if action is not None else DictionaryObject()
            target = annotation.get("/Dest", action.get("/D"))
            if target is not None:
                first = target[0] if isinstance(target, ArrayObject) and target else None
                yield place, book.index.get(getattr(first, "idnum", 0), -1)
            elif str(action.get("/URI", "")).startswith("paper:"):
                yield place, -1


def _blanks(book: _Book) -> Iterator[str]:
    for place, page in enumerate(book.pages):
        if not _draws(page.get_contents(), page.get("/Resources"), 0):
            yield f"全卷第 {place + 1} 页是空白页"


def _draws(stream: ContentStream | StreamObject | None, resources: Any, depth: int) -> bool:
    """Say whether a page shows anything of its own; one filled area is only its background."""
    if stream is None:
        return False
    data = stream.get_data()
    framed = resources.get_object().get("/XObject") if resources is not None else None
    if depth == 0 and framed is not None and "/Paper" in framed.get_object():
        form = framed.get_object()["/Paper"].get_object()
        return _draws(form, form.get("/Resources"), 1)
    return bool(_SHOWS.search(data)) or len(_FILLS.findall(data)) > 1
