"""The base of docx templates: as its script writes it, and 22 lines of 28 characters on a page."""

from __future__ import annotations

import io
import zipfile

import pypdfium2
import pytest
from lxml import etree

from docs import gongwen_dotx
from pipeline import convert
from pipeline.config import BUILTIN
from pipeline.render.lint import lint_file
from pipeline.render.places import W

PATH = BUILTIN / "templates/docx/_gongwen.dotx"
MM = 25.4 / 72


def part(name: str) -> etree._Element:
    with zipfile.ZipFile(PATH) as package:
        return etree.fromstring(package.read(name))


def page_of(*paragraphs: tuple[str, str]) -> bytes:
    """The PDF of the dotx with these paragraphs (style, words) in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(PATH) as package, zipfile.ZipFile(out, "w") as made:
        for name in package.namelist():
            data = package.read(name)
            if name == "word/document.xml":
                root = etree.fromstring(data)
                body = root[0]
                for old in body.findall(f"{W}p"):
                    body.remove(old)
                for number, (style, words) in enumerate(paragraphs):
                    body.insert(number, paragraph(style, words))
                data = etree.tostring(root)
            made.writestr(name, data)
    pdf = convert.to_pdf([out.getvalue()])[0]
    assert isinstance(pdf, bytes), pdf
    return pdf


def paragraph(style: str, words: str) -> etree._Element:
    made = etree.Element(f"{W}p")
    etree.SubElement(etree.SubElement(made, f"{W}pPr"), f"{W}pStyle").set(f"{W}val", style)
    etree.SubElement(etree.SubElement(made, f"{W}r"), f"{W}t").text = words
    return made


def lines(page: pypdfium2.PdfPage) -> dict[int, list[tuple[str, float, float]]]:
    """The Han characters of a page by line: character, left and right edge in mm."""
    text = page.get_textpage()
    found: dict[int, list[tuple[str, float, float]]] = {}
    for index in range(text.count_chars()):
        letter = text.get_text_range(index, 1)
        if "\u4e00" <= letter <= "\u9fff":
            left, bottom, right, _ = text.get_charbox(index, loose=True)
            found.setdefault(round(bottom), []).append((letter, left * MM, right * MM))
    return found


def test_the_file_is_what_its_script_writes() -> None:
    assert PATH.read_bytes() == gongwen_dotx.built()


def test_the_letter_stands_on_it() -> None:
    letter = BUILTIN / "templates/docx/responsibility_letter/template.docx"
    with zipfile.ZipFile(letter) as made, zipfile.ZipFile(PATH) as base:
        for name in ("word/styles.xml", "word/settings.xml", "word/fontTable.xml"):
            assert made.read(name) == base.read(name)


def test_it_has_the_styles_of_an_official_paper_and_no_grid_of_characters() -> None:
    names = {each.get(f"{W}val") for each in part("word/styles.xml").iter(f"{W}name")}
    assert names >= {
        "发文机关标志",
        "发文字号",
        "红色分隔线",
        "公文标题",
        "主送机关",
        "公文正文",
        "一级标题",
        "二级标题",
        "三级标题",
        "署名",
        "成文日期",
        "附件说明",
        "附件",
        "表格文字",
        "版记",
        "抄送机关",
    }
    grids = [each.get(f"{W}type") for each in part("word/document.xml").iter(f"{W}docGrid")]
    assert grids == ["lines"]
    assert [one.code for one in lint_file(PATH)] == []


def test_a_full_page_has_22_lines_of_28_characters_and_numbers_outside() -> None:
    pdf = page_of(("Flush", "国" * 28 * 22 * 2))
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 2
        for number, page in enumerate(document):
            rows = lines(page)
            assert [len(row) for row in rows.values()] == [28] * 22
            assert min(left for row in rows.values() for _, left, _ in row) == pytest.approx(
                28, abs=0.2
            )
            assert max(right for row in rows.values() for _, _, right in row) < 184.3
            top, bottom = max(rows), min(rows)
            assert (top - bottom) / 21 == pytest.approx(28.95, abs=0.1)
            text = page.get_textpage()
            dashes = [
                text.get_charbox(index)
                for index in range(text.count_chars())
                if text.get_text_range(index, 1) == "—"
            ]
            assert len(dashes) == 2
            edges = (min(box[0] for box in dashes) * MM, max(box[2] for box in dashes) * MM)
            if number == 0:
                assert edges[1] == pytest.approx(184 - 4.94, abs=0.6)
            else:
                assert edges[0] == pytest.approx(28 + 4.94, abs=0.6)


def test_headings_of_every_font_keep_the_lines() -> None:
    pdf = page_of(*((style, "国家") for style in ("HeadingOne", "HeadingTwo", "HeadingThree") * 8))
    with pypdfium2.PdfDocument(pdf) as document:
        letters = [sum(len(row) for row in lines(page).values()) for page in document]
    assert letters == [22 * 2, 2 * 2]
