"""The checks of a finished PDF, each a function of what was read, and the door to all of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date

from pipeline.measure.glyphs import tofu
from pipeline.measure.mark import Mark
from pipeline.measure.privacy import privacy
from pipeline.measure.read import Reading, read

A4 = (210.0, 297.0)
"""Millimetres, portrait."""
SAMPLE = "样例数据"

_UNSEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+")
_LEFTOVERS = re.compile(
    r"\{\{|\}\}|\{%|%\}|｛｛|｝｝|××|(?<![A-Za-z])(?:None|nan|NaN|NaT|Undefined)(?![A-Za-z])"
)


def measure(
    pdf: bytes | Reading,
    *,
    public: bool,
    sample: bool,
    must: Sequence[str],
    allowed_phones: Sequence[str] = (),
    as_of: date | None = None,
    landscape: bool = False,
) -> tuple[Mark, ...]:
    """Say what is wrong with a finished PDF; nothing when it may leave the house.

    Args:
        pdf: the finished file, or what was read of it.
        public: look for personal data too.
        sample: every page must say that its data is invented.
        must: words this kind of paper owes.
        allowed_phones: mobile numbers a public paper may show.
        as_of: cut-off of the data, which tells a birthday from a recent date; without it the
            newest date on the pages.
        landscape: A4 may lie across.

    Raises:
        OutputError: when it is no readable PDF.
    """
    reading = read(pdf) if isinstance(pdf, bytes) else pdf
    return (
        *page_size(reading, landscape=landscape),
        *unread(reading),
        *leftovers(reading),
        *embedding(reading),
        *tofu(reading),
        *private_use(reading),
        *owed(reading, must),
        *(sample_notice(reading) if sample else ()),
        *(privacy(reading, allowed_phones=allowed_phones, as_of=as_of) if public else ()),
    )


def page_size(reading: Reading, *, landscape: bool = False) -> Iterator[Mark]:
    """G01: every page is A4, upright unless it may lie across, within 1 mm."""
    for page in reading.pages:
        size = (page.width, page.height)
        fits = _near(size, A4) or (landscape and _near(size, A4[::-1]))
        if not fits:
            yield Mark(
                code="G01",
                severity="error",
                page=page.number,
                value=f"{page.width:.1f}×{page.height:.1f} mm",
                expected="A4 210×297 mm" + ("，可横排" if landscape else "，竖排"),
            )


def unread(reading: Reading) -> Iterator[Mark]:
    """TEXT: a page without readable text is blank or a picture; nothing on it can be checked."""
    for page in reading.pages:
        if not squeeze(page.text):
            yield Mark(
                code="TEXT", severity="warning", page=page.number, value="", expected="可读的文字"
            )


def leftovers(reading: Reading) -> Iterator[Mark]:
    """G16: nothing a template left unfilled."""
    for page in reading.pages:
        for value in dict.fromkeys(_LEFTOVERS.findall(page.text)):
            yield Mark(
                code="G16",
                severity="error",
                page=page.number,
                value=value,
                expected="没有未填的占位",
            )


def embedding(reading: Reading) -> Iterator[Mark]:
    """G17: the file brings every font it draws with."""
    met: set[str] = set()
    for page in reading.pages:
        for run in page.runs:
            if not run.embedded and run.font not in met:
                met.add(run.font)
                yield Mark(
                    code="G17",
                    severity="error",
                    page=page.number,
                    value=run.font,
                    expected="字体嵌入",
                )


def private_use(reading: Reading) -> Iterator[Mark]:
    """PUA: no character whose meaning only its sender knows (造字)."""
    met: set[str] = set()
    drawn = [(page.number, page.text) for page in reading.pages]
    drawn += [(0, "".join(sorted(face.characters))) for face in reading.faces]
    for number, text in drawn:
        for character in dict.fromkeys(text):
            if character not in met and unicodedata.category(character) == "Co":
                met.add(character)
                yield Mark(
                    code="PUA",
                    severity="error",
                    page=number,
                    value=f"U+{ord(character):04X}",
                    expected="统一码汉字",
                )


def owed(reading: Reading, must: Sequence[str]) -> Iterator[Mark]:
    """MUST: the words this kind of paper owes stand somewhere in it."""
    text = squeeze("".join(page.text for page in reading.pages))
    for word in must:
        if squeeze(word) not in text:
            yield Mark(code="MUST", severity="error", page=0, value="", expected=word)


def sample_notice(reading: Reading) -> Iterator[Mark]:
    """SAMPLE: every page says that its data is invented."""
    for page in reading.pages:
        if SAMPLE not in squeeze(page.text):
            yield Mark(code="SAMPLE", severity="error", page=page.number, value="", expected=SAMPLE)


def squeeze(text: str) -> str:
    """Take out white space and characters that can't be seen."""
    return _UNSEEN.sub("", text)


def _near(size: tuple[float, float], wanted: tuple[float, float]) -> bool:
    return all(abs(one - other) <= 1 for one, other in zip(size, wanted, strict=True))
