"""Codes at the foot of each page: read back from the paper, clear of everything, same bytes."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from pipeline.errors import OutputError
from pipeline.measure import gauge, measure
from pipeline.model import page_codes
from pipeline.render import stamp_codes
from tests.measure.gongwen import gongwen

MM = 25.4 / 72


@pytest.fixture(scope="module")
def plain() -> bytes:
    return gongwen()


@pytest.fixture(scope="module")
def codes(plain: bytes) -> tuple[str, ...]:
    with pypdfium2.PdfDocument(plain) as document:
        return page_codes("huadu-2016", "notice/440114", "ab" * 32, len(document))


def test_each_page_carries_its_own_code_at_the_foot_centre(
    plain: bytes, codes: tuple[str, ...]
) -> None:
    stamped = stamp_codes(plain, codes)
    with pypdfium2.PdfDocument(stamped) as document:
        for page, code in zip(document, codes, strict=True):
            (found,) = zxingcpp.read_barcodes(page.render(scale=200 / 72).to_numpy())
            assert found.text == code
            assert found.ec_level == "H"
            corners = found.position
            across = [corner.x * 25.4 / 200 for corner in (corners.top_left, corners.top_right)]
            down = [corner.y * 25.4 / 200 for corner in (corners.top_left, corners.bottom_left)]
            assert sum(across) / 2 == pytest.approx(105, abs=0.3)
            assert across[1] - across[0] == pytest.approx(14.5, abs=0.4)  # 29 modules of 0.5 mm
            assert down[0] >= 272.5
            assert down[1] <= 291
            words = page.get_textpage().get_text_range()
            assert code in "".join(words.split())


def test_the_same_paper_and_codes_give_the_same_bytes(plain: bytes, codes: tuple[str, ...]) -> None:
    assert stamp_codes(plain, codes) == stamp_codes(plain, codes)


def test_measuring_finds_nothing_more_than_before(plain: bytes, codes: tuple[str, ...]) -> None:
    def faults(pdf: bytes) -> set[str]:
        return {one.item for one in gauge(pdf).measurements if one.conclusion == "不合格"}

    stamped = stamp_codes(plain, codes)
    assert faults(stamped) == faults(plain)
    assert measure(stamped, public=True, sample=False, must=()) == measure(
        plain, public=True, sample=False, must=()
    )


def test_nothing_of_the_page_is_lost(plain: bytes, codes: tuple[str, ...]) -> None:
    with (
        pypdfium2.PdfDocument(plain) as before,
        pypdfium2.PdfDocument(stamp_codes(plain, codes)) as after,
    ):
        for one, other in zip(before, after, strict=True):
            words = one.get_textpage().get_text_range()
            assert words in other.get_textpage().get_text_range()
            width, height = one.get_size()
            crop = (0, 26 / MM, 0, 0)
            old = one.render(scale=1, crop=crop).to_numpy()
            assert (old == other.render(scale=1, crop=crop).to_numpy()).all(), (width, height)


def test_a_paper_with_something_in_the_codes_place_is_refused(
    plain: bytes, codes: tuple[str, ...]
) -> None:
    with pikepdf.open(BytesIO(plain)) as book:
        book.pages[0].contents_add(b"q 0 g 290 40 12 12 re f Q", prepend=True)
        stream = BytesIO()
        book.save(stream)
    with pytest.raises(OutputError, match="第1页页脚正中有内容"):
        stamp_codes(stream.getvalue(), codes)


def test_codes_for_another_number_of_pages_are_refused(
    plain: bytes, codes: tuple[str, ...]
) -> None:
    with pytest.raises(OutputError, match="页码编号"):
        stamp_codes(plain, codes[:-1])
