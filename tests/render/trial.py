"""Trial papers and what can be measured on them; lengths are millimetres from the upper left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

BUILT_IN = Path(__file__).parents[2] / "templates" / "html"
BARE = {"scheme": {"sample": False, "blank": None}, "document": {"issuer": "样例", "extra": False}}
PT = 72 / 25.4


def pages(pdf: bytes) -> list[str]:
    paper = pypdfium2.PdfDocument(pdf)
    return ["".join(page.get_textpage().get_text_range().split()) for page in paper]


def text(pdf: bytes) -> str:
    return "".join(pages(pdf))


def kind_of(folder: Path, body: str, style: str = "") -> list[Path]:
    """Make a workspace with one kind whose body is this."""
    (folder / "trial").mkdir(parents=True, exist_ok=True)
    frame = (
        '{% extends "_gongwen/base.html" %}{% block name %}试{% endblock %}'
        "{% block body %}" + body + "{% endblock %}"
    )
    (folder / "trial/template.html").write_text(frame, "utf-8")
    if style:
        (folder / "trial/style.css").write_text(style, "utf-8")
    return [folder, BUILT_IN]


def lines(pdf: bytes) -> list[list[tuple[str, float, float]]]:
    """Return the lines of page 1: of each character itself, its left and right edge in mm."""
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    rows: list[list[tuple[str, float, float]]] = [[]]
    for place in range(page.count_chars()):
        character = page.get_text_range(place, 1)
        if not character.strip():
            continue
        left, _, right, _ = page.get_charbox(place, loose=True)
        if rows[-1] and left / PT < rows[-1][-1][1] - 10:
            rows.append([])
        rows[-1].append((character, left / PT, right / PT))
    return rows


def characters(page: Any) -> Iterator[tuple[str, float, float, float, float]]:
    """Yield each character with left and right of its cell, top and bottom of its ink."""
    words, tall = page.get_textpage(), page.get_height()
    for place in range(words.count_chars()):
        character = words.get_text_range(place, 1)
        if character.strip():
            left, _, right, _ = words.get_charbox(place, loose=True)
            _, bottom, _, top = words.get_charbox(place)
            yield character, left / PT, (tall - top) / PT, right / PT, (tall - bottom) / PT


def rules(page: Any) -> list[tuple[float, float, float, float]]:
    """Return the drawn rules and boxes: left, top, right and bottom."""
    tall = page.get_height()
    found = []
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = item.get_bounds()
        found.append((left / PT, (tall - top) / PT, right / PT, (tall - bottom) / PT))
    return found
