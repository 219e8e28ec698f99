"""Columns of typed values in, frozen records out, a column at a time.

A frozen dataclass is filled by one call for every field of every record. Filling a field of all
records at once does the same in a third of the time; `test_make.py` holds both side by side.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from itertools import repeat

from pipeline.model import (
    Fund,
    Helper,
    Household,
    Member,
    Organ,
    Progress,
    Project,
    Record,
    Row,
    Table,
    Town,
    Unit,
    Value,
    Village,
)

RECORDS: dict[str, type[Record]] = {
    "organs": Organ,
    "towns": Town,
    "villages": Village,
    "households": Household,
    "members": Member,
    "units": Unit,
    "helpers": Helper,
    "projects": Project,
    "funds": Fund,
    "progress": Progress,
}
_OWN = {field.name for field in fields(Record)}
_DEFAULTS = {
    kind: {
        field.name: field.default
        for field in fields(kind)
        if field.name not in _OWN and field.default is not MISSING
    }
    for kind in (*RECORDS.values(), Row)
}
_NAMES = {
    kind: [field.name for field in fields(kind) if field.name not in _OWN]
    for kind in (*RECORDS.values(), Row)
}


class Maker:
    """Makes the records of one sheet; it knows the keys it has given."""

    def __init__(self, table: Table, file: str, sheet: str, where: Mapping[str, str]) -> None:
        self._table = table
        self._kind = RECORDS.get(table.id, Row)
        self._same = {"table": table.id, "file": file, "sheet": sheet, "columns": where}
        self._extra = [name for name in where if name not in _NAMES[self._kind]]
        self._seen: Counter[str] = Counter()

    def records(self, rows: Sequence[int], columns: Mapping[str, Sequence[Value]]) -> list[Record]:
        """Make a record for each row number (one-based), from columns of as many values."""
        made = [object.__new__(self._kind) for _ in rows]
        for name, word in self._same.items():
            self._fill(made, name, repeat(word))
        self._fill(made, "row", rows)
        self._fill(made, "key", self._keys(len(rows), columns))
        self._fill(made, "more", self._more(len(rows), columns))
        for name in _NAMES[self._kind]:
            self._fill(made, name, self._values(name, columns))
        return made

    def _fill(self, made: list[Record], name: str, values: Iterable[object]) -> None:
        """Give a field of every record its value, as the frozen `__init__` would."""
        deque(map(getattr(self._kind, name).__set__, made, values), maxlen=0)

    def _values(self, name: str, columns: Mapping[str, Sequence[Value]]) -> Iterable[Value]:
        """Return the values of a core field; its default stands for empty cells."""
        if name not in columns:
            return repeat(_DEFAULTS[self._kind][name])
        default = _DEFAULTS[self._kind].get(name)
        if default is None:
            return columns[name]
        return [default if value is None else value for value in columns[name]]

    def _more(self, count: int, columns: Mapping[str, Sequence[Value]]) -> Iterator[object]:
        if not self._extra:
            return ({} for _ in range(count))
        rows = zip(*(columns[name] for name in self._extra), strict=True)
        return (dict(zip(self._extra, row, strict=True)) for row in rows)

    def _keys(self, count: int, columns: Mapping[str, Sequence[Value]]) -> Iterator[str]:
        """Yield the key of each row; the second row of a key is told apart by a number."""
        parts = (columns.get(name) or [None] * count for name in self._table.key)
        for words in zip(*parts, strict=True):
            key = "|".join([str(word or "") for word in words])
            self._seen[key] += 1
            yield key if self._seen[key] == 1 else f"{key}#{self._seen[key]}"
