"""What the cells of a sheet can be asked, however they are held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any, Protocol, overload


class Coded(Protocol):
    """The cells of a column in some rows, each a number that stands for what it holds."""

    @property
    def letters(self) -> frozenset[str]:
        """The letters of all words of the sheet that `words` may return."""

    def codes(self) -> list[int]:
        """Return the code of each cell; the same code is the same cell."""

    def raw(self, code: int) -> object:
        """Return what cells of this code hold."""

    def figures(self) -> tuple[list[int], list[tuple[int, int]]]:
        """Return each figure in cents, and place and code of the cells that are none."""

    def words(self, *, capital: bool) -> tuple[list[Any], list[tuple[int, int]]]:
        """Return each word, None where there is none, and place and code of what needs cleaning.

        `capital` words are of ASCII letters and have no small ones.
        """


class Cells(Protocol):
    """The cells of a sheet, by rows; empty cells are empty text."""

    def __len__(self) -> int:
        """Return the number of rows."""

    def __iter__(self) -> Iterator[list[object]]:
        """Yield the rows."""

    @overload
    def __getitem__(self, place: int, /) -> list[object]: ...
    @overload
    def __getitem__(self, place: slice, /) -> list[list[object]]: ...

    def first(self, rows: range) -> Sequence[object]:
        """Return the first cell of each row."""

    def columns(
        self, indexes: Sequence[int], rows: Sequence[int]
    ) -> Iterator[list[object] | Coded]:
        """Yield the cells of some columns in some rows."""

    def fill(self, index: int, top: int, rows: range) -> None:
        """Write the cell of row `top` into the empty ones of some rows that hold something."""


class Listed(list[list[object]]):
    """Cells as they were read one by one."""

    def first(self, rows: range) -> list[object]:
        """Return the first cell of each row."""
        return [row[0] if row else "" for row in self[rows.start : rows.stop]]

    def columns(self, indexes: Sequence[int], rows: Sequence[int]) -> Iterator[list[object]]:
        """Yield the cells of some columns in some rows."""
        taken = [self[row] for row in rows]
        for index in indexes:
            yield list(map(itemgetter(index), taken))

    def fill(self, index: int, top: int, rows: range) -> None:
        """Write the cell of row `top` into the empty ones of some rows that hold something."""
        for row in self[rows.start : rows.stop]:
            if index < len(row) and row[index] == "" and any(cell != "" for cell in row):
                row[index] = self[top][index]
