"""A context and a Word template in, the bytes of a docx out: docxtpl's language, compiled once.

docxtpl reads, compiles, re-parses and compresses the whole package for every document. Here its
`patch_xml` compiles each part once; what no tag touches is compressed once and copied. The
result is the same XML (tests hold every template of ours against docxtpl's own renderer).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

import docxtpl
import jinja2
from lxml import etree

from pipeline import fonts
from pipeline.errors import FillError, TemplateError
from pipeline.render.environment import environment, faults
from pipeline.render.package import Member, deflated, write_package

_TAGGED = re.compile(
    r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml|docProps/core\.xml"
)
_TAG = re.compile(r"\{[{%#]|[%#}]\}")
_FULL_WIDTH = re.compile("[｛｝]{2}|｛[%％]|[%％]｝|\\{％|％\\}")
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\ufffe\uffff]")
_SPECIAL = re.compile("[\t\n]")
_COLUMN_LOOP = re.compile(r"\{%\s*tc\s")
_PARAGRAPH = re.compile(r"<w:p([ >])")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
_LARGEST = 64 << 20
"""Bytes a template may unpack to."""
_CUSTOM = "docProps/custom.xml"
_FMTID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A template ready to be filled: parts with tags compiled, the others compressed."""

    name: str
    parts: Mapping[str, jinja2.Template]
    members: tuple[Member, ...]
    source: bytes
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
            in XML; with file, part and paragraph.
    """
    _refuse_controls(context, "", template.parent.name)
    _refuse_uncovered(context, template.parent.name)
    context = {**context, "stamp": stamp or {"document": "", "version": ""}}
    name = f"{template.parent.name}/{template.name}"
    try:
        source = template.read_bytes()
    except OSError as error:
        raise TemplateError(f"读不了：{error.strerror}", where=name, todo="检查模板文件") from error
    compiled = _compiled(name, source)
    if compiled.needs_docxtpl:
        return _repacked(_by_docxtpl(compiled, context), stamp)
    filled = {name: _filled(compiled, name, part, context) for name, part in compiled.parts.items()}
    return write_package(_stamped(compiled.members, filled, stamp))


@lru_cache(maxsize=64)
def _compiled(name: str, source: bytes) -> _Compiled:
    """Compile a template; once for each content in a process."""
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as package:
            if sum(info.file_size for info in package.infolist()) > _LARGEST:
                raise TemplateError("展开后太大", where=name, todo="删去模板里的大图和嵌入文件")
            contents = {info.filename: package.read(info) for info in package.infolist()}
    except (zipfile.BadZipFile, OSError) as error:
        raise TemplateError(
            "不是 Word 文档（.docx）", where=name, todo="在 Word 或 WPS 里另存为 .docx"
        ) from error
    parts: dict[str, jinja2.Template] = {}
    column_loop = False
    for member, data in contents.items():
        if not _TAGGED.fullmatch(member):
            continue
        text = _parsed(data, f"{name} {member}")
        _refuse_full_width(text, f"{name} {member}")
        patched = docxtpl.DocxTemplate(io.BytesIO(source)).patch_xml(text)
        column_loop = column_loop or bool(_COLUMN_LOOP.search(text))
        if _TAG.search(patched):
            with faults(f"{name} {member}", _paragraph):
                parts[member] = environment().from_string(_PARAGRAPH.sub(r"\n<w:p\1", patched))
    members = tuple(
        Member(member, b"" if member in parts else deflated(data), data)
        for member, data in contents.items()
    )
    return _Compiled(name, parts, members, source, column_loop)


def _parsed(data: bytes, where: str) -> str:
    try:
        return str(etree.tostring(etree.fromstring(data, _PARSER), encoding="unicode"))
    except etree.XMLSyntaxError as error:
        raise TemplateError(
            f"模板里的 XML 坏了：{error}", where=where, todo="在 Word 或 WPS 里打开后另存"
        ) from error


def _filled(
    compiled: _Compiled, member: str, part: jinja2.Template, context: Mapping[str, Any]
) -> bytes:
    where = f"{compiled.name} {member}"
    with faults(where, _paragraph):
        text = part.render(context)
    text = re.sub(r"\n<w:p([ >])", r"<w:p\1", text)
    if _SPECIAL.search(text):
        text = docxtpl.DocxTemplate(io.BytesIO(compiled.source)).resolve_listing(text)
    data = b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n" + text.encode()
    try:
        expat.ParserCreate().Parse(data, True)
    except expat.ExpatError as error:
        raise TemplateError(
            f"填写后不是合法的 XML：{error}", where=where, todo="检查这一处前后的标记是否成对"
        ) from error
    return data


def _by_docxtpl(compiled: _Compiled, context: Mapping[str, Any]) -> bytes:
    document = docxtpl.DocxTemplate(io.BytesIO(compiled.source))
    with faults(compiled.name, _paragraph):
        document.render(dict(context), jinja_env=environment(), autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _repacked(data: bytes, stamp: Mapping[str, str] | None) -> bytes:
    """Write a package again with our fixed dates and order."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        contents = {info.filename: package.read(info) for info in package.infolist()}
    members = tuple(Member(name, deflated(body), body) for name, body in contents.items())
    return write_package(_stamped(members, {}, stamp))


