"""Two finished papers held against each other: their words, and their pages side by side."""

from __future__ import annotations

import difflib
import io
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Literal, TypeAlias

import numpy as np
import pypdfium2
from PIL import Image

from pipeline.errors import OutputError

_WORD = re.compile(r"[A-Za-z0-9.,%/-]+|\S")
_ENDS = frozenset("。；")
_Sentences: TypeAlias = Sequence[tuple[str, ...]]
_NO_DAY = time.gmtime(0)
_SCALE = 100 / 72
_DARK = 160
"""Grey below which a pixel counts as ink."""


@dataclass(frozen=True, slots=True)
class Word:
    """A run of words that both papers have, or only one of them."""

    how: Literal["same", "gone", "new"]
    text: str


def changed_words(old: str, new: str) -> Iterator[Word]:
    """Yield the words of two papers, those of the old one where they differ first.

    Line breaks and spaces only part words: they move when a figure grows by a digit.
    """
    first, second = _sentences(old), _sentences(new)
    for how, a0, a1, b0, b1 in _steps(first, second):
        if how == "equal":
            yield Word("same", _joined(first[a0:a1]))
        else:
            yield from _words(first[a0:a1], second[b0:b1])


def _words(old: _Sentences, new: _Sentences) -> Iterator[Word]:
    first, second = ([word for sentence in side for word in sentence] for side in (old, new))
    for how, a0, a1, b0, b1 in _steps(first, second):
        if how == "equal":
            yield Word("same", _joined([tuple(first[a0:a1])]))
            continue
        if a1 > a0:
            yield Word("gone", _joined([tuple(first[a0:a1])]))
        if b1 > b0:
            yield Word("new", _joined([tuple(second[b0:b1])]))


def _sentences(text: str) -> _Sentences:
    """Cut a text into sentences of words: a Chinese character each, a figure as a whole."""
    found: list[list[str]] = [[]]
    for word in _WORD.findall(text):
        found[-1].append(word)
        if word in _ENDS:
            found.append([])
    return [tuple(sentence) for sentence in found]


def _steps(old: Sequence[Any], new: Sequence[Any]) -> Sequence[tuple[str, int, int, int, int]]:
    return difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _joined(sentences: _Sentences) -> str:
    """Write words as they are read: a space only where two figures would run together."""
    text = ""
    for word in (word for sentence in sentences for word in sentence):
        text += f" {word}" if text[-1:].isascii() and text and word.isascii() else word
    return text


def side_by_side(old: bytes, new: bytes, *, ending: str) -> bytes:
    """Draw the pages of two PDFs: the old one, the new one, and both laid over each other.

    In the overlay what only the old page has is red, what only the new one has is blue.

    Args:
        old: a PDF.
        new: another.
        ending: `pdf`, a sheet for each page; or `png`, all sheets one below the other.

    Raises:
        OutputError: for another ending.
    """
    if ending not in ("pdf", "png"):
        raise OutputError(f"不会画 .{ending} 文件", todo="用 .pdf 或 .png")
    sheets = [_sheet(a, b) for a, b in zip_longest(_pages(old), _pages(new), fillvalue=None)]
    out = io.BytesIO()
    if ending == "pdf":
        first, *rest = sheets
        first.save(
            out,
            "PDF",
            save_all=True,
            append_images=rest,
            resolution=100,
            creationDate=_NO_DAY,
            modDate=_NO_DAY,
        )
        return out.getvalue()
    tall = Image.new(
        "RGB", (max(one.width for one in sheets), sum(one.height for one in sheets)), "white"
    )
    top = 0
    for one in sheets:
        tall.paste(one, (0, top))
        top += one.height
    tall.save(out, "PNG")
    return out.getvalue()


def _pages(pdf: bytes) -> list[Image.Image]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=_SCALE).to_pil().convert("L") for page in document]


def _sheet(old: Image.Image | None, new: Image.Image | None) -> Image.Image:
    width = max(one.width for one in (old, new) if one is not None)
    height = max(one.height for one in (old, new) if one is not None)
    grey = [_on(one, width, height) for one in (old, new)]
    inks = [np.asarray(one) < _DARK for one in grey]
    both = np.full((height, width, 3), 255, np.uint8)
    both[inks[0] & inks[1]] = (150, 150, 150)
    both[inks[0] & ~inks[1]] = (200, 0, 0)
    both[inks[1] & ~inks[0]] = (0, 70, 220)
    sheet = Image.new("RGB", (width * 3, height), "white")
    for place, picture in enumerate((*grey, Image.fromarray(both))):
        sheet.paste(picture.convert("RGB"), (place * width, 0))
    return sheet


def _on(page: Image.Image | None, width: int, height: int) -> Image.Image:
    """Lay a page on a white sheet of a size; a missing page is a white sheet."""
    sheet = Image.new("L", (width, height), 255)
    if page is not None:
        sheet.paste(page, (0, 0))
    return sheet
