"""The list of rules, and the loop that runs those a scheme has switched on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from pipeline.checks import (
    cross,
    family,
    filled,
    household,
    identification,
    identity,
    income,
    labels,
    living,
    people,
    support,
    years,
)
from pipeline.checks.case import Case, read_data, settings_of
from pipeline.checks.totals import added_up, stated
from pipeline.errors import SchemeError
from pipeline.garbage import uncollected
from pipeline.model import Finding, Roster, Rule, Scheme

RULES: dict[str, Callable[[Case], Iterator[Finding]]] = {
    "R01": identity.length,
    "R02": identity.check_character,
    "R03": identity.birth,
    "R04": identity.sex,
    "R05": identity.region,
    "R06": identity.unique,
    "R07": identity.series,
    "R08": family.one_head,
    "R09": family.relations,
    "R10": household.size,
    "R11": family.ages,
    "R12": household.one_household,
    "R13": family.many,
    "R14": household.place,
    "R15": filled.required,
    "R16": household.sums,
    "R17": household.registered,
    "L01": living.unlikely,
    "L02": living.irrigated,
    "L03": living.out_of_need,
    "L04": income.extreme,
    "L05": income.over_the_line,
    "L06": labels.kind,
    "L07": labels.causes,
    "L08": labels.borne_out,
    "L09": people.labour,
    "L10": people.school,
    "L11": people.work,
    "L12": labels.dibao,
    "L13": labels.wubao,
    "L14": people.disability,
    "L15": income.items,
    "L16": income.adds_up,
    "L17": people.insurance,
    "L18": years.exits,
    "L19": support.helpers,
    "L20": support.measures,
    "L21": years.jumps,
    "I01": identification.excluded,
    "I02": identification.included,
    "X01": cross.villages,
    "X02": cross.households,
    "X03": cross.units,
    "X04": cross.projects,
    "X05": cross.money,
    "X06": cross.days,
    "X07": cross.months,
}

NEEDS: dict[str, tuple[tuple[str, str], ...]] = {
    code: tuple((table, field) for table, fields in tables.items() for field in fields)
    for code, tables in read_data("needs.toml").items()
}
"""The columns (table, field) each rule looks at; those of R15, I01 and I02 are the scheme's."""


_WHOLE = {"R08", "R09", "R10", "X02"}
"""Rules about all rows of a household: where one was not taken in, that is what has to be mended,
and what is missing for want of it is no finding of its own."""


@uncollected()
def check(roster: Roster, scheme: Scheme, as_of: date) -> tuple[Finding, ...]:
    """Run every rule of the scheme, then its totals and sums; what reading found comes first.

    Raises:
        SchemeError: when the scheme names a rule, a setting or a field that doesn't exist.
    """
    found = [_placed(finding, roster) for finding in roster.findings]
    torn = frozenset(one.household for one in found if one.household)
    columns = {table: _columns(roster, table) for table in roster.tables}
    for rule in scheme.rule:
        if rule.code not in RULES:
            raise SchemeError(
                f"没有规则 {rule.code}",
                where=str(scheme.folder / "scheme.toml"),
                todo=f"改用：{'、'.join(RULES)}",
            )
        case = Case(
            roster=roster,
            rule=rule,
            scheme=scheme,
            as_of=as_of,
            settings=settings_of(rule, scheme),
            columns=columns,
        )
        echo = torn if rule.code in _WHOLE else frozenset()
        found += [one for one in RULES[rule.code](case) if one.household not in echo]
    found += stated(roster, scheme)
    found += added_up(roster, scheme)
    return tuple(found)


def unchecked(roster: Roster, scheme: Scheme) -> dict[str, tuple[str, ...]]:
    """Return the rules of the scheme whose columns the sheets don't have, and the columns' names.

    What such a rule can see without them it has checked.
    """
    columns = {table: _columns(roster, table) for table in roster.tables}
    lacking = {
        rule.code: tuple(
            dict.fromkeys(
                _name(roster, table, field)
                for table, field in _needs(rule, scheme)
                if field not in columns.get(table, ())
            )
        )
        for rule in scheme.rule
    }
    return {code: names for code, names in lacking.items() if names}


def _needs(rule: Rule, scheme: Scheme) -> Iterator[tuple[str, str]]:
    """Yield the columns of a rule: its own, and what settings and criteria name."""
    yield from NEEDS.get(rule.code, ())
    settings = settings_of(rule, scheme)
    if rule.code == "R15":
        for table in ("households", "members"):
            fields = settings[table]
            yield from ((table, field) for field in (fields if isinstance(fields, tuple) else ()))
    kinds = {"I01": "exclude", "I02": "include"}
    for criterion in scheme.identification:
        if criterion.kind == kinds.get(rule.code):
            yield criterion.table, criterion.field


def _columns(roster: Roster, table: str) -> frozenset[str]:
    """Return the fields that every sheet of a table has; none when it has no rows."""
    sheets = {id(row.columns): row.columns for row in roster.rows(table)}
    held = [frozenset(columns) for columns in sheets.values()]
    return frozenset.intersection(*held) if held else frozenset()


def _name(roster: Roster, table: str, field: str) -> str:
    column = roster.tables[table].column(field) if table in roster.tables else None
    return column.name if column else field


def _placed(finding: Finding, roster: Roster) -> Finding:
    """Add the village to what reading found in a row that names only its household."""
    household = roster.household.get(finding.household)
    if finding.village or household is None:
        return finding
    return replace(finding, village=household.village_code)
