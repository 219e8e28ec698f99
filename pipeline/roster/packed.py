"""The cells of a big sheet as numbers that stand for them.

Millions of cells as objects are a gigabyte. As numbers they are a tenth of it, and what the cells
of a column are can be told of all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from typing import Any, overload

import numpy as np

from pipeline.roster.characters import spotless
from pipeline.roster.scan import Flags, Ints

_TOGETHER = 1024


class Packed:
    """Cells by rows, `codes` as `scan.Scanned` says; `pool[n]` is what the code 2 * n stands for.

    Shared strings are numbered from the beginning of the pool, extras from its end.
    """

    def __init__(self, codes: Ints, pool: Sequence[object]) -> None:
        self._codes = codes
        self._pool = np.empty(len(pool), object)
        self._pool[:] = pool
        self._pool[0] = ""

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._codes)

    def __iter__(self) -> Iterator[list[object]]:
        """Yield the rows."""
        for start in range(0, len(self), _TOGETHER):
            yield from self[start : start + _TOGETHER]

    @overload
    def __getitem__(self, place: int, /) -> list[object]: ...
    @overload
    def __getitem__(self, place: slice, /) -> list[list[object]]: ...
    def __getitem__(self, place: int | slice, /) -> list[object] | list[list[object]]:
        """Return a row, or some."""
        return self.raw(self._codes[place])

    def raw(self, codes: Ints) -> list[Any]:
        """Return what codes stand for."""
        figures = codes & 1 == 1
        found = self._pool[np.where(figures, 0, codes >> 1)]
        found[figures] = (codes[figures] >> 1) / 100
        raw: list[Any] = found.tolist()
        return raw

    def one(self, code: int) -> object:
        """Return what a code stands for."""
        return (code >> 1) / 100 if code & 1 else self._pool[code >> 1]

    def first(self, rows: range) -> list[object]:
        """Return the first cell of each row."""
        return self.raw(self._codes[rows.start : rows.stop, 0])

    def columns(self, indexes: Sequence[int], rows: Sequence[int]) -> Iterator[PackedColumn]:
        """Yield the cells of some columns in some rows."""
        taken = np.ascontiguousarray(self._codes[rows].T)
        for index in indexes:
            yield PackedColumn(self, taken[index])

    def fill(self, index: int, top: int, rows: range) -> None:
        """Write the cell of row `top` into the empty ones of some rows that hold something."""
        part = self._codes[rows.start : rows.stop]
        part[(part[:, index] == 0) & part.any(axis=1), index] = self._codes[top, index]

    @cached_property
    def spotless(self) -> Flags:
        """Whether each thing of the pool is nothing, or a word that needs no cleaning."""
        found = self._each(str.isalnum, spotless)
        found[0] = True
        return found

    @cached_property
    def capital(self) -> Flags:
        """Whether each is nothing, or such a word of ASCII without small letters."""
        found = self.spotless & self._each(str.isascii, lambda word: word == word.upper())
        found[0] = True
        return found

    @cached_property
    def letters(self) -> frozenset[str]:
        """The letters of all words that need no cleaning."""
        return frozenset("".join(self._pool[self.spotless].tolist()))

    @cached_property
    def words(self) -> Any:
        """The pool, with None for nothing."""
        words = self._pool.copy()
        words[0] = None
        return words

    def _each(self, likely: Callable[[str], bool], test: Callable[[str], bool]) -> Flags:
        """Tell which things of the pool are words that pass both tests.

        What `test` tells of joined words is true of each.
        """
        found = np.zeros(len(self._pool), bool)
        for start in range(0, len(found), _TOGETHER):
            things = self._pool[start : start + _TOGETHER].tolist()
            fit = [type(one) is str and likely(one) for one in things]
            if not test("".join(compress(things, fit))):
                fit = [likely and test(one) for one, likely in zip(things, fit, strict=True)]
            found[start : start + _TOGETHER] = fit
        return found


@dataclass(frozen=True, slots=True)
class PackedColumn:
    """The cells of a column in some rows."""

    cells: Packed
    _codes: Ints

    @property
    def letters(self) -> frozenset[str]:
        """The letters of all words of the sheet that `words` may return."""
        return self.cells.letters

    def codes(self) -> list[int]:
        """Return the code of each cell; the same code is the same cell."""
        codes: list[int] = self._codes.tolist()
        return codes

    def raw(self, code: int) -> object:
        """Return what cells of this code hold."""
        return self.cells.one(code)

    def figures(self) -> tuple[list[int], list[tuple[int, int]]]:
        """Return each figure in cents, and place and code of the cells that are none."""
        cents: list[int] = (self._codes >> 1).tolist()
        return cents, self._at(self._codes & 1 == 0)

    def words(self, *, capital: bool) -> tuple[list[Any], list[tuple[int, int]]]:
        """Return each word, None where there is none, and place and code of what needs cleaning."""
        figures = self._codes & 1 == 1
        numbers = np.where(figures, 0, self._codes >> 1)
        fit = self.cells.capital if capital else self.cells.spotless
        words: list[Any] = self.cells.words[numbers].tolist()
        return words, self._at(figures | ~fit[numbers])

    def _at(self, which: Flags) -> list[tuple[int, int]]:
        places = np.flatnonzero(which)
        return list(zip(places.tolist(), self._codes[places].tolist(), strict=True))
