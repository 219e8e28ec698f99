"""年度计划 and 通报: what each owes stands in it, in its period, and moves with the roster."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.model import PlannedDocument
from pipeline.render.filters import rounded
from tests.conftest import Sheet
from tests.papers.conftest import Office, found, marks, pdfs, spellings, words

PAPERS = {
    ("LZ-D14", "2014"): "lianzhou-2013",
    ("MZ-D19", "2016"): "mazhang-2016",
    ("HY-D04", "2018"): "heyuan-2016",
    ("MZ-D32", "2016"): "mazhang-2016",
    ("FT-D13", "2017"): "futian-2016",
    ("HD-D06", ""): "huadu-2016",
    ("LZ-D19", "2014Q3"): "lianzhou-2013",
    ("MZ-D42", "2016Q3"): "mazhang-2016",
    ("HY-X02", "2017Q2"): "heyuan-2016",
    ("LZ-D20", "2014-09"): "lianzhou-2013",
    ("LZ-D21", "2014Q3"): "lianzhou-2013",
    ("LZ-D23", "2014Q3"): "lianzhou-2013",
    ("MZ-D43", "2016Q3"): "mazhang-2016",
    ("FT-D20", "2017Q2"): "futian-2016",
    ("FT-D22", "2017"): "futian-2016",
    ("FT-D10", ""): "futian-2016",
}
_WORKS = (
    "construction.total.projects construction.total.money construction.below.name "
    "construction.below.projects "
    "construction.below.money construction.kinds.finished"
)
SHOWN = {
    "annual_plan": "exits.households exits.persons exits.before exits.left exits.left_persons "
    "causes agenda.aid agenda.payers.name agenda.payers.planned agenda.works.name "
    "agenda.works.total agenda.total helped.head helped.size helped.helpers.name "
    "helped.projects unit targets.name",
    "fund_plan": "money.name money.total money.shares money.instalments outlay",
    "unit_work_plan": "unit below causes helped.head helped.helpers.name helped.projects "
    "agenda.total agenda.works.name",
    "circular_quarterly": "progress.now.households progress.now.reached progress.now.reached_rate "
    "progress.now.spent progress.now.visits rankings.name rankings.rows.name rankings.rows.place "
    "rankings.rows.score rankings.rows.rates rankings.rows.reported.spent inspections.in_village "
    "construction.total.rate construction.below.name construction.below.money",
    "circular_progress": f"{_WORKS} progress.now.spent progress.now.allocated",
    "circular_criticise": "rankings.name rankings.items.name",
    "circular_commend": "rankings.name rankings.items.name",
    "exclusion_notice": "households.head households.in_village households.size totals.households",
    "briefing": "progress.now.reached progress.below.name progress.below.reached "
    "construction.total.projects construction.total.finished construction.total.money",
}
"""What each kind shows of its context, by path."""
REVIEW = "建档立卡核查结果"
Offices = Callable[[str], Office]


@pytest.fixture(scope="module")
def excluding(office: Offices, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Return 福田's office with two households found not to fit."""

    def edit(sheet: Sheet) -> None:
        for number in (2, 5):
            sheet.set(number, REVIEW, "不符合")

    into = tmp_path_factory.mktemp("excluding")
    return office("futian-2016").changed("02", "贫困户", edit, into)


@pytest.fixture(scope="module")
def made(
    office: Offices, excluding: Office
) -> dict[tuple[str, str], tuple[PlannedDocument, bytes]]:
    """Return the first paper of each rule and period, made."""
    papers = {
        (rule, period): paper_of(excluding if rule == "FT-D10" else office(scheme), rule, period)
        for (rule, period), scheme in PAPERS.items()
    }
    return dict(
        zip(papers, zip(papers.values(), pdfs(list(papers.values())), strict=True), strict=True)
    )


def paper_of(office: Office, rule: str, period: str) -> PlannedDocument:
    return next(paper for paper in office.planned(rule) if paper.period == period)


@pytest.mark.parametrize(("rule", "period"), PAPERS)
def test_a_paper_owes_nothing(
    made: dict[tuple[str, str], tuple[PlannedDocument, bytes]], rule: str, period: str
) -> None:
    paper, pdf = made[(rule, period)]
    assert paper.folder[0] == "内部"
    assert marks(paper, pdf) == []
    text = words(pdf)
    for owed in paper.kind.must:
        assert owed in text


@pytest.mark.parametrize(("rule", "period"), PAPERS)
def test_what_it_is_filled_with_stands_in_it(
    made: dict[tuple[str, str], tuple[PlannedDocument, bytes]], rule: str, period: str
) -> None:
    paper, pdf = made[(rule, period)]
    text = words(pdf)
    looked = 0
    for path in SHOWN[paper.kind.id].split():
        for value in found(paper.context, path.split(".")):
            assert any(said in text for said in spellings(value)), f"{path}: {value}"
            looked += 1
    assert looked > 1


def month(last: str) -> Callable[[Sheet], None]:
    """Return an edit that tells one household less reached and more money spent in a month."""

    def edit(sheet: Sheet) -> None:
        number = sheet.find("月份", last)
        sheet.set(number, "累计达标户数", int(str(sheet.get(number, "累计达标户数"))) + 1)
        sheet.set(number, "累计支出资金", int(str(sheet.get(number, "累计支出资金"))) + 12300)

    return edit


