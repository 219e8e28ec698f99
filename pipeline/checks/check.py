"""The list of rules, and the loop that runs those a scheme has switched on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from pipeline.checks import household, identity, income
from pipeline.checks.case import Case
from pipeline.errors import SchemeError
from pipeline.model import Finding, Roster, Scheme, Source, Total

RULES: dict[str, Callable[[Case], Iterator[Finding]]] = {
    "R01": identity.length,
    "R02": identity.check_character,
    "R03": identity.birth,
    "R04": identity.sex,
    "R06": identity.unique,
    "R08": household.one_head,
    "R10": household.size,
    "R12": household.one_household,
    "R14": household.place,
    "L16": income.adds_up,
}


NEEDS: dict[str, tuple[tuple[str, str], ...]] = {
    "R01": (("members", "id_no"), ("members", "id_type")),
    "R02": (("members", "id_no"),),
    "R03": (("members", "id_no"), ("members", "birth")),
    "R04": (("members", "id_no"), ("members", "sex")),
    "R06": (("members", "id_no"),),
    "R08": (("members", "relation"),),
    "R10": (("households", "size"),),
    "R12": (("members", "id_no"),),
    "R14": (("villages", "town_code"), ("households", "village_code")),
    "L16": (("households", "net_income"), ("households", "net_per_capita")),
}
"""The columns (table, field) each rule looks at."""


def unchecked(roster: Roster, scheme: Scheme) -> tuple[str, ...]:
    """Return the rules of the scheme whose columns the sheets don't have: 未检查, counted."""
    return tuple(
        rule.code
        for rule in scheme.rule
        if any(not _has(roster, table, field) for table, field in NEEDS.get(rule.code, ()))
    )


def _has(roster: Roster, table: str, field: str) -> bool:
    rows = roster.rows(table)
    return bool(rows) and field in rows[0].columns


def check(roster: Roster, scheme: Scheme, as_of: date) -> tuple[Finding, ...]:
    """Run every rule of the scheme, then its stated totals; what reading found comes first.

    Raises:
        SchemeError: when the scheme names a rule that doesn't exist.
    """
    found = list(roster.findings)
    for rule in scheme.rule:
        if rule.code not in RULES:
            raise SchemeError(
                f"没有规则 {rule.code}",
                where=str(scheme.folder / "scheme.toml"),
                todo=f"改用：{'、'.join(RULES)}",
            )
        case = Case(roster=roster, rule=rule, as_of=as_of, county=scheme.area.code)
        found += RULES[rule.code](case)
    found += [finding for total in scheme.total for finding in _stated(roster, total)]
    return tuple(found)


def _stated(roster: Roster, total: Total) -> Iterator[Finding]:
    rows = [row for row in roster.rows(total.table) if row.fits(total.where)]
    if len(rows) != total.value:
        count = next(count for count in roster.counts if count.table == total.table)
        yield Finding(
            code="C01",
            severity=total.severity,
            source=Source(file=count.file, sheet=count.sheet),
            details={
                "name": total.name,
                "expected": str(total.value),
                "found": str(len(rows)),
                "source": total.source,
            },
        )
