"""PDFs and pictures from elsewhere: taken in, or refused with a reason; never a crash or a hang."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from pipeline.dossier import TakenIn, bind, recheck, take_in
from pipeline.errors import PaperError
from pipeline.measure import measure_pdfa
from tests.dossier.papers import BAR, archival, drawn, front, helvetica, parts, printed, saved

LINKED = "<h1 id=a>附件</h1><a href='#a'>回</a>"


HEIC = (Path(__file__).parent / "photo.heic").read_bytes()
"""640 by 480 dots, red in the upper left quarter; by libheif's heif-enc."""


def edited(pdf: bytes, edit: Callable[[pikepdf.Pdf], object]) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as source:
        edit(source)
        return saved(source)


def image(kind: str, size: tuple[int, int] = (400, 300), mode: str = "RGB", **how: object) -> bytes:
    stream = BytesIO()
    picture = Image.new(mode, size, "white")
    picture.paste(Image.new(mode, (size[0] // 2, size[1] // 4), "black"), (5, 5))
    picture.save(stream, kind, **how)
    return stream.getvalue()


def with_field(pdf: pikepdf.Pdf, **field: object) -> None:
    widget = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            Rect=Array([100, 500, 300, 520]),
            T=pikepdf.String("姓名"),
            DA=pikepdf.String("/Helv 12 Tf 0 g"),
            P=pdf.pages[0].obj,
            **field,
        )
    )
    pdf.pages[0].obj.Annots = Array([widget])
    pdf.Root.AcroForm = Dictionary(
        Fields=Array([widget]), DR=Dictionary(Font=Dictionary(Helv=helvetica()))
    )


def filled(text: str) -> bytes:
    return edited(
        drawn(BAR), lambda pdf: with_field(pdf, FT=Name.Tx, V=pikepdf.String(text), MK=Dictionary())
    )


def sign(pdf: pikepdf.Pdf) -> None:
    with_field(pdf, FT=Name.Sig, V=Dictionary(Type=Name.Sig, Contents=pikepdf.String("x" * 40)))
    pdf.Root.AcroForm.SigFlags = 3


def loop_of_bookmarks(pdf: pikepdf.Pdf) -> None:
    item = pdf.make_indirect(Dictionary(Title=pikepdf.String("圈")))
    item.Next = item
    item.First = item
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(First=item, Last=item, Count=2))


