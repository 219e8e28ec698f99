"""A docx of ours that comes back edited: what it says it is, what it says, and a fresh stamp."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from pipeline.errors import PaperError, TemplateError
from pipeline.render.filters import percent, riqi, wan, yuan
from pipeline.render.package import Member, deflated, write_package
from pipeline.render.places import TEXT_PART, W, parsed, unpacked
from pipeline.render.properties import CUSTOM, described

_BODY = "word/document.xml"
_STAMP = re.compile(r"([a-z_.]+/[^\s/]+(?:/[^\s/]+)?)\s+([0-9a-f]{10})\b")
_COUNTED = "\0"
"""Stands for what was counted already; no document can hold it."""
_FORMS: tuple[Callable[[str], str], ...] = (str, yuan, wan, percent, riqi)
"""How a value may have been printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """An edited docx: the document and version it was made from, and its words."""

    document: str
    version: str
    """First ten characters of the version's digest."""
    text: str
    parts: Mapping[str, bytes] = field(repr=False)


def read_docx(data: bytes, name: str) -> Returned:
    """Read a docx that Word, WPS or LibreOffice saved.

    Args:
        data: the file.
        name: what errors call it.

    Raises:
        PaperError: when it is no docx, unpacks to a flood, or bears no stamp of ours.
    """
    try:
        parts = unpacked(data, name)
        roots = {
            part: parsed(xml, f"{name} {part}")
            for part, xml in parts.items()
            if TEXT_PART.fullmatch(part)
        }
        custom = parsed(parts[CUSTOM], f"{name} {CUSTOM}") if CUSTOM in parts else None
    except TemplateError as error:
        raise PaperError(error.what, where=name, todo=error.todo) from error
    words = {part: _words(root) for part, root in roots.items()}
    document, version = _stamped(custom, words)
    if not document:
        raise PaperError(
            "里面没有卷宗的编号，不知道是哪份文书",
            where=name,
            todo="从 juanzong make 制作的 docx 改起；页脚的编号和文档属性都不要删",
        )
    # Headers and footers hold page numbers, and each program keeps another number of them.
    return Returned(document=document, version=version, text=words.get(_BODY, ""), parts=parts)


def stamped_again(returned: Returned, context: Mapping[str, Any], version: str) -> bytes:
    """Return the docx with the id of its own version, so that the next edit knows its parent.

    Args:
        returned: what `read_docx` read.
        context: gives title and subject of the properties.
        version: first ten characters of the new version's digest.
    """
    old, new = returned.version.encode(), version.encode()
    members = [
        Member(name, deflated(mended), mended)
        for name, data in returned.parts.items()
        for mended in [data.replace(old, new) if "footer" in name and old else data]
    ]
    stamp = {"document": returned.document, "version": version}
    return write_package(described(members, context, stamp))


def lost(figures: Mapping[str, Any], before: str, after: str) -> dict[str, list[str]]:
    """Return the figures that stand less often in an edited text than in the one it came from.

    Args:
        figures: where each figure stands in the context, and its value.
        before: words of the docx as it was made.
        after: words of the docx as it came back.

    Returns:
        The figure as it was printed, to the places it may be from.
    """
    places: dict[str, list[str]] = {}
    for path, value in figures.items():
        for form in _forms(value):
            places.setdefault(form, []).append(path)
    gone = {}
    for form in sorted(places, key=len, reverse=True):  # 2016 within 2016年12月31日 is that day's
        pattern = _whole(form)
        before, times = pattern.subn(_COUNTED, before)
        after, left = pattern.subn(_COUNTED, after)
        if left < times:
            gone[form] = places[form]
    return gone


def _forms(value: Any) -> set[str]:
    if isinstance(value, bool) or value in (None, "") or not isinstance(value, str | int):
        return set()
    forms = set()
    for form in _FORMS:
        try:
            forms.add(form(str(value)))
        except (ValueError, ArithmeticError, TypeError):
            continue
    return forms


def _whole(form: str) -> re.Pattern[str]:
    """Return what finds a figure as a whole: 5 doesn't stand in 15."""
    left = r"(?<![\d.])" if form[0].isdigit() else ""
    right = r"(?!\d|\.\d)" if form[-1].isdigit() else ""
    return re.compile(f"{left}{re.escape(form)}{right}")


def _stamped(custom: etree._Element | None, words: Mapping[str, str]) -> tuple[str, str]:
    if custom is not None:
        told = {str(one.get("name")): "".join(map(str, one.itertext())).strip() for one in custom}
        if told.get("document") and told.get("version"):
            return told["document"], told["version"]
    for part, text in words.items():
        if "footer" in part and (found := _STAMP.search(text)):
            return found[1], found[2]
    return "", ""


def _words(root: etree._Element) -> str:
    """Return the words of a part, a line for each paragraph; what was struck out isn't in them."""
    return "\n".join(
        "".join(run.text or "" for run in paragraph.iter(f"{W}t"))
        for paragraph in root.iter(f"{W}p")
    )
