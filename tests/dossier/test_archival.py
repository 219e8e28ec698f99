"""A dossier is PDF/A-2u, or 3u where a file is attached; veraPDF says so."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from pipeline.dossier import bind, recheck
from pipeline.measure import Archival, measure_pdfa
from pipeline.model import Dossier, Part
from tests.dossier.papers import BAR, STYLE, archival, drawn, parts

LINKED = (
    "<h1 id=a>责任书</h1><a href='#b'>见</a><h2 id=b>二</h2><a href='https://example.org/'>网</a>"
)
FRONT = archival(
    "<h1>封面</h1><h2>目录</h2><a href='paper:1'>一</a><a href='paper:2'>二</a><h2>备考表</h2>"
)
SEALED = archival(
    "<style>@page s{size:45mm 16mm;margin:0}.s{page:s;break-before:page;font:9pt/9pt FandolFang}"
    "</style><h1>封面</h1><h2>目录</h2><a href='paper:1'>一</a><a href='paper:2'>二</a>"
    "<h2>备考表</h2><div class=s>章甲</div><div class=s>章乙</div>"
)


def bound(given: tuple[Part, ...], front: bytes = FRONT) -> Dossier:
    return bind("联丰村卷宗", front, given, author="梯面镇", subject="精准扶贫")


def test_papers_that_are_archival_make_an_archival_dossier() -> None:
    first, second = parts([archival(LINKED), archival(LINKED + "<p>别的字</p>")])
    original = drawn(BAR)
    signed = Part(
        title=second.title,
        bookmark="识别",
        pdf=second.pdf,
        sha256="",
        entry=second.entry,
        attached={"签章件.pdf": original},
    )
    plain, holding = bound((first, second)), bound((first, signed), SEALED)
    assert (plain.archival, holding.archival) == ("2u", "3u")
    assert [(one.flavour, one.faults) for one in measure_pdfa([plain.pdf, holding.pdf])] == [
        ("2u", ()),
        ("3u", ()),
    ]
    assert recheck(holding.pdf, holding.entries) == ()
    with pikepdf.open(BytesIO(holding.pdf)) as book:
        assert book.attachments["签章件.pdf"].get_file().read_bytes() == original


def test_nothing_of_a_papers_tags_is_left_without_their_tree() -> None:
    import weasyprint

    body = f"{STYLE}{LINKED}<table><tr><td>表</td></tr></table>"
    tagged = weasyprint.HTML(string=body).write_pdf(pdf_variant="pdf/a-2u", pdf_tags=True)
    made = bound(parts([tagged, archival(LINKED)]))
    with pikepdf.open(BytesIO(tagged)) as paper, pikepdf.open(BytesIO(made.pdf)) as book:
        assert "/StructTreeRoot" in paper.Root
        assert not {"/StructTreeRoot", "/MarkInfo"} & set(book.Root.keys())
        for each in book.objects:
            if isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
                assert not {"/StructParents", "/StructParent"} & set(each.keys())
    assert measure_pdfa([made.pdf])[0].faults == ()


def test_several_files_are_attached_each_as_part_of_the_dossier() -> None:
    given = tuple(
        replace(part, attached={f"{part.entry.order}.pdf": drawn(BAR)})
        for part in parts([archival(LINKED), archival(LINKED)])
    )
    made = bound(given)
    assert measure_pdfa([made.pdf])[0] == Archival(flavour="3u", faults=())
    with pikepdf.open(BytesIO(made.pdf)) as book:
        assert len(book.Root.AF) == len(book.attachments) == 2


def test_a_part_that_is_not_archival_takes_the_claim_from_the_dossier() -> None:
    made = bound(parts([archival(LINKED), drawn(BAR)]))
    assert made.archival == ""
    assert b"pdfaid" not in made.pdf


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_each_paper_bears_its_own_mark_of_filing_upright_at_the_top(turn: int) -> None:
    blank = b"1 1 1 rg 0 0 2000 2000 re f"
    made = bound(parts([drawn(blank, Rotate=turn), drawn(blank, Rotate=turn)]), SEALED)
    with pypdfium2.PdfDocument(made.pdf) as document:
        for place, word in ((2, "章甲"), (3, "章乙")):
            page = document[place]
            text = page.get_textpage()
            assert word in text.get_text_range()
            wide = page.get_width()
            image = page.render(scale=2, grayscale=True).to_numpy().squeeze()
            middle = image[: int(40 * 72 / 25.4 * 2), int(wide - 130) : int(wide + 130)]
            rows = (middle < 200).any(axis=1).nonzero()[0]
            assert 8 * 72 / 25.4 * 2 <= rows.min() <= rows.max() <= 24 * 72 / 25.4 * 2


def test_same_papers_same_bytes() -> None:
    given = parts([archival(LINKED), archival(LINKED)])
    assert bound(given, SEALED).pdf == bound(given, SEALED).pdf
