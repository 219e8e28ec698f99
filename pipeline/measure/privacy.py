"""D09: nothing personal in a paper for the public (REFERENCE §3.3), on its pages or behind them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from pipeline.measure.mark import Mark
from pipeline.measure.read import Reading

_WIDE = str.maketrans("０１２３４５６７８９Ｘｘ－．／", "0123456789Xx-./")
_DAY = r"(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_SHORT_DAY = r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_ALONE = r"(?<!\d)(?:%s)(?!\d)"
_ID18 = re.compile(rf"[1-9]\d{{5}}{_DAY}\d{{3}}[\dXx]")
_ADULT = 12
"""Years before the data's cut-off after which a date is taken for a birthday."""

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("残疾证号", re.compile(_ALONE % rf"[1-9]\d{{5}}{_DAY}\d{{3}}[\dXx][1-7][1-4]")),
    (
        "身份证号",
        re.compile(_ALONE % rf"[1-9]\d{{5}}(?P<s>[ -]?){_DAY}(?P=s)\d{{3}}[\dXx]"),
    ),
    ("身份证号", re.compile(_ALONE % rf"[1-9]\d{{5}}{_SHORT_DAY}\d{{3}}")),
    ("手机号", re.compile(_ALONE % r"1[3-9]\d(?P<s>[ -]?)\d{4}(?P=s)\d{4}")),
    (
        "银行卡号",
        re.compile(_ALONE % r"\d{16,19}|\d{4}(?P<s>[ -])(?:\d{4}(?P=s)){2}\d{4}(?:(?P=s)\d{1,3})?"),
    ),
)
_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d{2})\s*[年./-]\s*(1[0-2]|0?[1-9])\s*[月./-]\s*(3[01]|[12]\d|0?[1-9])(?!\d)"
)
_BORN = re.compile(
    r"(?:19|20)\d{2}\s*年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?\s*(?:出生|生(?=[，。；、）)]))"
    r"|出生(?:日期|年月)?\s*[:：]?\s*(?:19|20)\d{2}"
)
_PIECES = re.compile(r"\d[\d\s]*[\dXx]")
_BIRTHDAY = "出生日期"


def privacy(
    reading: Reading, *, allowed_phones: Sequence[str] = (), as_of: date | None = None
) -> Iterator[Mark]:
    """Mark personal figures and illnesses on the pages and in everything behind them.

    Args:
        reading: the paper.
        allowed_phones: numbers that are meant to be public, the supervisor's.
        as_of: cut-off of the data; a date twelve years older is taken for a birthday. Where it
            isn't known, the newest date on the pages stands in for it.
    """
    as_of = as_of or _newest(reading)
    allowed = {_digits(phone) for phone in allowed_phones}
    for page in reading.pages:
        runs = "\n".join(run.text for run in page.runs)
        yield from _marks(page.number, runs, page.text, allowed, as_of)
    yield from _marks(0, "\n".join(reading.strings), "", allowed, as_of)
    if reading.attachments:
        yield _mark(0, "附件", "附件")


def _marks(
    page: int, pieces: str, whole: str, allowed: set[str], as_of: date | None
) -> Iterator[Mark]:
    """Look through what was written piece by piece, then through the page as it reads.

    The page joins a number that two pieces share, but also sets the cells of a row side by side:
    150 2016 1234 is a telephone number only where it was written as one piece.
    """
    found: dict[str, str] = {}
    for text, spaced in ((pieces, True), (whole, False)):
        for kind, value in _personal(text.translate(_WIDE), as_of, spaced):
            if value not in allowed:
                found.setdefault(value, kind)
    for value, kind in found.items():
        yield _mark(page, kind, value)


def _mark(page: int, kind: str, value: str) -> Mark:
    return Mark(
        code="D09",
        severity="error",
        page=page,
        value=_masked(value),
        expected=f"公开件中不出现{kind}",
    )


def _personal(text: str, as_of: date | None, spaced: bool) -> Iterator[tuple[str, str]]:
    for kind, pattern in _KINDS:
        for match in pattern.finditer(text):
            value = _digits(match[0])
            if (spaced or " " not in match[0]) and (kind != "银行卡号" or _luhn(value)):
                yield kind, value
    for value in _broken_ids(text):
        yield "身份证号", value
    for match in _BORN.finditer(text):
        yield _BIRTHDAY, re.sub(r"\s", "", match[0])
    if as_of is not None:
        limit = (as_of.year - _ADULT, as_of.month, as_of.day)
        for match in _DATE.finditer(text):
            if (int(match[1]), int(match[2]), int(match[3])) < limit:
                yield _BIRTHDAY, re.sub(r"\s", "", match[0])
    squeezed = re.sub(r"\s", "", text)
    for word in _illnesses():
        if word in squeezed:
            yield "病残信息", word


def _newest(reading: Reading) -> date | None:
    dates = [
        # 31 February is no date; a few days don't matter in twelve years
        date(int(match[1]), int(match[2]), min(int(match[3]), 28))
        for page in reading.pages
        for match in _DATE.finditer(page.text.translate(_WIDE))
    ]
    return max(dates, default=None)


def _broken_ids(text: str) -> Iterator[str]:
    """Yield ID numbers that a narrow cell broke over lines, proved by their check character."""
    for match in _PIECES.finditer(text):
        pieces = match[0].split()
        for start in range(len(pieces)):
            for end in range(start + 2, min(start + 4, len(pieces)) + 1):
                value = "".join(pieces[start:end])
                if _ID18.fullmatch(value) and _checked(value):
                    yield value


def _checked(number: str) -> bool:
    """GB 11643: ISO 7064, MOD 11-2."""
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(number[:17]))
    return "10X98765432"[total % 11] == number[17].upper()


def _luhn(number: str) -> bool:
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _digits(text: str) -> str:
    return re.sub(r"[\s-]", "", text.translate(_WIDE))


def _masked(value: str) -> str:
    """Keep the first three and the last two characters of a long figure."""
    return value if len(value) < 6 else f"{value[:3]}{'*' * (len(value) - 5)}{value[-2:]}"


@cache
def _illnesses() -> tuple[str, ...]:
    path = Path(__file__).with_name("illnesses.toml")
    return tuple(tomllib.loads(path.read_text(encoding="utf-8"))["words"])
