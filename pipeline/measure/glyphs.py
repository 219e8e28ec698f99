"""Was a glyph drawn for every character, or an empty box (豆腐块)?

Text extraction can't tell: it gives the right character for a box too. So each character must be
in the character map of the font it is drawn with, and the font is looked up among the fonts of
the house. A font that isn't there is reported, never passed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont

from pipeline import fonts
from pipeline.measure.mark import Mark
from pipeline.measure.read import Reading

_TAG = re.compile(r"^[A-Z]{6}\+")
_PLAIN = frozenset({"regular", "book", "normal", "roman"})
_NO_GLYPH = frozenset({"Cc", "Cf", "Cs", "Mn", "Zl", "Zp", "Zs"})
"""Characters that draw nothing by themselves; variation selectors are among the Mn.

Not Cn: characters younger than this Python are unassigned to it.
"""
_OWN_NAMES = {"gongwenlatin": fonts.ROLES["latin"]}
"""Names our stylesheets give a face, and the families behind it, best first."""


def tofu(reading: Reading) -> Iterator[Mark]:
    """Mark characters drawn with a font that lacks them, and fonts that can't be looked up."""
    unknown: set[str] = set()
    marked: set[tuple[int, str]] = set()
    for page, font, characters in _drawn(reading):
        held = characters_of(font)
        if held is None:
            if font not in unknown:
                unknown.add(font)
                yield Mark(
                    code="FONT",
                    severity="info",
                    page=page,
                    value=_TAG.sub("", font) or "Type 3",
                    expected="字体在字体库中，可以核对字形",
                )
            continue
        for character in sorted(characters):
            if character in held or unicodedata.category(character) in _NO_GLYPH:
                continue
            if (page, character) not in marked:
                marked.add((page, character))
                yield Mark(
                    code="TOFU",
                    severity="error",
                    page=page,
                    value=f"{character} U+{ord(character):04X}",
                    expected=f"{_TAG.sub('', font)} 有此字形",
                )


def _drawn(reading: Reading) -> Iterator[tuple[int, str, frozenset[str]]]:
    """Yield page, font and characters: as drawn, then what a font names but no page gave back.

    PDFium drops a character whose glyph is the font's empty box, so the second part is needed.
    """
    seen: dict[str, set[str]] = {}
    for page in reading.pages:
        by_font: dict[str, set[str]] = {}
        for run in page.runs:
            if run.visible:
                by_font.setdefault(run.font, set()).update(run.text)
        for font, characters in by_font.items():
            seen.setdefault(font, set()).update(characters)
            yield page.number, font, frozenset(characters)
    for face in reading.faces:
        if rest := face.characters - seen.get(face.name, set()):
            yield 0, face.name, rest


@cache
def characters_of(name: str) -> frozenset[str] | None:
    """Return the characters of the font a PDF calls so, None when the house doesn't have it."""
    bare = _TAG.sub("", name)
    for candidate in (bare, bare.rpartition("-")[0]):  # NotoSerifCJKjp-Bold-VKana
        for known in _OWN_NAMES.get(_key(candidate), (candidate,)):
            place = _faces().get(_key(known))
            if place is not None:
                return _characters(*place)
    return None


@cache
def _characters(path: Path, number: int) -> frozenset[str]:
    with TTFont(path, fontNumber=number, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap() or ()))


@cache
def _faces() -> Mapping[str, tuple[Path, int]]:
    """Return every name of every face of the house: PostScript, full, family with style."""
    index: dict[str, tuple[Path, int]] = {}
    for path in fonts.font_files():
        for number, names in enumerate(_names(path)):
            for name in names:
                index.setdefault(name, (path, number))
    index.pop("", None)
    return index


def _names(path: Path) -> list[frozenset[str]]:
    """Return the names of each face in a file."""
    if path.suffix.lower() in {".ttc", ".otc"}:
        with TTCollection(path, lazy=True) as collection:
            return [_face_names(font) for font in collection]
    with TTFont(path, lazy=True) as font:
        return [_face_names(font)]


def _face_names(font: TTFont) -> frozenset[str]:
    found: dict[int, set[str]] = {}
    for record in font["name"].names:
        if record.nameID in {1, 2, 4, 6, 16, 17}:
            found.setdefault(record.nameID, set()).add(_key(record.toUnicode(errors="replace")))
    names = found.get(4, set()) | found.get(6, set())
    for family, style in ((1, 2), (16, 17)):
        for one in found.get(family, ()):
            styles = found.get(style, {"regular"})
            names |= {one + kind for kind in styles}
            if styles & _PLAIN:
                names.add(one)
    return frozenset(names)


def _key(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
