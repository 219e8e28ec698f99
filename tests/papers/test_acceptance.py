"""验收: what is counted adds up, who decides is who signs, and what others issue isn't made."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.model import Outcome
from tests.papers.conftest import Office, pdfs, words

PAPERS = {
    "MZ-D40": "mazhang-2016",
    "MZ-D54": "mazhang-2016",
    "FT-D12": "futian-2016",
    "HY-D24": "heyuan-2016",
    "HY-D25": "heyuan-2016",
}
Offices = Callable[[str], Office]


def test_villages_that_pass_and_fail_add_up(office: Offices) -> None:
    (paper,) = office("huadu-2016").planned("HD-D25Z")
    context = paper.context
    counted = context["conclusions"]
    assert sum(counted.values()) == context["totals"]["villages"]
    assert len(context["unpassed"]) == counted["unmet"] + counted["missing"] > 0
    for town in ("villages_met", "villages_unmet"):
        name = town.removeprefix("villages_")
        assert sum(row[town] for row in context["below"]) == counted[name]
    for village in context["unpassed"]:
        assert village["facts"], f"{village['name']} fails without a fact"
        assert all(one["outcome"] != Outcome.MET.value for one in village["facts"])


@pytest.mark.parametrize("rule", ["MZ-D40", "FT-D12", "HY-D24"])
def test_an_exit_is_decided_by_what_the_form_lists(office: Offices, rule: str) -> None:
    seen = set()
    for paper in office(PAPERS[rule]).planned(rule):
        outcomes = {one["outcome"] for one in paper.context["criteria"]} - {"不适用"}
        passed = outcomes == {Outcome.MET.value}
        assert (paper.context["conclusion"] == Outcome.MET.value) is passed
        assert all(one["cells"] for one in paper.context["criteria"])
        seen.add(passed)
    assert seen == {True, False}


@pytest.mark.parametrize(("rule", "count"), [("MZ-D54", 8), ("HY-D25", 6)])
def test_only_households_whose_house_is_rebuilt_get_the_form(
    office: Offices, rule: str, count: int
) -> None:
    here = office(PAPERS[rule])
    codes = {str(row.value("household_code")) for row in here.roster.rows("houses")}
    assert {paper.subject.code for paper in here.planned(rule)} == codes
    assert len(codes) == count


def test_a_yearly_assessment_is_of_the_year_of_the_roster_only(office: Offices) -> None:
    assert [paper.period for paper in office("heyuan-2016").planned("HY-D23")] == ["2018"]


def test_a_form_for_the_third_party_is_marked_and_has_no_results(office: Offices) -> None:
    (paper,) = office("mazhang-2016").planned("MZ-D47")
    (pdf,) = pdfs([paper])
    assert paper.context["document"]["prefilled"]
    assert "预填稿" in words(pdf)
    assert "结论" not in words(pdf)


@pytest.mark.parametrize(
    ("scheme", "rule"), [("lianzhou-2013", "LZ-D28"), ("futian-2016", "FT-D19")]
)
def test_what_others_issue_is_not_made(office: Offices, scheme: str, rule: str) -> None:
    assert list(office(scheme).planned(rule)) == []
