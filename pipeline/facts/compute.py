"""Judge every target for every subject, from the rows up to the county."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date

from pipeline.facts.group import group, together
from pipeline.facts.judge import Bench, judge
from pipeline.facts.tally import tally
from pipeline.model import (
    Facts,
    Household,
    Member,
    Outcome,
    Record,
    Roster,
    Scheme,
    Subject,
    Target,
    Verdict,
    Village,
)

_LEVELS = ("member", "household", "village", "town", "county")
_Found = dict[tuple[str, str], dict[str, Verdict]]


def compute(roster: Roster, scheme: Scheme, as_of: date) -> Facts:
    """Compute all facts of a roster on a day.

    Targets are judged in the order of their levels, so that a composite finds the groups of
    the level below. The first composite of households (脱贫) is what tallies count by.
    """
    bench = Bench(roster=roster, scheme=scheme, as_of=as_of)
    rows = {level: list(_subjects(level, roster, scheme)) for level in _LEVELS}
    parents = _parents(roster, scheme)
    found: _Found = defaultdict(dict)
    for target in sorted(scheme.target, key=lambda target: _LEVELS.index(target.level)):
        if target.form == "text":
            continue
        own = list(_own(target, rows[target.level], found, bench, parents))
        for verdict in own:
            found[(target.level, verdict.subject.code)][target.id] = verdict
        for level in _LEVELS[max(2, _LEVELS.index(target.level) + 1) :]:
            for subject, below in _gather(own, level, rows[level], parents):
                found[(level, subject.code)][target.id] = group(target, subject, below)
    exits = next(
        (
            target
            for target in scheme.target
            if (target.level, target.form) == ("household", "composite")
        ),
        None,
    )
    return Facts(
        as_of=as_of,
        verdicts=dict(found),
        tallies=tally(roster, scheme, _exits(roster, exits, found)),
    )


def _own(
    target: Target,
    rows: list[tuple[Subject, Record | None]],
    found: _Found,
    bench: Bench,
    parents: Callable[[str, str, str], str],
) -> Iterator[Verdict]:
    """Judge the subjects of the target's own level."""
    for subject, record in rows:
        if record is not None and not record.fits(target.where):
            continue
        if target.form == "composite":
            branch = next(
                (branch for branch in target.branch if record is None or record.fits(branch.where)),
                None,
            )
            known = found[(target.level, subject.code)]
            parts = [known[name] for name in (branch.all_of if branch else ()) if name in known]
            yield together(target, subject, parts)
        elif target.form == "share":
            known = found[(target.level, subject.code)]
            of = known.get(target.of)
            if of is not None:
                yield _share(target, subject, of)
        elif record is not None:
            yield judge(target, record, subject, bench)


def _share(target: Target, subject: Subject, of: Verdict) -> Verdict:
    """Judge a share of the group verdict another target already has for this subject."""
    below = [
        *(_stand_in(of, code, Outcome.UNMET) for code in of.failing),
        *(_stand_in(of, code, Outcome.MISSING) for code in of.missing),
        *(_stand_in(of, "", Outcome.MET) for _ in range(int(str(of.value or 0)))),
    ]
    return group(target, subject, below)


def _stand_in(of: Verdict, code: str, outcome: Outcome) -> Verdict:
    return Verdict(
        target=of.target, subject=Subject(level="household", code=code, name=""), outcome=outcome
    )


def _gather(
    verdicts: list[Verdict],
    level: str,
    rows: list[tuple[Subject, Record | None]],
    parents: Callable[[str, str, str], str],
) -> Iterator[tuple[Subject, list[Verdict]]]:
    below: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        below[parents(verdict.subject.level, verdict.subject.code, level)].append(verdict)
    for subject, _ in rows:
        yield subject, below.get(subject.code, [])


def _parents(roster: Roster, scheme: Scheme) -> Callable[[str, str, str], str]:
    """Return a function (level, code, upper level) → code of the upper subject."""
    household_of = {member.key: member.household_code for member in roster.members}

    def climb(level: str, code: str, upper: str) -> str:
        if level == "member":
            level, code = "household", household_of[code]
        if level == "household" and upper != level:
            household = roster.household.get(code)
            level, code = "village", household.village_code if household else ""
        if level == "village" and upper != level:
            village = roster.village.get(code)
            level, code = "town", village.town_code if village else ""
        return scheme.area.code if upper == "county" else code

    return climb


def _subjects(
    level: str, roster: Roster, scheme: Scheme
) -> Iterator[tuple[Subject, Record | None]]:
    if level == "county":
        yield Subject(level="county", code=scheme.area.code, name=scheme.area.name), None
        return
    tables: dict[str, tuple[Record, ...]] = {
        "member": roster.members,
        "household": roster.households,
        "village": roster.villages,
        "town": roster.towns,
    }
    for record in tables[level]:
        yield _subject(level, record), record


def _subject(level: str, record: Record) -> Subject:
    if isinstance(record, Member):
        return Subject(level="member", code=record.key, name=record.name)
    if isinstance(record, Household):
        return Subject(level="household", code=record.code, name=record.head)
    if isinstance(record, Village):
        return Subject(level="village", code=record.code, name=record.name)
    return Subject(level="town", code=str(record.value("code")), name=str(record.value("name")))


def _exits(roster: Roster, exits: Target | None, found: _Found) -> dict[str, Verdict]:
    if exits is None:
        exits = Target(id="", indicator="", name="", level="household", form="text", source="")
    return {
        household.code: found.get(("household", household.code), {}).get(exits.id)
        or Verdict(
            target=exits,
            subject=_subject("household", household),
            outcome=Outcome.INAPPLICABLE,
        )
        for household in roster.households
    }