def cell(heading: str, value: object) -> Callable[[Sheet], None]:
    return lambda sheet: sheet.set(1, heading, value)


@pytest.mark.parametrize(
    ("rule", "period", "book", "sheet", "edit"),
    [
        ("LZ-D14", "2014", "02", "贫困户", cell("户主姓名", "新样名")),
        ("MZ-D32", "2016", "04", "资金", cell("计划金额", 7654300)),
        ("FT-D13", "2017", "02", "贫困户", cell("家庭人口数", 19)),
        ("HD-D06", "", "03", "帮扶责任人", cell("帮扶责任人", "新责任")),
        ("LZ-D19", "2014Q3", "04", "月度进度", month("2014-09")),
        ("HY-X02", "2017Q2", "04", "月度进度", month("2017-06")),
        ("LZ-D20", "2014-09", "03", "帮扶项目", cell("投入资金", 7654300)),
        ("LZ-D21", "2014Q3", "04", "月度进度", month("2014-09")),
        ("LZ-D23", "2014Q3", "04", "月度进度", month("2014-09")),
        ("FT-D22", "2017", "05", "产业台账", cell("带动户数", 99)),
    ],
)
def test_one_cell_changed_changes_the_paper(
    office: Offices,
    made: dict[tuple[str, str], tuple[PlannedDocument, bytes]],
    tmp_path: Path,
    rule: str,
    period: str,
    book: str,
    sheet: str,
    edit: Callable[[Sheet], None],
) -> None:
    paper, pdf = made[(rule, period)]
    changed = office(PAPERS[(rule, period)]).changed(book, sheet, edit, tmp_path)
    again = next(one for one in changed.planned(rule) if one.document == paper.document)
    assert again.context_digest != paper.context_digest
    assert words(pdfs([again])[0]) != words(pdf)


def test_a_quarter_tells_nothing_of_what_came_after(office: Offices, tmp_path: Path) -> None:
    lianzhou = office("lianzhou-2013")
    later = lianzhou.changed("04", "月度进度", month("2014-12"), tmp_path)
    for rule in ("LZ-D19", "LZ-D23", "LZ-D21"):
        before, after = paper_of(lianzhou, rule, "2014Q3"), paper_of(later, rule, "2014Q3")
        assert before.context_digest == after.context_digest
        assert (
            paper_of(lianzhou, rule, "2014Q4").context_digest
            != paper_of(later, rule, "2014Q4").context_digest
        )


def test_criticised_are_the_last_of_the_ranking_each_with_its_figures(
    made: dict[tuple[str, str], tuple[PlannedDocument, bytes]],
) -> None:
    for key in (("LZ-D23", "2014Q3"), ("FT-D20", "2017Q2"), ("LZ-D19", "2014Q3")):
        paper, pdf = made[key]
        text = words(pdf)
        for ranking in paper.context["rankings"]:
            rows = ranking["rows"]
            for cut in (one for one in ranking["lists"] if one["end"] == "bottom"):
                assert cut["names"]
                worst = [row for row in rows if cut["name"] in row["lists"]]
                assert min(row["place"] for row in worst) > len(rows) // 2
                for row in worst:
                    told = row["reported"]
                    assert f"{row['within']}{row['name']}" in text
                    assert f"第{row['place']}名" in text
                    assert (
                        f"占帮扶户{told['households']}户的{rounded(told['reached_rate'])}%" in text
                    )


def test_nobody_found_unfit_no_notice(office: Offices) -> None:
    assert list(office("futian-2016").planned("FT-D10")) == []


def test_the_worked_amounts_of_the_policy_come_out(
    made: dict[tuple[str, str], tuple[PlannedDocument, bytes]],
) -> None:
    paper, pdf = made[("FT-D13", "2017")]
    funds = {fund["id"]: fund for fund in paper.context["money"]}
    persons = int(funds["FT-F1"]["count"])
    assert [Decimal(one["amount"]) for one in funds["FT-F1"]["shares"]] == [
        persons * 20000 * Decimal(part) for part in ("0.6", "0.3", "0.1")
    ]
    text = words(pdf)
    assert "26×300＝7800万元" in text
    assert "2016年3900万元，2017年3900万元" in text


def test_a_plan_for_a_year_goes_on_with_what_the_last_one_left(office: Offices) -> None:
    for paper in office("lianzhou-2013").planned("LZ-D14"):
        if paper.period == "2015":
            agenda, exits = paper.context["agenda"], paper.context["exits"]
            assert all(row["carried"] == (row["start"] < "2015-01-01") for row in agenda["works"])
            assert exits["left"] == exits["households"] - exits["before"]
            assert len(paper.context["helped"]) == exits["left"]
    shares = {
        paper.period: paper.context["exits"] for paper in office("mazhang-2016").planned("MZ-D19")
    }
    assert shares["2016"]["percent"] == "40"


def test_only_the_periods_a_rule_names(office: Offices) -> None:
    assert [paper.period for paper in office("futian-2016").planned("FT-D13")] == ["2016", "2017"]
