"""Bind recorded PDFs into one dossier: cover, catalogue, papers, 备考表."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from io import BytesIO
from itertools import groupby

import pikepdf

from pipeline.dossier.archival import Level, attach, claims, declare
from pipeline.dossier.catalogue import open_paper
from pipeline.dossier.links import carry, join, point_to_papers
from pipeline.dossier.shrink import share_font_files
from pipeline.dossier.stamp import put_seals, stamp
from pipeline.errors import OutputError
from pipeline.model import Dossier, Part

COVER, CATALOGUE, CLOSING = "封面", "卷内目录", "备考表"
_SEAL_HIGHEST = 60.0
"""Points; no sheet is so low."""


def bind(title: str, front: bytes, parts: Sequence[Part], *, author: str, subject: str) -> Dossier:
    """Bind the papers between the front matter's first pages and its last page.

    The same input gives the same bytes. Catalogue lines become links to their papers where the
    front matter has links to `paper:<order>`. `Dossier.pages` counts every page of the file.
    Where every part is PDF/A the dossier is: PDF/A-2u, or 3u if a part has files attached.

    Args:
        title: 案卷题名, also the title in the metadata.
        front: PDF of three pages or more: cover, catalogue, and 备考表 as the last; after it,
            small pages that are 归档章, one for each paper, or none.
        parts: the papers in catalogue order, each with its line.
        author: 立卷单位.
        subject: what the dossier is about.

    Raises:
        OutputError: names the paper that is damaged, encrypted or not as long as its line says.
    """
    with ExitStack() as held:
        matter = held.enter_context(open_paper(front, "卷首"))
        sheets = [page for page in matter.pages if not _is_seal(page)]
        seals = list(matter.pages)[len(sheets) :]
        if len(sheets) < 3 or len(seals) not in (0, len(parts)):
            raise OutputError("卷首须有封面、卷内目录和备考表，至少三页", where=title)
        papers = [held.enter_context(open_paper(part.pdf, part.title)) for part in parts]
        _check_lines(parts, papers)
        level = _level(parts, (matter, *papers))
        for source in (matter, *papers):
            carry(source)

        book = held.enter_context(pikepdf.new())
        leading = len(sheets) - 1
        book.pages.extend(sheets[:leading])
        for paper in papers:
            book.pages.extend(paper.pages)
        book.pages.append(sheets[leading])

        pages = list(book.pages)
        spans = [pages[leading + part.entry.first_page - 1 :][: part.entry.pages] for part in parts]
        matter_pages = [*pages[:leading], pages[-1]]
        firsts = {part.entry.order: span[0] for part, span in zip(parts, spans, strict=True)}
        point_to_papers(matter_pages, firsts)
        for own in (matter_pages, *spans):
            join(own)
        share_font_files(pages)
        stamp(book, pages[leading:-1])
        put_seals(book, seals, [span[0] for span in spans])
        _bookmark(book, parts, leading)
        _label(book, leading, len(pages))
        for part in parts:
            attach(book, part.attached)
        declare(book, level, title, author, subject)
        return Dossier(
            title=title,
            pdf=_bytes(book),
            pages=len(pages),
            entries=tuple(part.entry for part in parts),
            archival=level,
        )


def _is_seal(page: pikepdf.Page) -> bool:
    """Tell a 归档章 (16 mm high) from a sheet of the front matter."""
    return float(page.mediabox[3]) < _SEAL_HIGHEST


def _level(parts: Sequence[Part], sources: Sequence[pikepdf.Pdf]) -> Level:
    if not all(claims(source) for source in sources):
        return ""
    return "3u" if any(part.attached for part in parts) else "2u"


def _check_lines(parts: Sequence[Part], papers: Sequence[pikepdf.Pdf]) -> None:
    """The printed catalogue must be true of the papers behind it."""
    expected = 1
    for part, paper in zip(parts, papers, strict=True):
        if len(paper.pages) != part.entry.pages:
            raise OutputError(
                f"目录记 {part.entry.pages} 页，实有 {len(paper.pages)} 页", where=part.title
            )
        if part.entry.first_page != expected:
            raise OutputError(
                f"目录页号是 {part.entry.first_page}，应为 {expected}", where=part.title
            )
        expected += part.entry.pages


def _bookmark(book: pikepdf.Pdf, parts: Sequence[Part], leading: int) -> None:
    """Two levels: the class, then its papers."""
    with book.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(COVER, 0))
        outline.root.append(pikepdf.OutlineItem(CATALOGUE, 1))
        for name, filed in groupby(parts, key=lambda part: part.bookmark):
            papers = [
                pikepdf.OutlineItem(part.entry.title, leading + part.entry.first_page - 1)
                for part in filed
            ]
            section = pikepdf.OutlineItem(name, papers[0].destination)
            section.children.extend(papers)
            outline.root.append(section)
        outline.root.append(pikepdf.OutlineItem(CLOSING, len(book.pages) - 1))
    book.Root.PageMode = pikepdf.Name.UseOutlines


def _label(book: pikepdf.Pdf, leading: int, total: int) -> None:
    """Let a viewer count as the paper does: 1 to N for the papers, names for the rest."""
    last = total - 1
    labels: list[tuple[int, dict[str, object]]] = [
        (0, {"/P": pikepdf.String(COVER)}),
        (1, {"/P": pikepdf.String("目录"), "/S": pikepdf.Name.r}),
        (leading, {"/S": pikepdf.Name.D}),
        (last, {"/P": pikepdf.String(CLOSING)}),
    ]
    numbers: list[object] = []
    for index, label in labels:
        if index != last or label is labels[-1][1]:  # without papers 1..N has no page
            numbers += [index, pikepdf.Dictionary(label)]
    book.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array(numbers))


def _bytes(book: pikepdf.Pdf) -> bytes:
    stream = BytesIO()
    book.save(
        stream,
        deterministic_id=True,
        min_version="1.7",
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    return stream.getvalue()
