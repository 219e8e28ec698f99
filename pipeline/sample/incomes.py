"""A household's incomes: parts that add up, most above the line, some short of it on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Literal, TypeAlias

Outcome: TypeAlias = Literal["plain", "exact", "split", "late", "far", "near"]
FAILING: tuple[Outcome, ...] = ("far", "near")

_DECK: tuple[Outcome, ...] = (
    *("far",) * 4,
    *("near",) * 2,
    "exact",
    "split",
    "late",
    *("plain",) * 91,
)
"""Of 100 households: four far below the line, two just below, one exactly on it, one whose other
measure of income falls short, one that reached it but has no date."""

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Incomes:
    """元 a year for the household; `net_income` is the sum of the parts."""

    wage: Decimal
    operating: Decimal
    property: Decimal
    transfer: Decimal
    cost: Decimal
    net_income: Decimal
    net_per_capita: Decimal
    disposable: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What the policy wants a household to have."""

    line: Decimal
    """元 a head and year."""
    able: str
    """The measure that decides for a household that can work: `disposable` or `net_income`."""
    unable: str
    met: Decimal | None = None
    """Share of the households that reach it; most of them when not said."""


def outcomes(rng: Random, met: Decimal | None = None) -> Iterator[Outcome]:
    """Yield what becomes of each household, the same shares in every hundred."""
    while True:
        deck = list(_DECK)
        if met is not None:
            failing = round((1 - met) * len(deck))
            ends: list[Outcome] = [FAILING[order % len(FAILING)] for order in range(failing)]
            kept = [one for one in deck if one not in FAILING]
            rest: list[Outcome] = ["plain"] * len(deck)
            deck = [*ends, *kept, *rest][: len(deck)]
        rng.shuffle(deck)
        yield from deck


def incomes(rng: Random, outcome: Outcome, *, able: bool, size: int, goal: Goal) -> Incomes:
    """Draw incomes so that the measure that decides ends as the outcome says."""
    line = goal.line
    decides = _deciding(rng, outcome, able=able, size=size, line=line)
    other = _other(rng, outcome, decides, line * size)
    by_disposable = (goal.able if able else goal.unable) == "disposable"
    net, disposable = (other, decides) if by_disposable else (decides, other)
    operating, cost, owned = _small_parts(rng, able, net)
    rest = net + cost - operating - owned
    wage = _yuan(rest * _between(rng, 70, 96) / 100) if able else Decimal(0)
    return Incomes(
        wage=wage,
        operating=operating,
        property=owned,
        transfer=rest - wage,
        cost=cost,
        net_income=net,
        net_per_capita=(net / size).quantize(_CENT, ROUND_HALF_UP),
        disposable=disposable,
    )


def _deciding(rng: Random, outcome: Outcome, *, able: bool, size: int, line: Decimal) -> Decimal:
    if outcome == "exact":
        return line * size
    if outcome == "far":
        return _yuan(line * size * _between(rng, 3800, 8700) / 10_000) + rng.randint(0, 9)
    if outcome == "near" and able and rng.random() < 0.5:
        # Less than a cent a head: printed with two decimals it looks like the line itself.
        return line * size - _CENT
    if outcome == "near":
        return (line - _between(rng, 1, 99) / 100) * size
    if outcome == "split":
        return _yuan(line * size * _between(rng, 1002, 1030) / 1000)
    surplus = Decimal(rng.choice((2, 3, 4, 5, 6, 8, 10, 14, 20, 30, 45)) * 100 + rng.randint(1, 99))
    total = _yuan(line * size * (1 + surplus / 10_000))
    return total + _between(rng, 1, 99) / 100 if rng.random() < 0.3 else total


def _other(rng: Random, outcome: Outcome, decides: Decimal, enough: Decimal) -> Decimal:
    if outcome == "split":
        return _yuan(enough * _between(rng, 940, 995) / 1000)
    if outcome in FAILING:
        return _yuan(decides * _between(rng, 970, 999) / 1000)
    return max(enough, _yuan(decides * _between(rng, 985, 1020) / 1000))


def _small_parts(rng: Random, able: bool, net: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """Draw income from farming or trade, its cost, and income from property."""
    share = _between(rng, 8, 26) if able else _between(rng, 0, 6) * (rng.random() < 0.35)
    operating = _yuan(net * share / 100)
    cost = _yuan(operating * _between(rng, 18, 42) / 100)
    owned = _yuan(net * _between(rng, 0, 3) / 100)
    return operating, cost, owned


def _between(rng: Random, low: int, high: int) -> Decimal:
    return Decimal(rng.randint(low, high))


def _yuan(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1), ROUND_HALF_UP)
