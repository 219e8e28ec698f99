from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import Any

from tests.sample.office import Office

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
MALE_WORDS = {"之子", "之女婿", "之孙子", "之父"}
FEMALE_WORDS = {"之女", "之儿媳", "之孙女", "之母"}
AS_OF = date(2016, 10, 31)


def age(row: dict[str, Any]) -> int:
    born = date.fromisoformat(row["birth"])
    return AS_OF.year - born.year - ((AS_OF.month, AS_OF.day) < (born.month, born.day))


def by_household(office: Office) -> dict[str, list[dict[str, Any]]]:
    found = defaultdict(list)
    for row in office["members"]:
        found[row["household_code"]].append(row)
    return found


def test_identity_numbers_are_valid_unique_and_fit_birth_and_sex(office: Office) -> None:
    numbers = [row["id_no"][:18] for row in office["members"]]
    assert len(set(numbers)) == len(numbers)
    for row, number in zip(office["members"], numbers, strict=True):
        total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
        assert number[17] == "10X98765432"[total % 11]
        assert number.startswith("449999")
        assert number[6:14] == row["birth"].replace("-", "")
        assert row["sex"] == ("男" if int(number[16]) % 2 else "女")


def test_holders_of_a_disability_card_have_twenty_characters(office: Office) -> None:
    cards = [row for row in office["members"] if row["id_type"] == "残疾人证"]
    assert 100 < len(cards) < 500
    for row in cards:
        assert len(row["id_no"]) == 20
        assert row["id_no"][18] in "1234567"
        assert row["id_no"][19] in "1234"
    assert {len(row["id_no"]) for row in office["members"] if row not in cards} == {18}
    assert {row["health"] for row in cards} == {"残疾"}


def test_every_household_has_one_head_and_relations_that_fit(office: Office) -> None:
    members = by_household(office)
    for household in office["households"]:
        people = members.pop(household["code"])
        assert household["size"] == len(people)
        assert people[0]["relation"] == "本人或户主"
        assert people[0]["name"] == household["head"]
        words = Counter(row["relation"] for row in people)
        assert words["本人或户主"] == 1
        assert words["配偶"] <= 1
        for row in people:
            if row["relation"] == "配偶":
                assert row["sex"] != people[0]["sex"]
                assert age(row) >= 20
            if row["relation"] in MALE_WORDS | FEMALE_WORDS:
                assert row["sex"] == ("男" if row["relation"] in MALE_WORDS else "女")
            if row["relation"] in ("之子", "之女"):
                assert age(people[0]) - age(row) >= 14
            if row["relation"] in ("之父", "之母"):
                assert age(row) - age(people[0]) >= 14
            if row["relation"] in ("之孙子", "之孙女"):
                assert age(people[0]) - age(row) >= 28
    assert not members


def test_a_household_can_work_exactly_when_a_member_can(office: Office) -> None:
    members = by_household(office)
    for household in office["households"]:
        able = any(
            16 <= age(row) <= 59 and row["labour"] == "有" for row in members[household["code"]]
        )
        assert household["labour"] == ("有" if able else "无")


def test_the_main_cause_is_borne_out_by_the_members(office: Office) -> None:
    members = by_household(office)
    for household in office["households"]:
        health = {row["health"] for row in members[household["code"]]}
        if household["cause"] == "因残":
            assert "残疾" in health
        if household["cause"] == "因病":
            assert health & {"长期慢性病", "患有大病"}


def test_pupils_are_of_the_age_of_their_school(office: Office) -> None:
    for row in office["members"]:
        if row["school"] in ("高中", "中职"):
            assert 16 <= age(row) <= 18
        if 6 <= age(row) <= 15:
            assert row["school"] != "非在校生"
    pupils = [row for row in office["members"] if row["school"] in ("高中", "中职")]
    without = [row for row in pupils if row["education_aid"] == "否"]
    assert 1 <= len(without) <= len(pupils) // 10
    others = [row for row in office["members"] if row["school"] not in ("高中", "中职")]
    assert {row["education_aid"] for row in others} == {"否"}


def test_a_few_labourers_have_no_skill_and_a_few_people_no_aid(office: Office) -> None:
    workers = [row for row in office["members"] if row["labour"] == "有"]
    assert 1 <= sum(row["skills"] == 0 for row in workers) <= len(workers) // 40
    refused = sum(row["illness_aid"] == "否" for row in office["members"])
    assert 0.004 < refused / len(office["members"]) < 0.02


def test_awkward_names_and_rare_characters_arrive_whole(office: Office) -> None:
    names = {row["name"] for row in office["members"]}
    assert {"那娜", "南楠", "古丽娜尔·艾山", "司徒䶮"} <= names
    assert set("玥祎镕堃喆䶮㑇𬍛") <= set("".join(names))
    assert any(name.startswith("欧阳") for name in names)


def test_heads_of_a_village_have_different_names(office: Office) -> None:
    heads = [(row["village_code"], row["head"]) for row in office["households"]]
    assert len(set(heads)) == len(heads)
