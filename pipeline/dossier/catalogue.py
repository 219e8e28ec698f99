"""The 卷内文件目录: what order a paper has and on which page it begins.

Only the papers are numbered; cover, catalogue and 备考表 are not (GB/T 9705).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from io import BytesIO

import pikepdf

from pipeline.errors import OutputError
from pipeline.model import CatalogueEntry


def catalogue(papers: Iterable[CatalogueEntry]) -> tuple[CatalogueEntry, ...]:
    """Give each paper its 顺序号 and its first page, both counted from 1.

    Args:
        papers: lines in the order of binding with their page counts; `order` and `first_page`
            are not read.

    Raises:
        ValueError: for a paper without pages.
    """
    lines: list[CatalogueEntry] = []
    first = 1
    for order, paper in enumerate(papers, start=1):
        if paper.pages < 1:
            raise ValueError(f"{paper.title}: a paper has at least one page, not {paper.pages}")
        lines.append(replace(paper, order=order, first_page=first))
        first += paper.pages
    return tuple(lines)


def page_count(pdf: bytes) -> int:
    """Count the pages of a PDF.

    Raises:
        OutputError: when it is damaged or encrypted.
    """
    with open_paper(pdf, "") as paper:
        return len(paper.pages)


def open_paper(pdf: bytes, title: str) -> pikepdf.Pdf:
    """Open a PDF that is whole and readable for everybody.

    A damaged file is refused, not repaired: a repair may lose pages without a word.

    Raises:
        OutputError: names the paper when it is damaged, encrypted or empty.
    """
    try:
        paper = pikepdf.open(BytesIO(pdf), attempt_recovery=False, suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise OutputError("PDF 已加密，不能装订", where=title) from error
    except pikepdf.PdfError as error:
        raise OutputError(f"PDF 已损坏，不能装订（{error}）", where=title) from error
    if paper.is_encrypted:
        raise OutputError("PDF 已加密，不能装订", where=title)
    if not paper.pages:
        raise OutputError("PDF 没有页", where=title)
    return paper
