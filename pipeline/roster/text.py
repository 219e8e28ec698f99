"""Exported text as a grid: which encoding, which separator, which cells."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter

from pipeline.errors import RosterError
from pipeline.roster.limits import check_extent

_SEPARATORS = ",;\t"
_SAMPLE = 200
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FORCED = re.compile('^="(.*)"$', re.DOTALL)
"""How a system keeps Excel from turning a number into one: `="0012"`."""


def decode(name: str, data: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 (with or without mark), GBK or GB 18030.

    Raises:
        RosterError: when it is none of them.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(name, data, encoding)
    guess = _utf16(data)
    if guess:
        return _decoded(name, data, guess)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(name, data, "gb18030")


def grid(name: str, data: bytes) -> list[list[object]]:
    """Split exported text into cells; all rows are equally long.

    Raises:
        RosterError: when it isn't text, or has a cell without end.
    """
    text = decode(name, data)
    if text.count("\0") or not any(map(str.isalnum, text[:4096])):
        raise RosterError("里面不是文本", where=name, todo="从系统重新导出，或另存为 .xlsx")
    separator, text = _stated(text)
    rows = _split(name, text, separator or _separator(text))
    width = max(map(len, rows), default=0)
    check_extent(name, "", len(rows), width)
    return [[*map(_cell, row), *[""] * (width - len(row))] for row in rows]


def _decoded(name: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise RosterError(
            f"认不出文字编码（第 {line} 行附近）",
            where=name,
            todo="另存为“CSV UTF-8”，或从系统重新导出",
        ) from error


def _utf16(data: bytes) -> str:
    """Tell UTF-16 without a mark by where the zero bytes of its ASCII characters stand."""
    sample = data[:8192]
    if len(data) % 2 or b"\0" not in sample:
        return ""
    high_first, low_first = sample[::2].count(0), sample[1::2].count(0)
    return "utf-16-be" if high_first > low_first else "utf-16-le"


def _stated(text: str) -> tuple[str, str]:
    """Take off the line `sep=;` that Excel writes and reads."""
    found = re.match(r'"?sep=(.)"?\r?\n', text)
    return (found[1], text[found.end() :]) if found else ("", text)


def _separator(text: str) -> str:
    """Return the separator that splits most rows into the same, largest number of cells."""
    sample = text[: 1 << 16]

    def regular(separator: str) -> int:
        try:
            rows = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
            widths = Counter(len(row) for row, _ in zip(rows, range(_SAMPLE), strict=False))
        except csv.Error:
            return 0
        return max((times * (width - 1) for width, times in widths.items()), default=0)

    return max(_SEPARATORS, key=regular)


def _split(name: str, text: str, separator: str) -> list[list[str]]:
    check_extent(name, "", 1, text.count(separator))  # before one row of them is a list
    csv.field_size_limit(1 << 20)
    rows: list[list[str]] = []
    try:
        rows += csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error as error:
        raise RosterError(
            f"第 {len(rows) + 1} 行读不了（{error}）", where=name, todo="检查这一行的引号"
        ) from error
    return rows


def _cell(cell: str) -> str:
    if cell[:1] == "=":
        found = _FORCED.match(cell)
        return found[1] if found else cell
    return cell.removeprefix("'")
