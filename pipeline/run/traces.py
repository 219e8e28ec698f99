"""The cells behind every figure of a paper, noted when it is made: a question reads no roster.

They are noted beside the history's cache, never in a version, and can be found again from the
snapshot. What came out of a workbook with a password isn't noted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import __version__, files
from pipeline.errors import UsageError
from pipeline.garbage import uncollected
from pipeline.model import Cell, Source

if TYPE_CHECKING:
    from pipeline.model import PlannedDocument, Roster, Value, Version
    from pipeline.plan import View
    from pipeline.run.make import Ready
    from pipeline.run.survey import Survey

TRACING = 2
"""Raised when other cells are found, or they are written down in another way."""
_MOST = 100_000
"""What the figures of a paper that is made may come to, in cells; the rest, of a county's papers,
is found and noted when somebody asks. It bounds what noting adds to making."""
_EACH = 100
"""What finding the cells of one figure costs at least, in cells."""
_TEXT, _NUMBER, _DAY = "=", "#", "@"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operand:
    """A cell a figure was drawn from, in the stored snapshot."""

    field: str
    value: Value
    source: Source
    hidden: bool
    """A number or name that only few may see: told apart, never told."""


class Trace:
    """The cells of the figures of a paper, as far as they are noted; each row is noted once."""

    def __init__(self, noted: bytes | None) -> None:
        told: dict[str, Any] = json.loads(noted) if noted else {}
        self.kept = bool(noted)
        """Whether it was noted before."""
        self.changed = False
        """Whether anything was noted since."""
        self._figures: dict[str, int | None] = told.get("figures", {})
        self._groups: list[list[tuple[int, str]]] = told.get("groups", [])
        self._rows: list[tuple[int, str, int, dict[str, Any]]] = told.get("rows", [])
        self._sheets: list[tuple[str, str, str, dict[str, Any]]] = told.get("sheets", [])
        self._words: dict[str, str] = told.get("words", {})
        self._known: dict[tuple[Cell, ...], int] = {}
        self._row_at = {(row[0], row[1]): number for number, row in enumerate(self._rows)}
        self._sheet_at = {one[:3]: number for number, one in enumerate(map(tuple, self._sheets))}

    def operands(self, path: str) -> dict[Cell, Operand] | None:
        """Return the cells of a figure; None where they aren't noted."""
        group = self._figures.get(path)
        return None if group is None else dict(self._read(self._groups[group]))

    def refuses(self, path: str) -> bool:
        """Tell whether it is noted that a figure is drawn from no row."""
        return path in self._figures and self._figures[path] is None

    def take(self, view: View, path: str) -> int:
        """Find and note the cells of a figure; return how many there are."""
        from pipeline.plan import cells

        self.changed = True
        try:
            found = cells(view, path)
        except UsageError:
            self._figures[path] = None
            raise
        group = self._figures[path] = self._known.setdefault(found, len(self._groups))
        if group == len(self._groups):  # many figures are drawn from the same cells
            self._groups.append([self._noted(*one) for one in operands(view.roster, found)])
        return len(found)

    def words(self, sha256: str) -> str:
        """Return the words of a PDF of the paper; empty where they aren't noted."""
        return self._words.get(sha256, "")

    def say(self, sha256: str, words: str) -> None:
        """Note the words of a PDF of the paper."""
        self.changed = True
        self._words[sha256] = words

    def written(self) -> bytes:
        """Return what a trace is made from again."""
        noted = {
            "figures": self._figures,
            "groups": self._groups,
            "rows": self._rows,
            "sheets": self._sheets,
            "words": self._words,
        }
        return json.dumps(noted, ensure_ascii=False, separators=(",", ":")).encode()

    def _read(self, group: list[tuple[int, str]]) -> Iterator[tuple[Cell, Operand]]:
        for number, name in group:
            place, key, row, values = self._rows[number]
            table, file, sheet, columns = self._sheets[place]
            field, letters, hidden = columns[name]
            yield (
                Cell(table=table, key=key, field=name),
                Operand(
                    field=field,
                    value=_value(values[name]),
                    source=Source(file=file, sheet=sheet, row=row, column=letters),
                    hidden=hidden,
                ),
            )

    def _noted(self, cell: Cell, operand: Operand) -> tuple[int, str]:
        source = operand.source
        sheet = (cell.table, source.file, source.sheet)
        place = self._sheet_at.setdefault(sheet, len(self._sheets))
        if place == len(self._sheets):
            self._sheets.append((*sheet, {}))
        number = self._row_at.setdefault((place, cell.key), len(self._rows))
        if number == len(self._rows):
            self._rows.append((place, cell.key, source.row, {}))
        self._sheets[place][3][cell.field] = (operand.field, source.column, operand.hidden)
        self._rows[number][3][cell.field] = _told(operand.value)
        return number, cell.field


