"""What the monthly reports say by quarter or month, of village, town, unit and area."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

from pipeline.facts.places import above
from pipeline.model import FLOWS, Progress, Quarter, Roster, Scheme

FIELDS = ("visits", "reached", "spent", "allocated", "households")

Key = tuple[str, str]


def quarter_of(month: str) -> str:
    """Return the quarter of a month: `2016-08` → `2016Q3`."""
    year, number = month.split("-")
    return f"{year}Q{(int(number) + 2) // 3}"


def months(roster: Roster, scheme: Scheme) -> dict[Key, tuple[Quarter, ...]]:
    """Return the months of every subject, as `quarters` returns its quarters."""
    return quarters(roster, scheme, period_of=str)


def quarters(
    roster: Roster, scheme: Scheme, *, period_of: Callable[[str], str] = quarter_of
) -> dict[Key, tuple[Quarter, ...]]:
    """Return the quarters of every subject: flows added up, stocks of the last month reported.

    What a village has not reported in a quarter is carried over from the one before.
    """
    reports: dict[str, list[Progress]] = defaultdict(list)
    for report in roster.progress:
        reports[report.village_code].append(report)
    known = sorted({period_of(report.month) for report in roster.progress})
    added: dict[Key, dict[str, dict[str, Decimal]]] = defaultdict(dict)
    for code, rows in reports.items():
        by_period: dict[str, list[Progress]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: row.month):
            by_period[period_of(row.month)].append(row)
        of_village = dict(_of_village(known, by_period))
        for key in above(code, roster, scheme):
            for period, figures in of_village.items():
                sums = added[key].setdefault(period, {})
                for name, value in figures.items():
                    sums[name] = sums.get(name, Decimal(0)) + value
    return {
        key: tuple(
            Quarter(period=period, figures=figures) for period, figures in sorted(periods.items())
        )
        for key, periods in added.items()
    }


def _of_village(
    known: Iterable[str], reports: Mapping[str, Iterable[Progress]]
) -> Iterator[tuple[str, dict[str, Decimal]]]:
    """Yield the figures of each period from the first one a village reports in."""
    stocks: dict[str, Decimal] = {}
    for period in known:
        flows: dict[str, Decimal] = {}
        for report in reports.get(period, ()):
            for name, value in _figures(report):
                if name in FLOWS:
                    flows[name] = flows.get(name, Decimal(0)) + value
                else:
                    stocks[name] = value
        if stocks or flows:
            yield period, {**stocks, **flows}


def _figures(report: Progress) -> Iterator[tuple[str, Decimal]]:
    names = (*FIELDS, *(name for name in report.more if name not in FIELDS))
    for name in names:
        value = report.value(name)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            yield name, Decimal(value)


def at(series: Mapping[Key, tuple[Quarter, ...]], key: Key, period: str) -> Quarter | None:
    """Return a subject's quarter."""
    return next((one for one in series.get(key, ()) if one.period == period), None)
