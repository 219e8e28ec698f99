"""Each paper brings its own fonts; byte-identical ones are kept once, which halves a dossier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pikepdf
from pikepdf import Dictionary, Stream

_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


def share_font_files(pages: Iterable[pikepdf.Page]) -> None:
    """Let fonts with the same file share one stream.

    Goes along the pages' resources: looking through all objects of the file takes twice as long.
    """
    seen: set[tuple[int, int]] = set()
    first_of: dict[int, list[Stream]] = {}
    for page in pages:
        for descriptor in _descriptors(page.obj.get("/Resources"), seen):
            for key in _FILES:
                own = descriptor.get(key)
                if isinstance(own, Stream):
                    shared = _twin(own, first_of)
                    if shared is not own:
                        descriptor[key] = shared


def _twin(own: Stream, first_of: dict[int, list[Stream]]) -> Stream:
    """Return the first stream with the same bytes; only streams of one length are compared."""
    others = first_of.setdefault(int(own.Length), [])
    for other in others:
        if own.objgen == other.objgen:
            return own
        if own.get("/Filter") == other.get("/Filter") and (
            own.read_raw_bytes() == other.read_raw_bytes()
        ):
            return other
    others.append(own)
    return own


def fonts_below(resources: object, seen: set[tuple[int, int]]) -> Iterator[Dictionary]:
    """Yield each font below a resource dictionary once, forms included."""
    if not isinstance(resources, Dictionary) or _met(resources, seen):
        return
    for font in resources.get("/Font", Dictionary()).values():
        if isinstance(font, Dictionary) and not _met(font, seen):
            yield font
    for drawn in resources.get("/XObject", Dictionary()).values():
        if not _met(drawn, seen):
            yield from fonts_below(drawn.get("/Resources"), seen)


def embedded(font: Dictionary) -> bool:
    """Tell whether a font brings its own shapes, so that it looks the same everywhere."""
    faces = (font, *font.get("/DescendantFonts", ()))
    descriptors = [face.get("/FontDescriptor", Dictionary()) for face in faces]
    return "/CharProcs" in font or any(key in each for each in descriptors for key in _FILES)


def _descriptors(resources: object, seen: set[tuple[int, int]]) -> Iterator[Dictionary]:
    for font in fonts_below(resources, seen):
        for face in (font, *font.get("/DescendantFonts", ())):
            descriptor = face.get("/FontDescriptor")
            if isinstance(descriptor, Dictionary) and not _met(descriptor, seen):
                yield descriptor


def _met(thing: pikepdf.Object, seen: set[tuple[int, int]]) -> bool:
    """Say whether an indirect object was met before; a direct one never was."""
    mark = thing.objgen
    if mark == (0, 0):
        return False
    if mark in seen:
        return True
    seen.add(mark)
    return False