def _stamped(
    members: tuple[Member, ...], filled: Mapping[str, bytes], stamp: Mapping[str, str] | None
) -> Iterator[Member]:
    """Yield the members of the finished package; the stamp becomes custom properties."""
    for member in members:
        if member.name in filled:
            data = filled[member.name]
            yield Member(member.name, deflated(data), data)
        elif stamp and member.name == "[Content_Types].xml":
            yield _added(member, b"</Types>", _CONTENT_TYPE, _CUSTOM.encode())
        elif stamp and member.name == "_rels/.rels":
            yield _added(member, b"</Relationships>", _RELATIONSHIP, _CUSTOM.encode())
        elif not (stamp and member.name == _CUSTOM):
            yield member
    if stamp:
        data = _properties(stamp)
        yield Member(_CUSTOM, deflated(data), data)


_CONTENT_TYPE = (
    b'<Override PartName="/docProps/custom.xml" ContentType="application/'
    b'vnd.openxmlformats-officedocument.custom-properties+xml"/>'
)
_RELATIONSHIP = (
    b'<Relationship Id="rIdJuanzong" Type="http://schemas.openxmlformats.org/officeDocument/'
    b'2006/relationships/custom-properties" Target="docProps/custom.xml"/>'
)


def _added(member: Member, end: bytes, line: bytes, already: bytes) -> Member:
    if already in member.data:
        return member
    data = member.data.replace(end, line + end)
    return Member(member.name, deflated(data), data)


def _properties(stamp: Mapping[str, str]) -> bytes:
    lines = "".join(
        f"<property fmtid={quoteattr(_FMTID)} pid={quoteattr(str(number))} name={quoteattr(name)}>"
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(sorted(stamp.items()), start=2)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns='
        '"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt='
        '"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f"{lines}</Properties>"
    ).encode()


def _paragraph(line: int) -> str:
    """Say where a line of the compiled part lies: each paragraph begins one."""
    return f"第{max(line - 1, 1)}段"


def _refuse_full_width(text: str, where: str) -> None:
    words = re.sub(r"<[^>]+>", "", text)
    found = _FULL_WIDTH.search(words)
    if found:
        near = words[max(found.start() - 10, 0) : found.end() + 10]
        raise TemplateError(
            f"标记用了全角符号：……{near}……", where=where, todo="改成半角的 {{ }} 和 {% %}"
        )


def _refuse_uncovered(context: Mapping[str, Any], template: str) -> None:
    """Stop at characters no font has: LibreOffice leaves them out, and nobody would see it."""
    missing = fonts.uncovered("".join(_words(context)))
    if missing:
        codes = "、".join(f"U+{ord(letter):04X}" for letter in missing)
        raise FillError(
            f"字体里没有这些字：{codes}",
            where=template,
            todo="换成规范字，或安装含有这些字的字体（juanzong doctor）",
        )


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _words(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _words(item)


def _refuse_controls(value: Any, path: str, template: str) -> None:
    """Stop at characters XML can't hold; dropping them would change a name in silence."""
    if isinstance(value, str):
        found = _FORBIDDEN.search(value)
        if found:
            raise FillError(
                f"{path} 含有不能出现在文档里的控制字符 U+{ord(found[0]):04X}",
                where=template,
                todo="在名册里删去这个字符",
            )
    elif isinstance(value, Mapping):
        for name, item in value.items():
            _refuse_controls(item, f"{path}.{name}" if path else str(name), template)
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            _refuse_controls(item, f"{path}[{number}]", template)
