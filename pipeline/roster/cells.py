"""One cell in, one typed value out; what doesn't fit its column is said, never guessed."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from math import isfinite

from pipeline.model import Column, Value
from pipeline.roster.characters import clean, name, private

_YES = {"是", "有", "对", "√", "✓", "✔", "☑", "1", "y", "yes", "true", "享受", "已享受", "已参加"}
_NO = {"否", "无", "错", "×", "✗", "✘", "☒", "x", "0", "n", "no", "false", "未享受", "未参加"}
_DAY = re.compile(
    r"^(\d{4})\s*[-/.、年]\s*(\d{1,2})\s*[-/.、月]\s*(\d{1,2})\s*[日号]?"
    r"(?:[ T]\d{1,2}:\d\d(?::\d\d)?)?$"
    r"|^(\d{4})(\d\d)(\d\d)$"
)
_MONTH = re.compile(r"^(\d{4})\s*[-/.、年]\s*(\d{1,2})\s*月?份?$|^(\d{4})(\d\d)$")
_NUMBER = re.compile(
    r"^[¥￥]?\s*([-+]?\d[\d,]*(?:\.\d+)?(?:[Ee][-+]?\d\d?)?)\s*(万元|元|万|亩|人|户|门|户次|次|岁)?$"
)
_TEN_THOUSAND = {"万元", "万"}
_NOTHING = {"-", "—", "——", "－", "/", "\\"}
"""What an office writes into a cell that has nothing to hold; words may be these, values not."""
_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_TENS = re.compile("([一二三]?)十([一二三四五六七八九]?)")
_EPOCH = dt.date(1899, 12, 30)
_HUNDRED = Decimal(100)
_EXACT = 1e13
"""A figure below it in whole cents has so few digits that it is the shortest of its float."""
_NO_NUMBERS = (bool, dt.date, dt.time, dt.timedelta)
_NAMES = re.compile("姓名|名称|全称|简称|户主|书记|镇长|领导|负责人|责任人|工作人员|联系人$|单位$")
"""Columns of names, by their own: of people, places and offices."""


class Misfit(ValueError):
    """Raised when a cell can't be what its column says; `problem` is the code of the reason."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def value(column: Column, raw: object, unit: str = "") -> Value:
    """Type one cell. An empty cell is None; `unit` is what the header says, 元 or 万元.

    Raises:
        Misfit: when the cell holds something its column can't.
    """
    if isinstance(raw, str):
        raw = clean(raw)
        if not raw or (raw in _NOTHING and column.type != "text"):
            return None
        if not raw.isalnum() and private(raw):
            raise Misfit("private")
    elif raw is None:
        return None
    return _READERS[column.type](column, raw, unit)


def figures(raws: Sequence[object], unit: str = "") -> list[Value] | None:
    """Type a column of figures and empty cells at once; None when it is anything else."""
    odd = {raw for raw in raws if type(raw) is not float or not isfinite(raw)}
    if unit in _TEN_THOUSAND or odd - {""}:
        return None
    return [
        (  # as `_figure`, in place: a call for each of millions of cells is a quarter of the time
            Decimal(cents) / _HUNDRED
            if -_EXACT < raw < _EXACT and (cents := round(raw * 100)) / 100 == raw
            else _figure(raw)
        )
        if type(raw) is float
        else None
        for raw in raws
    ]


def is_plain_figure(column: Column, unit: str) -> bool:
    """Tell whether a number in a cell is the figure itself."""
    return column.type in {"money", "decimal"} and unit not in _TEN_THOUSAND


def hundredths(cents: Sequence[int]) -> Iterator[Decimal]:
    """Yield the figures of whole cents, without needless zeros, as `figures` does."""
    return map(_HUNDRED.__rtruediv__, cents)


def _figure(raw: float) -> Decimal:
    """Return the shortest figure that a cell's float stands for, without needless zeros."""
    return Decimal(int(raw)) if raw.is_integer() else Decimal(repr(raw))


