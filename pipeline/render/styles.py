"""Styles and fonts of a Word file: which are defined, used, and what font a run is set in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from pipeline.render.places import W, owner

FACES = ("ascii", "hAnsi", "eastAsia", "cs")
_USES = {f"{W}pStyle": "段落", f"{W}rStyle": "字符", f"{W}tblStyle": "表格"}


class Styles:
    """The styles of a package; an absent styles.xml defines none."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, etree._Element] = {}
        self._default = ""
        self._defaults: etree._Element | None = None
        for style in root.iter(f"{W}style") if root is not None else ():
            name = style.get(f"{W}styleId") or ""
            self._styles[name] = style
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in {"1", "true"}:
                self._default = name
        if root is not None:
            self._defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}rFonts")

    def __contains__(self, name: str) -> bool:
        return name in self._styles

    def chinese_font(self, run: etree._Element) -> str:
        """Return the family a run's Chinese is set in; empty when nothing names one."""
        paragraph = owner(run)
        named = None if paragraph is None else paragraph.find(f"{W}pPr/{W}pStyle")
        for fonts in (
            run.find(f"{W}rPr/{W}rFonts"),
            *self._chain(run.find(f"{W}rPr/{W}rStyle")),
            *self._chain(named, self._default),
            self._defaults,
        ):
            family = None if fonts is None else fonts.get(f"{W}eastAsia")
            if family:
                return family
        return ""

    def families(self, used: set[str]) -> Iterator[tuple[str, str]]:
        """Yield (family, style) of the styles in use, those they rest on, and the defaults."""
        if self._defaults is not None:
            yield from ((family, "") for family in named_families(self._defaults))
        for name in sorted({*used, self._default} & set(self._styles)):
            for fonts in self._chain(None, name):
                if fonts is not None:
                    yield from ((family, name) for family in named_families(fonts))

    def _chain(self, named: Any, default: str = "") -> list[etree._Element | None]:
        """Return the fonts of a style and of those it rests on, nearest first."""
        found: list[etree._Element | None] = []
        name = default if named is None else named.get(f"{W}val") or ""
        seen: set[str] = set()
        while name in self._styles and name not in seen:
            seen.add(name)
            style = self._styles[name]
            found.append(style.find(f"{W}rPr/{W}rFonts"))
            rest = style.find(f"{W}basedOn")
            name = "" if rest is None else rest.get(f"{W}val") or ""
        return found


def named_families(fonts: etree._Element) -> list[str]:
    """Return the families a `w:rFonts` names, each once."""
    return list(dict.fromkeys(name for face in FACES if (name := fonts.get(f"{W}{face}"))))


def used_styles(root: etree._Element) -> Iterator[tuple[str, str, etree._Element]]:
    """Yield each use of a style in a part: what it is for, its id, the element."""
    for element in root.iter(*_USES):
        yield _USES[str(element.tag)], element.get(f"{W}val") or "", element
