"""Judge every target for every subject, from the rows up to the area."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from pipeline.facts.bench import Bench, statistics
from pipeline.facts.group import Group, counted, together
from pipeline.facts.judge import judge, relapse
from pipeline.facts.money import fund_figures, payments
from pipeline.facts.places import Row, levels, parents, subjects
from pipeline.facts.ranking import rankings
from pipeline.facts.series import months, quarters
from pipeline.facts.tally import tally
from pipeline.model import Facts, Outcome, Roster, Scheme, Subject, Target, Verdict

_Found = dict[tuple[str, str], dict[str, Verdict]]


def compute(roster: Roster, scheme: Scheme, as_of: date, earlier: Sequence[Facts] = ()) -> Facts:
    """Compute all facts of a roster on a day.

    Targets are judged in the order of their levels, so that a composite finds the groups of
    the level below. The first composite of households (脱贫) is what tallies count by.

    Args:
        roster: the rows.
        scheme: what is judged.
        as_of: the cut-off of the data.
        earlier: facts of earlier snapshots, for what has fallen back and for places before.
    """
    bench = Bench(
        roster=roster,
        scheme=scheme,
        as_of=as_of,
        earlier=tuple(earlier),
        series=statistics(roster),
    )
    found = _verdicts(bench)
    exits = exit_target(scheme)
    tallies = tally(roster, scheme, _exits(roster, exits, found))
    series = quarters(roster, scheme)
    return Facts(
        as_of=as_of,
        verdicts=found,
        tallies=tallies,
        funds=tuple(fund_figures(bench, found)),
        payments=payments(roster, scheme),
        series=series,
        months=months(roster, scheme),
        rankings=rankings(bench, series, found, earlier),
    )


def judge_one(
    roster: Roster, scheme: Scheme, as_of: date, target: Target, code: str
) -> Verdict | None:
    """Judge a target of a row form for one subject: also members, whose met ones aren't kept.

    Returns:
        None where the target does not speak of the subject.
    """
    bench = Bench(roster=roster, scheme=scheme, as_of=as_of, series=statistics(roster))
    for subject, record in subjects(target.level, roster, scheme):
        if subject.code == code and (record is None or record.fits(target.where)):
            return judge(target, record, subject, bench)
    return None


def exit_target(scheme: Scheme) -> Target | None:
    """Return the target that says whether a household is out of poverty: the first composite."""
    return next(
        (
            target
            for target in scheme.target
            if (target.level, target.form) == ("household", "composite")
        ),
        None,
    )


def _verdicts(bench: Bench) -> _Found:
    roster, scheme = bench.roster, bench.scheme
    order = levels(scheme)
    rows = {level: subjects(level, roster, scheme) for level in (*order, "unit")}
    up = {level: parents(level, roster, scheme) for level in order[:-1]}
    composed = {
        name for target in scheme.target for branch in target.branch for name in branch.all_of
    }
    found: _Found = defaultdict(dict)
    computed = [target for target in scheme.target if target.form != "text"]
    for target in sorted(computed, key=lambda target: _rank(target, order)):
        groups: dict[str, Group] = defaultdict(Group)
        above = up.get(target.level)
        for verdict in _own(target, rows[target.level], found, bench):
            code = verdict.subject.code
            if target.level != "member" or verdict.outcome in (Outcome.UNMET, Outcome.MISSING):
                found[(target.level, code)][target.id] = verdict
            if above is not None:
                groups[above.get(code, "")].add(verdict)
        if above is not None:
            for level in order[order.index(target.level) + 1 :]:
                # Millions of members: their households' groups are kept only where asked for.
                if level != "household" or target.id in composed:
                    for subject, _ in rows[level]:
                        verdict = _grouped(target, subject, groups)
                        found[(level, subject.code)][target.id] = verdict
                groups = _lifted(groups, up.get(level, {}))
    return dict(found)


def _rank(target: Target, order: Sequence[str]) -> tuple[int, bool]:
    """Order targets from the members up; composites and shares after what they are made of."""
    level = order.index(target.level) if target.level in order else len(order)
    return level, target.form in {"composite", "share", "relapse"}


def _grouped(target: Target, subject: Subject, groups: dict[str, Group]) -> Verdict:
    return groups.get(subject.code, Group()).judged(target, subject, target.share)


def _lifted(groups: Mapping[str, Group], above: Mapping[str, str]) -> dict[str, Group]:
    """Put the groups of a level together by the subject they lie in."""
    lifted: dict[str, Group] = defaultdict(Group)
    for code, group in groups.items():
        lifted[above.get(code, "")].merge(group)
    return lifted


def _own(target: Target, rows: Sequence[Row], found: _Found, bench: Bench) -> Iterator[Verdict]:
    """Judge the subjects of the target's own level."""
    for subject, record in rows:
        if record is not None and target.where and not record.fits(target.where):
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
            of = found[(target.level, subject.code)].get(target.of)
            if of is not None:
                share = bench.line(target) if target.parameter else target.share
                if share is not None:
                    yield counted(of).judged(target, subject, share)
        elif target.form == "relapse":
            now = found[(target.level, subject.code)].get(target.of)
            yield relapse(target, subject, now, bench)
        else:
            yield judge(target, record, subject, bench)


def _exits(roster: Roster, exits: Target | None, found: _Found) -> dict[str, Outcome]:
    verdicts = {
        household.code: found.get(("household", household.code), {}).get(exits.id if exits else "")
        for household in roster.households
    }
    return {
        code: verdict.outcome if verdict else Outcome.INAPPLICABLE
        for code, verdict in verdicts.items()
    }
