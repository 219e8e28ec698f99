"""What each row of a sheet is: a record, or one of the rows an office puts around records."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Literal, TypeAlias

from pipeline.model import Reason
from pipeline.roster.characters import clean, folded
from pipeline.roster.layout import Header
from pipeline.roster.sheet import Grid

_TOTAL = re.compile(r"^(合\s*计|总\s*计|小\s*计|共\s*计|累\s*计)([：:（(\s\d]|$)")
_NOTE = re.compile(
    r"^(注|说明|备注|填表|制表|审核|填报|单位负责人|分管领导|截止|数据来源|打印)[^\s：:]{0,4}[：:\s]"
    r"|^(注|说明|备注)\s*\d|^第\s*\d+\s*页|^共\s*\d+\s*页"
)
_GROUP = re.compile(
    r"^[一二三四五六七八九十\d、.．（）()\s]*[^\d\s]{1,16}(镇|街道|街|乡|村|社区|区|办事处|小组|组|队|户)"
    r"\s*([（(].*[）)])?\s*[：:]?$"
)
_SIZE = re.compile(r"^[（(]?(共\s*)?\d+\s*(户|人|个|项|村)[）)]?$")
_NUMERIC = {"money", "decimal", "integer"}

Kind: TypeAlias = Reason | Literal["record"]


class Rows:
    """The rows of one sheet around and beneath its header."""

    def __init__(self, grid: Grid, header: Header) -> None:
        self.header = header
        titles = [row for row in grid.cells[: header.first] if not self._stray(row)]
        heads = grid.cells[header.first : header.last + 1]
        self._titles = {_line(row) for row in titles}
        self._headings = {word for row in heads for word in _line(row)}
        self._printed = {clean(cell) for row in (*titles, *heads) for cell in row if cell != ""}

    def kinds(self, grid: Grid, numbers: range) -> list[Kind]:
        """Tell what some rows are, zero-based."""
        return [
            "record"
            if number > self.header.last and self._begins_a_record(word)
            else self._kind(number, grid.cells[number])
            for number, word in zip(numbers, grid.cells.first(numbers), strict=True)
        ]

    def _kind(self, number: int, row: Sequence[object]) -> Kind:
        """Tell what a row is, by its place and its words."""
        filled = (word for cell in row if cell != "" and (word := clean(cell)))
        words = list(islice(filled, 3))
        if not words:
            return "blank"
        if self.header.first <= number <= self.header.last:
            return "header"
        if number < self.header.first and not self._stray(row):
            return "title"
        if words[0] in self._printed:  # each printed page may begin with the title and header
            line = _line(row)
            if self._headings.issuperset(line):
                return "repeated"
            if line in self._titles:
                return "title"
        if _TOTAL.match(words[0]) or (
            len(words) > 1 and _TOTAL.match(words[1]) and len(words[0]) < 4
        ):
            return "total"
        if _NOTE.match(words[0]) or (len(words) == 1 and len(words[0]) > 20):
            return "note"
        if _GROUP.match(words[0]) and (
            len(words) == 1 or (len(words) == 2 and _SIZE.match(words[1]))
        ):
            return "group"
        return "record"

    def _begins_a_record(self, word: object) -> bool:
        """Tell most records at a glance: no total, note or group begins with a code."""
        return (
            isinstance(word, str)
            and 4 <= len(word) <= 20
            and word.isascii()
            and word.isalnum()
            and word not in self._printed
        )

    def _stray(self, row: Sequence[object]) -> bool:
        """Tell a record that stands above the header from a title: it must not vanish with it."""
        fields = self.header.fields
        filled = [index for index in fields if index < len(row) and row[index] != ""]
        return len(filled) >= max(3, len(fields) * 0.6) and any(
            fields[index][0].type == "id" and re.search(r"\d", str(row[index])) for index in filled
        )


def fill_down(grid: Grid, header: Header) -> None:
    """Write the value of a cell merged down a column into each row it reaches.

    Only beneath the header, only into rows that hold something, and never a figure: one sum over
    three rows isn't three sums.
    """
    reached: dict[int, int] = {}
    for (top, left), (bottom, _) in sorted(grid.merges):
        field = header.fields.get(left)
        if field is None or field[0].type in _NUMERIC or not header.last < top < len(grid.cells):
            continue
        start = max(top + 1, reached.get(left, 0))  # ranges of a forged file may overlap
        reached[left] = max(start, bottom + 1)
        grid.cells.fill(left, top, range(start, bottom + 1))


def _line(row: Sequence[object]) -> tuple[str, ...]:
    return tuple(word for cell in row if cell != "" and (word := folded(clean(cell))))
