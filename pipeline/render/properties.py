"""The properties of a finished docx: what it is, never who wrote the template or when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from pipeline.render.package import Member, deflated

CORE = "docProps/core.xml"
CUSTOM = "docProps/custom.xml"
_DAY = "1980-01-01T00:00:00Z"
"""The day every member of the package bears; a real one would make each run differ."""
_AUTHOR = "卷宗"
_FMTID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = "application/vnd.openxmlformats-"
_CONTENT = {
    CORE: f"{_TYPES}package.core-properties+xml",
    CUSTOM: f"{_TYPES}officedocument.custom-properties+xml",
}
_RELATION = {
    CORE: "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
    CUSTOM: "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties",
}
_TITLE = "{http://purl.org/dc/elements/1.1/}title"


def described(
    members: Sequence[Member],
    context: Mapping[str, Any],
    stamp: Mapping[str, str] | None,
    core: bytes = b"",
) -> Iterator[Member]:
    """Yield the members with our own properties in place of the template's.

    Args:
        members: the finished package.
        context: gives title and subject, unless the template's own title has tags.
        stamp: document and version, kept as custom properties.
        core: the template's filled core.xml, when it has tags.
    """
    ours = {CORE: _core(_title(core) or _named(context), _part(context, "subject", "name"))}
    if stamp:
        ours[CUSTOM] = _custom(stamp)
    for member in members:
        if member.name == "[Content_Types].xml":
            yield _added(member, b"</Types>", {name: _type(name) for name in ours})
        elif member.name == "_rels/.rels":
            yield _added(member, b"</Relationships>", {name: _relation(name) for name in ours})
        elif member.name not in ours:
            yield member
    for name, data in ours.items():
        yield Member(name, deflated(data), data)


def _title(core: bytes) -> str:
    return (etree.fromstring(core).findtext(_TITLE) or "").strip() if core else ""


def _named(context: Mapping[str, Any]) -> str:
    return _part(context, "subject", "name") + _part(context, "document", "name")


def _part(context: Mapping[str, Any], part: str, name: str) -> str:
    found = context.get(part)
    return str(found.get(name) or "") if isinstance(found, Mapping) else ""


def _core(title: str, subject: str) -> bytes:
    return (
        f'{_DECLARED}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/'
        'metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms='
        '"http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:subject>{escape(subject)}</dc:subject>"
        f"<dc:creator>{_AUTHOR}</dc:creator><cp:lastModifiedBy>{_AUTHOR}</cp:lastModifiedBy>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{_DAY}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{_DAY}</dcterms:modified>'
        "<dc:language>zh-CN</dc:language></cp:coreProperties>"
    ).encode()


def _custom(stamp: Mapping[str, str]) -> bytes:
    lines = "".join(
        f"<property fmtid={quoteattr(_FMTID)} pid={quoteattr(str(number))} name={quoteattr(name)}>"
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(sorted(stamp.items()), start=2)
    )
    return (
        f"{_DECLARED}<Properties xmlns="
        '"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt='
        '"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f"{lines}</Properties>"
    ).encode()


def _type(name: str) -> str:
    return f'<Override PartName="/{name}" ContentType="{_CONTENT[name]}"/>'


def _relation(name: str) -> str:
    identifier = "rIdJuanzong" + name.rsplit("/", 1)[-1].removesuffix(".xml")
    return f'<Relationship Id="{identifier}" Type="{_RELATION[name]}" Target="{name}"/>'


def _added(member: Member, end: bytes, lines: Mapping[str, str]) -> Member:
    """Return the member with a line for each part it doesn't name yet."""
    missing = "".join(line for name, line in lines.items() if name.encode() not in member.data)
    if not missing:
        return member
    data = member.data.replace(end, missing.encode() + end)
    return Member(member.name, deflated(data), data)
