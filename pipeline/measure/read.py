"""Read a finished PDF: pages, text, fonts (PDFium) and everything that isn't on a page (qpdf)."""

from __future__ import annotations

import ctypes
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.errors import OutputError

_MM = 25.4 / 72
_INVISIBLE = 3
"""Text render mode of a searchable layer below a scan."""
_UNREADABLE = (
    pikepdf.PdfError,
    pikepdf.PasswordError,
    pypdfium2.PdfiumError,
    TypeError,  # how pikepdf says that a damaged object is none of the kind it should be
    ValueError,
)
_SUBSET = re.compile(r"[A-Z]{6}\+")
_NUMBERS = frozenset({"/W", "/Widths", "/Rect", "/BBox", "/FontBBox", "/ID", "/Kids", "/Parent"})
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(<[0-9A-Fa-f]+>|\[[^\]]*\])")
_CHAR = re.compile(rb"<[0-9A-Fa-f]+>\s*<([0-9A-Fa-f]+)>")
_BLOCK = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
_XMLNS = re.compile(r"xmlns:\w+\s*=\s*(\"[^\"]*\"|'[^']*')")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Text drawn in one go."""

    text: str
    font: str
    """Name in the PDF; empty for a Type 3 font, which is drawn by the file itself."""
    embedded: bool
    visible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as it is looked at; millimetres."""

    number: int
    width: float
    height: float
    text: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A font of the file and the characters it says it shows."""

    name: str
    characters: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything the checks look at."""

    pages: tuple[Page, ...]
    faces: tuple[Face, ...]
    strings: tuple[str, ...]
    """Text outside the pages: metadata, bookmarks, notes, addresses, attachment names."""
    attachments: bool
    subsets: frozenset[str] = frozenset()
    """Names, without their tag, of the fonts of which the file holds a part only."""


def read(pdf: bytes) -> Reading:
    """Read a PDF.

    Raises:
        OutputError: when it is no readable PDF.
    """
    behind = read_behind(pdf)
    return replace(behind, pages=tuple(read_page(*opened) for opened in open_pages(pdf)))


def read_behind(pdf: bytes) -> Reading:
    """Read everything of a PDF that isn't on a page.

    Raises:
        OutputError: when it is no readable PDF.
    """
    try:
        with pikepdf.open(BytesIO(pdf), suppress_warnings=True) as file:
            faces, strings, subsets = _objects(file)
            attachments = len(file.attachments) > 0
    except _UNREADABLE as error:
        raise _refused(error) from error
    return Reading(pages=(), faces=faces, strings=strings, attachments=attachments, subsets=subsets)


def open_pages(pdf: bytes) -> Iterator[tuple[int, pypdfium2.PdfPage, pypdfium2.PdfTextPage]]:
    """Yield number, page and text of each page, open until the next is asked for.

    Opening a page costs more than what is then read from it, so it is done once.

    Raises:
        OutputError: when it is no readable PDF.
    """
    try:
        with pypdfium2.PdfDocument(pdf) as document:
            for index in range(len(document)):
                page = document[index]
                words = page.get_textpage()
                try:
                    yield index + 1, page, words
                finally:
                    words.close()
                    page.close()
    except pypdfium2.PdfiumError as error:
        raise _refused(error) from error


def read_page(number: int, page: pypdfium2.PdfPage, words: pypdfium2.PdfTextPage) -> Page:
    """Read an open page."""
    width, height = page.get_size()
    named: dict[int, tuple[str, bool]] = {}
    return Page(
        number=number,
        width=width * _MM,
        height=height * _MM,
        text=_plain(words.get_text_range(errors="replace")),
        runs=tuple(_run(shape, words, named) for shape in _drawn(page)),
    )


def _refused(error: Exception) -> OutputError:
    return OutputError(f"读不出这个 PDF（{error}）")


def _drawn(page: pypdfium2.PdfPage) -> Iterator[object]:
    """Yield the text objects of a page in the order of drawing, those inside forms too."""
    todo = [
        pdfium.FPDFPage_GetObject(page, number)
        for number in reversed(range(pdfium.FPDFPage_CountObjects(page)))
    ]
    while todo:
        shape = todo.pop()
        kind = pdfium.FPDFPageObj_GetType(shape)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            yield shape
        elif kind == pdfium.FPDF_PAGEOBJ_FORM:
            todo += [
                pdfium.FPDFFormObj_GetObject(shape, number)
                for number in reversed(range(pdfium.FPDFFormObj_CountObjects(shape)))
            ]


