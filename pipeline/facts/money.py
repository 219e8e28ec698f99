"""What the funds of a policy come to: by count and rate, by payer, by year, by village."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from pipeline.facts.bench import Bench
from pipeline.facts.places import above
from pipeline.model import FundFigure, FundRule, Payment, Record, Roster, Scheme, Verdict

_Verdicts = Mapping[tuple[str, str], Mapping[str, Verdict]]


def fund_figures(bench: Bench, found: _Verdicts) -> Iterator[FundFigure]:
    """Reckon every fund the policy gives a rule for; the others are only lines of the scheme."""
    for fund in bench.scheme.fund:
        if fund.top_up:
            yield _from_shortfalls(fund, bench, found)
        elif fund.base:
            yield _from_base(fund, bench)
        elif fund.amount:
            amount = bench.scheme.parameter_of(fund.amount).on(bench.as_of)
            if amount is not None:
                yield _figure(fund, None, None, amount, {})


def payments(roster: Roster, scheme: Scheme) -> dict[tuple[str, str], tuple[Payment, ...]]:
    """Return what each payer planned, allocated and saw spent, for every subject that has any."""
    sums: dict[tuple[str, str], dict[str, list[Decimal]]] = defaultdict(dict)
    for fund in roster.funds:
        amounts = [_amount(fund, name) for name in ("planned", "allocated", "spent")]
        for key in above(fund.village_code, roster, scheme):
            known = sums[key].setdefault(fund.payer, [Decimal(0)] * 3)
            sums[key][fund.payer] = [a + b for a, b in zip(known, amounts, strict=True)]
    return {
        key: tuple(
            Payment(payer=payer, planned=planned, allocated=allocated, spent=spent)
            for payer, (planned, allocated, spent) in sorted(payers.items())
        )
        for key, payers in sums.items()
    }


def _from_base(fund: FundRule, bench: Bench) -> FundFigure:
    assert fund.base is not None
    counts: dict[str, Decimal] = defaultdict(Decimal)
    owners = bench.roster.belonging(fund.base.table, "village")
    for village, rows in owners.items():
        for row in rows:
            if row.fits(fund.base.where):
                counts[village] += _amount(row, fund.base.field)
    count = sum(counts.values(), Decimal(0))
    each = bench.scheme.parameter_of(fund.each).on(bench.as_of) if fund.each else Decimal(1)
    each = Decimal(0) if each is None else each
    villages = {village: number * each for village, number in counts.items() if village and number}
    whole = sum(villages.values(), Decimal(0)) == count * each
    return _figure(fund, count, each, count * each, villages if whole else {})


def _from_shortfalls(fund: FundRule, bench: Bench, found: _Verdicts) -> FundFigure:
    """Add up what a top-up target lacks in each village."""
    villages: dict[str, Decimal] = {}
    for village in bench.roster.villages:
        verdict = found.get(("village", village.code), {}).get(fund.top_up)
        if verdict is not None and verdict.top_up:
            villages[village.code] = verdict.top_up
    return _figure(fund, Decimal(len(villages)), None, sum(villages.values(), Decimal(0)), villages)


def _amount(row: Record, field: str) -> Decimal:
    if not field:
        return Decimal(1)
    value = row.value(field)
    return Decimal(value) if isinstance(value, int | Decimal) else Decimal(0)


def _figure(
    fund: FundRule,
    count: Decimal | None,
    each: Decimal | None,
    total: Decimal,
    villages: Mapping[str, Decimal],
) -> FundFigure:
    return FundFigure(
        fund=fund,
        count=count,
        each=each,
        total=total,
        shares=tuple((share.payer, total * share.ratio) for share in fund.share),
        instalments=tuple((part.year, total * part.ratio) for part in fund.instalment),
        villages=tuple(villages.items()),
    )
