"""C01, C02: the totals the policy states, and the sums that must hold among them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from pipeline.model import Finding, Roster, Scheme, Source, Total


def stated(roster: Roster, scheme: Scheme) -> Iterator[Finding]:
    """C01: the rows come to the total the policy states, at the precision it prints.

    Where rows were rejected that may be all that is missing, they are what has to be mended.
    """
    for total in scheme.total:
        found = value(roster, total)
        if found != total.value and not _lacking(roster, total, total.value - found):
            yield Finding(
                code="C01",
                severity=total.severity,
                source=_sheet(roster, total),
                details={
                    "name": total.name,
                    "expected": _shown(total.value),
                    "found": _shown(found),
                    "source": total.source,
                },
            )


def added_up(roster: Roster, scheme: Scheme) -> Iterator[Finding]:
    """C02: a total of the rows is what its parts add up to."""
    totals = {total.id: total for total in scheme.total}
    for identity in scheme.identity:
        whole = value(roster, totals[identity.total])
        parts = [value(roster, totals[name]) for name in identity.parts]
        if whole != sum(parts, Decimal(0)):
            yield Finding(
                code="C02",
                severity=identity.severity,
                source=_sheet(roster, totals[identity.total]),
                details={
                    "name": identity.name,
                    "expected": " + ".join(map(_shown, parts)) + f" = {_shown(sum(parts))}",
                    "found": _shown(whole),
                    "source": identity.source,
                },
            )


def _lacking(roster: Roster, total: Total, missing: Decimal) -> bool:
    """Tell whether the rejected rows of a table may be what a total is short of."""
    rejected = sum(count.rejected for count in roster.counts if count.table == total.table)
    return missing > 0 and rejected > 0 and (bool(total.field) or missing <= rejected)


def value(roster: Roster, total: Total) -> Decimal:
    """Return what the rows come to; in the policy's unit, half up, where it has one."""
    rows = [row for row in roster.rows(total.table) if row.fits(total.where)]
    if total.field:
        values = [row.value(total.field) for row in rows]
        found = sum(
            (Decimal(value) for value in values if isinstance(value, int | Decimal)), Decimal(0)
        )
    else:
        found = Decimal(len(rows))
    if total.scale == 1:
        return found
    return (found / total.scale).quantize(total.value, ROUND_HALF_UP)


def _sheet(roster: Roster, total: Total) -> Source:
    count = next((count for count in roster.counts if count.table == total.table), None)
    return Source(file=count.file, sheet=count.sheet) if count else Source(file="")


def _shown(number: Decimal | int) -> str:
    return f"{Decimal(number):f}"