def note_made(
    survey: Survey, made: Iterable[tuple[Version, PlannedDocument, Ready]]
) -> Iterator[tuple[Version, bytes]]:
    """Note the figures and words of papers that were just made from a roster at hand."""
    from pipeline.plan import view_of

    for version, paper, ready in () if survey.roster.secret else made:
        view = view_of(
            survey.scheme,
            survey.roster,
            survey.facts(),
            document=version.document,
            level=version.level,
            code=version.subject,
            period=version.period,
        )
        trace = noted(view, paper.context)
        trace.say(files.digest(ready.files["pdf"]), ready.words)
        yield version, trace.written()


@uncollected()
def noted(view: View, context: Mapping[str, Any]) -> Trace:
    """Note the cells of the figures of a paper, until they come to too much."""
    trace, work = Trace(None), 0
    for path in _paths(context):
        work += _EACH
        with suppress(UsageError):
            work += trace.take(view, path)
        if work > _MOST:
            break
    return trace


def basis(folder: Path) -> str:
    """Return the digest of what cells depend on besides the snapshot: the scheme, the program."""
    known = [folder / name for name in ("scheme.toml", "mapping.toml")]
    told = {path.name: files.file_digest(path) for path in known if path.is_file()}
    return files.digest(files.canonical({**told, "program": __version__, "tracing": TRACING}))


def operands(roster: Roster, found: tuple[Cell, ...]) -> Iterator[tuple[Cell, Operand]]:
    """Yield what stands in cells, as far as the roster has them."""
    for cell in found:
        row = roster.by_key[cell.table].get(cell.key)
        column = roster.tables[cell.table].column(cell.field)
        if row is not None and column is not None and cell.field in row.columns:
            yield (
                cell,
                Operand(
                    field=column.name,
                    value=row.value(cell.field),
                    source=row.source(cell.field),
                    hidden=column.audience == "restricted" and column.type in {"id", "text"},
                ),
            )


def _paths(value: Any, path: str = "") -> Iterator[str]:
    """Yield where everything stands that `compare` may find changed."""
    if isinstance(value, Mapping):
        for name, below in value.items():
            inner = f"{path}.{name}" if path else name
            yield inner
            yield from _paths(below, inner)
    elif isinstance(value, list):
        for number, below in enumerate(value):
            if not isinstance(below, Mapping):
                yield f"{path}[{number}]"
            yield from _paths(below, f"{path}[{number}]")


def _told(value: Value) -> bool | int | str | None:
    if isinstance(value, str):
        return f"{_TEXT}{value}"
    if isinstance(value, Decimal):
        return f"{_NUMBER}{value}"
    return f"{_DAY}{value.isoformat()}" if isinstance(value, date) else value


def _value(told: bool | int | str | None) -> Value:
    if not isinstance(told, str):
        return told
    kind, text = told[:1], told[1:]
    if kind == _NUMBER:
        return Decimal(text)
    return date.fromisoformat(text) if kind == _DAY else text
