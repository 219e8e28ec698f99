"""Where in a grid the header is, and which field and unit each column holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.model import Column, Table
from pipeline.roster.characters import clean, folded
from pipeline.roster.sheet import Grid

_SEARCHED = 30
"""Rows looked at for the top of a header."""
_DEEPEST = 3
_UNITS = {
    *("元", "万元", "人", "户", "门", "亩", "户次", "岁", "%", "分", "件", "年", "个", "项", "笔"),
    *("次", "天", "日", "村", "公里", "千米", "平方米"),
}
_NONE = {"", "-", "—", "——", "/"}
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_STATED = re.compile(r"(?<!填报)(?<!填表)(?:金额)?单位\s*[:：]\s*(?:人民币)?\s*(万元|元)")

Fields = dict[int, tuple[Column, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The header of a sheet, one to three rows and what is written right beneath them."""

    first: int
    """Zero-based, like `last`, which is the last of its rows."""
    last: int
    fields: Fields
    """Column index to field and unit."""
    headings: Mapping[int, str] = field(default_factory=dict)
    """Column index to the words over it, from top to bottom."""
    unread: frozenset[int] = frozenset()
    """Columns whose heading is no field's, or a field's that another column already holds."""

    @property
    def known(self) -> float:
        """Return the share of headings that are fields."""
        return len(self.fields) / max(1, len(self.headings))


class Headings:
    """The words of the upper rows of a grid: cleaned once, searched for every table."""

    def __init__(self, grid: Grid) -> None:
        self.rows = [
            [clean(cell) if cell != "" else "" for cell in row]
            for row in grid.cells[: _SEARCHED + _DEEPEST + 2]
        ]

    def over(self, top: int, depth: int) -> dict[int, tuple[str, ...]]:
        """Return for each column the different words over it.

        A word of an upper row that has words beneath it reaches to the right over empty cells
        that have, too: so do merged cells, and those of formats that don't say what is merged.
        """
        block = self.rows[top : top + depth]
        words: dict[int, tuple[str, ...]] = {}
        carried = [""] * depth
        for index in range(max(map(len, block), default=0)):
            found: list[str] = []
            column = [row[index] if index < len(row) else "" for row in block]
            for level, word in enumerate(column):
                beneath = any(column[level + 1 :])
                carried[level] = (word or carried[level]) if beneath else ""
                over = word or carried[level]
                if over and over not in found:
                    found.append(over)
            if any(column):
                words[index] = tuple(found)
        return words


def find_table(grid: Grid, tables: Iterable[Table]) -> Table | None:
    """Return the roster table a sheet, or a text file, is named after."""
    name = folded(grid.sheet)
    for table in tables:
        if name in {folded(word) for word in (table.name, table.id, *table.aliases)}:
            return table
    return None


def guess_table(
    grid: Grid, tables: Mapping[str, Table], mapping: Mapping[str, Mapping[str, str]]
) -> Table | None:
    """Return the roster table whose headings a sheet has, if one fits better than all others."""
    headings = Headings(grid)
    scores: list[tuple[int, bool, Table]] = []
    for table in tables.values():
        header = find_header(headings, table, mapping.get(table.id, {}))
        if header is None or header.known < 0.5:
            continue
        read = {column.id for column, _ in header.fields.values()}
        if {column.id for column in table.columns if column.wanted} <= read or len(read) >= 4:
            named = any(word in grid.sheet for word in (table.name, *table.aliases))
            scores.append((len(read), named, table))
    scores.sort(key=lambda score: score[:2], reverse=True)
    if not scores or (len(scores) > 1 and scores[0][:2] == scores[1][:2]):
        return None
    return scores[0][2]


def find_header(
    headings: Headings, table: Table, mapping: Mapping[str, str] | None = None
) -> Header | None:
    """Return the rows that name the most columns of the table; at least two.

    Of equals the uppermost wins, then the one of fewer rows. `mapping` is
    this table's of `mapping.toml`.
    """
    words = _words(table)
    own = {folded(heading): name for heading, name in (mapping or {}).items()}
    best: tuple[int, int, int] = (1, 0, 0)
    for depth in range(1, _DEEPEST + 1):
        for top in _tops(headings, depth, best):
            fields, _ = _matched(headings.over(top, depth), table, words, own)
            upper = top + depth < best[1] + best[2] and len(fields) == best[0] > 1
            if len(fields) > best[0] or upper:
                best = (len(fields), top, depth)
    if best[0] < 2:
        return None
    _, top, depth = best
    over = headings.over(top, depth)
    fields, left_out = _matched(over, table, words, own)
    first, last = _group_units(headings, top, fields), top + depth - 1
    last = _units_beneath(headings.rows, last, fields)
    last += _numbers(headings.rows[last + 1] if last + 1 < len(headings.rows) else ())
    _sheet_unit(headings.rows[:first], fields)
    return Header(
        first=first,
        last=last,
        fields=fields,
        headings={index: " / ".join(found) for index, found in over.items()},
        unread=frozenset(set(over) - set(fields) - left_out),
    )


