"""年度计划 and 通报: each tells of its period, and its lists and amounts are those of the rules."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.model import PlannedDocument
from pipeline.render.filters import rounded
from tests.conftest import Sheet
from tests.papers.conftest import Office, pdfs, words

PAPERS = {
    ("FT-D13", "2017"): "futian-2016",
    ("LZ-D19", "2014Q3"): "lianzhou-2013",
    ("LZ-D23", "2014Q3"): "lianzhou-2013",
    ("FT-D20", "2017Q2"): "futian-2016",
}
Offices = Callable[[str], Office]


@pytest.fixture(scope="module")
def made(
    office: Offices,
) -> dict[tuple[str, str], tuple[PlannedDocument, bytes]]:
    """Return the first paper of each rule and period, made."""
    papers = {
        (rule, period): paper_of(office(scheme), rule, period)
        for (rule, period), scheme in PAPERS.items()
    }
    return dict(
        zip(papers, zip(papers.values(), pdfs(list(papers.values())), strict=True), strict=True)
    )


def paper_of(office: Office, rule: str, period: str) -> PlannedDocument:
    return next(paper for paper in office.planned(rule) if paper.period == period)


def month(last: str) -> Callable[[Sheet], None]:
    """Return an edit that tells one household less reached and more money spent in a month."""

    def edit(sheet: Sheet) -> None:
        number = sheet.find("月份", last)
        sheet.set(number, "累计达标户数", int(str(sheet.get(number, "累计达标户数"))) + 1)
        sheet.set(number, "累计支出资金", int(str(sheet.get(number, "累计支出资金"))) + 12300)

    return edit


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
        for ranking in paper.context.get("lowest", paper.context.get("rankings", ())):
            rows, among = ranking["rows"], ranking.get("among", len(ranking["rows"]))
            for cut in (one for one in ranking["lists"] if one["end"] == "bottom"):
                assert cut["names"]
                worst = [row for row in rows if cut["name"] in row["lists"]]
                assert min(row["place"] for row in worst) > among // 2
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
    funds = {fund["name"]: fund for fund in paper.context["money"]}
    fund = funds["精准扶贫贫困人口帮扶资金"]
    persons = int(fund["count"])
    assert [Decimal(one["amount"]) for one in fund["shares"]] == [
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
