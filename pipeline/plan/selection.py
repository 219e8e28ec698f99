"""Which of the planned papers a person asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.errors import UsageError, perhaps
from pipeline.model import DocumentKind, PlannedDocument, Roster, Scheme

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


def _kinds(
    scheme: Scheme, kinds: Mapping[str, DocumentKind], words: tuple[str, ...]
) -> frozenset[str] | None:
    spelt = [(kind.id, {kind.id, kind.title, kind.family}) for kind in kinds.values()]
    asked = [rule for rule in scheme.document if rule.kind in kinds]
    spelt += [(rule.kind, {rule.id, rule.name}) for rule in asked]
    known = [*dict.fromkeys(rule.name for rule in asked)]
    todo = f"改用：{'、'.join(known)}"
    return _answering(words, spelt, known, "没有“{}”这种文书的模板", todo)


def _towns(roster: Roster, words: tuple[str, ...]) -> frozenset[str] | None:
    spelt = [(town.code, {town.code, town.name}) for town in roster.towns]
    known = [town.name for town in roster.towns]
    return _answering(words, spelt, known, "名册里没有镇街“{}”", f"改用：{'、'.join(known)}")


def _villages(
    roster: Roster, words: tuple[str, ...], towns: frozenset[str] | None
) -> frozenset[str] | None:
    among = [one for one in roster.villages if towns is None or one.town_code in towns]
    spelt = [(one.code, {one.code, one.name, one.name.removesuffix("村")}) for one in among]
    where, check = ("名册里", "村名") if towns is None else ("所选镇街里", "镇街和村名")
    return _answering(
        words,
        spelt,
        [one.name for one in among],
        f"{where}没有行政村“{{}}”",
        f"核对{check}，或改用12位村代码",
    )


def _households(
    roster: Roster, words: tuple[str, ...], villages: frozenset[str] | None
) -> frozenset[str] | None:
    among = [one for one in roster.households if villages is None or one.village_code in villages]
    spelt = [(one.code, {one.code, one.head}) for one in among]
    where = "名册里" if villages is None else "所选村里"
    return _answering(
        words,
        spelt,
        [one.head for one in among],
        f"{where}没有贫困户“{{}}”",
        "写户主姓名或户编号",
    )


def _answering(
    words: tuple[str, ...],
    spelt: Iterable[tuple[str, set[str]]],
    names: Iterable[str],
    unknown: str,
    todo: str,
) -> frozenset[str] | None:
    """Return the ids that answer to the words; None where nothing was asked.

    Raises:
        UsageError: for a word nothing answers to, with the names nearest to it.
    """
    if not words:
        return None
    answers: dict[str, set[str]] = {}
    for identity, spellings in spelt:
        for spelling in spellings:
            answers.setdefault(spelling, set()).add(identity)
    for word in words:
        if word not in answers:
            raise UsageError(f"{unknown.format(word)}{perhaps(word, names)}", todo=todo)
    return frozenset().union(*(answers[word] for word in words))
