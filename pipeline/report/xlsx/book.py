"""A workbook in place: mark cells of its sheets, add a list, and hand it back."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from xml.parsers import expat

from lxml import etree

from pipeline.report.xlsx import notes
from pipeline.report.xlsx.cells import Cells
from pipeline.report.xlsx.listing import Line, listing
from pipeline.report.xlsx.package import TYPES, Package, parse, written
from pipeline.report.xlsx.places import Place
from pipeline.report.xlsx.styles import Styles

_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_USUAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_LIST = "xl/worksheets/juanzong{}.xml"
"""A name no spreadsheet program gives: as soon as one saves the file, it is no longer ours."""
_STYLES = "xl/styles.xml"
"""Where readers look for styles, whatever the relations say."""
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    NotImplementedError,
    etree.XMLSyntaxError,
    expat.ExpatError,
)


class Strange(Exception):
    """Raised when a workbook isn't built as the standard says."""


@contextmanager
def understood() -> Iterator[None]:
    """Say of any fault in the parts of a workbook that it is strange."""
    try:
        yield
    except _FAULTS as error:
        raise Strange(str(error)) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How a cell is marked."""

    colour: str
    note: str


class Book:
    """An .xlsx or .xlsm."""

    def __init__(self, data: bytes) -> None:
        """Open a workbook.

        Raises:
            Strange: when it is none, or is built in another way than the standard says.
        """
        with understood():
            self._package = Package(data)
            self._workbook = _only(self._package, "", "/officeDocument")
            self._root = parse(self._package.read(self._workbook))
            self._ns = str(etree.QName(self._root).namespace)
            self._office = _STRICT if "purl.oclc.org" in self._ns else _USUAL
            self._parts = dict(self._sheets())
            self._look = next(_related(self._package, self._workbook, "/styles"), "")
            look = self._package.read(self._look) if self._look else None
            self._styles = Styles(look, self._ns)

    @property
    def macros(self) -> bool:
        """Whether the workbook says of itself that it has macros."""
        return b"macroEnabled" in self._package.read(TYPES)

    @property
    def sheets(self) -> frozenset[str]:
        """Names of the worksheets."""
        return frozenset(self._parts)

    def cells(self, sheet: str, places: Iterable[Place]) -> Cells:
        """Look for cells of a sheet.

        Raises:
            Strange: when the sheet can't be understood.
        """
        with understood():
            return Cells(self._package.read(self._parts[sheet]), places)

    def mark(self, sheet: str, cells: Cells, marks: Mapping[Place, Mark]) -> None:
        """Colour cells of a sheet and add notes to them.

        Raises:
            Strange: when the sheet or its notes can't be understood.
        """
        with understood():
            part = self._parts[sheet]
            drawing = self._say(part, cells, {at: mark.note for at, mark in marks.items()})
            styles = {
                at: partial(self._styles.filled, colour=mark.colour) for at, mark in marks.items()
            }
            self._package.write(part, cells.styled(styles, drawing))

    def add_list(self, name: str, lines: Sequence[Line]) -> None:
        """Add a sheet behind the others; a number is added to a name that is taken.

        Raises:
            Strange: when the workbook has no list of sheets.
        """
        with understood():
            sheets = self._root.find(f"{{{self._ns}}}sheets")
            if sheets is None:
                raise ValueError("a workbook without sheets")
            part = self._package.free(_LIST)
            self._package.write(part, listing(lines, self._styles, self._ns))
            self._package.declare(part, f"{_SPREADSHEET}.worksheet+xml")
            taken = {str(one.get("name")).lower() for one in sheets}
            ids = [int(one.get("sheetId", "0")) for one in sheets]
            new = etree.SubElement(sheets, f"{{{self._ns}}}sheet")
            new.set("name", _free(name, taken))
            new.set("sheetId", str(max(ids, default=0) + 1))
            relation = self._package.relate(self._workbook, f"{self._office}/worksheet", part)
            new.set(f"{{{self._office}}}id", relation)

    def packed(self) -> bytes:
        """Return the workbook."""
        with understood():
            self._package.write(self._workbook, written(self._root))
            if not self._look:
                self._look = _STYLES
                self._package.declare(self._look, f"{_SPREADSHEET}.styles+xml")
                self._package.relate(self._workbook, f"{self._office}/styles", self._look)
            self._package.write(self._look, self._styles.written())
            return self._package.packed()

    def _sheets(self) -> Iterator[tuple[str, str]]:
        related = self._package.related(self._workbook)
        for sheet in self._root.iter(f"{{{self._ns}}}sheet"):
            kind, part = related[str(sheet.get(f"{{{self._office}}}id"))]
            if kind.endswith("/worksheet"):
                yield str(sheet.get("name")), part

    def _say(self, part: str, cells: Cells, said: Mapping[Place, str]) -> str:
        """Add notes to a sheet; return the element that shows them if there is none yet."""
        package = self._package
        comments = next(_related(package, part, "/comments"), "")
        before = package.read(comments) if comments else None
        spoken = notes.commented(before) if before else frozenset()
        if not comments:
            comments = package.free("xl/comments{}.xml")
            package.declare(comments, notes.COMMENTS)
            package.relate(part, f"{self._office}/comments", comments)
        package.write(comments, notes.add_comments(before, said, self._ns))
        if cells.drawing:
            drawing = package.related(part)[cells.drawing][1]
            new = {at: words for at, words in said.items() if at not in spoken}
            shapes = notes.add_shapes(package.read(drawing), new, notes.free_id(package))
            package.write(drawing, shapes)
            return ""
        shown = dict.fromkeys(spoken, "") | dict(said)
        drawing = package.free("xl/drawings/vmlDrawing{}.vml")
        package.write(drawing, notes.add_shapes(None, shown, notes.free_id(package)))
        package.declare_ending("vml", notes.VML)
        relation = package.relate(part, f"{self._office}/vmlDrawing", drawing)
        return f'<{cells.prefix}legacyDrawing xmlns:r="{self._office}" r:id="{relation}"/>'


def is_xlsx(data: bytes) -> bool:
    """Tell whether a file is a workbook that can be changed in place, whatever its name."""
    try:
        return "xl/workbook.xml" in Package(data)
    except _FAULTS:
        return False


def is_ours(data: bytes) -> bool:
    """Tell whether a file is a workbook we added a list to and nobody has saved since."""
    try:
        return _LIST.format(1) in Package(data)
    except _FAULTS:
        return False


def _related(package: Package, part: str, kind: str) -> Iterator[str]:
    for said, target in package.related(part).values():
        if said.endswith(kind):
            yield target


def _only(package: Package, part: str, kind: str) -> str:
    found = next(_related(package, part, kind), None)
    if found is None:
        raise ValueError(f"no {kind}")
    return found


def _free(name: str, taken: set[str]) -> str:
    number = 1
    free = name
    while free.lower() in taken:
        number += 1
        free = f"{name} {number}"
    return free
