from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Name

from pipeline.dossier import bind, recheck
from tests.dossier.papers import BAR, drawn, front, parts, printed, saved

LINKED = "<h1 id=s>一</h1><a href='#t'>见</a><h2 id=t>二</h2>"
PARTS = parts([printed(LINKED), printed(LINKED), drawn(BAR)], ["综合", "识别", "识别"])
BOUND = bind("卷宗", front("paper:1", "paper:2", "paper:3"), PARTS, author="梯面镇", subject="扶贫")


def spoilt(spoil: Callable[[pikepdf.Pdf], object]) -> tuple[str, ...]:
    pdf = pikepdf.open(BytesIO(BOUND.pdf))
    spoil(pdf)
    return recheck(saved(pdf), BOUND.entries)


def test_a_good_dossier_has_no_problem() -> None:
    assert recheck(BOUND.pdf, BOUND.entries) == ()


def test_a_plain_front_has_no_links_to_check() -> None:
    made = bind("卷宗", front(), PARTS, author="", subject="")
    assert recheck(made.pdf, made.entries) == ()


def test_no_pdf() -> None:
    assert "打不开" in recheck(b"docx", BOUND.entries)[0]


def test_a_page_is_missing() -> None:
    problems = spoilt(lambda pdf: pdf.pages.__delitem__(3))
    assert problems == ("全卷只有 7 页，少于卷首和目录所记各件的页数",)


def test_fewer_pages_than_the_catalogue_says() -> None:
    short = recheck(drawn(BAR, BAR, BAR), BOUND.entries)
    assert short == ("全卷只有 3 页，少于卷首和目录所记各件的页数",)


def test_catalogue_with_wrong_pages() -> None:
    lines = (BOUND.entries[0], replace(BOUND.entries[1], first_page=4), BOUND.entries[2])
    problems = recheck(BOUND.pdf, lines)
    assert "目录《责任书之2》记顺序号 2、页号 4，应为 2、3" in problems
    assert "目录《责任书之2》在第 4 页，书签《责任书之2》指向第 3 页" in problems


def test_bookmark_to_another_page() -> None:
    def spoil(pdf: pikepdf.Pdf) -> None:
        with pdf.open_outline() as outline:
            outline.root[2].children[0] = pikepdf.OutlineItem("责任书之1", 4)

    assert spoilt(spoil) == ("目录《责任书之1》在第 1 页，书签《责任书之1》指向第 3 页",)


def test_bookmark_missing() -> None:
    def spoil(pdf: pikepdf.Pdf) -> None:
        with pdf.open_outline() as outline:
            del outline.root[3].children[1]

    assert "目录有 3 件，书签有 2 件" in spoilt(spoil)


def test_labels_off_by_one() -> None:
    problems = spoilt(lambda pdf: pdf.Root.PageLabels.Nums[5].__setitem__("/St", 2))
    assert problems[0] == "第 1 页的页标签是“2”"


def test_printed_number_wrong_or_absent() -> None:
    def spoil(pdf: pikepdf.Pdf) -> None:
        wrong = pdf.pages[3].obj.Contents.read_bytes().replace(b"(2)", b"(7)")
        pdf.pages[3].obj.Contents = pdf.make_stream(wrong)
        pdf.pages[4].obj.Contents = pdf.make_stream(b"q /Paper Do Q")

    assert spoilt(spoil) == ("第 2 页印的页码是“7”", "第 3 页印的页码是“”")


def test_link_into_another_paper() -> None:
    def spoil(pdf: pikepdf.Pdf) -> None:
        pdf.pages[4].obj.Annots[0].Dest[0] = pdf.pages[2].obj

    assert spoilt(spoil) == ("《责任书之2》第 1 页的链接指到了别的文件",)


def test_named_destination_left_over() -> None:
    def spoil(pdf: pikepdf.Pdf) -> None:
        pdf.pages[4].obj.Annots[0].Dest = pikepdf.String("t")

    assert spoilt(spoil) == ("《责任书之2》第 1 页的链接指到了别的文件",)


def test_catalogue_line_leads_astray() -> None:
    def spoil(pdf: pikepdf.Pdf) -> None:
        pdf.pages[1].obj.Annots[2].Dest = Array([pdf.pages[2].obj, Name.Fit])

    assert spoilt(spoil) == ("目录《责任书之3》没有链到它的第 5 页",)


@pytest.mark.parametrize("content", [b"", b"q 1 0 0 1 0 0 cm Q", b"1 1 1 rg 0 0 600 900 re f"])
def test_blank_page(content: bytes) -> None:
    made = bind("卷宗", front(), parts([drawn(BAR, content)]), author="", subject="")
    assert recheck(made.pdf, made.entries) == ("全卷第 4 页是空白页",)


def test_blank_page_of_weasyprint() -> None:
    paper = printed("<p>一</p><div style='break-before:page'></div><h2>三</h2>")
    made = bind("卷宗", front(), parts([paper]), author="", subject="")
    assert recheck(made.pdf, made.entries) == ("全卷第 4 页是空白页",)
