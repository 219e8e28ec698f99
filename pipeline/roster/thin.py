"""A workbook without the plain cells of its big sheets, which are read all at once.

What remains of such a sheet in the thin workbook is everything around its rows and, each once,
the cells that aren't plain. So the reader of all other workbooks reads this one too, and says
what an unusual cell holds, what is merged, and which columns are hidden.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import IO, TypeAlias
from xml.sax.saxutils import unescape

import numpy as np
from python_calamine import CalamineError, CalamineWorkbook

from pipeline.errors import RosterError
from pipeline.roster.limits import BROKEN, CELLS, parts
from pipeline.roster.packed import Packed
from pipeline.roster.peek import SheetPeek, is_sheet, sheet_names
from pipeline.roster.scan import PAD, Extras, Flags, Ints, Scanned, Unusual, scan

_PIECE = 4 << 20
"""Bytes unpacked and scanned together."""
_HEAD = 1 << 20
"""Bytes that may come before the rows."""
_MANY = 100_000
"""Different cells that aren't plain; of more, it depends how many there are of all."""
_STYLES = 4096
"""Styles asked about; a number of another is asked about by itself."""
_ACROSS = b"ABCDEFGHIJKLMNOP"
"""Columns of the cells that are asked."""
_STRING = re.compile(
    '<si><t(?: xml:space="preserve">([^<]*)|>((?![\\s\x00-\x1f])[^<]*(?<![\\s\x00-\x1f])))</t></si>'
)
_ESCAPED = re.compile("_x[0-9A-Fa-f]{4}_|&#|\r")
_QUOTES = {"&quot;": '"', "&apos;": "'"}

Asked: TypeAlias = Sequence[Sequence[object]]
"""What the cells of a thin sheet hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """The cells of a big sheet; what its extras hold is in the thin workbook."""

    codes: Ints
    hidden: frozenset[int]
    """Zero-based rows."""
    strings: Sequence[str] | None
    """The shared strings, where they are plain; else they are asked after the extras."""
    extras: Extras
    asked: int
    """How many cells of the thin sheet are asked."""

    def cells(self, found: Asked) -> Packed:
        """Return the cells, given those of the thin sheet."""
        answers = iter([_at(found, number) for number in range(self.asked)])
        last = [next(answers) if isinstance(one, bytes) else one for one in self.extras.index]
        strings = list(answers) if self.strings is None else self.strings
        pool = ["", *strings, *reversed(last)]
        nothing = [2 * at for at, one in enumerate(pool) if at and one == ""]
        if not nothing:
            return Packed(self.codes, pool)
        nothing += [code - 2 * len(pool) for code in nothing]
        return Packed(np.where(np.isin(self.codes, nothing), 0, self.codes), pool)

    def peek(self, looked: SheetPeek) -> SheetPeek:
        """Return what the whole sheet says, given what the thin one says."""
        asked = [number for one, number in self.extras.index.items() if isinstance(one, bytes)]
        numbers = {row * len(_ACROSS) + column for row, column in looked.unvalued}
        codes = [-2 * asked[number] for number in sorted(numbers) if number < len(asked)]
        places = np.argwhere(np.isin(self.codes, codes)).tolist() if codes else []
        return replace(
            looked, hidden_rows=self.hidden, unvalued=frozenset((row, at) for row, at in places)
        )


def thinned(name: str, data: bytes, large: Sequence[str]) -> tuple[bytes, dict[str, Bulk]]:
    """Return a workbook without the plain cells of its large sheets, and these sheets by name.

    A workbook that is damaged, or written as hardly any program does, comes back as it is: who
    reads all others reads it too, or says what is wrong.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            return _thinned(book, large, dict(parts(name, book, large)))
    except (Unusual, RosterError, CalamineError, UnicodeDecodeError, *BROKEN):
        return data, {}


def _thinned(
    book: zipfile.ZipFile, large: Sequence[str], small: dict[str, bytes]
) -> tuple[bytes, dict[str, Bulk]]:
    lower = {part.lower(): content for part, content in small.items()}
    names = {part.lower(): sheet for sheet, part in sheet_names(lower)}
    strings = _Strings(small)
    thin, bulks = dict(small), {}
    for part in large:
        sheet = names.get(part.lower())
        if sheet is None:
            raise Unusual("a sheet without a name")
        with book.open(part) as stream:
            plain = _plain_styles(small, strings.part, part, sheet)
            bulks[sheet], thin[part] = _bulk(stream, plain, strings)
    extras = {one for bulk in bulks.values() for one in bulk.extras.index}
    wanted = any(isinstance(one, bytes) and b't="s"' in one for one in extras)
    if strings.plain is not None and not wanted and not any(map(is_sheet, small)):
        thin.pop(strings.part, None)  # nobody asks for one of hundreds of thousands
    return _stored(thin), bulks


