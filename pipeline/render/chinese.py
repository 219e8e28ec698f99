"""What WeasyPrint lacks for Chinese paper: justification, breaks at quotes, fonts that subset.

Small patches on its layout, text and font modules, and one rewriting of the filled HTML. Each
keeps the original's behaviour for everything that isn't Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.pdf import fonts as pdf_fonts
from weasyprint.text import line_break
from weasyprint.text.ffi import TO_UNITS, ffi, harfbuzz, pango

from pipeline.render.cff import cff_of, identity_keyed

_HAN = (
    "\u2014\u2018-\u201d\u2026\u2e80-\u9fff\uf900-\ufaff"
    "\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
)
_RUN = re.compile(f"[{_HAN}]+")
_ONE = re.compile(f"[{_HAN}]")

_OPENING = "（〔《〈【“‘"
_NO_START = "，。、；：？！）〕》〉】”’…"
_BEFORE_QUOTE = re.compile(rf"(?<=[^\s{_OPENING}])(?=[“‘])")
_AFTER_QUOTE = re.compile(rf"(?<=[”’])(?=[^\s{_NO_START}])")
_TWIN = re.compile("(—(?=—)|…(?=…))")
_WHOLE = re.compile(
    r"(?<=[\u3400-\u9fff])·(?=[\u3400-\u9fff])|(?<=元)/(?=[人户年月])"
    r"|(?<=[A-Z])-(?=[A-Z]{1,3}\d)"
)
"""Inside 元/人·年 and A-G1: no line begins or ends here."""
_LAST = re.compile(rf"(?<=[\u3400-\u9fff0-9])(?=[\u3400-\u9fff][{_NO_START}]*\s*$)")
_SOME = re.compile(r"(?:[\u3400-\u9fff0-9].*?){5}", re.DOTALL)
_LEADS = re.compile(r"：\s*$")

_UNSEEN = "\u200b\u2060 "
_SEAM = re.compile(r"(?<=[\u3400-\u9fff])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z%])(?=[\u3400-\u9fff])")
_AUTOSPACE = 'class="autospace"'
_GAP = '<span class="gap"> </span>'
_TAG = re.compile(r"(<[^>]*>)")
_BLOCK = re.compile(r"<(/?)(p|h1|h2|h3|td|th)(?=[\s>])[^>]*>")
_CELLS = ("td", "th")
_RAW = ("svg", "title", "style")


def compose(markup: str) -> str:
    """Prepare filled HTML for the grid and for Chinese line breaking.

    The text of each paragraph and heading goes into `<span class="t">`, which the stylesheet
    gives no height of its own, so a fallback glyph can't push a line off the 22-line grid.
    Line breaks are allowed outside quotes, where Unicode's QU class forbids them, and forbidden
    inside —— and ……, units, and before the last character of a text, which would stand alone.
    Neither mark shows or survives text extraction. A paragraph that ends in ： is marked, so that
    it stays with what it announces. A paper of the class `autospace` gets a narrow space between
    Chinese and Western letters; GB/T 9704 has none.
    """
    parts = _TAG.split(markup)
    raw, apart = "", any(_AUTOSPACE in part for part in parts[1:8:2])
    start = last = 0
    for place, part in enumerate(parts):
        if place % 2 == 0:
            parts[place] = part if raw else _breaks(part, apart)
            last = place if part.strip() else last
            continue
        name = part.strip("</>").split(" ")[0].lower()
        if not raw and name in _RAW and not part.startswith("</"):
            raw = name
        elif raw == name and part.startswith("</"):
            raw = ""
        block = _BLOCK.fullmatch(part)
        if not block:
            continue
        if not block[1]:
            start, last = place, 0
        elif last > start:
            _close(parts, start, last, block[2])
        if block[2] not in _CELLS:
            parts[place] = f"</span>{part}" if block[1] else f'{part}<span class="t">'
    return "".join(parts)


def _close(parts: list[str], start: int, last: int, name: str) -> None:
    """Finish a block whose last words stand in a part: none alone on a line, none left behind."""
    words = parts[last]
    if name == "p" and _LEADS.search(words):
        parts[start] = parts[start].replace("<p", "<p data-leads", 1)
    if _SOME.search(words):
        parts[last] = _LAST.sub("\u2060", words)


@cache
def install() -> None:
    """Patch WeasyPrint once in this process."""
    inline.count_expandable_spaces = _count
    inline.justify_line = _justify
    line_break.Layout.set_text = _spread_text(line_break.Layout.set_text)
    subsetter = _Subsetter(pdf_fonts.harfbuzz_subset)
    pdf_fonts.harfbuzz_subset = subsetter
    pdf_fonts.Font.subset = subsetter.noting(pdf_fonts.Font.subset)
    pdf_fonts._build_vector_font_dictionary = subsetter.by_cid(
        pdf_fonts._build_vector_font_dictionary
    )


def _breaks(text: str, apart: bool) -> str:
    if apart:
        text = _SEAM.sub(_GAP, text)
    text = _BEFORE_QUOTE.sub("\u200b", text)
    text = _AFTER_QUOTE.sub("\u200b", text)
    text = _WHOLE.sub("\u2060\\g<0>\u2060", text)
    return _TWIN.sub("\\1\u2060", text)


def _count(box: Any) -> int:
    """Count the places a justified line may stretch at: spaces and Chinese characters."""
    if isinstance(box, boxes.TextBox):
        text: str = box.text
        return text.count(" ") + text.count("\u00a0") + len(_ONE.findall(text))
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        return sum(_count(child) for child in box.children)
    return 0


def _justify(context: Any, line: Any, extra: float) -> None:
    """Spread the rest of a line; the last Chinese character has no gap behind it."""
    places = _count(line)
    last = next(_texts(line), "").rstrip(_UNSEEN)
    if _ONE.search(last[-1:]):
        places -= 1
    if places > 0:
        inline.add_word_spacing(context, line, extra / places, 0)


def _texts(box: Any) -> Iterator[str]:
    """Yield the texts of a line, last first."""
    if isinstance(box, boxes.TextBox):
        yield box.text
    elif isinstance(box, boxes.LineBox | boxes.InlineBox):
        for child in reversed(box.children):
            yield from _texts(child)


def _spread_text(stock: Any) -> Any:
    """Let a layout that is drawn justified also space its Chinese characters."""

    def set_text(self: Any, text: str, justify: bool = False) -> None:
        stock(self, text, justify)
        if justify and self.justification_spacing and _ONE.search(self.text):
            _space(self)

    return set_text


def _space(layout: Any) -> None:
    """Add the justification to the letter spacing of every Chinese run; Pango counts bytes."""
    own = layout.style["letter_spacing"]
    spacing = int(((0 if own == "normal" else own) + layout.justification_spacing) * TO_UNITS)
    attributes = pango.pango_layout_get_attributes(layout.layout)
    if attributes == ffi.NULL:
        attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    for run in _RUN.finditer(layout.text):
        start = len(layout.text[: run.start()].encode())
        attribute = pango.pango_attr_letter_spacing_new(spacing)
        attribute.start_index = start
        attribute.end_index = start + len(run[0].encode())
        pango.pango_attr_list_change(attributes, attribute)
    pango.pango_layout_set_attributes(layout.layout, attributes)


class _Subsetter:
    """HarfBuzz's subsetter with two habits for big Chinese fonts.

    It drops GDEF, a large one of which makes it give up and embed the whole font. And where a
    glyph's number is its CID it need not keep the places of unused glyphs: every reader finds a
    glyph of a bare CFF through the font's charset. (Of an OpenType file most take the number.)
    """

    def __init__(self, stock: Any) -> None:
        self._stock = stock
        self._flags = 0
        self._now = False
        self._renumbered: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stock, name)

    def hb_subset_input_set_flags(self, order: Any, flags: int) -> None:
        """Set the flags of an order and remember them: HarfBuzz's are not read back here."""
        self._flags = flags
        self._stock.hb_subset_input_set_flags(order, flags)

    def hb_subset_or_fail(self, face: Any, order: Any) -> Any:
        """Subset a face."""
        dropped = self._stock.hb_subset_input_set(order, self._stock.HB_SUBSET_SETS_DROP_TABLE_TAG)
        tags = ffi.new("hb_codepoint_t[1]", [_tag(b"GDEF")])
        harfbuzz.hb_set_add_sorted_array(dropped, tags, 1)
        keep = self._stock.HB_SUBSET_FLAGS_RETAIN_GIDS
        if self._flags & keep and _identity_keyed(face):
            self._stock.hb_subset_input_set_flags(order, self._flags & ~keep)
            self._now = True
        return self._stock.hb_subset_or_fail(face, order)

    def noting(self, stock: Any) -> Any:
        """Wrap the subsetting of a font to remember which fonts were renumbered."""

        def subset(font: Any, to_unicode: Any, hinting: Any) -> None:
            self._now = False
            stock(font, to_unicode, hinting)
            note = self._renumbered.add if self._now else self._renumbered.discard
            note(font.hash)

        return subset

    def by_cid(self, stock: Any) -> Any:
        """Wrap the writing of a font: a renumbered one is a bare CFF, which is read by CID."""

        def build(
            entry: Any, pdf: Any, font: Any, widths: Any, compress: Any, reference: Any, *rest: Any
        ) -> None:
            known = len(pdf.objects)
            stock(entry, pdf, font, widths, compress, reference, *rest)
            if font.hash not in self._renumbered:
                return
            for added in pdf.objects[known:]:
                if isinstance(added, dict):
                    added.pop("CIDToGIDMap", None)
            program = pdf.objects[int(reference.split()[0])]
            if program.extra["Subtype"] == "/OpenType":
                program.extra["Subtype"] = "/CIDFontType0C"
                program.stream = [cff_of(program.stream[0])]

        return build


def _identity_keyed(face: Any) -> bool:
    blob = ffi.gc(harfbuzz.hb_face_reference_table(face, _tag(b"CFF ")), harfbuzz.hb_blob_destroy)
    size = harfbuzz.hb_blob_get_length(blob)
    if not size:
        return False
    data = harfbuzz.hb_blob_get_data(blob, ffi.new("unsigned int *"))
    table = memoryview(ffi.buffer(data, size)).cast("B")
    return identity_keyed(table, harfbuzz.hb_face_get_glyph_count(face))


def _tag(name: bytes) -> int:
    return int(harfbuzz.hb_tag_from_string(name, -1))
