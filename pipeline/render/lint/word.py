"""All faults of a Word template, each with its part, paragraph and table cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from pipeline import fonts
from pipeline.errors import TemplateError
from pipeline.model import Severity, Spot, TemplateFault
from pipeline.render.lint.contract import Contract
from pipeline.render.lint.names import Names, unknown_tools
from pipeline.render.lint.syntax import recovered
from pipeline.render.places import (
    TEXT_PART,
    Paragraph,
    W,
    owner,
    paragraphs,
    parsed,
    part_name,
    texts,
    unpacked,
)
from pipeline.render.signs import bad_signs, single_braces
from pipeline.render.source import Source, source_of, word_environment
from pipeline.render.styles import Styles, named_families, used_styles
from pipeline.render.tags import tag_faults

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_PRINTED = re.compile(r"\{\{(?:r |p |tr |tc )?([^{}%]*)\}\}")
_CLOSING = re.compile(r"[%#}]\}")
_QUOTES = str.maketrans("“”‘’", "\"\"''")
_ENVIRONMENT = word_environment()
_BREAKS = {f"{W}{name}" for name in ("br", "tab", "fldChar", "drawing", "pict", "object")}
_MERGE_FIELD = re.compile(r'MERGEFIELD\s+"?([^"\s\\]+)')
_GRIDS = {"linesAndChars", "snapToChars"}
_STANDARD = frozenset({"Times New Roman", "Arial", "Calibri", "Cambria", "Courier New", "Symbol"})
_FONTS = frozenset(name for stack in fonts.ROLES.values() for name in stack)
_STYLES = "word/styles.xml"


def lint_word(source: bytes, file: str, agreed: Contract | None) -> list[TemplateFault]:
    """Return every fault of a Word file; without a contract names of the context aren't checked.

    Fonts and styles are only an information in a file that is no template of a kind.
    """
    try:
        contents = unpacked(source, file)
        roots = {
            member: parsed(data, f"{file} {member}")
            for member, data in contents.items()
            if TEXT_PART.fullmatch(member) or member == _STYLES
        }
    except TemplateError as error:
        return [_fault("B30", Spot(file=file), said=error.what)]
    styles = Styles(roots.pop(_STYLES, None))
    found = tag_faults(source, file)
    broken = {fault.spot.part for fault in found if fault.severity == "error"}
    weight: Severity = "warning" if agreed else "info"
    for member, root in roots.items():
        part = _Part(file, part_name(member), root)
        found += [*part.signs(), *part.splits(), *part.left_over(), *part.grids()]
        found += [*part.styles(styles, weight), *part.fonts(weight)]
        found += part.tag_by_tag() if part.name in broken else part.language(agreed)
    found += _style_fonts(file, roots, styles, weight)
    return found


class _Part:
    """One part of the file under the lens."""

    def __init__(self, file: str, name: str, root: etree._Element) -> None:
        self.file = file
        self.name = name
        self.root = root
        self.paragraphs = paragraphs(root)
        self._of = dict(zip(root.iter(f"{W}p"), self.paragraphs, strict=True))

    def signs(self) -> Iterator[TemplateFault]:
        """Yield full-width signs in tags, and names in single braces."""
        for each in self.paragraphs:
            for start, tag, mendable in bad_signs(each.text, quotes=False):
                spot = self._spot(each, _around(each.text, start))
                yield _fault("B18", spot, fixable=mendable, tag=tag)
            for start, name in single_braces(each.text):
                spot = self._spot(each, _around(each.text, start))
                yield _fault("B19", spot, "warning", tag=name)

    def splits(self) -> Iterator[TemplateFault]:
        """Yield tags that run across the edge of a link or field, or hold a break or picture."""
        for element, each in self._of.items():
            letters = [run for run in texts(element) for _ in run.text or ""]
            for tag in _TAG.finditer(each.text):
                first, last = letters[tag.start()], letters[tag.end() - 1]
                if first is not last and _torn(element, first, last):
                    yield _fault("B17", self._spot(each, tag[0]), tag=tag[0])

    def left_over(self) -> Iterator[TemplateFault]:
        """Yield fields of Word's own mail merge."""
        simple = [(field, field.get(f"{W}instr")) for field in self.root.iter(f"{W}fldSimple")]
        coded = [(field, field.text) for field in self.root.iter(f"{W}instrText")]
        for field, code in [*simple, *coded]:
            if named := _MERGE_FIELD.search(code or ""):
                yield _fault("B20", self._at(field, named[1]), tag=named[1])

    def grids(self) -> Iterator[TemplateFault]:
        """Yield grids that put each character into a cell."""
        for grid in self.root.iter(f"{W}docGrid"):
            if grid.get(f"{W}type") in _GRIDS:
                yield _fault("B23", self._at(grid), name=grid.get(f"{W}type") or "")

    def styles(self, styles: Styles, weight: Severity) -> Iterator[TemplateFault]:
        """Yield styles that are used but not defined, each once."""
        seen: set[str] = set()
        for kind, name, element in used_styles(self.root):
            if name not in styles and name not in seen:
                seen.add(name)
                yield _fault("B24", self._at(element), weight, name=name, other=kind)

    def fonts(self, weight: Severity) -> Iterator[TemplateFault]:
        """Yield fonts set by hand that no role covers, each once."""
        seen: set[str] = set()
        for element in self.root.iter(f"{W}rFonts"):
            for family in named_families(element):
                if _foreign(family) and family not in seen:
                    seen.add(family)
                    yield _fault("B25", self._at(element), weight, name=family)

    def language(self, agreed: Contract | None) -> Iterator[TemplateFault]:
        """Yield tags Jinja2 can't read, half tags, and names, filters and tests there aren't."""
        source = source_of(self.root)
        environment = word_environment()
        tree, faults = recovered(source.text, environment)
        for line, said in faults:
            yield _fault("B06", self._line(source, line), said=said)
        if tree is None:
            return
        if not faults:
            for line, half in source.half_tags():
                yield _fault("B16", self._line(source, line), tag=half)
        for tool in unknown_tools(tree, environment):
            spot = self._line(source, tool.line)
            yield _fault("B22", spot, other=tool.what, name=tool.name)
        if agreed is not None:
            given = [*environment.globals, "stamp"]
            for name in Names(agreed.names, given).unknown(tree):
                known = "、".join(name.known)
                yield _fault("B21", self._line(source, name.line), name=name.name, other=known)

    def tag_by_tag(self) -> Iterator[TemplateFault]:
        """Yield what single tags of a part show that can't be read as a whole."""
        for each in self.paragraphs:
            for tag in _PRINTED.finditer(each.text):
                for _, said in recovered(f"{{{{{tag[1].translate(_QUOTES)}}}}}", _ENVIRONMENT)[1]:
                    yield _fault("B06", self._spot(each, tag[0]), said=said)
            rest = _TAG.sub(lambda tag: " " * len(tag[0]), each.text)
            for half in _CLOSING.finditer(rest):
                yield _fault("B16", self._spot(each, _around(each.text, half.start())), tag=half[0])

    def _spot(self, paragraph: Paragraph | None, near: str = "") -> Spot:
        if paragraph is None:
            return Spot(file=self.file, part=self.name, near=near)
        return Spot(
            file=self.file,
            part=self.name,
            paragraph=paragraph.number,
            table=paragraph.table,
            row=paragraph.row,
            column=paragraph.column,
            near=near or _around(paragraph.text, 0),
        )

    def _line(self, source: Source, line: int) -> Spot:
        return self._spot(source.paragraph(line))

    def _at(self, element: etree._Element, near: str = "") -> Spot:
        paragraph = owner(element)
        return self._spot(None if paragraph is None else self._of[paragraph], near)