def _text(column: Column, raw: object, _unit: str) -> Value:
    if isinstance(raw, dt.datetime) and raw.time() == dt.time():
        raw = raw.date()
    text = clean(raw)
    return name(text) if _holds_names(column.name) else text


@lru_cache(1024)
def _holds_names(heading: str) -> bool:
    return bool(_NAMES.search(heading))


def _id(_column: Column, raw: object, _unit: str) -> Value:
    if not isinstance(raw, str):
        raise Misfit("number")
    if raw.isascii() and raw.isdigit():
        return raw
    text = _narrow(raw).replace(" ", "").upper()
    if re.search(r"\d\.?\d*E\+\d", text):
        raise Misfit("number")
    return text


def _narrow(raw: object) -> str:
    """Return the words of a cell with full-width digits, letters and marks made narrow."""
    return unicodedata.normalize("NFKC", clean(raw))


def _decimal(_column: Column, raw: object, unit: str) -> Value:
    if isinstance(raw, _NO_NUMBERS) or (isinstance(raw, float) and not isfinite(raw)):
        raise Misfit("decimal")
    if type(raw) is float and unit not in _TEN_THOUSAND:  # nearly every figure of a workbook
        return _figure(raw)
    if isinstance(raw, int | float):
        number = Decimal(repr(raw))
    else:
        found = _NUMBER.match(_narrow(raw))
        if not found:
            raise Misfit("decimal")
        try:
            number = Decimal(found[1].replace(",", ""))
        except InvalidOperation as error:
            raise Misfit("decimal") from error
        unit = found[2] or unit
    if unit in _TEN_THOUSAND:
        number *= 10000
    whole = number.to_integral_value()
    return Decimal(int(whole)) if number == whole else number.normalize()


def _integer(column: Column, raw: object, unit: str) -> Value:
    number = _decimal(column, raw, unit)
    if not isinstance(number, Decimal) or number != number.to_integral_value():
        raise Misfit("integer")
    return int(number)


def _date(_column: Column, raw: object, _unit: str) -> Value:
    if isinstance(raw, dt.datetime):
        return raw.date()
    if isinstance(raw, dt.date):
        return raw
    if isinstance(raw, float | int) and not isinstance(raw, bool) and 10_000 < raw < 80_000:
        return _EPOCH + dt.timedelta(days=int(raw))
    found = _DAY.match(_western(_narrow(raw)))
    if not found:
        raise Misfit("date")
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise Misfit("date") from error


def _month(_column: Column, raw: object, _unit: str) -> Value:
    if isinstance(raw, dt.date):
        return f"{raw.year:04}-{raw.month:02}"
    found = _MONTH.match(_western(_narrow(raw)))
    parts = [int(part) for part in found.groups() if part] if found else []
    if len(parts) != 2 or not 1 <= parts[1] <= 12:
        raise Misfit("month")
    return f"{parts[0]:04}-{parts[1]:02}"


def _western(day: str) -> str:
    """Write 二〇一六年十一月二十一日 in digits; leave other habits as they are."""
    if "年" not in day:
        return day
    return _TENS.sub(lambda found: f"{found[1] or '一'}{found[2] or '〇'}", day).translate(_DIGITS)


def _flag(_column: Column, raw: object, _unit: str) -> Value:
    if isinstance(raw, bool):
        return raw
    word = _narrow(raw).casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Misfit("flag")


def _code(column: Column, raw: object, _unit: str) -> Value:
    word = _narrow(raw).replace(" ", "")
    width = max(len(code) for code in column.codes)
    if word.zfill(width) in column.codes:
        return word.zfill(width)
    for code, meaning in column.codes.items():
        if word == meaning or word in meaning.split("或"):
            return code
    raise Misfit("code")


_READERS: dict[str, Callable[[Column, object, str], Value]] = {
    "text": _text,
    "id": _id,
    "integer": _integer,
    "decimal": _decimal,
    "money": _decimal,
    "date": _date,
    "month": _month,
    "flag": _flag,
    "code": _code,
}