def _bulk(stream: IO[bytes], plain: Flags, strings: _Strings) -> tuple[Bulk, bytes]:
    """Read a big sheet; return it, and the thin one that takes its place."""
    part, extras = _Part(stream), Extras()
    codes, hidden = _joined(_scanned(part, plain, extras))
    words = codes[codes & 1 == 0] >> 1
    if words.max(initial=0) > strings.count:
        raise Unusual("a word that isn't among the shared strings")
    asked = [one for one in extras.index if isinstance(one, bytes)]
    if strings.plain is None:
        asked += [b' t="s"><v>%d</v></c>' % number for number in range(strings.count)]
    bulk = Bulk(codes=codes, hidden=hidden, strings=strings.plain, extras=extras, asked=len(asked))
    return bulk, part.head + b"".join(_rows(asked)) + part.tail


def _scanned(part: _Part, plain: Flags, extras: Extras) -> Iterator[Scanned]:
    cells = 0
    for rows in part.rows():
        piece = scan(rows + PAD, plain, extras)
        cells += int(np.count_nonzero(piece.codes))
        if len(extras.index) > _MANY + cells // 4:
            raise Unusual("hardly any plain cells")
        yield piece


def _joined(pieces: Iterable[Scanned]) -> tuple[Ints, frozenset[int]]:
    """Return the cells of the rows of all pieces, and the hidden rows."""
    found: list[Scanned] = []
    height = width = held = 0
    for piece in pieces:
        held += piece.codes.size
        if held > CELLS or (len(piece.rows) and piece.rows[0] < height):
            raise Unusual("rows out of order, or cells far apart")
        filled = np.flatnonzero(piece.codes.any(axis=1))
        if len(filled):
            height, width = int(piece.rows[filled[-1]]) + 1, max(width, piece.codes.shape[1])
        found.append(piece)
    if height * width > CELLS:
        raise Unusual("cells far apart")
    codes = np.zeros((height, width), np.int64)
    for piece in found:
        within = piece.rows < height
        codes[piece.rows[within], : piece.codes.shape[1]] = piece.codes[within]
    return codes, frozenset().union(*(piece.hidden for piece in found))


class _Part:
    """A sheet's part: what stands before its rows, the rows, and what stands after them."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        first = stream.read(_PIECE)
        begin = first.find(b"<sheetData>") + len(b"<sheetData>")
        if not len(b"<sheetData>") <= begin <= _HEAD:
            raise Unusual("no rows, or much before them")
        self.head, self._rest = first[:begin], first[begin:]
        self.tail = b""
        """Known once all rows are read."""

    def rows(self) -> Iterator[bytes]:
        """Yield the rows, many at a time."""
        rest = self._rest
        while more := self._stream.read(_PIECE):
            end = rest.rfind(b"</row>") + len(b"</row>")
            if end >= len(b"</row>"):
                yield rest[:end]
                rest = rest[end:]
            rest += more
        end = rest.find(b"</sheetData>")
        if end < 0 or b"<!" in self.head or b"<!" in rest[end:]:
            raise Unusual("no end of the rows, or a comment")
        yield rest[:end]
        self.tail = rest[end:]


class _Strings:
    """The shared strings of a workbook; `plain` is None when one of them is more than letters."""

    def __init__(self, small: Mapping[str, bytes]) -> None:
        place = "xl/sharedstrings.xml"
        self.part = next((part for part in small if part.lower() == place), "")
        text = small.get(self.part, b"").decode()
        self.count = sum(text.count(tag) for tag in ("<si>", "<si ", "<si/>"))
        found = [] if _ESCAPED.search(text) else _STRING.findall(text)
        strings = [kept or bare for kept, bare in found]
        if "&" in text:
            strings = [unescape(one, _QUOTES) if "&" in one else one for one in strings]
        self.plain = strings if len(strings) == self.count else None


def _plain_styles(small: Mapping[str, bytes], strings: str, part: str, sheet: str) -> Flags:
    """Tell of each style whether its numbers are figures, not days or times."""
    styles = min(_STYLES, sum(one.count(b"xf ") for one in small.values()) + 1)
    rows = _rows(b' s="%d"><v>1</v></c>' % style for style in range(styles))
    start = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    page = b"".join((start, b"<sheetData>", *rows, b"</sheetData></worksheet>"))
    needed = {one: small[one] for one in small if not is_sheet(one) and one != strings}
    book = CalamineWorkbook.from_filelike(io.BytesIO(_stored(needed | {part: page})))
    found = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return np.array([type(_at(found, style)) is float for style in range(styles)])


def _rows(asked: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the rows of cells that are asked, each given from its attributes to its end."""
    row = -1
    for number, cell in enumerate(asked):
        row, column = divmod(number, len(_ACROSS))
        if column == 0:
            yield b'%s<row r="%d">' % (b"</row>" if row else b"", row + 1)
        yield b'<c r="%c%d"%s' % (_ACROSS[column], row + 1, cell)
    yield b"</row>" if row >= 0 else b""


def _at(cells: Asked, number: int) -> object:
    """Return what an asked cell holds; those at the end may hold nothing."""
    row, column = divmod(number, len(_ACROSS))
    return cells[row][column] if row < len(cells) and column < len(cells[row]) else ""


def _stored(book: Mapping[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_STORED) as file:
        for part, content in book.items():
            file.writestr(part, content)
    return data.getvalue()
