"""Explain: how one figure of one subject came about, down to the cells."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.errors import UsageError, perhaps
from pipeline.facts import judge_one
from pipeline.model import Facts, Roster, Source, Target, Value, Verdict
from pipeline.run.survey import Survey


@dataclass(frozen=True, slots=True, kw_only=True)
class Operand:
    """One cell a figure was computed from."""

    field: str
    value: Value
    unit: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A verdict with its operands, and the verdicts below it that did not pass."""

    verdict: Verdict
    operands: tuple[Operand, ...]
    below: tuple[Verdict, ...]


def explain(survey: Survey, indicator: str, subject: str) -> tuple[Explanation, ...]:
    """Explain every target that answers to `indicator` for every subject that answers to `subject`.

    Args:
        survey: scheme and rosters.
        indicator: id of a target (HD-T1), of an indicator (H01), or the target's name.
        subject: code or name of the area, a county, town, village, unit, household (its 户主) or
            member.

    Raises:
        UsageError: when nothing answers to one of the words, or the two don't meet.
    """
    targets = [
        target
        for target in survey.scheme.target
        if indicator in {target.id, target.indicator, target.name} and target.form != "text"
    ]
    if not targets:
        known = "、".join(f"{target.id} {target.name}" for target in survey.scheme.target)
        near = perhaps(indicator, (target.name for target in survey.scheme.target))
        raise UsageError(f"没有指标“{indicator}”{near}", todo=f"改用：{known}")
    subjects = _subjects(survey, subject)
    facts = survey.facts()
    found = [
        _explained(verdict, facts, survey.roster)
        for level, code in subjects
        for target in targets
        if (verdict := _verdict(survey, facts, target, level, code)) is not None
    ]
    if not found:
        raise UsageError(f"指标“{indicator}”不涉及“{subject}”", todo="换一个对象或指标")
    return tuple(found)


def _verdict(survey: Survey, facts: Facts, target: Target, level: str, code: str) -> Verdict | None:
    found = facts.verdict(level, code, target.id)
    if found is None and level == "member" == target.level:
        return judge_one(survey.roster, survey.scheme, survey.as_of, target, code)
    return found


def _subjects(survey: Survey, word: str) -> list[tuple[str, str]]:
    roster, area = survey.roster, survey.scheme.area
    found = [(str(area.level), area.code)] if word in {area.code, area.name, area.full} else []
    if area.level != "county":
        counties = {town.county_code: town.county for town in roster.towns}
        found += [("county", code) for code, name in counties.items() if word in {code, name}]
    found += [("town", town.code) for town in roster.towns if word in {town.code, town.name}]
    found += [
        ("village", village.code)
        for village in roster.villages
        if word in {village.code, village.name}
    ]
    found += [
        ("household", household.code)
        for household in roster.households
        if word in {household.code, household.head}
    ]
    found += [("unit", unit.name) for unit in roster.units if word == unit.name]
    found += [
        ("member", member.key) for member in roster.members if word in {member.key, member.name}
    ]
    if not found:
        names = [town.name for town in roster.towns]
        names += [village.name for village in roster.villages]
        names += [household.head for household in roster.households]
        near = perhaps(word, names)
        raise UsageError(
            f"名册里没有“{word}”{near}", todo="写镇街、村、单位的名称或代码，户写户主姓名或户编号"
        )
    return found


def _explained(verdict: Verdict, facts: Facts, roster: Roster) -> Explanation:
    return Explanation(
        verdict=verdict,
        operands=tuple(_operands(verdict, roster)),
        below=tuple(_rows(verdict, facts)),
    )


def _rows(verdict: Verdict, facts: Facts) -> list[Verdict]:
    level = verdict.target.level
    rows = [
        facts.verdict(level, code, verdict.target.id)
        for code in (*verdict.failing, *verdict.missing)
    ]
    return [row for row in rows if row is not None]


def _operands(verdict: Verdict, roster: Roster) -> list[Operand]:
    found = []
    for cell in verdict.evidence:
        row = roster.by_key[cell.table].get(cell.key)
        column = roster.tables[cell.table].column(cell.field)
        if row is not None and column is not None:
            found.append(
                Operand(
                    field=column.name,
                    value=row.value(cell.field),
                    unit=column.unit,
                    source=row.source(cell.field),
                )
            )
    return found