def attach(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["明细.csv"] = b"a,b"


def big(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.MediaBox = Array([0, 0, 35_000, 20_000])


def locked(**passwords: str) -> bytes:
    with pikepdf.open(BytesIO(drawn(BAR))) as pdf:
        return saved(pdf, encryption=pikepdf.Encryption(**passwords, R=6))


def crushed() -> bytes:
    whole = drawn(BAR, BAR)
    return whole[: whole.rindex(b"startxref")] + b"startxref\n7\n%%EOF"


def looping() -> bytes:
    """A page tree that holds itself: written by hand, since pikepdf wouldn't."""
    whole = drawn(BAR)
    with pikepdf.open(BytesIO(whole)) as pdf:
        stream = BytesIO()
        pdf.save(stream, object_stream_mode=pikepdf.ObjectStreamMode.disable, static_id=True)
    text = stream.getvalue()
    number = text[text.index(b"/Pages ") + 7 :].split()[0]
    kids = text[text.index(b"/Kids [") : text.index(b"]", text.index(b"/Kids ["))]
    return text.replace(kids, kids.rstrip() + b" " + number + b" 0 R ", 1)


def loop_of_names(pdf: pikepdf.Pdf) -> None:
    node = pdf.make_indirect(Dictionary())
    node.Kids = Array([node])
    pdf.Root.Names = Dictionary(Dests=node)
    pdf.pages[0].obj.Annots[0].Dest = pikepdf.String("nowhere")


def draws_itself(pdf: pikepdf.Pdf) -> None:
    form = pdf.make_stream(
        BAR + b" /X Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 900, 900])
    )
    form.Resources = Dictionary(XObject=Dictionary(X=form))
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(X=form))
    pdf.pages[0].obj.Contents = pdf.make_stream(b"/X Do")


def without_its_fonts(pdf: pikepdf.Pdf) -> None:
    for each in pdf.objects:
        if isinstance(each, Dictionary) and "/FontFile3" in each:
            del each.FontFile3
        if isinstance(each, Dictionary) and "/FontFile2" in each:
            del each.FontFile2


TAKEN: dict[str, tuple[bytes, int, str]] = {
    "archival itself": (archival(LINKED), 1, ""),
    "not archival": (drawn(BAR, BAR), 2, "图像"),
    "locked against changes only": (locked(owner="o", user=""), 1, "图像"),
    "broken xref": (crushed(), 2, "图像"),
    "loop of bookmarks": (edited(drawn(BAR), loop_of_bookmarks), 1, "图像"),
    "loop of names": (edited(archival(LINKED), loop_of_names), 1, ""),
    "a form that draws itself": (edited(drawn(BAR), draws_itself), 1, "图像"),
    "archival in name only": (edited(archival(LINKED), without_its_fonts), 1, "图像"),
    "lying on its side": (drawn(BAR, Rotate=90), 1, "图像"),
    "turned by 45 degrees": (drawn(BAR, Rotate=45), 1, "图像"),
    "a form": (filled("甲"), 1, "图像"),
    "a file inside": (edited(archival(LINKED), attach), 1, "图像，原件附后"),
    "signed": (edited(drawn(BAR), sign), 1, "图像，原件附后"),
    "35 000 points wide": (edited(drawn(b"0 0 9000 9000 re f"), big), 1, "图像"),
    "a blank page among others": (drawn(BAR, b"", BAR), 2, "图像；略去空白1页"),
    "archival with a blank page": (
        archival("<p>一</p><div style='break-before:page'></div><h2>三</h2>"),
        2,
        "图像；略去空白1页",
    ),
    "rubbish before the head": (b"\r\n\r\n" + drawn(BAR), 1, "图像"),
    "jpeg": (image("JPEG"), 1, ""),
    "heic of a telephone": (HEIC, 1, ""),
    "grey png": (image("PNG", mode="L"), 1, ""),
    "clear png": (image("PNG", mode="RGBA"), 1, ""),
    "cmyk jpeg": (image("JPEG", mode="CMYK"), 1, ""),
    "35 000 dots wide": (image("JPEG", size=(35_000, 1_000)), 1, ""),
    "tiff of two pages": (
        image("TIFF", save_all=True, append_images=[Image.new("RGB", (90, 90), "red")]),
        2,
        "",
    ),
}


@pytest.fixture(autouse=True)
def never_a_hang() -> Iterator[None]:
    """Stop a test that takes longer than all of them together should."""

    def stop(*_: object) -> None:
        raise TimeoutError("it hangs")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(300)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def taken() -> dict[str, TakenIn]:
    return {name: take_in(data) for name, (data, _, _) in TAKEN.items()}


@pytest.mark.parametrize("name", TAKEN)
def test_what_can_be_shown_is_taken_in(taken: dict[str, TakenIn], name: str) -> None:
    data, pages, note = TAKEN[name]
    one = taken[name]
    assert (one.pages, one.note) == (pages, note)
    assert one.original is ("原件" in note)
    with pypdfium2.PdfDocument(one.pdf) as document:
        assert len(document) == pages
        assert all(max(page.get_size()) <= 1200 for page in document)
        assert all(page.render(scale=0.3).to_numpy().min() < 240 for page in document)
    assert take_in(data) == one, "the same file gives the same pages"


def test_whatever_was_taken_in_binds_to_an_archival_dossier(taken: dict[str, TakenIn]) -> None:
    given = parts([one.pdf for one in taken.values()])
    addresses = "".join(f"<a href='paper:{part.entry.order}'>件</a> " for part in given)
    matter = archival(f"<h1>封面</h1><h2>目录</h2>{addresses}<h2>备考表</h2>")
    made = bind("卷宗", matter, given, author="梯面镇", subject="扶贫")
    assert recheck(made.pdf, made.entries) == ()
    (said,) = measure_pdfa([made.pdf])
    assert (said.flavour, said.faults) == ("2u", ())


def test_forms_with_the_same_field_keep_their_own_words(taken: dict[str, TakenIn]) -> None:
    first, second = take_in(filled("AAAAAA")), take_in(filled("II"))
    made = bind("卷宗", front(), parts([first.pdf, second.pdf]), author="", subject="")
    with pypdfium2.PdfDocument(made.pdf) as document:
        a, b = (document[place].render(scale=1, grayscale=True).to_numpy() for place in (2, 3))
    ink = [(page[320:345, 95:305] < 128).sum() for page in (a, b)]
    assert ink[0] > ink[1] > 0


def lay_down(pdf: pikepdf.Pdf, turn: int) -> None:
    """Describe an upright page as one that lies, and is turned to be looked at."""
    (page,) = pdf.pages
    wide, high = (float(value) for value in page.mediabox[2:])
    matrix, page.obj.MediaBox = {
        0: (b"1 0 0 1 0 0", Array([0, 0, wide, high])),
        90: (b"0 1 -1 0 %f 0" % high, Array([0, 0, high, wide])),
        180: (b"-1 0 0 -1 %f %f" % (wide, high), Array([0, 0, wide, high])),
        270: (b"0 -1 1 0 0 %f" % wide, Array([0, 0, high, wide])),
    }[turn]
    page.contents_add(b"q " + matrix + b" cm", prepend=True)
    page.contents_add(b"Q")
    page.obj.Rotate = turn


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_what_is_pictured_keeps_its_words_where_they_stand(turn: int) -> None:
    text = "村民代表会议记录 一致同意 Huadu 2016 𠮷"
    one = take_in(edited(printed(f"<p>{text}</p>"), lambda pdf: lay_down(pdf, turn)))
    assert one.note == "图像"
    (page,) = pypdf.PdfReader(BytesIO(one.pdf)).pages
    assert page.images
    assert page.extract_text().split() == text.split()
    (said,) = measure_pdfa([one.pdf])
    assert (said.flavour, said.faults) == ("2u", ())
    with pypdfium2.PdfDocument(one.pdf) as document:
        words = document[0].get_textpage()
        place, _ = words.search("会议").get_next()
        left, bottom, right, top = words.get_charbox(place, loose=True)
        image = document[0].render(scale=2, grayscale=True).to_numpy().squeeze()
    high = image.shape[0]
    there = image[
        round(high - 2 * top) : round(high - 2 * bottom), round(2 * left) : round(2 * right)
    ]
    assert (there < 128).mean() > 0.05, "the word lies on its picture"


def test_what_is_blacked_out_is_not_behind_the_picture_either() -> None:
    """A bar over a number hides it on the page; the words behind the picture must not tell it."""
    two = printed("<p>查得见的字</p><p style='margin-top:60px'>449999197004270028</p>")

    def bar(pdf: pikepdf.Pdf) -> None:
        lay_down(pdf, 90)
        with pypdfium2.PdfDocument(two) as document:
            words = document[0].get_textpage()
            left, bottom, right, top = words.get_rect(words.count_rects() - 1)
        box = b"%f %f %f %f re f" % (left - 5, bottom - 5, right - left + 10, top - bottom + 10)
        inner = pdf.pages[0]
        inner.contents_add(b"q 0 1 -1 0 %f 0 cm 0 g " % float(inner.mediabox[2]) + box + b" Q")

    one = take_in(edited(two, bar))
    assert one.note == "图像"
    said = pypdf.PdfReader(BytesIO(one.pdf)).pages[0].extract_text()
    assert "查得见的字" in said
    assert "4499" not in said


def test_words_no_font_explains_are_left_out() -> None:
    """Private and missing characters would spoil PDF/A-2u."""
    odd = drawn(
        b"BT /F 20 Tf 100 600 Td (AB) Tj ET", Resources=Dictionary(Font=Dictionary(F=helvetica()))
    )

    def explain(pdf: pikepdf.Pdf) -> None:
        cmap = (
            b"1 begincodespacerange <00> <FF> endcodespacerange "
            b"2 beginbfchar <41> <E000> <42> <FFFD> endbfchar"
        )
        pdf.pages[0].obj.Resources.Font.F.ToUnicode = pdf.make_stream(cmap)

    one = take_in(edited(odd, explain))
    assert pypdf.PdfReader(BytesIO(one.pdf)).pages[0].extract_text() == ""
    (said,) = measure_pdfa([one.pdf])
    assert (said.flavour, said.faults) == ("2u", ())


def test_a_photo_is_turned_upright_as_its_camera_said() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    one = take_in(image("JPEG", size=(400, 100), exif=exif))
    with pypdfium2.PdfDocument(one.pdf) as document:
        rows = (document[0].render(scale=0.5, grayscale=True).to_numpy() < 128).any(axis=1)
    assert rows.sum() > 100, "what was wide is tall"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "0 字节"),
        (looping(), "修复不了"),
        (locked(owner="o", user="u"), "要密码"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 9, "修复不了"),
        (saved(pikepdf.new()), "没有页"),
        (drawn(b"", b"1 1 1 rg 0 0 900 900 re f"), "全是空白页"),
        (b"\xff\xd8\xff\xe0" + bytes(90), "不是能装订的格式"),
        (image("JPEG", size=(2000, 2000))[:3000], "已损坏"),
        (HEIC[: len(HEIC) * 2 // 3], "已损坏"),
        (image("PNG", size=(20_000, 11_000), mode="1"), "图像太大"),
        ("姓名,金额".encode(), "不是能装订的格式"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_words(data: bytes, why: str) -> None:
    with pytest.raises(PaperError, match=why):
        take_in(data)
