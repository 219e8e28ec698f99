"""发文字号: the series a scheme owns, and what became of each of its numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipeline.model.data import Data

_NUMBER = re.compile(r"(?P<mark>[^\W\d_]+)[〔\[［(（](?P<year>\d{4})[〕\]］)）](?P<order>\d+)号?")

NumberState = Literal["已用", "已撤回", "预留", "外部登记", "作废", "空号"]

ISSUE = "issue"
"""The part of a context that says how a paper was issued: date, number, what it corrects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class External(Data):
    """A number of the series that a paper made elsewhere has."""

    number: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Void(Data):
    """作废: a number that no paper may have."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Series(Data):
    """The numbers one organ gives in one year."""

    organ: str
    """The issuer whose papers take numbers here, as the document says it."""
    mark: str
    """代字."""
    year: int
    start: int = 1
    kinds: tuple[str, ...] = ()
    """Only papers of these kinds take numbers here (函); empty for all that have no other."""
    external: tuple[External, ...] = ()
    void: tuple[Void, ...] = ()
    source: str = ""

    def text(self, order: int) -> str:
        """Write a number of this series: 花扶贫办〔2016〕16号."""
        return f"{self.mark}〔{self.year}〕{order}号"

    def order(self, text: str) -> int | None:
        """Return which number of this series a text is, None when it is of another."""
        found = _NUMBER.fullmatch(text)
        if found and found["mark"] == self.mark and int(found["year"]) == self.year:
            return int(found["order"])
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """One number of a series and what is known of it: every gap has its words."""

    text: str
    state: NumberState
    document: str = ""
    title: str = ""
    at: str = ""
    operator: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What a version was issued as."""

    day: date
    """成文日期."""
    number: str
    """发文字号; empty for a kind without one."""
    corrects: str
    """What it corrects, by number or date; empty for a first issue."""
    data: str
    """Digest of the context of the draft it was frozen from."""


def spelled(text: str) -> str:
    """Write a 发文字号 the one way: 〔〕 around the year, no spaces, no leading zeros.

    Raises:
        ValueError: when it hasn't the form of a number.
    """
    found = _NUMBER.fullmatch("".join(text.split()))
    if not found:
        raise ValueError(text)
    return f"{found['mark']}〔{found['year']}〕{int(found['order'])}号"
