"""验收: what each paper owes stands in it, as the roster has it, and moves with the roster."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.model import Outcome, PlannedDocument
from tests.conftest import Sheet
from tests.papers.conftest import Office, found, marks, pdfs, spellings, words

PAPERS = {
    "HD-D24": "huadu-2016",
    "HD-D25": "huadu-2016",
    "HD-D25Z": "huadu-2016",
    "LZ-D33": "lianzhou-2013",
    "MZ-D25": "mazhang-2016",
    "MZ-D40": "mazhang-2016",
    "MZ-D47": "mazhang-2016",
    "MZ-D48": "mazhang-2016",
    "MZ-D54": "mazhang-2016",
    "MZ-D57": "mazhang-2016",
    "FT-D12": "futian-2016",
    "HY-D23": "heyuan-2016",
    "HY-D24": "heyuan-2016",
    "HY-D25": "heyuan-2016",
    "HY-D31": "heyuan-2016",
}
"""Every paper of the family that we make or prefill."""
SHOWN = {
    "acceptance_notice": "totals below targets.name targets.total document.clauses document.issuer",
    "acceptance_report": "totals.households totals.met households.head households.disposable "
    "targets.name failing.head projects.name funds.planned conclusion",
    "acceptance_overview": "totals.villages totals.households totals.met conclusions.met "
    "below.name below.households below.met each_village.name each_village.conclusion "
    "unpassed.name unpassed.town targets.name funds.spent",
    "annual_assessment": "totals.households totals.met rankings.name rankings.rows.name "
    "rankings.rows.score rankings.rows.place targets.name document.clauses",
    "exit_determination": "households.head households.size households.disposable criteria.name "
    "criteria.outcome criteria.value criteria.line criteria.cells "
    "conclusion document.signers.organ",
    "house_completion": "houses.grade houses.task_year houses.subsidy houses.completed_on "
    "houses.accepted_on targets.name targets.outcome document.signers.organ",
    "performance_evaluation": "totals.households totals.met causes.cause targets.name failing.head "
    "projects.name projects.total funds.allocated conclusion document.clauses",
    "project_acceptance": "projects.name projects.content projects.total projects.start "
    "projects.end projects.status funds.spent totals.households document.clauses",
    "third_party_evaluation": "totals.villages totals.households below.name below.households "
    "each_village.name each_village.persons targets.name document.clauses",
}
"""What each kind shows of its context, by path."""
Offices = Callable[[str], Office]
Made = dict[str, tuple[PlannedDocument, bytes]]


@pytest.fixture(scope="module")
def made(office: Offices) -> Made:
    """Return the paper of each rule that has most to tell, made."""
    papers = [
        max(office(scheme).planned(rule), key=lambda one: len(str(one.context)))
        for rule, scheme in PAPERS.items()
    ]
    return dict(zip(PAPERS, zip(papers, pdfs(papers), strict=True), strict=True))


@pytest.mark.parametrize("rule", PAPERS)
def test_a_paper_owes_nothing(made: Made, rule: str) -> None:
    paper, pdf = made[rule]
    phones = tuple(str(one["phone"]) for one in paper.context.get("channels", ()))
    assert paper.folder[0] == "内部"
    assert marks(paper, pdf, phones) == []
    text = words(pdf)
    for owed in paper.kind.must:
        assert owed in text


@pytest.mark.parametrize("rule", PAPERS)
def test_what_it_is_filled_with_stands_in_it(made: Made, rule: str) -> None:
    paper, pdf = made[rule]
    text = words(pdf)
    looked = 0
    for path in SHOWN[paper.kind.id].split():
        for value in found(paper.context, path.split(".")):
            assert any(said in text for said in spellings(value)), f"{path}: {value}"
            looked += 1
    assert looked > 5


def cell(heading: str, value: object) -> Callable[[Sheet], None]:
    return lambda sheet: sheet.set(1, heading, value)


def relabelled(sheet: Sheet) -> None:
    """Tell of the first household the other kind of labour."""
    was = sheet.get(1, "有/无劳动力")
    sheet.set(1, "有/无劳动力", "无" if was == "有" else "有")


def poorer(sheet: Sheet) -> None:
    """Take nearly all income from every household."""
    for number in range(1, 61):
        sheet.set(number, "年可支配收入", 12)
        sheet.set(number, "家庭年纯收入", 12)


@pytest.mark.parametrize(
    ("rule", "book", "sheet", "edit"),
    [
        ("HD-D24", "02", "贫困户", relabelled),
        ("HD-D25", "02", "贫困户", poorer),
        ("HD-D25Z", "02", "贫困户", poorer),
        ("LZ-D33", "05", "危房改造台账", cell("改造补助", 76543)),
        ("MZ-D25", "02", "贫困户", poorer),
        ("MZ-D40", "02", "贫困户", poorer),
        ("MZ-D47", "02", "贫困户", poorer),
        ("MZ-D48", "02", "贫困户", poorer),
        ("HY-D23", "02", "贫困户", poorer),
        ("HY-D24", "02", "贫困户", poorer),
        ("FT-D12", "02", "贫困户", poorer),
    ],
)
def test_what_changes_in_the_roster_changes_the_paper(
    office: Offices, made: Made, tmp_path: Path,
    rule: str, book: str, sheet: str, edit: Callable[[Sheet], None],
) -> None:  # fmt: skip
    paper, pdf = made[rule]
    changed = office(PAPERS[rule]).changed(book, sheet, edit, tmp_path)
    again = next(one for one in changed.planned(rule) if one.document == paper.document)
    assert words(pdfs([again])[0]) != words(pdf)


@pytest.mark.parametrize(
    ("rule", "sheet", "key", "heading"),
    [
        ("MZ-D54", "危房改造台账", "户编号", "改造补助"),
        ("HY-D25", "危房改造台账", "户编号", "改造补助"),
        ("MZ-D57", "帮扶项目", "项目名称", "投入资金"),
        ("HY-D31", "帮扶项目", "项目名称", "投入资金"),
    ],
)
def test_a_row_of_its_own_changed_changes_the_paper(
    office: Offices, made: Made, tmp_path: Path, rule: str, sheet: str, key: str, heading: str
) -> None:
    paper, pdf = made[rule]
    own = paper.subject.code if key == "户编号" else paper.context["projects"][0]["name"]
    book = "05" if key == "户编号" else "03"

    def edit(rows: Sheet) -> None:
        rows.set(rows.find(key, own), heading, 76543)

    again = next(
        one
        for one in office(PAPERS[rule]).changed(book, sheet, edit, tmp_path).planned(rule)
        if one.document == paper.document
    )
    assert "76543" in words(pdfs([again])[0])
    assert "76543" not in words(pdf)


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


def test_a_form_for_the_third_party_is_marked_and_has_no_results(made: Made) -> None:
    paper, pdf = made["MZ-D47"]
    assert paper.context["document"]["prefilled"]
    assert "预填稿" in words(pdf)
    assert "结论" not in words(pdf)


@pytest.mark.parametrize(
    ("scheme", "rule"), [("lianzhou-2013", "LZ-D28"), ("futian-2016", "FT-D19")]
)
def test_what_others_issue_is_not_made(office: Offices, scheme: str, rule: str) -> None:
    assert list(office(scheme).planned(rule)) == []
