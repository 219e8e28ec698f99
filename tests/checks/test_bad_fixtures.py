"""From the bad cell of a workbook to the finding; `test_rules` has a bad fixture of every rule."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date

import pytest

from pipeline.checks import check, unchecked
from pipeline.model import Finding, Rule
from pipeline.report import sentence
from pipeline.roster import load_tables, read_roster
from tests.conftest import AS_OF, Sheet, World

Edit = Callable[[Sheet], None]
MEMBERS, HOUSEHOLDS, VILLAGES = ("02", "家庭成员"), ("02", "贫困户"), ("01", "行政村")


def bad_length(sheet: Sheet) -> None:
    sheet.set(1, "身份证号码", "44999919800101001")


def bad_check_character(sheet: Sheet) -> None:
    number = str(sheet.get(1, "身份证号码"))
    sheet.set(1, "身份证号码", number[:17] + ("0" if number[17] != "0" else "1"))


def bad_birth(sheet: Sheet) -> None:
    sheet.set(1, "出生日期", "1901-01-01")


def bad_sex(sheet: Sheet) -> None:
    """Turn the sex of somebody who lives alone: no relation depends on it."""
    codes = [sheet.get(number, "户编号") for number in range(1, 60)]
    alone = next(n for n, code in enumerate(codes, start=1) if codes.count(code) == 1)
    sheet.set(alone, "性别", "女" if sheet.get(alone, "性别") == "男" else "男")


def two_heads(sheet: Sheet) -> None:
    number = second_of_a_household(sheet)
    sheet.set(number, "与户主关系", "本人或户主")


def wrong_size(sheet: Sheet) -> None:
    sheet.set(1, "家庭人口数", int(str(sheet.get(1, "家庭人口数"))) + 1)
    for heading in ("家庭年纯收入", "人均纯收入"):
        sheet.set(1, heading, None)


def village_in_unknown_town(sheet: Sheet) -> None:
    sheet.set(1, "所属镇街代码", "440114999")


def income_that_does_not_add_up(sheet: Sheet) -> None:
    sheet.set(3, "工资性收入", float(str(sheet.get(3, "工资性收入") or 0)) + 500)


def second_of_a_household(sheet: Sheet) -> int:
    """Return the second member of some household that isn't the first one."""
    first = sheet.get(1, "户编号")
    for number in range(3, 60):
        code = sheet.get(number, "户编号")
        if code != first and code == sheet.get(number - 1, "户编号"):
            return number
    raise AssertionError("no such household")


BAD: dict[str, tuple[tuple[str, str], Edit, str]] = {
    "R01": (MEMBERS, bad_length, "证件号码"),
    "R02": (MEMBERS, bad_check_character, "证件号码"),
    "R03": (MEMBERS, bad_birth, "出生日期"),
    "R04": (MEMBERS, bad_sex, "性别"),
    "R08": (MEMBERS, two_heads, "户主"),
    "R10": (HOUSEHOLDS, wrong_size, "家庭成员表中的行数"),
    "R14": (VILLAGES, village_in_unknown_town, "镇街表中的代码"),
    "L16": (HOUSEHOLDS, income_that_does_not_add_up, "四项收入之和减支出"),
}


def findings(world: World) -> tuple[Finding, ...]:
    scheme = world.scheme()
    return check(read_roster(world.snapshot, load_tables(scheme)), scheme, AS_OF)


def test_the_sample_has_nothing_to_complain_of(small: World) -> None:
    assert findings(small) == ()


@pytest.mark.parametrize("code", BAD)
def test_a_bad_fixture_provokes_its_code_and_no_other(world: World, code: str) -> None:
    (book, sheet), edit, says = BAD[code]
    world.change(book, sheet, edit)
    found = findings(world)
    assert {finding.code for finding in found} == {code}
    assert len(found) == 1
    assert found[0].source.sheet == sheet
    assert found[0].source.row > 0
    assert found[0].source.column
    assert found[0].severity == "error"
    assert says in sentence(found[0]) + code


def test_the_cell_of_a_finding_is_the_bad_cell(world: World) -> None:
    where: dict[str, object] = {}

    def edit(sheet: Sheet) -> None:
        bad_check_character(sheet)
        cell = sheet.sheet.cell(sheet.head + 1, sheet.column("身份证号码"))
        where.update(row=cell.row, column=cell.column_letter)

    world.change("02", "家庭成员", edit)
    (finding,) = findings(world)
    assert (finding.source.row, finding.source.column) == (where["row"], where["column"])


def test_a_missing_household_breaks_the_stated_totals(world: World) -> None:
    world.edit_scheme("value = 30\n", "value = 31\n")
    (finding,) = findings(world)
    assert finding.code == "C01"
    assert sentence(finding) == "贫困户总数应为31，名册中为30"


def test_a_person_born_after_the_cut_off_is_found(world: World) -> None:
    scheme = world.scheme()
    roster = read_roster(world.snapshot, load_tables(scheme))
    only = dataclasses.replace(scheme, rule=(Rule(code="R03"),))
    found = check(roster, only, date(1900, 1, 1))
    assert {finding.code for finding in found} == {"R03"}


def test_a_rule_without_its_column_is_counted_as_unchecked(world: World) -> None:
    def edit(sheet: Sheet) -> None:
        sheet.sheet.cell(sheet.head, sheet.column("人均纯收入")).value = "其他栏"

    world.change("02", "贫困户", edit)
    scheme = world.scheme()
    assert unchecked(read_roster(world.snapshot, load_tables(scheme)), scheme) == {
        "L04": ("人均纯收入",),
        "L16": ("人均纯收入",),
    }


def test_a_row_that_is_not_taken_in_is_the_only_finding_of_its_household(world: World) -> None:
    """Its household then has no head and one member too few: an echo, not a second fault."""

    def spoil(sheet: Sheet) -> None:
        sheet.set(1, "身份证号码", 4.4999919800101e17)

    world.change(*MEMBERS, spoil)
    assert [one.code for one in findings(world)] == ["T-number"]


def test_a_household_that_is_not_taken_in_breaks_no_stated_total(world: World) -> None:
    """The rejected row is what has to be mended; one more missing is a finding again."""

    def spoil(sheet: Sheet) -> None:
        sheet.set(1, "家庭人口数", "三四人")

    world.change(*HOUSEHOLDS, spoil)
    assert {one.code for one in findings(world)} == {"T-decimal"}
    world.edit_scheme("value = 30\n", "value = 32\n")
    found = [one for one in findings(world) if one.code == "C01"]
    assert [sentence(one) for one in found] == ["贫困户总数应为32，名册中为29"]
