"""Where the words of a Word file lie: each paragraph with its number, table cell and text.

Paragraphs are numbered as they follow each other in a part, those of tables and text boxes too;
`docxtpl-lint` and the compiled template number them the same way.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from pipeline.errors import TemplateError

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXT_PART = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
"""Parts that hold the words of a page."""
LARGEST = 64 << 20
"""Bytes a template may unpack to."""
_NEAR = 30
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
_NAMES = {"document": "正文", "footnotes": "脚注", "endnotes": "尾注"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph of a part; `table`, `row`, `column` are 0 outside tables."""

    number: int
    table: int
    row: int
    column: int
    text: str

    def where(self) -> str:
        """Say where it lies, and what stands there."""
        cell = f"（表{self.table}第{self.row}行第{self.column}列）" if self.table else ""
        words = self.text.strip()
        shown = words if len(words) <= _NEAR else f"{words[:_NEAR]}……"
        return f"第{self.number}段{cell}“{shown}”"


def part_name(member: str) -> str:
    """Return what people call a part: 正文, 页眉1, 页脚2."""
    stem = member.rsplit("/", 1)[-1].removesuffix(".xml")
    for prefix, name in (("header", "页眉"), ("footer", "页脚")):
        if stem.startswith(prefix):
            return name + stem.removeprefix(prefix)
    return _NAMES.get(stem, member)


def unpacked(source: bytes, name: str) -> dict[str, bytes]:
    """Return the members of a Word file.

    Raises:
        TemplateError: when it is none, or unpacks to a flood.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as package:
            if sum(info.file_size for info in package.infolist()) > LARGEST:
                raise TemplateError("展开后太大", where=name, todo="删去模板里的大图和嵌入文件")
            return {info.filename: package.read(info) for info in package.infolist()}
    except (zipfile.BadZipFile, OSError) as error:
        raise TemplateError(
            "不是 Word 文档（.docx）", where=name, todo="在 Word 或 WPS 里另存为 .docx"
        ) from error


def parsed(data: bytes, where: str) -> etree._Element:
    """Parse a part.

    Raises:
        TemplateError: when it isn't XML.
    """
    try:
        return etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError as error:
        raise TemplateError(
            f"模板里的 XML 坏了：{error}", where=where, todo="在 Word 或 WPS 里打开后另存"
        ) from error


def paragraphs(root: etree._Element) -> list[Paragraph]:
    """Return the paragraphs of a part in their order."""
    return [
        Paragraph(number=number, table=table, row=row, column=column, text=text_of(element))
        for number, (element, (table, row, column)) in enumerate(_cells(root), start=1)
    ]


def text_of(paragraph: etree._Element) -> str:
    """Return the words of a paragraph, not those of text boxes within it."""
    return "".join(run.text or "" for run in texts(paragraph))


def texts(paragraph: etree._Element) -> list[etree._Element]:
    """Return the `w:t` elements that belong to a paragraph itself."""
    return [each for each in paragraph.iter(f"{W}t") if owner(each) is paragraph]


def owner(element: etree._Element) -> etree._Element | None:
    """Return the paragraph an element belongs to."""
    return next(element.iterancestors(f"{W}p"), None)


def _cells(root: etree._Element) -> Iterator[tuple[etree._Element, tuple[int, int, int]]]:
    """Yield each paragraph with its table, row and column, counted from 1."""
    tables = {table: number for number, table in enumerate(root.iter(f"{W}tbl"), start=1)}
    for paragraph in root.iter(f"{W}p"):
        cell = next(paragraph.iterancestors(f"{W}tc"), None)
        row = None if cell is None else next(cell.iterancestors(f"{W}tr"), None)
        table = None if row is None else next(row.iterancestors(f"{W}tbl"), None)
        if cell is None or row is None or table is None:
            yield paragraph, (0, 0, 0)
        else:
            yield paragraph, (tables[table], _count(row), _count(cell))


def _count(element: etree._Element) -> int:
    return 1 + sum(1 for _ in element.itersiblings(element.tag, preceding=True))
