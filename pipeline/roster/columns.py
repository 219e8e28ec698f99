"""A column of cells in, a column of typed values out; each different cell is typed once.

The cells of one column are alike: nearly all are words, or figures, of which many occur again and
again. So what a column holds is looked at as a whole, and a cell by itself only where it differs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from pipeline.model import Column, Value
from pipeline.roster import cells
from pipeline.roster.block import Coded
from pipeline.roster.characters import spotless
from pipeline.roster.glyphs import Letters

_1904 = 1462
"""Days between the two epochs of spreadsheet programs."""
_LASTING = {str, float, dt.date, dt.datetime}
"""Cells that are worth remembering; `True` would be found under 1.0."""
_REMEMBERED = 20_000
"""Different cells of a column, after which remembering begins anew: memory stays flat."""

_LOOKED_AT = 256
"""Cells that tell whether most of a column's differ."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What stands where a cell can't be what its column says; `problem` is the reason's code."""

    problem: str


@dataclass(slots=True, kw_only=True)
class Reader:
    """One column of a sheet; what a cell became is remembered for the cells like it."""

    index: int
    """Zero-based place of the column in a row."""
    column: Column
    unit: str
    """What the header says: 元, 万元, or nothing."""
    from_1904: bool = False
    wrong: bool = False
    """Whether any cell so far was wrong."""
    known: dict[object, Value | Wrong] = field(default_factory=dict)
    letters: Letters = field(default_factory=Letters)
    """The letters of all texts it returned."""

    def values(self, raws: list[object] | Coded) -> Sequence[Value | Wrong]:
        """Type the cells of some rows, in their order."""
        return self._listed(raws) if isinstance(raws, list) else self._coded(raws)

    def _coded(self, column: Coded) -> Sequence[Value | Wrong]:
        """Type cells that are numbers: nearly all figures and words of a column at once."""
        values: list[Any]
        if cells.is_plain_figure(self.column, self.unit):
            cents, others = column.figures()
            values = list(cells.hundredths(cents))
        elif self.column.type in {"text", "id"}:
            values, others = column.words(capital=self.column.type == "id")
            self.letters.add(column.letters)
        else:
            codes = column.codes()
            return list(map(self._known(set(codes), column).__getitem__, codes))
        known = self._known({code for _, code in others}, column)
        for at, code in others:
            values[at] = known[code]
        return values

    def _known(self, codes: set[int], column: Coded) -> dict[object, Value | Wrong]:
        """Return what is known of cells, these among them."""
        if len(self.known) > _REMEMBERED:
            self.known.clear()
        for code in codes.difference(self.known):
            self.known[code] = self._value(column.raw(code))
        return self.known

    def _listed(self, raws: Sequence[object]) -> Sequence[Value | Wrong]:
        kinds = set(map(type, raws))
        if not kinds <= _LASTING:
            return [self._value(raw) for raw in raws]
        if len(set(raws[:_LOOKED_AT])) * 2 > min(len(raws), _LOOKED_AT):
            plain = self._plain(raws, kinds)
            if plain is not None:
                return plain
        different = set(raws)
        if len(self.known) > _REMEMBERED:
            self.known.clear()
        self.known.update((raw, self._value(raw)) for raw in different.difference(self.known))
        return list(map(self.known.__getitem__, raws))

    def _plain(self, raws: Sequence[object], kinds: set[type]) -> Sequence[Value] | None:
        """Type figures that are nothing else, and words that need no cleaning, all at once."""
        if self.column.type in {"money", "decimal"} and float in kinds:
            return cells.figures(raws, self.unit)
        if self.column.type not in {"text", "id"} or kinds != {str}:
            return None
        words = cast("Sequence[str]", raws)
        joined = "".join(words)
        if not spotless(joined):
            return None
        if self.column.type == "id" and not (joined.isascii() and joined == joined.upper()):
            return None
        self.letters.add(joined)
        return [word or None for word in words]

    def _value(self, raw: object) -> Value | Wrong:
        if self.from_1904 and self.column.type == "date" and type(raw) is float:
            raw += _1904  # count from 1900, whatever the workbook counts from
        try:
            value = cells.value(self.column, raw, self.unit)
        except cells.Misfit as misfit:
            self.wrong = True
            return Wrong(misfit.problem)
        if isinstance(value, str):
            self.letters.add(value)
        return value