def _style_fonts(
    file: str, roots: Mapping[str, etree._Element], styles: Styles, weight: Severity
) -> Iterator[TemplateFault]:
    used = {name for root in roots.values() for _, name, _ in used_styles(root)}
    seen: set[str] = set()
    for family, style in styles.families(used):
        if _foreign(family) and family not in seen:
            seen.add(family)
            where = f"样式 {style}" if style else "默认样式"
            yield _fault("B25", Spot(file=file, part=where), weight, name=family)


def _foreign(family: str) -> bool:
    return family not in _FONTS and family not in _STANDARD and family not in fonts.RARE


def _torn(paragraph: etree._Element, first: etree._Element, last: etree._Element) -> bool:
    """Say whether docxtpl, which drops what lies between two texts, would leave broken XML."""
    if _holder(first) is not _holder(last):
        return True
    between = False
    for element in paragraph.iter():
        if element is last:
            return False
        if between and element.tag in _BREAKS:
            return True
        between = between or element is first
    return False


def _holder(text: etree._Element) -> etree._Element | None:
    """Return what holds the run of a text: the paragraph, a link, a field, a revision."""
    run = text.getparent()
    return None if run is None else run.getparent()


def _around(text: str, start: int) -> str:
    cut = text[max(start - 12, 0) : start + 28].strip()
    return cut if len(text) <= 40 else f"…{cut}…"


def _fault(
    code: str, spot: Spot, severity: Severity = "error", *, fixable: bool = False, **details: str
) -> TemplateFault:
    return TemplateFault(code=code, severity=severity, spot=spot, details=details, fixable=fixable)
