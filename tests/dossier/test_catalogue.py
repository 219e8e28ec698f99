from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest

from pipeline.dossier import catalogue, page_count
from pipeline.errors import OutputError
from pipeline.model import CatalogueEntry
from tests.dossier.papers import BAR, drawn, saved


def line(title: str, pages: int) -> CatalogueEntry:
    return CatalogueEntry(
        order=9, number="", author="", title=title, date="", first_page=9, pages=pages
    )


def test_papers_are_counted_and_their_pages_run_on() -> None:
    lines = catalogue([line("责任书", 3), line("公示", 1), line("验收报告", 5)])
    assert [(one.title, one.order, one.first_page, one.pages) for one in lines] == [
        ("责任书", 1, 1, 3),
        ("公示", 2, 4, 1),
        ("验收报告", 3, 5, 5),
    ]


def test_no_papers_no_lines() -> None:
    assert catalogue([]) == ()


def test_a_paper_without_pages_has_no_line() -> None:
    with pytest.raises(ValueError, match="责任书"):
        catalogue([line("责任书", 0)])


def test_pages_are_counted() -> None:
    assert page_count(drawn(BAR, BAR, BAR)) == 3


def test_what_cannot_be_bound_cannot_be_counted() -> None:
    whole = drawn(BAR, BAR)
    locked = saved(
        pikepdf.open(BytesIO(whole)), encryption=pikepdf.Encryption(owner="o", user="", R=6)
    )
    for broken in (b"", b"docx", whole[:-60], whole[: len(whole) // 2]):
        with pytest.raises(OutputError, match="损坏"):
            page_count(broken)
    with pytest.raises(OutputError, match="加密"):
        page_count(locked)
    with pytest.raises(OutputError, match="没有页"):
        page_count(saved(pikepdf.new()))
