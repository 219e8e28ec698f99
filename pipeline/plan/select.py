"""Which of the planned papers a person asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.errors import UsageError
from pipeline.model import DocumentKind, PlannedDocument, Roster, Scheme, Village

_PERIOD = re.compile(r"\d{4}(Q[1-4]|-(0[1-9]|1[0-2]))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What `--kind` to `--period` mean in this roster: None where nothing was said."""

    kinds: frozenset[str] | None = None
    towns: frozenset[str] | None = None
    villages: frozenset[str] | None = None
    periods: frozenset[str] | None = None
    households: frozenset[str] | None = None

    def takes(self, planned: PlannedDocument, roster: Roster) -> bool:
        """Tell whether a paper was asked for."""
        if self.kinds is not None and planned.kind.id not in self.kinds:
            return False
        if self.periods is not None and planned.period not in self.periods:
            return False
        return self.takes_subject(planned.subject.level, planned.subject.code, roster)

    def takes_subject(self, level: str, code: str, roster: Roster) -> bool:
        """Tell whether a subject was asked for: a household lies in its village, that in a town."""
        if self.households is not None:
            return level == "household" and code in self.households
        if level == "household":
            household = roster.household.get(code)
            level, code = "village", household.village_code if household else ""
        if self.villages is not None:
            return level == "village" and code in self.villages
        if self.towns is not None:
            village = roster.village.get(code) if level == "village" else None
            return (village.town_code if village else code) in self.towns
        return True


def select(
    scheme: Scheme,
    kinds: Mapping[str, DocumentKind],
    roster: Roster,
    *,
    kind: tuple[str, ...] = (),
    town: tuple[str, ...] = (),
    village: tuple[str, ...] = (),
    household: tuple[str, ...] = (),
    period: tuple[str, ...] = (),
) -> Selection:
    """Understand what was asked for: ids, codes or Chinese names.

    A village name that occurs in two towns means both, unless a town is named with it.

    Raises:
        UsageError: for a word nothing answers to; names what there is.
    """
    towns = _towns(roster, town)
    villages = _villages(roster, village, towns)
    return Selection(
        kinds=_kinds(scheme, kinds, kind),
        towns=towns,
        villages=villages,
        periods=_periods(period),
        households=_households(roster, household, villages),
    )


def _periods(words: tuple[str, ...]) -> frozenset[str] | None:
    for word in words:
        if not _PERIOD.fullmatch(word):
            raise UsageError(f"“{word}”不是期间", todo="写作 2014、2014Q3 或 2014-07")
    return frozenset(words) or None


def _households(
    roster: Roster, words: tuple[str, ...], villages: frozenset[str] | None
) -> frozenset[str] | None:
    if not words:
        return None
    found: set[str] = set()
    for word in words:
        hits = {
            household.code
            for household in roster.households
            if word in {household.code, household.head}
            and (villages is None or household.village_code in villages)
        }
        if not hits:
            raise UsageError(f"名册里没有贫困户“{word}”", todo="写户主姓名或户编号")
        found |= hits
    return frozenset(found)


def _kinds(
    scheme: Scheme, kinds: Mapping[str, DocumentKind], words: tuple[str, ...]
) -> frozenset[str] | None:
    if not words:
        return None
    found: set[str] = set()
    for word in words:
        hits = {
            kind.id for kind in kinds.values() if word in {kind.id, kind.title, kind.family}
        } | {rule.kind for rule in scheme.document if word in {rule.id, rule.name}}
        hits &= set(kinds)
        if not hits:
            known = "、".join(kind.title for kind in kinds.values())
            raise UsageError(f"没有“{word}”这种文书的模板", todo=f"改用：{known}")
        found |= hits
    return frozenset(found)


def _towns(roster: Roster, words: tuple[str, ...]) -> frozenset[str] | None:
    if not words:
        return None
    found: set[str] = set()
    for word in words:
        hits = {town.code for town in roster.towns if word in {town.code, town.name}}
        if not hits:
            known = "、".join(town.name for town in roster.towns)
            raise UsageError(f"名册里没有镇街“{word}”", todo=f"改用：{known}")
        found |= hits
    return frozenset(found)


def _villages(
    roster: Roster, words: tuple[str, ...], towns: frozenset[str] | None
) -> frozenset[str] | None:
    if not words:
        return None
    found: set[str] = set()
    for word in words:
        hits = {
            village.code
            for village in roster.villages
            if word in _spellings(village) and (towns is None or village.town_code in towns)
        }
        if not hits:
            raise UsageError(f"名册里没有行政村“{word}”", todo="核对村名，或改用12位村代码")
        found |= hits
    return frozenset(found)


def _spellings(village: Village) -> set[str]:
    return {village.code, village.name, village.name.removesuffix("村")}
