"""A context and a Word template in, the bytes of a docx out: docxtpl's language, compiled once.

docxtpl reads, compiles, re-parses and compresses the whole package for every document. Here its
`patch_xml` compiles each part once; what no tag touches is compressed once and copied. The
result is the same XML (tests hold every template of ours against docxtpl's own renderer), but
what docxtpl drops or garbles in silence is an error with its place in the template.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.parsers import expat

import docxtpl
import jinja2
from lxml import etree

from pipeline.errors import TemplateError
from pipeline.render import merge
from pipeline.render.environment import faults
from pipeline.render.package import Member, deflated, write_package
from pipeline.render.places import TEXT_PART, Paragraph, parsed, unpacked
from pipeline.render.properties import CORE, described
from pipeline.render.rare import rare, split_by_font
from pipeline.render.signs import bad_signs
from pipeline.render.source import TAG, Source, source_of, unmarked, word_environment
from pipeline.render.styles import Styles
from pipeline.render.tags import DROPPED, UNCLOSED, tag_faults
from pipeline.render.values import PRIVATE, checked

_SPECIAL = re.compile("[\t\n]")
_COLUMN_LOOP = re.compile(r"\{%\s*tc\s")
_STYLES = "word/styles.xml"


@dataclass(frozen=True, slots=True)
class _Part:
    """A part with tags, compiled."""

    where: str
    template: jinja2.Template
    source: Source


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A template ready to be filled: parts with tags compiled, the others compressed."""

    parts: Mapping[str, _Part]
    members: tuple[Member, ...]
    source: bytes
    styles: Styles
    needs_docxtpl: bool
    """Column loops: docxtpl mends the table's grid, so its own renderer is used."""


def render(
    template: Path, context: Mapping[str, Any], *, stamp: Mapping[str, str] | None = None
) -> bytes:
    """Fill a Word template. The same template and context give the same bytes.

    Args:
        template: path of template.docx.
        context: plain JSON; see `pipeline.files.Json`.
        stamp: `document` and `version`, kept in the custom properties; templates see it as `stamp`.

    Raises:
        TemplateError: for a fault in the template, an unknown name, or a value that can't stand
            on a page; with file, part and paragraph of the template, or the field.
    """
    values = checked(context, template.parent.name)
    values["stamp"] = stamp or {"document": "", "version": ""}
    name = f"{template.parent.name}/{template.name}"
    try:
        source = template.read_bytes()
    except OSError as error:
        raise TemplateError(f"读不了：{error.strerror}", where=name, todo="检查模板文件") from error
    compiled = _compiled(name, source)
    filled = {member: _filled(compiled, part, values) for member, part in compiled.parts.items()}
    members = list(compiled.members)
    if compiled.needs_docxtpl:
        by_docxtpl = unpacked(_by_docxtpl(source, name, values), name)
        members = [Member(member, deflated(data), data) for member, data in by_docxtpl.items()]
        filled = {
            member: _finished(by_docxtpl[member].decode(), compiled.styles, member)
            for member in filled
            if member in by_docxtpl and TEXT_PART.fullmatch(member)
        }
    finished = [
        Member(each.name, deflated(filled[each.name]), filled[each.name])
        if each.name in filled
        else each
        for each in members
    ]
    return write_package(described(finished, values, stamp, filled.get(CORE, b"")))


@lru_cache(maxsize=64)
def _compiled(name: str, source: bytes) -> _Compiled:
    """Compile a template; once for each content in a process."""
    contents = unpacked(source, name)
    roots = {
        member: parsed(data, f"{name} {member}")
        for member, data in contents.items()
        if TEXT_PART.fullmatch(member) or member == CORE
    }
    _refuse_broken(source, name)
    parts = {
        member: part
        for member, root in roots.items()
        if (part := _compiled_part(root, f"{name} {member}")) is not None
    }
    members = tuple(
        Member(member, b"" if member in parts else deflated(data), data)
        for member, data in contents.items()
    )
    column_loop = any(
        _COLUMN_LOOP.search("".join(map(str, root.itertext()))) for root in roots.values()
    )
    styles = Styles(parsed(contents[_STYLES], f"{name} {_STYLES}") if _STYLES in contents else None)
    return _Compiled(parts, members, source, styles, column_loop)


def _compiled_part(root: etree._Element, where: str) -> _Part | None:
    """Compile a part; None when it has no tags."""
    source = source_of(root)
    for each in source.paragraphs:
        _refuse_signs(each, where)
    if not TAG.search(source.text):
        return None
    with faults(where, source.place):
        template = word_environment().from_string(source.text)
    for line, half in source.half_tags():
        raise TemplateError(
            f"有半个标记 {half}", where=f"{where} {source.place(line)}", todo="补全或删去这个标记"
        )
    return _Part(where, template, source)


def _filled(compiled: _Compiled, part: _Part, context: Mapping[str, Any]) -> bytes:
    with faults(part.where, part.source.place):
        text = part.template.render(context)
    text = unmarked(text)
    if _SPECIAL.search(text):
        text = docxtpl.DocxTemplate(io.BytesIO(compiled.source)).resolve_listing(text)
    declared = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
    return _finished(declared + text, compiled.styles, part.where)


def _finished(text: str, styles: Styles, where: str) -> bytes:
    """Join cells, name the fonts of rare characters, and see that it is still XML."""
    data = text.encode()
    try:
        expat.ParserCreate().Parse(data, True)
    except expat.ExpatError as error:
        raise TemplateError(
            f"填写后不是合法的 XML：{error}", where=where, todo="检查这一处前后的标记是否成对"
        ) from error
    letters = rare(text)
    if not letters - {merge.MARK} and merge.MARK not in letters:
        return data
    root = parsed(data, where)
    merge.joined(root)
    split_by_font(root, letters - {merge.MARK}, styles)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _by_docxtpl(source: bytes, name: str, context: Mapping[str, Any]) -> bytes:
    document = docxtpl.DocxTemplate(io.BytesIO(source))
    with faults(name, lambda _: ""):
        document.render(dict(context), jinja_env=word_environment(), autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _refuse_broken(source: bytes, name: str) -> None:
    """Stop at a tag that never ends, and at words docxtpl would drop in silence."""
    for fault in tag_faults(source, name):
        spot = fault.spot
        cell = f"（表{spot.table}第{spot.row}行第{spot.column}列）" if spot.table else ""
        where = f"{name} {spot.part}第{spot.paragraph}段{cell}"
        if fault.code == UNCLOSED:
            raise TemplateError(
                f"模板写法有误：标记没有结束：{spot.near}", where=where, todo="补上 }} 或 %}"
            )
        if fault.code == DROPPED:
            raise TemplateError(
                f"和标记 {spot.near} 写在一起的“{fault.details['lost']}”会丢失",
                where=where,
                todo="让这个标记独占一段（或一行）",
            )


def _refuse_signs(paragraph: Paragraph, where: str) -> None:
    """Stop at tags in full-width signs, and at characters whose meaning nobody knows."""
    if any(bad_signs(paragraph.text, quotes=False)):
        raise TemplateError(
            "标记用了全角符号",
            where=f"{where} {paragraph.where()}",
            todo="改成半角的 {{ }} 和 {% %}（juanzong templates lint --fix）",
        )
    if private := PRIVATE.search(paragraph.text):
        raise TemplateError(
            f"模板里有自造字 U+{ord(private[0]):04X}",
            where=f"{where} 第{paragraph.number}段",
            todo="换成规范字",
        )
