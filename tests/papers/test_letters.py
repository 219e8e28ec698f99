"""责任书: who signs with whom, which targets bind, and that the villages add up to their town."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.model import PlannedDocument
from tests.conftest import Sheet
from tests.papers.conftest import Office, figures, marks, pdfs, words

LETTERS = {
    "HD-D02": "huadu-2016",
    "LZ-X01": "lianzhou-2013",
    "MZ-D36": "mazhang-2016",
    "MZ-D36V": "mazhang-2016",
    "MZ-X01": "mazhang-2016",
    "FT-D02": "futian-2016",
    "HY-X03": "heyuan-2016",
}
OFF = {"LZ-X01", "MZ-X01", "HY-X03"}
PARTIES = {
    "HD-D02": ("中共广州市花都区委员会", "{town}办事处"),
    "LZ-X01": ("中共连州市委员会", "中共{town}委员会"),
    "MZ-D36": ("湛江市麻章区人民政府", "{town}人民政府"),
    "MZ-D36V": ("中共{town}委员会", "{village}居民委员会"),
    "MZ-X01": ("中共湛江市麻章区委员会", "{unit}"),
    "FT-D02": ("深圳市福田区人民政府", "{unit}"),
    "HY-X03": ("中共源城区委员会", "{town}办事处"),
}
Offices = Callable[[str], Office]


@pytest.fixture(scope="module")
def letters(office: Offices) -> dict[str, tuple[PlannedDocument, bytes]]:
    """Return the first letter of each rule, made."""
    chosen = {rule: next(office(scheme).planned(rule)) for rule, scheme in LETTERS.items()}
    return {
        rule: (paper, pdf)
        for (rule, paper), pdf in zip(chosen.items(), pdfs(list(chosen.values())), strict=True)
    }


@pytest.mark.parametrize("rule", LETTERS)
def test_a_letter_may_leave_the_house_and_owes_nothing(
    letters: dict[str, tuple[PlannedDocument, bytes]], rule: str
) -> None:
    paper, pdf = letters[rule]
    assert marks(paper, pdf) == []
    text = words(pdf)
    for owed in paper.kind.must:
        assert owed in text
    assert ("系统默认生成" in text) == (paper.rule.status == "extra")


@pytest.mark.parametrize("rule", LETTERS)
def test_whatever_a_letter_is_filled_with_stands_in_it(
    letters: dict[str, tuple[PlannedDocument, bytes]], rule: str
) -> None:
    paper, pdf = letters[rule]
    text, context = words(pdf), paper.context
    assert len(context["targets"]) >= 7
    for target in context["targets"]:
        for said in (target["name"], target["scope"], target["percent"], target["reference"]):
            assert (said or "") in text
        if target["total"] is not None:
            assert f"{target['total']}{target['counter']}" in text
    for part in ("clauses", "signers", "notes"):
        for said in figures(context["document"][part]):
            assert said in text or said in {"甲方", "乙方"}
    assert f"贫困户{context['totals']['households']}户、{context['totals']['persons']}人" in text
    for step in context["steps"]:
        assert f"{step['percent']}%{step['households']}" in text
    assert "0.45" not in text
    assert "经济薄弱村0" not in text
    assert "None" not in text


@pytest.mark.parametrize("rule", LETTERS)
def test_the_parties_are_those_of_the_level(
    letters: dict[str, tuple[PlannedDocument, bytes]], rule: str
) -> None:
    paper, pdf = letters[rule]
    level = paper.subject.level
    names: dict[str, str] = {level: paper.subject.name, "town": paper.context["subject"]["town"]}
    first, second = (party.format_map(names) for party in PARTIES[rule])
    head = words(pdf).split("责任期限", maxsplit=1)[0]
    giving, taking = head.split("甲方：")[1].split("乙方：")
    assert first in giving
    assert second in taking


def test_only_what_the_policy_asks_for_is_on_by_default(office: Offices) -> None:
    for rule, scheme in LETTERS.items():
        made = {one.id: one.made for one in office(scheme).scheme.document}
        assert made[rule] == (rule not in OFF)


@pytest.mark.parametrize("rule", ["HD-D02", "MZ-D36", "MZ-X01", "FT-D02", "HY-X03"])
def test_the_villages_of_every_letter_add_up(office: Offices, rule: str) -> None:
    for paper in office(LETTERS[rule]).planned(rule):
        villages, totals = paper.context["each_village"], paper.context["totals"]
        assert len(villages) == totals["villages"]
        for name in ("households", "persons", "with_labour", "without_labour"):
            assert sum(village[name] for village in villages) == totals[name]
        for number, step in enumerate(paper.context["steps"]):
            assert sum(village["steps"][number] for village in villages) == step["households"]
            for village in villages:
                assert 0 <= village["steps"][number] <= village["households"]


def test_a_villages_letter_has_its_part_of_the_towns_number(office: Offices) -> None:
    mazhang = office("mazhang-2016")
    villages = {
        paper.subject.name: [step["households"] for step in paper.context["steps"]]
        for paper in mazhang.planned("MZ-D36V")
    }
    for paper in mazhang.planned("MZ-D36"):
        steps = paper.context["steps"]
        assert [step["percent"] for step in steps] == ["40", "80", "100"]
        assert steps[-1]["households"] == paper.context["totals"]["households"]
        for village in paper.context["each_village"]:
            assert village["steps"] == villages[village["name"]]


def test_a_letter_covers_the_whole_term_of_its_scheme(
    letters: dict[str, tuple[PlannedDocument, bytes]],
) -> None:
    text = words(letters["MZ-D36"][1])
    assert "2016—2018年脱贫攻坚责任书" in text
    assert "自2016年1月1日至2018年12月31日" in text
    assert "2016年脱贫攻坚责任书" in words(letters["HD-D02"][1])


def test_one_household_more_in_the_roster_is_one_more_in_the_letter(
    office: Offices, tmp_path: Path, letters: dict[str, tuple[PlannedDocument, bytes]]
) -> None:
    mazhang = office("mazhang-2016")
    code = mazhang.roster.villages_of[letters["MZ-D36"][0].subject.code][0].code
    gone = mazhang.roster.households_of[code][0].code

    def edit(sheet: Sheet) -> None:
        sheet.sheet.delete_rows(sheet.head + sheet.find("户编号", gone))

    after = next(mazhang.changed("02", "贫困户", edit, tmp_path).planned("MZ-D36"))
    before, pdf = letters["MZ-D36"]
    number = before.context["totals"]["households"]
    assert f"贫困户{number}户" in words(pdf)
    (again,) = pdfs([after])
    assert f"贫困户{number - 1}户" in words(again)
