"""Find every fault of a template at once, each with its place, and mend what is only a sign."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import JuanzongError
from pipeline.model import DocumentKind, Spot, TemplateFault
from pipeline.render.docx import render as render_word
from pipeline.render.html import fill
from pipeline.render.lint.contract import Contract, contract
from pipeline.render.lint.mend import mended_text, mended_word
from pipeline.render.lint.page import lint_layout, lint_page
from pipeline.render.lint.word import lint_word
from pipeline.render.places import TEXT_PART, paragraphs, parsed, unpacked

_SPACE = re.compile(r"\s+")
_MARKUP = re.compile(r"<[^>]*>")
_FILES = {"docx": "template.docx", "html": "template.html"}


def lint_kind(kind: DocumentKind, roots: Sequence[Path]) -> list[TemplateFault]:
    """Return every fault of a kind: its template, its sample, the words it owes.

    Args:
        kind: docx or html.
        roots: roots of the templates of its engine, the workspace's own first.
    """
    file = f"{kind.id}/{_FILES[kind.engine]}"
    try:
        agreed = contract(kind)
    except JuanzongError as error:
        return [_fault("B30", file, error.what)]
    if kind.engine == "docx":
        source = (kind.folder / _FILES["docx"]).read_bytes()
        found = lint_word(source, file, agreed)
    else:
        found = lint_page(kind.id, roots, agreed)
    if agreed.sample is not None and not any(fault.severity == "error" for fault in found):
        found += _tried(kind, roots, agreed, file)
    return found


def lint_file(path: Path) -> list[TemplateFault]:
    """Return the faults of a Word file that belongs to no kind."""
    try:
        source = path.read_bytes()
    except OSError as error:
        return [_fault("B30", path.name, f"读不了：{error.strerror}")]
    return lint_word(source, path.name, None)


def mended_file(path: Path) -> bytes | None:
    """Return the bytes of a template with readable signs in its tags; None if it had no others."""
    source = path.read_bytes()
    if path.suffix.lower() == ".docx":
        mended = mended_word(source)
    else:
        mended = mended_text(source.decode()).encode()
    return mended if mended != source else None


def _tried(
    kind: DocumentKind, roots: Sequence[Path], agreed: Contract, file: str
) -> list[TemplateFault]:
    """Fill the template with its sample and look at what comes out."""
    try:
        words, found = _sample(kind, roots, agreed)
    except JuanzongError as error:
        return [_fault("B27", error.where or file, error.what)]
    said = _SPACE.sub("", words)
    for word in agreed.must:
        if _SPACE.sub("", word) not in said:
            found.append(_fault("B26", file, word))
    return found


def _sample(
    kind: DocumentKind, roots: Sequence[Path], agreed: Contract
) -> tuple[str, list[TemplateFault]]:
    """Return the words of the filled sample, and the faults its layout shows."""
    sample = agreed.sample or {}
    if kind.engine == "html":
        markup = fill(roots, kind.id, sample)
        return _MARKUP.sub("", markup), lint_layout(kind.id, roots, markup)
    made = unpacked(render_word(kind.folder / _FILES["docx"], sample), kind.id)
    roots_of = (parsed(data, name) for name, data in made.items() if TEXT_PART.fullmatch(name))
    return "".join(each.text for root in roots_of for each in paragraphs(root)), []


def _fault(code: str, file: str, said: str) -> TemplateFault:
    return TemplateFault(
        code=code, severity="error", spot=Spot(file=file), details={"said": said, "name": said}
    )


__all__ = ["lint_file", "lint_kind", "mended_file"]
