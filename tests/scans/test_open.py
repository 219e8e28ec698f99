"""Whatever is handed to `scan` is a page of bearable size, or refused in words; never a hang."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import PaperError
from pipeline.scans import count_pages, read_pages
from tests.dossier.papers import BAR, drawn
from tests.dossier.test_foreign import (  # noqa: F401
    TAKEN,
    image,
    locked,
    looping,
    never_a_hang,
)

ODD = (
    "35 000 points wide",
    "35 000 dots wide",
    "loop of bookmarks",
    "turned by 45 degrees",
    "a form that draws itself",
    "broken xref",
    "tiff of two pages",
    "heic of a telephone",
)


@pytest.mark.parametrize("name", ODD)
def test_what_can_be_shown_is_looked_at_page_by_page(tmp_path: Path, name: str) -> None:
    path = tmp_path / "收到.pdf"
    path.write_bytes(TAKEN[name][0])
    pages = read_pages(path, range(1, count_pages(path) + 1), lambda code: None)
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    assert {page.status for page in pages} <= {"unread", "blank"}


def test_a_page_tree_that_holds_itself_ends(tmp_path: Path) -> None:
    path = tmp_path / "圈.pdf"
    path.write_bytes(looping())
    assert count_pages(path) < 10


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "0 字节"),
        (locked(owner="o", user="u"), "设了密码"),
        (drawn(BAR)[:200], "已损坏"),
        (image("JPEG", size=(900, 900))[:2000], "不完整"),
        (image("PNG", size=(21_000, 21_000), mode="1"), "图片过大"),
        ("姓名,金额".encode(), "不是能读的"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_words(tmp_path: Path, data: bytes, why: str) -> None:
    path = tmp_path / "收到.pdf"
    path.write_bytes(data)
    with pytest.raises(PaperError, match=why):
        read_pages(path, range(1, count_pages(path) + 1), lambda code: None)
