"""One cell in, one typed value out; what doesn't fit its column is said, never guessed."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from pipeline.model import Column, Value

_YES = {"是", "有", "√", "✓", "1", "y", "Y", "享受", "已参加"}
_NO = {"否", "无", "×", "✗", "0", "n", "N", "未享受", "未参加"}
_DAY = re.compile(
    r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$|^(\d{4})(\d\d)(\d\d)$"
)
_MONTH = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?$|^(\d{4})(\d\d)$")
_NUMBER = re.compile(r"^([-+]?\d[\d,]*(?:\.\d+)?)\s*(万元|元|万|亩|人|户|门|户次)?$")
_EPOCH = dt.date(1899, 12, 30)


class Misfit(ValueError):
    """Raised when a cell can't be what its column says; `problem` is the code of the reason."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def clean(raw: object) -> str:
    """Return the words of a cell: composed, without outer or repeated white space."""
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, str) and raw.isalnum() and unicodedata.is_normalized("NFC", raw):
        return raw  # nothing to clean: nearly every cell of nearly every roster
    text = unicodedata.normalize("NFC", str(raw)).replace("_x000D_", "")
    return re.sub(r"[\s\u3000\u00a0\u200b\ufeff]+", " ", text).strip()


def value(column: Column, raw: object, unit: str = "") -> Value:
    """Type one cell. An empty cell is None; `unit` is what the header says, 元 or 万元.

    Raises:
        Misfit: when the cell holds something its column can't.
    """
    if raw is None or raw == "" or (isinstance(raw, str) and not clean(raw)):
        return None
    return _READERS[column.type](column, raw, unit)


def _text(_column: Column, raw: object, _unit: str) -> Value:
    return clean(raw)


def _id(_column: Column, raw: object, _unit: str) -> Value:
    if not isinstance(raw, str):
        raise Misfit("number")
    text = unicodedata.normalize("NFKC", clean(raw)).replace(" ", "").upper()
    if re.search(r"\dE\+\d", text):
        raise Misfit("number")
    return text


def _decimal(_column: Column, raw: object, unit: str) -> Value:
    if isinstance(raw, bool | dt.date):
        raise Misfit("decimal")
    if isinstance(raw, int | float):
        number = Decimal(repr(raw))
    else:
        found = _NUMBER.match(unicodedata.normalize("NFKC", clean(raw)))
        if not found:
            raise Misfit("decimal")
        try:
            number = Decimal(found[1].replace(",", ""))
        except InvalidOperation as error:
            raise Misfit("decimal") from error
        unit = found[2] or unit
    if unit in {"万元", "万"}:
        number *= 10000
    whole = number.to_integral_value()
    return whole.quantize(Decimal(1)) if number == whole else number.normalize()


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
    found = _DAY.match(unicodedata.normalize("NFKC", clean(raw)))
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
    found = _MONTH.match(unicodedata.normalize("NFKC", clean(raw)))
    parts = [int(part) for part in found.groups() if part] if found else []
    if len(parts) != 2 or not 1 <= parts[1] <= 12:
        raise Misfit("month")
    return f"{parts[0]:04}-{parts[1]:02}"


def _flag(_column: Column, raw: object, _unit: str) -> Value:
    if isinstance(raw, bool):
        return raw
    word = clean(raw)
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Misfit("flag")


def _code(column: Column, raw: object, _unit: str) -> Value:
    word = unicodedata.normalize("NFKC", clean(raw))
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
