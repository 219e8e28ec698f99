"""Files from elsewhere enter, PDF/A pages leave, or the reason why not: never a broken dossier.

A PDF stays as it is only where nothing in it could spoil the dossier; else its pages are pictured,
the way everybody saw them, with their words behind. What a picture would lose (signatures, files
inside) is kept: the original is to travel with the dossier as an attachment.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import pikepdf
import pypdfium2
from pikepdf import Dictionary, Name
from PIL import Image

from pipeline.dossier import picture
from pipeline.dossier.archival import claims
from pipeline.dossier.links import notes
from pipeline.dossier.shrink import embedded, fonts_below
from pipeline.dossier.signature import Signature, signature_of
from pipeline.errors import PaperError
from pipeline.fonts.unseen import words_of

MOST_PAGES = 2000
_SMALLEST, _LARGEST = 72.0, 1200.0
"""Sides of a page in points that are kept: up to A3; anything else is shown on A4."""
_GLANCE = 30
"""Dots an inch at which a page shows whether it is blank."""
_HEAD = 1024
"""A PDF may begin after some rubbish (ISO 32000-1, Annex H)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """Pages that may be bound."""

    pdf: bytes
    pages: int
    note: str = ""
    """For the 备注 of the catalogue: what was done to it."""
    original: bool = False
    """The original holds what pages can't show, and must travel with them."""


def take_in(data: bytes) -> TakenIn:
    """Make pages that may be bound out of a PDF or a picture, told apart by their bytes.

    Raises:
        PaperError: when it is empty, locked, broken beyond repair, or something else.
    """
    if not data:
        raise PaperError("文件是空的（0 字节）")
    if b"%PDF-" in data[:_HEAD]:
        return _pdf(data)
    if picture.is_picture(data):
        photos = [photo for photo in picture.photos(data) if not picture.blank(photo)]
        if not photos:
            raise PaperError("图像是空白的")
        made, pages = picture.pages(
            (picture.Pictured(image=photo, size=picture.A4) for photo in photos),
            margin=picture.MARGIN,
        )
        return TakenIn(pdf=made, pages=pages)
    raise PaperError("不是能装订的格式（PDF、JPEG、PNG、TIFF、HEIC、docx、xlsx）")


def _pdf(data: bytes) -> TakenIn:
    with _opened(data) as source:
        if len(source.pages) > MOST_PAGES:
            raise PaperError(f"多于 {MOST_PAGES} 页")
        signature = signature_of(data)
        original = bool(signature) or _signed(source) or bool(source.attachments)
        whole = _saved(source)
        fits = not original and _fits(source)
    with _rendering(data, whole) as document:
        seen = [number for number, page in enumerate(document) if not _blank(page)]
        blanks = len(document) - len(seen)
        if not seen:
            raise PaperError("全是空白页")
        if fits and not blanks:
            return TakenIn(pdf=whole, pages=len(seen))
        made, pages = picture.pages(_pictured(document[number]) for number in seen)
    return TakenIn(
        pdf=made, pages=pages, note=_note(signature, original, blanks), original=original
    )


def _note(signature: Signature | None, original: bool, blanks: int) -> str:
    parts = ("图像", signature.words if signature else "", "原件附后" if original else "")
    words = "，".join(part for part in parts if part)
    return f"{words}；略去空白{blanks}页" if blanks else words


def _opened(data: bytes) -> pikepdf.Pdf:
    """Open a PDF, repaired if need be.

    Raises:
        PaperError: when it needs a password, or there are no pages to be found in it.
    """
    try:
        source = pikepdf.open(BytesIO(data), suppress_warnings=True)
        count = len(source.pages)
    except pikepdf.PasswordError as error:
        raise PaperError("要密码才能打开，请附未加密的") from error
    except (pikepdf.PdfError, pikepdf.ForeignObjectError, ValueError, RuntimeError) as error:
        raise PaperError("PDF 已损坏，修复不了") from error
    if not count:
        raise PaperError("PDF 里没有页")
    return source