def _run(shape: object, words: pypdfium2.PdfTextPage, named: dict[int, tuple[str, bool]]) -> Run:
    size = pdfium.FPDFTextObj_GetText(shape, words, None, 0)
    units = (ctypes.c_ushort * max(1, size // 2))()
    pdfium.FPDFTextObj_GetText(shape, words, units, size)
    font = pdfium.FPDFTextObj_GetFont(shape)
    mark = ctypes.addressof(font.contents) if font else 0
    if mark not in named:
        named[mark] = _font(font) if font else ("", True)
    name, embedded = named[mark]
    return Run(
        text=_plain(bytes(units).decode("utf-16-le", "replace")),
        font=name,
        embedded=embedded,
        visible=pdfium.FPDFTextObj_GetTextRenderMode(shape) != _INVISIBLE,
    )


def _font(font: object) -> tuple[str, bool]:
    """Return a font's name and whether the file brings it; Type 3 fonts have no name and are."""
    size = pdfium.FPDFFont_GetBaseFontName(font, None, 0)
    buffer = ctypes.create_string_buffer(max(1, size))
    pdfium.FPDFFont_GetBaseFontName(font, buffer, size)
    name = buffer.value.decode("utf-8", "replace")
    return name, not name or pdfium.FPDFFont_GetIsEmbedded(font) == 1


def _plain(text: str) -> str:
    """Drop what PDFium puts in for padding and for a hyphen at the end of a line."""
    return text.replace("\x00", "").replace("\ufffe", "").replace("\x02", "")


def _objects(file: pikepdf.Pdf) -> tuple[tuple[Face, ...], tuple[str, ...], frozenset[str]]:
    """Look through every object once, for fonts and for strings."""
    faces: list[Face] = []
    subsets: set[str] = set()
    strings: list[str] = []
    for thing in (*file.objects, file.trailer):
        if isinstance(thing, pikepdf.Stream):
            if thing.get("/Type") == pikepdf.Name.Metadata:
                strings.append(_xmp(thing.read_bytes()))
        elif isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == pikepdf.Name.Font:
            mapping = thing.get("/ToUnicode")
            name = str(thing.get("/BaseFont", "")).removeprefix("/")
            if _SUBSET.match(name):
                subsets.add(name[7:])
            if isinstance(mapping, pikepdf.Stream):
                faces.append(Face(name=name, characters=_claimed(mapping.read_bytes())))
            continue
        strings += _strings(thing)
    return tuple(faces), tuple(strings), frozenset(subsets)


def _strings(thing: object) -> Iterator[str]:
    """Yield the strings of an object and of what stands in it directly."""
    if isinstance(thing, pikepdf.String):
        yield str(thing)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        for key in thing.keys():  # noqa: SIM118  a pikepdf object is no mapping
            if key not in _NUMBERS:
                inner = thing.get(key)
                if not getattr(inner, "is_indirect", False):
                    yield from _strings(inner)
    elif isinstance(thing, pikepdf.Array):
        for inner in thing:
            if not getattr(inner, "is_indirect", False):
                yield from _strings(inner)


def _xmp(packet: bytes) -> str:
    """Return the words of an XMP packet without its namespaces, whose years look like dates."""
    return html.unescape(_XMLNS.sub("", packet.decode("utf-8", "replace")))


def _claimed(mapping: bytes) -> frozenset[str]:
    """Return every character a ToUnicode map names."""
    found: set[str] = set()
    for kind, body in _BLOCK.findall(mapping):
        if kind == b"char":
            for target in _CHAR.findall(body):
                found.update(_utf16(target))
            continue
        for low, high, target in _RANGE.findall(body):
            if target.startswith(b"["):
                for one in re.findall(rb"<([0-9A-Fa-f]+)>", target):
                    found.update(_utf16(one))
            else:
                text = _utf16(target.strip(b"<>"))
                span = min(int(high, 16) - int(low, 16), 0xFFFF)
                found.update(text[:-1])
                if text:
                    last = ord(text[-1])
                    found.update(chr(last + step) for step in range(span + 1))
    return frozenset(found)


def _utf16(digits: bytes) -> str:
    if len(digits) % 4:
        digits = digits.zfill(len(digits) + 4 - len(digits) % 4)
    return bytes.fromhex(digits.decode("ascii")).decode("utf-16-be", "replace")
