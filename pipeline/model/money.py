"""Where money comes from: what it is reckoned by, who pays which share, and when."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from decimal import Decimal

from pipeline.model.data import Data, Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Base(Data):
    """What a fund is reckoned by: the rows of a table, or the sum of one of their fields."""

    table: str
    name: str
    """As a paper prints it: 有劳动能力贫困户家庭人口."""
    unit: str
    """人, 村; 元 where amounts are added up."""
    field: str = ""
    where: Where = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FundShare(Data):
    """What one payer bears."""

    payer: str
    ratio: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment(Data):
    """What is paid in one year."""

    year: int
    ratio: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class FundRule(Data):
    """A fund of the policy. With `base` its amount is base × `each`; a `stated` one is checked.

    Without `base` it is what `amount` says, or a line without an amount.
    """

    id: str
    name: str
    source: str
    payer: str = ""
    payee: str = ""
    applicant: tuple[str, ...] = ()
    approver: tuple[str, ...] = ()
    supervisor: tuple[str, ...] = ()
    rule: str = ""
    base: Base | None = None
    each: str = ""
    """Parameter: 元 for each of the base, or the part of an amount of 元."""
    amount: str = ""
    """Parameter: a fixed amount in 元, a year where its unit says so."""
    top_up: str = ""
    """Target whose shortfalls it pays."""
    stated: Decimal | None = None
    """元, as the policy itself has reckoned it."""
    share: tuple[FundShare, ...] = ()
    instalment: tuple[Instalment, ...] = ()
    defaults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """How the money of one payer stands for one subject, in 元 (INDICATORS.md F10)."""

    payer: str
    planned: Decimal
    allocated: Decimal
    spent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class FundFigure:
    """What a fund comes to, in 元."""

    fund: FundRule
    count: Decimal | None
    """How many of the base."""
    each: Decimal | None
    total: Decimal
    shares: tuple[tuple[str, Decimal], ...] = ()
    instalments: tuple[tuple[int, Decimal], ...] = ()
    villages: tuple[tuple[str, Decimal], ...] = ()
    """Village code and its part, where the base lies in villages; the parts sum to the total."""

    @property
    def holds(self) -> bool:
        """Whether it comes to what the policy states."""
        return self.fund.stated is None or self.fund.stated == self.total
