"""The quarterly series: what the monthly reports say by village, town, unit and area."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from pipeline.facts.places import above
from pipeline.model import Progress, Quarter, Roster, Scheme

FLOWS = frozenset({"visits"})
"""What happened in a month; everything else a report says is as of its end."""
FIELDS = ("visits", "reached", "spent", "allocated", "households")

Key = tuple[str, str]


def quarters(roster: Roster, scheme: Scheme) -> dict[Key, tuple[Quarter, ...]]:
    """Return the quarters of every subject: flows added up, stocks of the last month reported.

    A stock that a village has not reported in a quarter is carried over from the one before.
    """
    reports: dict[str, list[Progress]] = defaultdict(list)
    for report in roster.progress:
        reports[report.village_code].append(report)
    added: dict[Key, dict[str, dict[str, Decimal]]] = defaultdict(dict)
    for code, rows in reports.items():
        of_village = dict(_of_village(rows))
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


def quarter_of(month: str) -> str:
    """Return the quarter of a month: `2016-08` → `2016Q3`."""
    year, number = month.split("-")
    return f"{year}Q{(int(number) + 2) // 3}"


def _of_village(rows: Iterable[Progress]) -> Iterator[tuple[str, dict[str, Decimal]]]:
    stocks: dict[str, Decimal] = {}
    by_quarter: dict[str, list[Progress]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.month):
        by_quarter[quarter_of(row.month)].append(row)
    for period, reports in by_quarter.items():
        flows: dict[str, Decimal] = {}
        for report in reports:
            for name, value in _figures(report):
                if name in FLOWS:
                    flows[name] = flows.get(name, Decimal(0)) + value
                else:
                    stocks[name] = value
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
