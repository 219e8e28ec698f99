"""The styles of a workbook: new ones are added behind, each made from one that is there."""

from __future__ import annotations

import copy

from lxml import etree

from pipeline.report.xlsx.package import parse, written

_LEAST = """<styleSheet xmlns="{}">
<fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill>
<fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>"""
_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs")
_TEXT = "49"
"""The number format `@`: what is typed over such a cell stays text, never a formula."""


class Styles:
    """A workbook's styles part."""

    def __init__(self, data: bytes | None, namespace: str) -> None:
        """Read the part, or begin one for a workbook that has none."""
        least = parse(_LEAST.format(namespace).encode())
        self._root = parse(data) if data else least
        self._ns = f"{{{etree.QName(self._root).namespace}}}"
        for index, name in enumerate(_ORDER[1:], start=1):
            if self._root.find(f"{self._ns}{name}") is None:
                before = [one for one in self._root if etree.QName(one).localname in _ORDER[:index]]
                self._root.insert(len(before), next(least.iter(f"{{{namespace}}}{name}")))
        self._known: dict[tuple[str, ...], int] = {}

    def written(self) -> bytes:
        """Return the part."""
        return written(self._root)

    def filled(self, style: int, colour: str) -> int:
        """Return the style that is `style` on a ground of a colour, RRGGBB."""
        key = ("style", str(style), colour)
        if key not in self._known:
            formats = self._section("cellXfs")
            new = copy.deepcopy(formats[style if style < len(formats) else 0])
            new.set("fillId", str(self._fill(colour)))
            new.set("applyFill", "1")
            self._known[key] = self._append("cellXfs", new)
        return self._known[key]

    def text(self, *, colour: str = "", bold: bool = False, link: bool = False) -> int:
        """Return a style for words: text, wrapped, at the top of the cell."""
        key = ("text", colour, str(bold), str(link))
        if key not in self._known:
            marks = ("<b/>" if bold else "") + ("<u/>" if link else "")
            ink = '<color rgb="FF0563C1"/>' if link else ""
            font = self._add("fonts", f'<font>{marks}<sz val="11"/>{ink}<name val="宋体"/></font>')
            fill = self._fill(colour) if colour else 0
            self._known[key] = self._add(
                "cellXfs",
                f'<xf numFmtId="{_TEXT}" fontId="{font}" fillId="{fill}" borderId="0" xfId="0"'
                ' applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1">'
                '<alignment vertical="top" wrapText="1"/></xf>',
            )
        return self._known[key]

    def _fill(self, colour: str) -> int:
        key = ("fill", colour)
        if key not in self._known:
            self._known[key] = self._add(
                "fills",
                f'<fill><patternFill patternType="solid"><fgColor rgb="FF{colour}"/>'
                '<bgColor indexed="64"/></patternFill></fill>',
            )
        return self._known[key]

    def _add(self, section: str, xml: str) -> int:
        name, rest = xml[1:].split(">", 1)
        return self._append(section, parse(f'<{name} xmlns="{self._ns[1:-1]}">{rest}'.encode()))

    def _append(self, section: str, new: etree._Element) -> int:
        found = self._section(section)
        found.append(new)
        found.set("count", str(len(found)))
        return len(found) - 1

    def _section(self, name: str) -> etree._Element:
        found = self._root.find(f"{self._ns}{name}")
        if found is None:
            raise ValueError(f"styles without {name}")
        return found
