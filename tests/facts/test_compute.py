"""Hand calculations from the rows, against what the facts say."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

from pipeline.facts import compute
from pipeline.model import Branch, Facts, Outcome, Roster, Scheme, Target
from tests.conftest import AS_OF, World


def judged(small: World, **more: object) -> tuple[Scheme, Roster, Facts]:
    scheme = dataclasses.replace(small.scheme(), **more)
    roster = small.roster()
    return scheme, roster, compute(roster, scheme, AS_OF)


def with_household(roster: Roster, number: int, **values: object) -> Roster:
    rows = list(roster.households)
    rows[number] = dataclasses.replace(rows[number], **values)  # type: ignore[arg-type]
    return dataclasses.replace(roster, households=tuple(rows))


def test_incomes_per_head_are_compared_unrounded(small: World) -> None:
    scheme, roster, _ = judged(small)
    first = next(n for n, row in enumerate(roster.households) if row.labour == "有")
    people = len(roster.members_of[roster.households[first].code])
    for short, outcome in ((Decimal("0.004"), Outcome.UNMET), (Decimal(0), Outcome.MET)):
        changed = with_household(roster, first, disposable=10000 * people - short)
        facts = compute(changed, scheme, AS_OF)
        code = roster.households[first].code
        for target in ("HD-T1", "HD-T3", "HD-H17"):
            verdict = facts.verdict("household", code, target)
            assert verdict is not None
            assert verdict.outcome is outcome, target


def test_the_counts_of_every_village_are_those_of_a_hand_calculation(small: World) -> None:
    _, roster, facts = judged(small)
    for village in roster.villages:
        households = roster.households_of.get(village.code, ())
        met = 0
        for household in households:
            people = len(roster.members_of[household.code])
            income = household.disposable if household.labour == "有" else household.net_income
            assert income is not None
            met += income >= 10000 * people
        verdict = facts.verdict("village", village.code, "HD-H17")
        assert verdict is not None
        assert (verdict.value, verdict.total) == (met, len(households))
        assert facts.tallies[("village", village.code)]["met"] == met
        assert len(verdict.failing) == len(households) - met


def test_a_weak_village_is_topped_up_and_others_are_only_shown(small: World) -> None:
    _, roster, facts = judged(small)
    seen = set()
    for village in roster.villages:
        verdict = facts.verdict("village", village.code, "HD-T2")
        assert verdict is not None
        assert village.collective_income is not None
        assert verdict.own == village.collective_income
        if village.weak:
            short = max(Decimal(0), 300000 - village.collective_income)
            assert (verdict.outcome, verdict.top_up) == (Outcome.MET, short)
        else:
            assert (verdict.outcome, verdict.top_up) == (Outcome.INAPPLICABLE, None)
        seen.add(village.weak)
    assert seen == {True, False}


def test_a_missing_figure_is_missing_and_never_unmet(small: World) -> None:
    scheme, roster, _ = judged(small)
    facts = compute(with_household(roster, 0, disposable=None, net_income=None), scheme, AS_OF)
    household = roster.households[0]
    for target in ("HD-T1", "HD-H17"):
        verdict = facts.verdict("household", household.code, target)
        assert verdict is not None
        assert verdict.outcome is Outcome.MISSING
    village = facts.verdict("village", household.village_code, "HD-H17")
    assert village is not None
    assert household.code in village.missing


def test_the_day_itself_is_in_time_and_the_next_is_not(small: World) -> None:
    scheme, roster, _ = judged(small)
    code = roster.households[0].code
    for day, outcome in (
        (AS_OF, Outcome.MET),
        (AS_OF.replace(month=11, day=1), Outcome.UNMET),
        (None, Outcome.MISSING),
    ):
        facts = compute(with_household(roster, 0, reached_on=day), scheme, AS_OF)
        verdict = facts.verdict("household", code, "HD-T6")
        assert verdict is not None
        assert verdict.outcome is outcome


def test_an_empty_denominator_is_inapplicable_not_a_hundred_percent(small: World) -> None:
    scheme, roster, _ = judged(small)
    bare = dataclasses.replace(roster, households=(), members=(), helpers=())
    facts = compute(bare, scheme, AS_OF)
    verdict = facts.verdict("county", scheme.area.code, "HD-T14")
    assert verdict is not None
    assert verdict.outcome is Outcome.INAPPLICABLE


def test_a_share_is_rounded_up_to_whole_households(small: World) -> None:
    share = Target(
        id="X",
        indicator="C01",
        name="四成",
        level="county",
        form="share",
        of="HD-H17",
        share=Decimal("0.41"),
        source="test",
    )
    _, _, facts = judged(small, target=(*small.scheme().target, share))
    verdict = facts.verdict("county", "440114", "X")
    assert verdict is not None
    assert (verdict.total, verdict.threshold) == (30, 13)


def test_a_hedged_part_is_carried_along_but_does_not_decide(small: World) -> None:
    scheme = small.scheme()
    composite = Target(
        id="X",
        indicator="H17",
        name="合",
        level="household",
        form="composite",
        source="test",
        branch=(Branch(all_of=("HD-T3", "HD-T9")),),
    )
    hard = scheme.target_of("HD-T3")
    failing = [
        row
        for row in small.roster().households
        if (v := compute(small.roster(), scheme, AS_OF).verdict("household", row.code, "HD-T3"))
        and v.outcome is Outcome.UNMET
    ][:1]
    _, roster, facts = judged(small, target=(*scheme.target, composite))
    assert hard.hedge == "基本"
    for row in failing:
        verdict = facts.verdict("household", row.code, "X")
        assert verdict is not None
        assert verdict.outcome is (
            Outcome.MET if roster.helpers_of.get(row.code) else Outcome.UNMET
        )


def test_the_evidence_leads_to_the_cells(small: World) -> None:
    _, roster, facts = judged(small)
    household = roster.households[4]
    verdict = facts.verdict("household", household.code, "HD-T1")
    assert verdict is not None
    cells = [roster.by_key[cell.table][cell.key].source(cell.field) for cell in verdict.evidence]
    assert {cell.row for cell in cells} == {household.row}
    assert all(cell.column for cell in cells)
