"""The villages' money and the monthly reports that follow from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from random import Random

from pipeline.sample.help import DONE
from pipeline.sample.workbook import Row


def fund_rows(projects: Sequence[Row], rng: Random, *, payer: str, since: date) -> list[Row]:
    """Pay for the villages' own projects: planned ≥ allocated ≥ spent, applied ≤ approved."""
    rows: list[Row] = []
    for project in projects:
        if project["household_code"]:
            continue
        done = project["status"] == DONE
        planned = project["total"]
        allocated = _part(planned, rng.choice((95, 100, 100) if done else (50, 70, 80)))
        approved = max(since, project["start"] - timedelta(days=rng.randint(1, 10)))
        rows.append(
            {
                "code": f"ZJ{since.year}-{len(rows) + 1:05d}",
                "village_code": project["village_code"],
                "project_code": project["code"],
                "payer": payer,
                "planned": planned,
                "allocated": allocated,
                "spent": _part(allocated, rng.randint(92, 100) if done else rng.randint(30, 90)),
                "applied_on": max(since, approved - timedelta(days=rng.randint(0, 12))),
                "approved_on": approved,
            }
        )
    return rows


def progress_rows(
    villages: Sequence[Row],
    households: Sequence[Row],
    funds: Sequence[Row],
    rng: Random,
    *,
    since: date,
    as_of: date,
) -> list[Row]:
    """Report every village's months up to `as_of`; the last agrees with the other tables."""
    here: defaultdict[str, list[Row]] = defaultdict(list)
    paid: defaultdict[str, list[Row]] = defaultdict(list)
    for household in households:
        here[household["village_code"]].append(household)
    for fund in funds:
        paid[fund["village_code"]].append(fund)
    months = list(_month_ends(since, as_of))
    rows = []
    for village in villages:
        code = village["code"]
        reached = [row["reached_on"] for row in here[code] if row["reached_on"]]
        rows += [
            {
                "village_code": code,
                "month": f"{end.year}-{end.month:02d}",
                "visits": len(here[code]) * rng.randint(40, 160) // 100,
                "reached": sum(day <= end for day in reached),
                "spent": sum((_spent_by(fund, end, as_of) for fund in paid[code]), Decimal(0)),
                "allocated": sum(
                    (fund["allocated"] for fund in paid[code] if fund["approved_on"] <= end),
                    Decimal(0),
                ),
                "households": len(here[code]),
                "reported_on": min(as_of, end + timedelta(days=rng.randint(1, 6))),
            }
            for end in months
        ]
    return rows


def _part(amount: Decimal, percent: int) -> Decimal:
    return (amount * percent / 100).quantize(Decimal(1), ROUND_DOWN)


def _spent_by(fund: Row, day: date, as_of: date) -> Decimal:
    """Return what was spent of a fund by a day: evenly from its approval to `as_of`."""
    spent: Decimal = fund["spent"]
    approved: date = fund["approved_on"]
    if day >= as_of:
        return spent
    if day <= approved:
        return Decimal(0)
    return (spent * (day - approved).days / (as_of - approved).days).quantize(
        Decimal(1), ROUND_DOWN
    )


def _month_ends(since: date, as_of: date) -> Iterator[date]:
    """Yield the last day of each month of a period; the last month ends with the period."""
    first = since.replace(day=1)
    while first <= as_of:
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        yield min(following - timedelta(days=1), as_of)
        first = following
