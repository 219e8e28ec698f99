"""The same notice by LibreOffice and by WeasyPrint: one office could have made both."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from docs import two_engines
from pipeline.measure import gauge
from tests.render.test_gongwen import found
from tests.render.trial import PT, characters, rules

PLACES = (
    (0, f"{two_engines.ISSUER}文件"),
    (0, "样扶〔2016〕5号"),
    (0, "关于做好2016年度农村"),
    (0, "各镇人民政府"),
    (0, "一、总体要求"),
    (1, "（一）帮扶到户情况"),
    (1, "1.收入和保障"),
    (1, "（1）有劳动能力的"),
    (2, "附件：督查验收工作规则"),
    (2, "2016年7月4日"),
    (3, "附件"),
    (3, "督查验收工作规则"),
    (3, "抄送：县委办公室"),
    (3, "2016年7月4日印发"),
)
"""Page and words that stand at the same place in both, within 1.2 mm."""
HANGING = "，。、；：？！）》”"
"""LibreOffice lets one mark stand in the margin where WeasyPrint takes a character down."""


@pytest.fixture(scope="module")
def pdfs() -> tuple[bytes, bytes]:
    return two_engines.from_word(), two_engines.from_html()


@pytest.fixture(scope="module")
def both(pdfs: tuple[bytes, bytes]) -> tuple[Any, ...]:
    return tuple(pypdfium2.PdfDocument(pdf) for pdf in pdfs)


def rows_of(page: Any) -> list[list[tuple[str, float, float, float, float]]]:
    """Return the lines of the type area from above."""
    inside = sorted(
        (each for each in characters(page) if 36 < each[4] < 262.5),
        key=lambda each: (each[2] + each[4]) / 2,
    )
    rows: list[list[tuple[str, float, float, float, float]]] = [[]]
    for one, other in pairwise([inside[0], *inside]):
        if (other[2] + other[4]) / 2 > (one[2] + one[4]) / 2 + 4:
            rows.append([])
        rows[-1].append(other)
    return [sorted(row, key=lambda each: each[1]) for row in rows]


def feet(page: Any) -> float:
    """Return the distance of the lines of body text, by the cells of its characters, in mm."""
    words = page.get_textpage()
    lows = {
        round(words.get_charbox(place, loose=True)[1] / PT, 1)
        for place in range(words.count_chars())
        if words.get_text_range(place, 1) in "的"
    }
    inside = sorted(low for low in lows if 34 < low < 262)
    lines = round((inside[-1] - inside[0]) / 10.2)
    return (inside[-1] - inside[0]) / lines


def words_of(row: list[tuple[str, float, float, float, float]]) -> str:
    return "".join(each[0] for each in row)


@pytest.mark.parametrize("engine", [0, 1], ids=["word", "html"])
def test_the_ruler_finds_nothing_wrong(pdfs: tuple[bytes, bytes], engine: int) -> None:
    measured = gauge(pdfs[engine])
    said = {one.item: one for one in measured.measurements}
    assert [one for one in measured.measurements if one.conclusion == "不合格"] == []
    assert (measured.form, measured.pages) == ("文件", 4)
    assert said["G04.full"].value == "22 行"
    assert said["G05.cells"].value == "28 字"
    assert float(said["G07.top"].value.split()[0]) == pytest.approx(72, abs=1)
    assert float(said["G08.width"].value.split()[0]) == pytest.approx(156, abs=0.5)
    assert float(said["G15.bottom"].value.split()[0]) == pytest.approx(262, abs=1)
    assert float(said["G12.y"].value.split()[0]) == pytest.approx(269, abs=2)


@pytest.mark.parametrize("engine", [0, 1], ids=["word", "html"])
def test_a_full_page_fills_156_by_225_mm(both: tuple[Any, ...], engine: int) -> None:
    rows = rows_of(both[engine][1])
    assert len(rows) == 22
    pitch = feet(both[engine][1])
    assert 22 * pitch == pytest.approx(225, abs=0.5)
    full = [row for row in rows if len(row) == 28]
    assert full
    for row in full:
        assert row[0][1] == pytest.approx(28, abs=0.5)
        assert row[-1][3] == pytest.approx(184, abs=0.5)


@pytest.mark.parametrize(("page", "words"), PLACES)
def test_each_element_stands_at_the_same_place(
    both: tuple[Any, ...], page: int, words: str
) -> None:
    word, html = (found(document[page], words) for document in both)
    assert word[0][4] == pytest.approx(html[0][4], abs=1.2)
    middle = [(each[0][1] + each[-1][3]) / 2 for each in (word, html)]
    assert middle[0] == pytest.approx(middle[1], abs=2.5)  # figures stand apart in LibreOffice


def test_lines_break_at_the_same_characters(both: tuple[Any, ...]) -> None:
    differing = 0
    for number in range(4):
        word, html = ([words_of(row) for row in rows_of(document[number])] for document in both)
        assert len(word) == len(html)
        pairs = list(zip(word, html, strict=True))
        for place, (one, other) in enumerate(pairs):
            if one == other:
                continue
            differing += 1
            before = pairs[place - 1]
            hangs = one.startswith(other) and one[-1] in HANGING
            assert hangs or before[0].startswith(before[1]), (one, other)
    assert differing <= 4


def test_the_rules_of_the_imprint_lie_together(both: tuple[Any, ...]) -> None:
    word, html = (
        sorted({round((each[1] + each[3]) / 2, 1) for each in rules(document[3]) if wide(each)})
        for document in both
    )
    assert len(word) == len(html) == 3
    assert word == pytest.approx(html, abs=0.3)


def wide(rule: tuple[float, float, float, float]) -> bool:
    return rule[2] - rule[0] > 150


def test_the_picture_shows_both_rows_and_is_the_one_in_the_documents(
    pdfs: tuple[bytes, bytes],
) -> None:
    now = Image.open(io.BytesIO(two_engines.picture(list(pdfs)))).convert("L")
    kept = Image.open(two_engines.PICTURE).convert("L")
    assert now.size == kept.size
    small = [np.asarray(one.resize((400, 280)), dtype=int) for one in (now, kept)]
    assert np.abs(small[0] - small[1]).mean() < 2
