"""What every rule is given: the roster, the rule's settings, the days, and what words mean."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from pipeline.errors import SchemeError
from pipeline.model import (
    Column,
    Finding,
    Household,
    Member,
    Record,
    Roster,
    Rule,
    Scheme,
    Severity,
    Value,
    Village,
)

Setting: TypeAlias = str | int | bool | Decimal | tuple[str, ...]
COMMON = "common"
_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
_BETWEEN = re.compile(r"[、，,;；/\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One rule applied to one roster."""

    roster: Roster
    rule: Rule
    scheme: Scheme
    as_of: date
    settings: Mapping[str, Setting]
    columns: Mapping[str, frozenset[str]]
    """Table id to the fields that every sheet of it has."""
    known: dict[tuple[str, str, str], frozenset[str]] = field(default_factory=dict)
    """Meanings already looked up."""

    def finding(
        self, row: Record, field: str, severity: Severity = "error", /, **details: str
    ) -> Finding:
        """Make a finding of this rule about a cell, no graver than the rule's severity."""
        code = row.value("code" if isinstance(row, Household) else "household_code")
        household = self.roster.household.get(str(code or ""))
        village = row.value("code" if isinstance(row, Village) else "village_code")
        if household is not None and not village:
            village = household.village_code
        return Finding(
            code=self.rule.code,
            severity=max(severity, self.rule.severity, key=_SEVERITIES.index),
            source=row.source(field),
            details=details,
            village=str(village or ""),
            household=str(code or ""),
        )

    def about(
        self, member: Member, field: str, severity: Severity = "error", /, **details: str
    ) -> Finding:
        """Make a finding about a member's cell."""
        return self.finding(member, field, severity, **{"name": member.name, **details})

    def of(
        self, household: Household, field: str, severity: Severity = "error", /, **details: str
    ) -> Finding:
        """Make a finding about a household's cell."""
        return self.finding(
            household,
            field,
            severity,
            **{"name": household.head, "field": self.name("households", field), **details},
        )

    def has(self, table: str, *fields: str) -> bool:
        """Tell whether the sheets of a table have these columns: an absent one is no empty cell."""
        return self.columns.get(table, frozenset()).issuperset(fields)

    def name(self, table: str, field: str) -> str:
        """Return a column's own name."""
        column = self._column(table, field)
        return column.name if column else field

    def unit(self, table: str, field: str) -> str:
        """Return a column's unit."""
        column = self._column(table, field)
        return column.unit if column else ""

    def number(self, name: str) -> Decimal:
        """Return a setting that is a figure."""
        return _figure(self.settings[name])

    def words(self, name: str) -> tuple[str, ...]:
        """Return a setting that is a list of words."""
        found = self.settings[name]
        return found if isinstance(found, tuple) else (str(found),)

    def own(self) -> tuple[str, ...]:
        """Return the names of the settings that only this rule has."""
        return tuple(name for name in self.settings if name not in _defaults()[COMMON])

    def said(self, record: Record, field: str) -> tuple[str, ...]:
        """Return the words of a cell; codes of the national lists are turned into their words."""
        value = record.value(field)
        column = self._column(record.table, field)
        codes = column.codes if column else {}
        return tuple(
            codes.get(word, codes.get(word.zfill(2), word))
            for word in _BETWEEN.split("" if value is None else str(value))
            if word
        )

    def means(self, record: Record, field: str) -> frozenset[str]:
        """Return the notions of `words.toml` a cell expresses."""
        key = (record.table, field, str(record.value(field) or ""))
        if key not in self.known:
            said = set(self.said(record, field))
            notions = _notions()[record.table][field]
            self.known[key] = frozenset(
                notion for notion, words in notions.items() if said.intersection(words)
            )
        return self.known[key]

    def members(self, household: Household) -> tuple[Member, ...]:
        """Return the active members of a household."""
        return self.roster.active_of.get(household.code, ())

    def households(self) -> Iterator[tuple[Household, tuple[Member, ...]]]:
        """Yield the households with their active members."""
        for household in self.roster.households:
            yield household, self.members(household)

    @property
    def reference(self) -> date:
        """The day ages are counted on."""
        setting = str(self.settings["reference"])
        if setting == "as_of":
            return self.as_of
        if setting == "last_year":
            return date(self.as_of.year - 1, 12, 31)
        try:
            return date.fromisoformat(setting)
        except ValueError as error:
            raise SchemeError(
                f"规则 {self.rule.code} 的 reference 不是日期：{setting}",
                where=str(self.scheme.folder / "scheme.toml"),
                todo="写 as_of、last_year 或 2016-12-31 的样子",
            ) from error

    def age(self, member: Member) -> int | None:
        """Return the age in full years on the reference day, None when no birthday is known."""
        born = (born_of(member.id_no) if len(member.id_no) >= 18 else None) or member.birth
        if born is None:
            return None
        on = self.reference
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))

    def out(self, household: Household) -> bool:
        """Tell whether a household is marked as out of poverty."""
        return household.exit_flag in self.words("out")

    def not_out(self, household: Household) -> bool:
        """Tell whether a household is marked as still poor, or fallen back."""
        return household.exit_flag in self.words("not_out")

    def _column(self, table: str, field: str) -> Column | None:
        return self.roster.tables[table].column(field) if table in self.roster.tables else None


def born_of(number: str) -> date | None:
    """Return the day of birth in an 18-character number, None when it isn't one."""
    return _day(number[6:14])


@lru_cache(1 << 15)
def _day(digits: str) -> date | None:
    """Return the day of eight digits; people are born on some 40 000."""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


@lru_cache(typed=True)
def _figure(setting: Setting) -> Decimal:
    return Decimal(str(setting))


def settings_of(rule: Rule, scheme: Scheme) -> dict[str, Setting]:
    """Return the settings of a rule: the scheme's own over the defaults.

    Raises:
        SchemeError: when the scheme sets what the rule doesn't know.
    """
    held = {**_defaults()[COMMON], **_defaults().get(rule.code, {})}
    unknown = sorted(set(rule.settings) - set(held))
    if unknown:
        raise SchemeError(
            f"规则 {rule.code} 没有这样的设置：{'、'.join(unknown)}",
            where=str(scheme.folder / "scheme.toml"),
            todo=f"改用：{'、'.join(held)}",
        )
    return {**held, **rule.settings}


def shown(value: Value) -> str:
    """Write a value as a person would: no needless zeros, 是 and 否."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def read_data(name: str) -> dict[str, dict[str, Any]]:
    """Read a TOML file of this room; its figures are exact."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return tomllib.loads(text, parse_float=Decimal)


@cache
def _defaults() -> dict[str, dict[str, Setting]]:
    return {
        code: {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in settings.items()
        }
        for code, settings in read_data("defaults.toml").items()
    }


@cache
def _notions() -> dict[str, dict[str, dict[str, list[str]]]]:
    return read_data("words.toml")
