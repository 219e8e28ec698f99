"""公示: what is posted where, under whose name and for how long, and that it gives nobody away."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import render
from pipeline.config import BUILTIN, Workspace
from pipeline.model import PlannedDocument
from tests.conftest import Sheet
from tests.papers.conftest import Office, figures, marks, pdfs, words

NOTICES = {
    "HD-X01": "huadu-2016",
    "LZ-D07": "lianzhou-2013",
    "MZ-D08": "mazhang-2016",
    "HY-X01": "heyuan-2016",
    "MZ-D12": "mazhang-2016",
    "MZ-D16": "mazhang-2016",
    "MZ-D26": "mazhang-2016",
    "MZ-D34": "mazhang-2016",
    "MZ-D35": "mazhang-2016",
    "FT-D11": "futian-2016",
    "HY-D15": "heyuan-2016",
}
SECOND = ("HD-X02", "LZ-X02", "MZ-X02", "FT-X01", "HY-X04")
EXIT = ("HD-X03", "LZ-X03", "MZ-X03", "FT-X02", "HY-X05")
SCHEME_OF = {
    "HD": "huadu-2016",
    "LZ": "lianzhou-2013",
    "MZ": "mazhang-2016",
    "FT": "futian-2016",
    "HY": "heyuan-2016",
}
SEALS = {
    "HD-X01": ("{village}村民委员会", "（村委会印章处）"),
    "LZ-D07": ("{town}人民政府", "（印章处）"),
    "MZ-D08": ("{village}驻村工作队", "（居委会印章处）"),
    "HY-X01": ("{village}村民委员会", "（村委会印章处）"),
    "MZ-D12": ("湛江市麻章区扶贫开发领导小组办公室", "（印章处）"),
    "MZ-D26": ("{town}人民政府", "（印章处）"),
    "FT-D11": ("{village}村民委员会", "（村委会印章处）"),
    "HY-D15": ("{town}驻镇帮扶工作组", "（印章处或者负责人签名）"),
}
Offices = Callable[[str], Office]
Made = dict[str, tuple[PlannedDocument, bytes]]


def first(office: Offices, rule: str) -> PlannedDocument:
    """Return the first paper of a rule."""
    return next(office(SCHEME_OF[rule[:2]]).planned(rule))


def phones(paper: PlannedDocument) -> tuple[str, ...]:
    return tuple(str(row["phone"]) for row in paper.context["channels"])


@pytest.fixture(scope="module")
def notices(office: Offices) -> Made:
    """Return the first notice of each rule, made."""
    papers = [first(office, rule) for rule in NOTICES]
    return dict(zip(NOTICES, zip(papers, pdfs(papers), strict=True), strict=True))


@pytest.mark.parametrize("rule", NOTICES)
def test_whatever_a_notice_is_filled_with_stands_in_it(notices: Made, rule: str) -> None:
    paper, pdf = notices[rule]
    text, context = words(pdf), paper.context
    assert context["channels"]
    shown = ("households", "channels", "sorts", "built", "payers", "places", "listed", "staff")
    for part in shown:
        for said in figures(context.get(part, [])):
            if not said.startswith("20"):  # days, told in words
                assert said in text
    for row in (*context.get("each_village", ()), *context.get("below", ())):
        assert row["name"] in text
        assert str(row.get("persons", "")) in text
    for stage in context.get("publicity", {}).get("stages", ()):
        assert stage in text


@pytest.mark.parametrize("rule", NOTICES)
def test_a_notice_names_heads_and_numbers_only(office: Offices, notices: Made, rule: str) -> None:
    text = words(notices[rule][1])
    roster = office(NOTICES[rule]).roster
    for member in roster.members:
        assert member.id_no not in text
    for household in roster.households:
        assert not household.phone or household.phone not in text
        for income in (household.disposable, household.net_income):
            assert income is None or f"{income:.2f}" not in text
    for row in notices[rule][0].context.get("households", ()):
        assert set(row) <= {"group", "head", "size", "responsible", "responsible_unit"}


@pytest.mark.parametrize("rule", NOTICES)
def test_a_notice_shows_none_of_the_marks_of_the_scheme_file(notices: Made, rule: str) -> None:
    assert not re.findall(r"[A-Z]+-[A-Z]*\d+", words(notices[rule][1]))


@pytest.mark.parametrize("rule", SEALS)
def test_each_notice_is_sealed_by_the_organ_that_issues_it(notices: Made, rule: str) -> None:
    paper, pdf = notices[rule]
    subject = paper.context["subject"]
    names: dict[str, str] = {"town": subject.get("town", ""), paper.subject.level: subject["name"]}
    issuer, seal = (said.format_map(names) for said in SEALS[rule])
    text = words(pdf)
    assert issuer in text
    assert seal in text
    assert ("村委会印章处" in text) == seal.startswith("（村委会")


@pytest.mark.parametrize("rule", [rule for rule in NOTICES if rule not in ("MZ-D16", "MZ-D26")])
def test_a_notice_is_posted_as_long_as_the_scheme_says(notices: Made, rule: str) -> None:
    paper, pdf = notices[rule]
    if "publicity" in paper.context:
        assert paper.context["publicity"]["days"] == 7
        assert "共7天，首日计入" in words(pdf)


def test_the_last_day_is_counted_from_the_day_of_issue(notices: Made) -> None:
    paper, _ = notices["MZ-D08"]
    context = copy.deepcopy(paper.context)
    context["issue"] = {"day": "2016-02-25", "number": "", "corrects": ""}
    roots = Workspace(BUILTIN).template_roots("html")
    text = words(render.render_html(roots, paper.kind.id, context))
    assert "自2016年2月25日至2016年3月2日，共7天" in text


def test_responsible_persons_and_relief_recipients_are_two_notices(notices: Made) -> None:
    every, relief = notices["MZ-D16"][0], notices["MZ-D26"][0]
    assert relief.document == every.document.replace("longterm/", "longterm.relief/")
    helped = [row for row in every.context["households"] if row["responsible"]]
    assert helped
    assert all(row["responsible"] in words(notices["MZ-D16"][1]) for row in helped)
    assert "帮扶责任人" not in words(notices["MZ-D26"][1])
    assert 0 < relief.context["listed"]["households"] < every.context["listed"]["households"]


def test_sums_of_projects_and_money_agree(office: Offices, notices: Made) -> None:
    for rule in ("MZ-D34", "FT-D11", "HY-D15"):
        context = notices[rule][0].context
        results = context["results"]
        for part in ("sorts", "each_village"):
            assert sum(row["projects"] for row in context[part]) == results["projects"]
        for name in ("planned", "allocated", "spent"):
            for part in ("payers", "each_village"):
                assert sum(float(row[name]) for row in context[part]) == float(results[name])
        assert sum(float(row["total"]) for row in context["sorts"]) == float(results["invested"])


@pytest.mark.parametrize("rule", SECOND)
def test_a_second_round_is_there_when_switched_on(office: Offices, rule: str) -> None:
    scheme = office(SCHEME_OF[rule[:2]]).scheme
    assert not next(one for one in scheme.document if one.id == rule).made
    paper = first(office, rule)
    assert paper.document.startswith("publicity_household.second/")
    assert paper.context["publicity"]["stage"] == "第二次公示"
    issuer = paper.context["document"]["issuer"]
    assert issuer.endswith("街道办事处" if "街道" in issuer else "镇人民政府")


@pytest.mark.parametrize("rule", EXIT)
def test_nobody_is_to_leave_so_no_notice_says_so(office: Offices, rule: str) -> None:
    scheme = office(SCHEME_OF[rule[:2]]).scheme
    assert not next(one for one in scheme.document if one.id == rule).made
    assert list(office(SCHEME_OF[rule[:2]]).planned(rule)) == []


def test_who_is_to_leave_is_named_where_the_roster_says_so(office: Offices, tmp_path: Path) -> None:
    huadu = office("huadu-2016")
    code = huadu.roster.villages[0].code
    leaving, staying = huadu.roster.households_of[code][:2]

    def edit(sheet: Sheet) -> None:
        column = sheet.sheet.max_column + 1
        sheet.sheet.cell(sheet.head, column).value = "脱贫标志"
        sheet.sheet.cell(sheet.head + sheet.find("户编号", leaving.code), column).value = "预脱贫"

    after = huadu.changed("02", "贫困户", edit, tmp_path)
    (paper,) = after.planned("HD-X03")
    (pdf,) = pdfs([paper])
    assert marks(paper, pdf, phones(paper)) == []
    text = words(pdf)
    assert leaving.head in text
    assert staying.head not in text
    assert f"拟退出1户、{leaving.size}人" in text