def _tops(headings: Headings, depth: int, best: tuple[int, int, int]) -> Iterator[int]:
    """Yield the rows a header of this depth may begin at: not below the best one of fewer rows."""
    found, first, height = best
    for top in range(min(_SEARCHED, len(headings.rows) - depth + 1)):
        block = headings.rows[top : top + depth]
        if found > 1 and top >= first + height:
            return
        if all(sum(map(bool, row)) > (depth == 1) for row in block):
            yield top


@lru_cache(4096)
def split_unit(word: str) -> tuple[str, str]:
    """Split `年可支配收入（元）` into the name and the unit."""
    found = re.match(r"^(.*?)\s*[（(]\s*(?:单位\s*[:：])?\s*([^（()）]{1,3})\s*[）)]$", word)
    return (found[1], found[2]) if found and found[2] in _UNITS else (word, "")


def _words(table: Table) -> dict[str, Column]:
    return {
        folded(word): column
        for column in table.columns
        for word in (column.id, column.name, *column.aliases)
    } | {folded(column.name): column for column in table.columns}


def _matched(
    over: Mapping[int, tuple[str, ...]],
    table: Table,
    words: Mapping[str, Column],
    own: Mapping[str, str],
) -> tuple[Fields, set[int]]:
    """Return the field of each column and the columns that the mapping leaves out.

    A scheme's own mapping is asked first, then all the words over a column together, then the
    lowest, then the upper ones that stand over this column alone.
    """
    fields: Fields = {}
    left_out: set[int] = set()
    shared = [word for found in over.values() for word in found[:-1]]
    for ask in (_joined, _lowest, _upper):
        for index, found in over.items():
            if index in fields or index in left_out:
                continue
            for word in ask(found):
                if ask is _upper and shared.count(word) > 1:
                    continue
                bare, unit = split_unit(word)
                mapped = next(
                    (own[key] for key in (folded(word), folded(bare)) if key in own), None
                )
                if mapped == "":
                    left_out.add(index)
                    break
                column = table.column(mapped) if mapped else None
                column = column or words.get(folded(word)) or words.get(folded(bare))
                if column and all(column is not taken for taken, _ in fields.values()):
                    fields[index] = (column, unit or (_unit(found) if _is_sum(column) else ""))
                    break
    return dict(sorted(fields.items())), left_out


def _joined(found: tuple[str, ...]) -> tuple[str, ...]:
    if len(found) == 1:
        return found
    bare = "".join(split_unit(word)[0] for word in found)
    return ("".join(found), bare, "/".join(found))


def _lowest(found: tuple[str, ...]) -> tuple[str, ...]:
    return found[-1:]


def _upper(found: tuple[str, ...]) -> tuple[str, ...]:
    return found[-2::-1]


def _is_sum(column: Column) -> bool:
    return column.type == "money"


def _unit(found: Sequence[str]) -> str:
    return next((unit for word in reversed(found) if (unit := split_unit(word)[1])), "")


def _group_units(headings: Headings, top: int, fields: Fields) -> int:
    """Take units from group words right above the header; return the first row of both."""
    if top == 0 or any(re.search("[:：]", word) for word in headings.rows[top - 1]):
        return top
    above = {
        index: unit
        for index, found in headings.over(top - 1, 2).items()
        if index in fields and not fields[index][1] and (unit := split_unit(found[0])[1])
    }
    for index, unit in above.items():
        fields[index] = (fields[index][0], unit)
    return top - 1 if above else top


def _units_beneath(rows: Sequence[Sequence[str]], last: int, fields: Fields) -> int:
    """Take units from a row of nothing but units beneath the header; return its last row."""
    beneath = rows[last + 1] if last + 1 < len(rows) else []
    units = {index: word.strip("（）()") for index, word in enumerate(beneath)}
    if not any(unit in _UNITS for unit in units.values()):
        return last
    if any(unit not in _UNITS | _NONE for unit in units.values()):
        return last
    for index, (column, unit) in fields.items():
        fields[index] = (column, unit or units.get(index, ""))
    return last + 1


def _numbers(row: Sequence[str]) -> bool:
    """Tell whether a row only numbers the columns: 甲 乙 1 2 3."""
    words = [word.strip("（）()") for word in row if word and word not in _STEMS]
    numbers = [int(word) for word in words if word.isascii() and word.isdigit()]
    return len(numbers) == len(words) >= 2 and numbers == list(range(1, len(words) + 1))


def _sheet_unit(rows: Sequence[Sequence[str]], fields: Fields) -> None:
    """Apply the unit stated once above the header, `单位：万元`, to sums of money without one."""
    stated = [found[1] for row in rows for word in row if (found := _STATED.search(word))]
    for index, (column, unit) in fields.items():
        if stated and not unit and _is_sum(column):
            fields[index] = (column, stated[-1])
