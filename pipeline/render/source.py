"""The source docxtpl makes of a part of a Word template, and which paragraph each line came from.

docxtpl takes whole paragraphs and rows out of the source where a tag stands for them, so lines
can't be counted: each begins with a mark that says which paragraph of the template it is.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import docxtpl
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from pipeline.render.environment import environment
from pipeline.render.merge import merge
from pipeline.render.places import Paragraph, paragraphs

TAG = re.compile(r"\{[{%#]|[%#}]\}")
_BLOCK = re.compile(r"<w:(p|tr)(?=[ />])")
_MARK = "\uf8ff"
"""Private, so no value and no template can hold it."""
_NUMBERED = re.compile(f"{_MARK}(\\d+){_MARK}")


@dataclass(frozen=True, slots=True)
class Source:
    """What Jinja2 compiles of a part; `lines` gives the paragraph's number of each line, or 0."""

    text: str
    lines: tuple[int, ...]
    paragraphs: tuple[Paragraph, ...]

    def paragraph(self, line: int) -> Paragraph | None:
        """Return the template's paragraph a line belongs to."""
        number = self.lines[min(line, len(self.lines)) - 1] if line > 0 else 0
        return self.paragraphs[number - 1] if 0 < number <= len(self.paragraphs) else None

    def place(self, line: int) -> str:
        """Say where a line lies in the template."""
        return found.where() if (found := self.paragraph(line)) else ""

    def half_tags(self) -> Iterator[tuple[int, str]]:
        """Yield the signs of tags that belong to no tag: line, sign.

        Raises:
            jinja2.TemplateSyntaxError: when the source can't be read at all.
        """
        raw = False
        for line, kind, text in word_environment().lex(self.text):
            raw = kind == "raw_begin" or (raw and kind != "raw_end")
            if kind == "data" and not raw:
                for found in TAG.finditer(text):
                    yield line + text.count("\n", 0, found.start()), found[0]


@cache
def word_environment() -> SandboxedEnvironment:
    """Return the template environment with what only Word templates have: the filter `merge`."""
    made = environment().overlay()
    made.filters = {**made.filters, "merge": merge}
    return made


def source_of(root: etree._Element) -> Source:
    """Return the source of a part."""
    text = str(etree.tostring(root, encoding="unicode"))
    patched = docxtpl.DocxTemplate(io.BytesIO()).patch_xml(_numbered(text))
    first, *rest = _NUMBERED.split(patched)
    lines = [0] * (1 + first.count("\n"))
    pieces = [first]
    for number, piece in zip(rest[::2], rest[1::2], strict=True):
        lines += [int(number)] * (1 + piece.count("\n"))
        pieces.append(f"{_MARK}\n{piece}")
    return Source("".join(pieces), tuple(lines), tuple(paragraphs(root)))


def unmarked(filled: str) -> str:
    """Return filled source as the XML it stands for."""
    return filled.replace(f"{_MARK}\n", "")


def _numbered(xml: str) -> str:
    """Put the paragraph's number before each paragraph and each row."""
    number = 0

    def mark(found: re.Match[str]) -> str:
        nonlocal number
        number += found[1] == "p"
        return f"{_MARK}{number + (found[1] == 'tr')}{_MARK}{found[0]}"

    return _BLOCK.sub(mark, xml)
