"""What a workbook's parts say before calamine reads it: extent, hidden parts, bare formulas."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from pipeline.roster import biff, biff12, ods
from pipeline.roster.extent import extent, number
from pipeline.roster.formats import Format, locked
from pipeline.roster.limits import check_extent, check_total, damaged, parts
from pipeline.roster.ole import Broken, Compound

_BARE = re.compile(
    rb'<c r="([A-Z]+)(\d+)"(?:(?! t="str")[^>])*>\s*<f(?:[^>]*/>|[^>]*>[^<]*</f>)'
    rb"\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
_FORMULA = re.compile(rb"f[ />]")
"""Rarer letters first: on long parts such patterns are found faster than by `in`."""
_BARE_ENDS = (b"</f></c>", b"</f><v/>", b"</f><v />", b"</f><v></v>", b"/></c>")
_ERROR = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]* t="e"')
_ANY_ERROR, _ANY_HIDDEN = re.compile(rb't="e"'), re.compile(rb'hidden="')
_HIDDEN_ROW = re.compile(rb'<row [^>]*?\br="(\d+)"[^>]*\bhidden="(?:1|true)"')
_COLUMN = re.compile(rb"<col ([^>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)>")
_SHEETS = "xl/worksheets/"
_LARGE = 4 << 20
"""Bytes of a sheet from which on reading it all at once pays."""
_ATTRIBUTE = re.compile(rb'(\w+)="([^"]*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPeek:
    """What one sheet's part says; rows and columns are zero-based."""

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    unvalued: frozenset[tuple[int, int]] = frozenset()
    """Cells whose formula has no stored value, or an error for one."""
    merges: tuple[biff.Range, ...] = ()
    """Merged ranges of the formats whose calamine doesn't tell: .xlsb and .ods."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peek:
    """What a workbook's parts say, by sheet name."""

    sheets: dict[str, SheetPeek]
    from_1904: bool = False
    """Days are counted from 1904, as old Macintosh files do."""


def peek(name: str, data: bytes, kind: Format) -> Peek:
    """Look over a workbook's parts.

    Raises:
        RosterError: when the workbook is damaged, locked, or asks for too much.
    """
    if kind == "xls":
        return _xls(name, data)
    sheets: dict[str, SheetPeek] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        if kind == "xlsx":
            return _xlsx(name, book)
        if kind == "xlsb":
            return _xlsb(name, book)
        for part, content in parts(name, book):
            if part == "content.xml":
                sheets |= _ods(name, content)
    return Peek(sheets=sheets)


def is_sheet(part: str) -> bool:
    """Tell whether a part of an .xlsx is a sheet."""
    return part.lower().startswith(_SHEETS) and part.lower().endswith(".xml")


