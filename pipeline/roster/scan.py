"""The rows of a big .xlsx sheet, as programs write them, turned into numbers all at once.

A sheet of 200 000 rows is 250 MB of tags around a few million small figures. Looking at the tags
as an array of bytes, all cells together, takes a quarter of the time of any parser that looks at
them one by one. Only what every program writes alike is understood here: a figure in whole cents,
a word by its number among the shared strings. Every other cell is handed back as it stands, and
whatever isn't plain markup raises `Unusual`: then the sheet is for a real parser.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pipeline.roster.limits import CELLS

Bytes: TypeAlias = NDArray[np.uint8]
Words: TypeAlias = NDArray[np.uint64]
"""Eight bytes of text each, the first in the lowest place."""
Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
_Read: TypeAlias = Callable[[Ints, Ints], Ints]

PAD = b"\0" * 8
"""What must follow the rows, so that eight bytes can be taken from any of them."""
_TAG, _QUOTE, _DOT, _MINUS = b'<".-'
_USUAL = np.zeros(1 << 16, bool)
"""Which two letters the tags of rows, cells, values, formulas and inline words begin with."""
for _two in b"ro,c ,is,v>,v ,v/,f>,f ,f/,t>,t ,t/".split(b","):
    _USUAL[int.from_bytes(_two)] = True
_USUAL[ord("/") << 8 : ord("0") << 8] = True
_LONGEST = 8
"""Digits of a number taken at once."""
_COLUMNS = 1024
"""More than those of one or two letters."""
_STYLES = 10_000
"""More than those of up to four digits."""
_EXACT = 1 << 48
"""A figure below it in cents is the hundredth of just one float; and times `_STYLES` a number."""
_FORMULA = re.compile(rb"<f(?:\s[^<>]*)?(?:/>|>[^<]*</f>)(?=<v>[^<])")
_LONG = re.compile(rb"[-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?")
_HIDDEN = re.compile(rb'<row r="(\d+)"[^>]*\bhidden="(?:1|true)"')


class Unusual(ValueError):
    """Raised for markup that only a real parser understands."""


@dataclass(slots=True)
class Extras:
    """What isn't plain, each different one once; `index` begins at one."""

    index: dict[bytes | float, int] = field(default_factory=dict)

    def number(self, found: bytes | float) -> int:
        """Return the number of this cell, or of the same one met before."""
        return self.index.setdefault(found, len(self.index) + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """Some rows: `codes[r, c]` is the cell of row `rows[r]` (zero-based) and column c.

    A code is 0 for an empty cell, `2 * cents + 1` for a figure, and else twice the number of
    what the cell holds: the shared string n has the number n + 1, the extra n the number
    -n.
    """

    rows: Ints
    codes: Ints
    hidden: frozenset[int]


def scan(text: bytes, plain: Flags, extras: Extras) -> Scanned:
    """Read whole rows, followed by `PAD`.

    `plain[s]` tells that a number of style s is a figure, not a date; of higher styles none is.

    Raises:
        Unusual: for markup that no spreadsheet program writes, or that few do.
    """
    tags = _Tags(text)
    rows, cells = _rows(tags), tags.places("c")
    if len(cells) and (not len(rows.places) or cells[0] < rows.places[0]):
        raise Unusual("a cell outside a row")
    counts = np.diff(np.searchsorted(cells, np.append(rows.places, len(tags.kinds))))
    owner = np.repeat(np.arange(len(counts)), counts)
    columns, ends = _columns(tags, tags.at[cells], rows, owner)
    filled, taken = _filled(tags, cells)
    width = int(columns[filled].max(initial=-1)) + 1
    if (np.diff(owner * _COLUMNS + columns) <= 0).any() or len(counts) * width > CELLS:
        raise Unusual("cells out of order, or far apart")
    values = _Values(tags, plain, extras)
    codes = np.zeros((len(counts), width), np.int64)
    codes[owner[filled], columns[filled]] = values.codes(cells[filled], ends[filled])
    if taken + values.taken + rows.taken != tags.count:
        raise Unusual("a tag out of its place")
    hidden = _HIDDEN.findall(text) if b'hidden="' in text else []
    return Scanned(
        rows=rows.numbers - 1, codes=codes, hidden=frozenset(int(one) - 1 for one in hidden)
    )


class _Tags:
    """The tags of some rows: where each begins, and the first two letters of its name."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.data: Bytes = np.frombuffer(text, np.uint8)
        self.words: Words = np.ndarray(len(text) - 7, np.dtype("<u8"), text, 0, (1,))
        found = np.flatnonzero(self.data == _TAG)
        self.count = len(found)
        self.at = np.append(found, [len(text) - len(PAD)] * 4)
        """Those after the last are nothing: the four looked at after a cell are always there."""
        self.kinds, self.seconds = self.data[self.at + 1], self.data[self.at + 2]
        if not _USUAL[self.kinds[:-4].astype(np.int64) << 8 | self.seconds[:-4]].all():
            raise Unusual("a tag that rows of figures and words don't have")

    def places(self, kind: str) -> Ints:
        """Return which tags begin with this letter."""
        return np.flatnonzero(self.kinds == ord(kind))

    def closing(self, kind: str) -> Flags:
        """Tell which tags end a thing that begins with this letter."""
        found: Flags = (self.kinds == ord("/")) & (self.seconds == ord(kind))
        return found


@dataclass(frozen=True, slots=True)
class _Rows:
    """The numbers of some rows, one-based; how they are written, and with how many digits."""

    places: Ints
    """Which of all tags they are."""
    numbers: Ints
    written: Words
    digits: Ints
    taken: int
    """How many tags begin or end them."""


def _rows(tags: _Tags) -> _Rows:
    places = tags.places("r")
    starts = tags.at[places]
    if (tags.words[starts] != _word('<row r="')).any():
        raise Unusual("a row without its number first")
    written = tags.words[starts + 8]
    digits = _until_quote(written)
    numbers, sound = _number(written << _bits(8 - digits), digits)
    if not sound.all() or (digits > 7).any() or (np.diff(numbers) <= 0).any():
        raise Unusual("rows out of order")
    closing = tags.at[np.flatnonzero(tags.closing("r"))]
    if ((tags.words[closing] & _low(6)) != _word("</row>")).any():
        raise Unusual("a row without an end")
    taken = len(places) + len(closing)
    return _Rows(places, numbers, written & _low(digits + 1), digits, taken)


def _columns(tags: _Tags, starts: Ints, rows: _Rows, owner: Ints) -> tuple[Ints, Ints]:
    """Return the column of each cell, and where the quote that ends its place is."""
    begins = tags.words[starts]
    if ((begins & _low(6)) != _word('<c r="')).any():
        raise Unusual("a cell without its place first")
    first = (begins >> np.uint64(48) & np.uint64(255)).astype(np.int64) - 64
    second = (begins >> np.uint64(56)).astype(np.int64) - 64
    if (first < 1).any() or (first > 26).any() or (second > 26).any():
        raise Unusual("a column in small letters")
    two = second > 0
    digits = rows.digits[owner]
    at = starts + 7 + two
    if ((tags.words[at] & _low(digits + 1)) != rows.written[owner]).any():
        raise Unusual("a cell that isn't in its row, or beyond column ZZ")
    return np.where(two, first * 26 + second, first) - 1, at + digits


def _filled(tags: _Tags, cells: Ints) -> tuple[Flags, int]:
    """Tell which cells hold something, and of how many tags the others are."""
    following, end = tags.kinds[cells + 1], tags.at[cells + 1]
    filled = (following != ord("c")) & (following != ord("/")) & (following != ord("r"))
    pair = tags.closing("c")[cells + 1]
    single = (tags.data[end - 2] == ord("/")) & (tags.data[end - 1] == ord(">")) & ~pair & ~filled
    if not (filled | pair | single).all():
        raise Unusual("a cell without an end")
    return filled, int(np.count_nonzero(single) + 2 * np.count_nonzero(pair))


@dataclass(slots=True)
class _Values:
    """What the cells of some rows hold."""

    tags: _Tags
    plain: Flags
    extras: Extras
    taken: int = 0
    """How many tags they are."""

    def codes(self, cells: Ints, ends: Ints) -> Ints:
        """Return the code of each cell: which tag it is, and where its place ends."""
        styles, after, shared, number = self._attributes(ends)
        values, plain = self._values(cells)
        plain &= after == self.tags.at[cells + 1]
        start, stop = self.tags.at[values] + 3, self.tags.at[values + 1]
        codes = np.zeros(len(cells), np.int64)
        for which, read in ((plain & shared, self._shared), (plain & number, self._figures)):
            at = np.flatnonzero(which)
            codes[at] = read(start[at], stop[at])
        self._ask_days(codes, np.where(shared, 0, styles), ends)
        self.taken += int((values + 3 - cells)[codes != 0].sum())
        others = np.flatnonzero(codes == 0)
        codes[others] = self._asked(ends[others])
        return codes

    def _ask_days(self, codes: Ints, styles: Ints, ends: Ints) -> None:
        """Make extras of the figures of styles that aren't plain: each different one once."""
        plain = (styles < len(self.plain)) & self.plain[np.minimum(styles, len(self.plain) - 1)]
        days = np.flatnonzero(~plain & (codes != 0))
        same = codes[days] * _STYLES + styles[days]
        _, first, again = np.unique(same, return_index=True, return_inverse=True)
        taken = self.taken
        codes[days] = self._asked(ends[days[first]])[again]
        self.taken = taken

    def _asked(self, ends: Ints) -> Ints:
        """Return the codes of cells that are extras, given where their place ends."""
        numbers = [self.extras.number(self._whole(end + 1)) for end in ends.tolist()]
        return -2 * np.array(numbers, np.int64)

    def _whole(self, start: int) -> bytes:
        """Return a cell from its attributes to its end, without a formula that has a value."""
        end = self.tags.text.find(b"</c>", start) + len(b"</c>")
        if end <= start:
            raise Unusual("a cell without an end")
        whole = self.tags.text[start:end]
        self.taken += whole.count(b"<") + 1
        return _FORMULA.sub(b"", whole)

    def _attributes(self, ends: Ints) -> tuple[Ints, Ints, Flags, Flags]:
        """Return each cell's style, where its tag ends, and whether it is a word or a figure."""
        words = self.tags.words
        ends, found = ends.copy(), words[ends]
        styles = np.zeros(len(ends), np.int64)
        styled = np.flatnonzero((found & _low(5)) == _word('" s="'))
        digits = _until_quote(words[ends[styled] + 5])
        styles[styled], sound = _number(words[ends[styled] + 5] << _bits(8 - digits), digits)
        ends[styled] += 5 + digits
        found[styled] = np.where(sound & (digits < 5), words[ends[styled]], 0)
        shared, typed = found == _word('" t="s">'), found == _word('" t="n">')
        bare = (found & _low(3)) == _word('"><')
        return styles, ends + np.where(bare, 2, 8), shared, typed | bare

    def _values(self, cells: Ints) -> tuple[Ints, Flags]:
        """Return which tag each cell's value is, after a formula or none, and whether it is one."""
        tags, at = self.tags, cells + 1
        formulas = np.flatnonzero(tags.kinds[at] == ord("f"))
        at[formulas] += 1 + tags.closing("f")[at[formulas] + 1]
        plain = (tags.kinds[at] == ord("v")) & (tags.seconds[at] == ord(">"))
        return at, plain & (tags.words[tags.at[at + 1]] == _word("</v></c>"))

    def _shared(self, start: Ints, stop: Ints) -> Ints:
        """Return the codes of shared strings; 0 where it isn't plainly a number."""
        number, sound = _number(self.tags.words[stop - 8], stop - start)
        return np.where(sound, 2 * (number + 1), 0)

    def _figures(self, start: Ints, stop: Ints) -> Ints:
        """Return the codes of figures; 0 where a cell doesn't hold one."""
        data = self.tags.data
        minus = data[start] == _MINUS
        two, one = data[stop - 3] == _DOT, data[stop - 2] == _DOT
        whole = stop - np.where(two, 3, np.where(one, 2, 0))
        number, sound = self._whole_number(whole, whole - start - minus)
        tenths = np.where(two, data[stop - 2], np.where(one, data[stop - 1], ord("0")))
        hundredths = np.where(two, data[stop - 1], ord("0"))
        tenths, hundredths = tenths.astype(np.int64) - 48, hundredths.astype(np.int64) - 48
        cents = number * 100 + tenths * 10 + hundredths
        sound &= (tenths >= 0) & (tenths < 10) & (hundredths >= 0) & (hundredths < 10)
        sound &= (cents < _EXACT) & (~minus | (cents > 0))
        codes = np.where(sound, 2 * np.where(minus, -cents, cents) + 1, 0)
        for at in np.flatnonzero(~sound).tolist():
            codes[at] = self._long(self.tags.text[start[at] : stop[at]])
        return codes

    def _whole_number(self, stop: Ints, digits: Ints) -> tuple[Ints, Flags]:
        """Return the whole numbers that end before `stop`, and which of them are all digits."""
        number, sound = _number(self.tags.words[stop - 8], np.minimum(digits, _LONGEST))
        long = np.flatnonzero(digits > _LONGEST)
        upper, fit = _number(self.tags.words[stop[long] - 16], digits[long] - _LONGEST)
        number[long] += upper * 10**_LONGEST
        sound[long] &= fit
        return number, sound

    def _long(self, written: bytes) -> int:
        """Return the code of a figure of many digits, or none."""
        number = float(written) if _LONG.fullmatch(written) else 0.0
        return -2 * self.extras.number(number) if number and math.isfinite(number) else 0


def _number(ends: Words, digits: Ints) -> tuple[Ints, Flags]:
    """Return the numbers whose digits end these words, and which of them are all digits."""
    sound = (digits >= 1) & (digits <= _LONGEST)
    above = _low(8 - digits)
    found = (ends & ~above) | (_word("00000000") & above)
    wrong = (found & _every(0xF0)) != _every(0x30)
    wrong |= ((found + _every(0x06)) & _every(0xF0)) != _every(0x30)
    found &= _every(0x0F)
    found = (found * np.uint64(2561)) >> np.uint64(8)
    found = ((found & np.uint64(0x00FF00FF00FF00FF)) * np.uint64(6553601)) >> np.uint64(16)
    found = ((found & np.uint64(0x0000FFFF0000FFFF)) * np.uint64(42949672960001)) >> np.uint64(32)
    return found.astype(np.int64), sound & ~wrong


def _until_quote(words: Words) -> Ints:
    """Return how many bytes come before the first quote; 8 where there is none."""
    counts = np.full(len(words), 8, np.int64)
    for at in range(7, -1, -1):
        counts[(words >> np.uint64(8 * at)) & np.uint64(255) == _QUOTE] = at
    return counts


_LOWEST = np.array([(1 << 8 * count) - 1 for count in range(9)], np.uint64)


def _low(count: Ints | int) -> Words:
    """Return what keeps the first bytes of a word: from none to all eight."""
    kept: Words = _LOWEST[np.clip(count, 0, 8)]
    return kept


def _bits(count: Ints) -> Words:
    return (np.clip(count, 0, 7) * 8).astype(np.uint64)


def _word(text: str) -> np.uint64:
    return np.uint64(int.from_bytes(text.encode(), "little"))


def _every(byte: int) -> np.uint64:
    return np.uint64(byte * 0x0101010101010101)