def _saved(source: pikepdf.Pdf) -> bytes:
    stream = BytesIO()
    try:
        source.save(stream, encryption=False, deterministic_id=True)
    except (pikepdf.PdfError, RuntimeError) as error:
        raise PaperError("PDF 已损坏，修复不了") from error
    return stream.getvalue()


def _signed(source: pikepdf.Pdf) -> bool:
    """Tell whether it bears an electronic signature."""
    form = source.Root.get("/AcroForm")
    return isinstance(form, Dictionary) and (
        bool(int(form.get("/SigFlags", 0)) & 1)
        or any(
            isinstance(field, Dictionary) and field.get("/FT") == Name.Sig
            for field in form.get("/Fields", ())
        )
    )


def _fits(source: pikepdf.Pdf) -> bool:
    """Tell whether a PDF can be bound as it is: archival itself, with links and text only."""
    if not claims(source) or "/AcroForm" in source.Root or not _srgb(source):
        return False
    seen: set[tuple[int, int]] = set()
    for page in source.pages:
        turn = page.obj.get("/Rotate", 0)
        if not isinstance(turn, int) or turn % 90 or not _usual(page):
            return False
        if any(note.get("/Subtype") != Name.Link for note in notes(page)):
            return False
        fonts = fonts_below(page.obj.get("/Resources"), seen)
        if not all("/ToUnicode" in font and embedded(font) for font in fonts):
            return False
    return True


def _srgb(source: pikepdf.Pdf) -> bool:
    """Tell whether the colours are meant for the same kind of screen as the dossier's."""
    intents = source.Root.get("/OutputIntents", ())
    profiles = [intent.get("/DestOutputProfile") for intent in intents]
    return any(isinstance(one, pikepdf.Stream) and one.get("/N") == 3 for one in profiles)


def _usual(page: pikepdf.Page) -> bool:
    x0, y0, x1, y1 = (float(value) for value in page.mediabox)
    return "/UserUnit" not in page.obj and all(
        _SMALLEST <= abs(side) <= _LARGEST for side in (x1 - x0, y1 - y0)
    )


def _rendering(data: bytes, whole: bytes) -> pypdfium2.PdfDocument:
    """Open the file as received, with its forms; repaired where that can't be shown.

    Raises:
        PaperError: when neither can.
    """
    for each in (data, whole):
        try:
            document = pypdfium2.PdfDocument(each)
            if len(document):
                document.init_forms()
                return document
        except pypdfium2.PdfiumError:
            continue
    raise PaperError("PDF 已损坏，显示不出来")


def _blank(page: pypdfium2.PdfPage) -> bool:
    return picture.blank(_image(page, _GLANCE))


def _pictured(page: pypdfium2.PdfPage) -> picture.Pictured:
    """Picture a page, behind it the words that can be seen on it: what is blacked out stays so."""
    image = _image(page, picture.DPI)
    return picture.Pictured(image=image, size=_shown(page), words=words_of(page, image))


def _image(page: pypdfium2.PdfPage, dpi: float) -> Image.Image:
    wide, high = page.get_size()
    across, up = _shown(page)
    scale = min(across / wide, up / high) * dpi / 72
    try:
        image: Image.Image = page.render(scale=scale).to_pil()
    except pypdfium2.PdfiumError as error:
        raise PaperError("PDF 的页显示不出来") from error
    return picture.flat(image)


def _shown(page: pypdfium2.PdfPage) -> tuple[float, float]:
    """Return the sheet a page is shown on: its own, or A4 if that is no sheet of paper."""
    wide, high = page.get_size()
    if all(_SMALLEST <= side <= _LARGEST for side in (wide, high)):
        return wide, high
    return picture.A4 if wide <= high else (picture.A4[1], picture.A4[0])