def large_sheets(data: bytes) -> tuple[str, ...]:
    """Return the parts of an .xlsx that are sheets of many rows."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return tuple(
            part.filename
            for part in book.infolist()
            if is_sheet(part.filename) and part.file_size >= _LARGE
        )


def _ods(name: str, content: bytes) -> Iterator[tuple[str, SheetPeek]]:
    total = 0
    for sheet in ods.extents(content):
        check_extent(name, sheet.name, sheet.rows, sheet.columns)
        total += sheet.rows * sheet.columns
        check_total(name, total)
        yield (
            sheet.name,
            SheetPeek(
                hidden_rows=_within(sheet.hidden_rows, sheet.rows),
                hidden_columns=_within(sheet.hidden_columns, sheet.columns),
                merges=sheet.merges,
            ),
        )


def _within(ranges: tuple[range, ...], end: int) -> frozenset[int]:
    """Return the numbers of the ranges that lie within the filled part of a sheet."""
    end = min(end, ods.MOST)
    return frozenset(one for found in ranges for one in range(found.start, min(found.stop, end)))


def _xlsx(name: str, book: zipfile.ZipFile) -> Peek:
    sheets: dict[str, SheetPeek] = {}
    small: dict[str, bytes] = {}
    for part, content in parts(name, book):
        if b"sheetData" in content:
            check_extent(name, "", *extent(name, content))
            sheets[part.lower()] = _sheet(content)
        elif part.lower() in {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"}:
            small[part.lower()] = content
    named = dict(sheet_names(small))
    workbook = small.get("xl/workbook.xml", b"")
    return Peek(
        sheets={
            sheet: sheets[part.lower()] for sheet, part in named.items() if part.lower() in sheets
        },
        from_1904=bool(re.search(rb'date1904="(?:1|true)"', workbook)),
    )


def _xlsb(name: str, book: zipfile.ZipFile) -> Peek:
    sheets: dict[str, SheetPeek] = {}
    places: dict[str, str] = {}
    about = biff12.Book()
    try:
        for part, content in parts(name, book):
            if part.lower() == "xl/_rels/workbook.bin.rels":
                places = dict(_places(name, content))
            elif part.lower() == "xl/workbook.bin":
                about = biff12.book(content)
            elif part.lower().startswith(_SHEETS) and "/_rels/" not in part.lower():
                found = biff12.sheet(content)
                check_extent(name, "", found.rows, found.columns)
                sheets[part.lower()] = _recorded(found)
    except Broken as error:
        raise damaged(name, str(error)) from error
    named = {sheet: places.get(relation, "") for sheet, relation in about.sheets.items()}
    return Peek(
        sheets={sheet: sheets[part] for sheet, part in named.items() if part in sheets},
        from_1904=about.from_1904,
    )


def _places(name: str, relations: bytes) -> Iterator[tuple[str, str]]:
    """Yield the id of each sheet of an .xlsb and where it lies.

    Raises:
        RosterError: when it wouldn't be looked for there.
    """
    for relation in _RELATION.findall(relations):
        found = dict(_ATTRIBUTE.findall(relation))
        if not found.get(b"Type", b"").endswith(b"/worksheet"):
            continue
        target, key = (found.get(one, b"").decode("utf-8", "replace") for one in (b"Target", b"Id"))
        place = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/").lower()
        if not place.startswith(_SHEETS):
            raise damaged(name, "工作表不在该在的地方")
        yield key, place


def sheet_names(small: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield each sheet's name and the part that holds it."""
    safe = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        relations = etree.fromstring(small["xl/_rels/workbook.xml.rels"], safe)
        workbook = etree.fromstring(small["xl/workbook.xml"], safe)
    except (KeyError, etree.XMLSyntaxError):
        return  # calamine says what is wrong with it
    targets = {
        str(one.get("Id")): str(one.get("Target")) for one in relations.iter("{*}Relationship")
    }
    for sheet in workbook.iter("{*}sheet"):
        key = next((value for name, value in sheet.items() if str(name).endswith("}id")), "")
        target = targets.get(str(key), "")
        yield str(sheet.get("name")), target.lstrip("/") if target[:1] == "/" else f"xl/{target}"


def _sheet(data: bytes) -> SheetPeek:
    unvalued: set[tuple[int, int]] = set()
    if _FORMULA.search(data) and any(end in data for end in _BARE_ENDS):
        unvalued |= {_place(found) for found in _BARE.finditer(data)}
    if _ANY_ERROR.search(data):
        unvalued |= {_place(found) for found in _ERROR.finditer(data)}
    rows: set[int] = set()
    columns: set[int] = set()
    if _ANY_HIDDEN.search(data):
        rows = {int(found[1]) - 1 for found in _HIDDEN_ROW.finditer(data)}
        for found in _COLUMN.finditer(data):
            column = dict(_ATTRIBUTE.findall(found[1]))
            if column.get(b"hidden") in {b"1", b"true"}:
                last = min(int(column.get(b"max", b"0")), 16_384)
                columns |= set(range(int(column.get(b"min", b"1")) - 1, last))
    return SheetPeek(
        hidden_rows=frozenset(rows),
        hidden_columns=frozenset(columns),
        unvalued=frozenset(unvalued),
    )


def _xls(name: str, data: bytes) -> Peek:
    try:
        compound = Compound(data)
        stream = compound.stream("Workbook" if "Workbook" in compound.entries else "Book")
        book = biff.xls(stream)
    except Broken as error:
        raise damaged(name, str(error)) from error
    if book.locked:
        raise locked(name)
    sheets = {}
    for sheet in book.sheets:
        check_extent(name, sheet.name, sheet.rows, sheet.columns)
        sheets[sheet.name] = _recorded(sheet)
    check_total(name, sum(sheet.rows * sheet.columns for sheet in book.sheets))
    return Peek(sheets=sheets, from_1904=book.from_1904)


def _recorded(sheet: biff.SheetRecords) -> SheetPeek:
    return SheetPeek(
        hidden_rows=frozenset(sheet.hidden_rows),
        hidden_columns=frozenset(sheet.hidden_columns),
        unvalued=frozenset(sheet.errors),
        merges=tuple(sheet.merges),
    )


def _place(found: re.Match[bytes]) -> tuple[int, int]:
    return int(found[2]) - 1, number(found[1]) - 1
