"""Y01–Y04: what changed since an older roster: who came, who left, whose size or income jumped."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.model import Finding, Household, Roster, Severity, Source

JUMP = "jump"
"""Setting: the share of the old figure from which a change is a jump (REFERENCE.md §7.2, L21)."""


def against(old: Roster, new: Roster, *, jump: Decimal) -> tuple[Finding, ...]:
    """Compare the households of two rosters by 户编号.

    Args:
        old: the roster of before; only its households are looked at.
        new: the roster of now.
        jump: 0.5 reports a figure that rose or fell by more than half.

    Returns:
        Y01 came and Y02 left as information, Y03 size and Y04 income as warnings.
    """
    return tuple(_differences(old, new, jump))


def _differences(old: Roster, new: Roster, jump: Decimal) -> Iterator[Finding]:
    for code, household in new.household.items():
        before = old.household.get(code)
        if before is None:
            yield _finding("Y01", "info", household.source("code"), household)
            continue
        for rule, field, unit in (
            ("Y03", "size", "人"),
            ("Y04", "net_income", "元"),
            ("Y04", "disposable", "元"),
        ):
            was, now = before.value(field), household.value(field)
            if _jumped(was, now, jump):
                name = next(c.name for c in new.tables["households"].columns if c.id == field)
                yield _finding(
                    rule, "warning", household.source(field), household,
                    field=name, old=f"{was}{unit}", new=f"{now}{unit}",
                )  # fmt: skip
    for code, household in old.household.items():
        if code not in new.household:
            yield _finding("Y02", "info", household.source("code"), household)


def _jumped(was: object, now: object, jump: Decimal) -> bool:
    if not isinstance(was, int | Decimal) or not isinstance(now, int | Decimal) or was == now:
        return False
    return abs(Decimal(now) - Decimal(was)) > jump * abs(Decimal(was))


def _finding(
    code: str, severity: Severity, at: Source, household: Household, **details: str
) -> Finding:
    return Finding(
        code=code,
        severity=severity,
        source=at,
        details={"name": household.head, "code": household.code, **details},
        village=household.village_code,
        household=household.code,
    )
