from __future__ import annotations

from io import BytesIO

import numpy as np
import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name

from pipeline.dossier import bind, recheck
from pipeline.errors import OutputError
from pipeline.model import Dossier, Part
from tests.dossier.papers import BAR, drawn, front, helvetica, parts, printed, saved

EDGE = 15 * 72 / 25.4
LINKED = (
    "<h1 id=s1>责任书</h1><a href='#s2'>见第二部分</a><h2 id=s2>二</h2>"
    "<a href='#s1'>回</a><a href='https://example.org/'>网址</a>"
)


def bound(given: tuple[Part, ...], matter: bytes | None = None) -> Dossier:
    addresses = [f"paper:{part.entry.order}" for part in given]
    return bind(
        "联丰村卷宗", matter or front(*addresses), given, author="梯面镇", subject="精准扶贫"
    )


def opened(dossier: Dossier) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(dossier.pdf))


def ink(dossier: Dossier, page: int) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of what shows in the upper corners, in points from the top left."""
    with pypdfium2.PdfDocument(dossier.pdf) as document:
        pixels = document[page].render(scale=4, grayscale=True).to_numpy().squeeze()
    rows, columns = np.nonzero(pixels[:300] < 128)
    return (
        columns.min() / 4,
        rows.min() / 4,
        (columns.max() + 1) / 4,
        (rows.max() + 1) / 4,
    )


def test_order_cover_catalogue_papers_closing() -> None:
    words = [f"({word}) Tj" for word in ("cover", "lines", "closing")]
    matter = drawn(
        *(f"BT /F 12 Tf 100 100 Td {word} ET".encode() for word in words),
        Resources=Dictionary(Font=Dictionary(F=helvetica())),
    )
    made = bound(parts([drawn(BAR), drawn(BAR, BAR)]), matter)
    with pypdfium2.PdfDocument(made.pdf) as document:
        texts = [page.get_textpage().get_text_range().strip() for page in document]
    assert texts == ["cover", "lines", "1", "2", "3", "closing"]
    assert made.pages == 6
    assert [entry.first_page for entry in made.entries] == [1, 2]


def test_same_papers_same_bytes() -> None:
    given = parts([printed(LINKED), drawn(BAR)])
    made = bound(given)
    assert made.pdf == bound(given).pdf
    assert b"Date" not in made.pdf
    assert "/CreationDate" not in opened(made).docinfo


def test_title_author_subject_stand_in_both_places() -> None:
    pdf = opened(bound(parts([drawn(BAR)])))
    assert pdf.docinfo.Title == "联丰村卷宗"
    assert pdf.docinfo.Author == "梯面镇"
    assert pdf.docinfo.Subject == "精准扶贫"
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == "联丰村卷宗"
        assert metadata["dc:creator"] == ["梯面镇"]
        assert metadata["dc:description"] == "精准扶贫"


def test_bookmarks_have_classes_and_papers() -> None:
    pdf = opened(bound(parts([drawn(BAR)] * 3, ["综合", "综合", "识别"])))
    with pdf.open_outline() as outline:
        tree = [(item.title, [inner.title for inner in item.children]) for item in outline.root]
    assert tree == [
        ("封面", []),
        ("卷内目录", []),
        ("综合", ["责任书之1", "责任书之2"]),
        ("识别", ["责任书之3"]),
        ("备考表", []),
    ]


def test_labels_number_the_papers_only() -> None:
    pdf = opened(bound(parts([drawn(BAR), drawn(BAR, BAR)])))
    assert [page.label for page in pdf.pages] == ["封面", "目录i", "1", "2", "3", "备考表"]


def test_an_empty_dossier_still_has_its_front() -> None:
    made = bound(())
    assert [page.label for page in opened(made).pages] == ["封面", "目录i", "备考表"]
    assert recheck(made.pdf, made.entries) == ()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_numbers_stand_upright_in_the_outer_top_corner(turn: int) -> None:
    blank = b"1 1 1 rg 0 0 2000 2000 re f"
    made = bound(parts([drawn(blank, blank, Rotate=turn)]))
    wide = 595.276 if turn in (0, 180) else 841.89
    left, top, right, bottom = ink(made, 2)
    assert right == pytest.approx(wide - EDGE, abs=1.5)
    assert top == pytest.approx(EDGE, abs=0.6)
    assert bottom - top > right - left, "a 1 is taller than wide"
    left, top, right, bottom = ink(made, 3)
    assert left == pytest.approx(EDGE, abs=1)
    assert bottom - top == pytest.approx(10.5 * 0.676, abs=0.6)


def test_numbers_keep_to_the_visible_part_of_an_offset_sheet() -> None:
    pdf = drawn(
        b"1 1 1 rg -500 -500 2000 2000 re f",
        MediaBox=Array([-100, -50, 600, 900]),
        CropBox=Array([0, 0, 500, 2000]),
    )
    left, top, right, _ = ink(bound(parts([pdf])), 2)
    assert right == pytest.approx(500 - EDGE, abs=1.5)
    assert top == pytest.approx(EDGE, abs=0.6)
    assert left > 440


@pytest.mark.parametrize(
    "content",
    [
        b"q 0 -3 3 0 0 0 cm 1 0 0 RG",
        b"Q Q 0.1 0 0 0.1 50 50 cm",
        b"0 -1 1 0 0 800 cm q q q",
        b"BT 3 Tr 1 0 0 rg 5 w",
        b"0 0 10 10 re W n",
    ],
)
def test_what_a_page_does_to_the_graphics_state_does_not_reach_its_number(content: bytes) -> None:
    made = bound(parts([drawn(content)]))
    left, top, right, bottom = ink(made, 2)
    assert (right, top) == (pytest.approx(595.276 - EDGE, abs=1.5), pytest.approx(EDGE, abs=0.6))
    assert bottom - top > right - left


def test_one_page_drawn_by_several_streams_or_one_stream_on_two_pages() -> None:
    pdf = pikepdf.open(BytesIO(drawn(BAR, BAR)))
    first, second = pdf.pages
    first.obj.Contents = Array([pdf.make_stream(b"0 0 0 r"), pdf.make_stream(b"g 9 9 9 9 re f")])
    shared = pdf.make_stream(BAR)
    second.obj.Contents = shared
    pdf.add_blank_page(page_size=(595.276, 841.89)).obj.Contents = shared
    made = bound(parts([saved(pdf)]))
    book = opened(made)
    forms = [page.obj.Resources.XObject.Paper for page in list(book.pages)[2:-1]]
    assert len({form.objgen for form in forms}) == 3
    assert [form.read_bytes() for form in forms[1:]] == [BAR, BAR]


def test_all_numbers_share_one_embedded_font() -> None:
    pdf = opened(bound(parts([drawn(BAR)] * 4)))
    fonts = [page.obj.Resources.Font.Number for page in list(pdf.pages)[2:-1]]
    assert len({font.objgen for font in fonts}) == 1
    descriptor = fonts[0].FontDescriptor
    assert descriptor.FontFile2.read_bytes()[:4] == b"\0\1\0\0"
    assert len(descriptor.FontFile2.read_bytes()) < 10_000


def test_identical_fonts_are_kept_once() -> None:
    same = printed("<p>花都区联丰村</p>")
    pdf = opened(bound(parts([same, same, printed("<p>别的字</p>")])))
    found = {
        descriptor.FontFile3.objgen
        for descriptor in pdf.objects
        if isinstance(descriptor, Dictionary) and "/FontFile3" in descriptor
    }
    assert len(found) == 2


def test_links_stay_in_their_own_paper() -> None:
    made = bound(parts([printed(LINKED)] * 3))
    assert recheck(made.pdf, made.entries) == ()
    pdf = opened(made)
    pages = list(pdf.pages)
    for first in (2, 4, 6):
        assert pages[first].obj.Annots[0].Dest[0] == pages[first + 1].obj
        assert pages[first + 1].obj.Annots[0].Dest[0] == pages[first].obj
        assert pages[first + 1].obj.Annots[1].A.URI == "https://example.org/"
    assert "/Names" not in pdf.Root


def test_catalogue_lines_lead_to_their_papers() -> None:
    matter = printed(
        "<h1>封面</h1><h2>目录</h2><a href='paper:1'>一</a><a href='paper:2'>二</a><h2>备考表</h2>"
    )
    pdf = opened(bound(parts([drawn(BAR, BAR), drawn(BAR)]), matter))
    pages = list(pdf.pages)
    assert [note.Dest[0] for note in pages[1].obj.Annots] == [pages[2].obj, pages[4].obj]


def test_a_catalogue_line_without_its_paper_is_refused() -> None:
    for address in ("paper:2", "paper:x", "paper:"):
        with pytest.raises(OutputError, match="不存在的文件"):
            bound(parts([drawn(BAR)]), front(address))


def test_only_harmless_actions_travel() -> None:
    def action(kind: str, **more: object) -> Dictionary:
        return Dictionary(
            Type=Name.Annot,
            Subtype=Name.Link,
            Rect=Array([0, 0, 9, 9]),
            A=Dictionary(S=Name(kind), **more),
        )

    pdf = pikepdf.open(BytesIO(drawn(BAR)))
    pdf.pages[0].obj.Annots = Array(
        [
            action("/JavaScript", JS=pikepdf.String("app.alert(1)")),
            action("/GoTo", D=pikepdf.String("nowhere")),
            action("/URI", URI=pikepdf.String("https://example.org/")),
        ]
    )
    pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=pikepdf.String("1")))
    book = opened(bound(parts([saved(pdf)])))
    page = book.pages[2].obj
    assert "/AA" not in page
    assert [note.get("/A", Dictionary()).get("/S") for note in page.Annots] == [None, Name.URI]


def test_a_paper_that_cannot_be_bound_is_named() -> None:
    whole = parts([drawn(BAR), drawn(BAR)])
    locked = saved(
        pikepdf.open(BytesIO(drawn(BAR))), encryption=pikepdf.Encryption(owner="o", user="u", R=6)
    )
    for bad, message in ((whole[1].pdf[:-80], "损坏"), (locked, "加密")):
        second = Part(title="坏件", bookmark="综合", pdf=bad, sha256="", entry=whole[1].entry)
        with pytest.raises(OutputError, match=message) as caught:
            bound((whole[0], second))
        assert caught.value.where == "坏件"


def test_a_catalogue_that_is_not_true_is_refused() -> None:
    first, second = parts([drawn(BAR, BAR), drawn(BAR)])
    longer = Part(title="长了", bookmark="综合", pdf=drawn(BAR, BAR), sha256="", entry=second.entry)
    with pytest.raises(OutputError, match="目录记 1 页，实有 2 页"):
        bound((first, longer))
    with pytest.raises(OutputError, match="目录页号是 3，应为 1"):
        bound((second, first))


def test_a_front_of_two_pages_is_refused() -> None:
    with pytest.raises(OutputError, match="至少三页"):
        bound(parts([drawn(BAR)]), drawn(BAR, BAR))
