"""One bad fixture for each rule, named after its code: it provokes that code and no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from stdnum.cn import ric

from pipeline.checks import RULES, check, unchecked
from pipeline.errors import SchemeError
from pipeline.model import Criterion, Household, Member, Roster, Rule, Scheme
from pipeline.report.words import basis, sentence, todo
from tests.checks.rich import add, all_rules, change, earning, enrich, home
from tests.conftest import AS_OF, World

Family = tuple[Household, tuple[Member, ...]]


@pytest.fixture(scope="session")
def scheme(small: World) -> Scheme:
    return all_rules(small.scheme())


@pytest.fixture(scope="session")
def rich(small: World, scheme: Scheme) -> Roster:
    return enrich(small.roster(), scheme)


# ---- households and members to spoil


def healthy(_: Household, members: tuple[Member, ...]) -> bool:
    return all(one.health == "健康" for one in members)


def couple(_: Household, members: tuple[Member, ...]) -> bool:
    return any(one.relation == "02" for one in members) and healthy(_, members)


def worker(_: Household, members: tuple[Member, ...]) -> bool:
    return any(one.work_months for one in members) and healthy(_, members)


def pupil(_: Household, members: tuple[Member, ...]) -> bool:
    return any(one.school == "小学" for one in members)


def aged(_: Household, members: tuple[Member, ...]) -> bool:
    return members[0].pension is True and len(members) == 1 and healthy(_, members)


def single(household: Household, members: tuple[Member, ...]) -> bool:
    return len(members) == 1 and healthy(household, members)


def of_home(fits: Callable[..., bool], **changes: Any) -> Callable[[Roster], Roster]:
    return lambda roster: change(roster, home(roster, fits)[0], **changes)


def of_head(fits: Callable[..., bool], **changes: Any) -> Callable[[Roster], Roster]:
    return lambda roster: change(roster, home(roster, fits)[1][0], **changes)


def of_member(
    fits: Callable[..., bool], who: Callable[[Member], bool], **changes: Any
) -> Callable[[Roster], Roster]:
    def spoil(roster: Roster) -> Roster:
        return change(roster, next(filter(who, home(roster, fits)[1])), **changes)

    return spoil


def of_first(table: str, **changes: Any) -> Callable[[Roster], Roster]:
    return lambda roster: change(roster, roster.rows(table)[0], **changes)


def numbered(region: str, member: Member, order: int) -> str:
    order += (order % 2 == 1) != (member.sex == "1")
    body = f"{region}{member.id_no[6:14]}{order:03d}"
    return body + str(ric.calc_check_digit(f"{body}?"))


# ---- the fixtures that need more than one cell


def r02(roster: Roster) -> Roster:
    member = home(roster, single)[1][0]
    wrong = "0" if member.id_no[17] != "0" else "1"
    return change(roster, member, id_no=member.id_no[:17] + wrong)


def r03(roster: Roster) -> Roster:
    return of_head(single, birth=date(1901, 1, 1))(roster)


def r04(roster: Roster) -> Roster:
    member = home(roster, single)[1][0]
    return change(roster, member, sex="2" if member.sex == "1" else "1")


def r05(roster: Roster) -> Roster:
    member = home(roster, single)[1][0]
    return change(roster, member, id_no=numbered("449998", member, 1))


def r06(roster: Roster) -> Roster:
    first, second = _two_aged(roster)
    return change(
        roster, second, id_no=first.id_no, birth=first.birth, sex=first.sex, id_type=first.id_type
    )


def r12(roster: Roster) -> Roster:
    first, second = _two_aged(roster)
    names = {"id_no": first.id_no, "birth": first.birth, "sex": first.sex, "name": first.name}
    return change(roster, second, **names)


def _two_aged(roster: Roster) -> tuple[Member, Member]:
    found = [
        roster.members_of[one.code][0]
        for one in roster.households
        if aged(one, roster.members_of[one.code])
    ]
    return found[0], found[1]


def r07(roster: Roster) -> Roster:
    """Find a birthday of which order 999 has the check character 9."""
    member = home(roster, lambda one, m: single(one, m) and m[0].sex == "1")[1][0]
    assert member.birth
    days = (date(member.birth.year, month, day) for month in range(1, 13) for day in (9, 19))
    for birth in days:
        number = numbered("449999", replace(member, id_no=f"449999{birth:%Y%m%d}"), 999)
        if number.endswith("99999"):
            return change(roster, member, id_no=number, birth=birth)
    raise AssertionError("no such number")


def r10(roster: Roster) -> Roster:
    member = home(roster, single)[1][0]
    number = numbered("449999", member, 801)
    return add(roster, replace(member, household_code="4401140019999999", id_no=number))


def r14(roster: Roster) -> Roster:
    town = replace(roster.towns[0], code="449999001", poor_households=None, poor_people=None)
    return add(roster, town)


def r13(roster: Roster) -> Roster:
    household, members = home(roster, single)
    child = replace(members[0], relation="99", school="非在校生", work_months=0)
    for order in range(6):
        number = numbered("449999", child, 801 + 2 * order)
        name = f"{child.name}{'甲乙丙丁戊己'[order]}"
        roster = add(roster, replace(child, name=name, key=f"k{order}", id_no=number))
    own = roster.households_of[household.village_code]
    village, town = _above(roster, household)
    roster = change(roster, village, poor_people=sum(one.size or 0 for one in own) + 6)
    roster = change(roster, town, poor_people=(town.poor_people or 0) + 6)
    size = {"size": 7, "last_size": 7, "registered": 7}
    return change(
        roster, household, **size, net_income=None, net_per_capita=None, last_per_capita=None
    )


def _above(roster: Roster, household: Household) -> tuple[Any, Any]:
    village = roster.village[household.village_code]
    return village, roster.town[village.town_code]


def l05(roster: Roster) -> Roster:
    household, _ = home(roster, lambda one, m: bool(one.wage) and one.cause in ("缺技术", "缺资金"))
    return change(roster, household, **earning(household, 16000))


def l04(roster: Roster) -> Roster:
    household, _ = home(roster, lambda one, _: bool(one.wage) and one.cause in ("因病", "因残"))
    return change(roster, household, **earning(household, 20001))


def l19(roster: Roster) -> Roster:
    first = roster.households[0]
    kept = tuple(one for one in roster.helpers if one.household_code != first.code)
    return replace(roster, helpers=kept)


def i02(roster: Roster) -> Roster:
    return of_home(healthy, farmland=Decimal(6))(roster)


def spouse_as(man: str, woman: str) -> Callable[[Roster], Roster]:
    """Call a spouse something else: what a man would be, and what a woman."""

    def spoil(roster: Roster) -> Roster:
        spouse = next(one for one in home(roster, couple)[1] if one.relation == "02")
        return change(roster, spouse, relation=man if spouse.sex == "1" else woman)

    return spoil


def works(one: Member) -> bool:
    return bool(one.work_months)


def in_primary(one: Member) -> bool:
    return one.school == "小学"


SPOILT: dict[str, tuple[Callable[[Roster], Roster], str]] = {
    "R01": (of_head(single, id_no="44999919800101001"), "应为18位"),
    "R02": (r02, "校验不通过"),
    "R03": (r03, "出生日期有误"),
    "R04": (r04, "第17位"),
    "R05": (r05, "查无此代码"),
    "R06": (r06, "相同"),
    "R07": (r07, "编造"),
    "R08": (of_head(single, relation="99"), "现有0名"),
    "R09": (spouse_as("05", "06"), "这一关系的人是"),
    "R10": (r10, "贫困户表中有此户编号"),
    "R11": (spouse_as("11", "12"), "与户主相差14岁以上"),
    "R12": (r12, "重复登记"),
    "R13": (r13, "有7人"),
    "R14": (r14, "区划代码对不上"),
    "R15": (of_home(healthy, fuel=""), "“主要燃料类型”未填"),
    "R16": (of_first("towns", poor_households=99), "下级合计"),
    "R17": (of_home(healthy, registered=9), "没有写明原因"),
    "L01": (of_home(healthy, forest=Decimal(50)), "林地面积为50亩"),
    "L02": (of_home(healthy, irrigated=Decimal(3)), "不超过耕地面积2亩"),
    "L03": (
        of_home(healthy, exit_flag="1", exit_year=2016, kind="05", dilapidated=True),
        "仍是危房户",
    ),
    "L04": (l04, "未脱贫户不超过20000元"),
    "L05": (l05, "不超过15000元"),
    "L06": (of_home(healthy, exit_flag="1", exit_year=2016), "脱贫户的属性"),
    "L07": (of_home(healthy, other_causes="因灾、缺水、缺资金"), "不超过2项"),
    "L08": (of_home(healthy, cause="01"), "全家都健康"),
    "L09": (of_head(aged, labour="丧失"), "健康，却丧失"),
    "L10": (of_member(pupil, in_primary, school="01"), "不在校"),
    "L11": (of_member(worker, works, work_firm=""), "没有务工企业"),
    "L12": (of_head(aged, dibao=True), "一般户"),
    "L13": (of_home(aged, kind="06"), "五保金只有0元"),
    "L14": (of_head(single, disability_no="4" * 20), "残疾人证"),
    "L15": (of_head(aged, pension=False), "没有领取养老金"),
    "L16": (of_home(worker, net_per_capita=Decimal(9000)), "年纯收入除以人口数"),
    "L17": (of_head(single, insured=False), "没有参加基本医疗保险"),
    "L18": (of_home(healthy, exit_year=2013), "早于识别年度"),
    "L19": (l19, "现有0名帮扶责任人"),
    "L20": (of_first("projects", end=date(2017, 2, 1)), "晚于方案的2016-12-31"),
    "L21": (of_home(healthy, last_per_capita=Decimal(3000)), "没有说明"),
    "I01": (of_home(healthy, housing_area=Decimal(300)), "符合七不进“大房”（住房面积：300）"),
    "I02": (i02, "不符合六进的任何一项（地少、有残疾）"),
    "X01": (of_first("progress", village_code="440114999999"), "不在行政村表中"),
    "X02": (of_first("projects", household_code="4401149999990001"), "在贫困户表中"),
    "X03": (of_first("helpers", unit="某局"), "不在帮扶单位表中"),
    "X04": (of_first("funds", project_code="没有"), "在项目表中"),
    "X05": (of_first("funds", spent=Decimal(99999999)), "不超过已拨付"),
    "X06": (of_first("funds", applied_on=date(2016, 12, 1)), "不早于申请日期2016-12-01"),
    "X07": (of_first("progress", month="2016-11"), "不晚于2016-10"),
}  # fmt: skip


def test_every_rule_has_a_bad_fixture() -> None:
    assert set(SPOILT) == set(RULES)


def test_the_rich_roster_has_nothing_to_complain_of(rich: Roster, scheme: Scheme) -> None:
    assert [sentence(one) for one in check(rich, scheme, AS_OF)] == []
    assert unchecked(rich, scheme) == {}


@pytest.mark.parametrize("code", SPOILT)
def test_a_bad_fixture_provokes_its_code_and_no_other(
    rich: Roster, scheme: Scheme, code: str
) -> None:
    spoil, says = SPOILT[code]
    found = check(spoil(rich), scheme, AS_OF)
    assert [(one.code, sentence(one)) for one in found if one.code != code] == []
    (finding,) = found
    assert says in sentence(finding)
    assert finding.source.sheet
    assert finding.source.row > 0
    assert finding.source.column


def test_a_drop_out_is_an_error_and_an_old_pupil_a_warning(rich: Roster, scheme: Scheme) -> None:
    spoilt = of_member(pupil, in_primary, school="大专及以上")(rich)
    assert [one.severity for one in check(spoilt, scheme, AS_OF)] == ["warning"]
    (finding,) = check(SPOILT["L10"][0](rich), scheme, AS_OF)
    assert finding.severity == "error"


def test_the_severity_of_the_scheme_is_the_ceiling(rich: Roster, scheme: Scheme) -> None:
    mild = only(scheme, Rule(code="L10", severity="info"))
    assert [one.severity for one in check(SPOILT["L10"][0](rich), mild, AS_OF)] == ["info"]


def test_a_child_with_two_conditions_is_not_a_drop_out(rich: Roster, scheme: Scheme) -> None:
    """The engine these rules come from compared the health codes as one string."""
    ill = of_member(pupil, in_primary, school="01", health="02,03")(rich)
    fit = of_member(pupil, in_primary, school="01", health="01、02")(rich)
    rule = only(scheme, Rule(code="L10"))
    assert check(ill, rule, AS_OF) == ()
    assert len(check(fit, rule, AS_OF)) == 1


def test_ages_are_counted_on_the_day_the_scheme_says(rich: Roster, scheme: Scheme) -> None:
    member = home(rich, aged)[1][0]
    working = change(rich, member, labour="有")
    ages = {}
    for day in ("2016-10-31", "2026-10-31"):
        rule = only(scheme, Rule(code="L09", settings={"reference": day, "oldest": 59}))
        said = next(
            one for one in check(working, rule, AS_OF) if one.details["name"] == member.name
        )
        ages[day] = int(said.details["found"].split("岁")[0])
    assert ages["2026-10-31"] - ages["2016-10-31"] == 10


def test_a_synthetic_number_passes_only_in_a_scheme_of_samples(
    rich: Roster, scheme: Scheme
) -> None:
    rule = only(scheme, Rule(code="R05"))
    assert check(rich, rule, AS_OF) == ()
    real = replace(rule, sample=False)
    assert len(check(rich, real, AS_OF)) == len(rich.members)


def test_a_member_who_left_is_not_counted(rich: Roster, scheme: Scheme) -> None:
    _, members = home(rich, couple)
    gone = change(rich, members[-1], active=False)
    found = check(gone, only(scheme, Rule(code="R10")), AS_OF)
    assert [one.code for one in found] == ["R10"]


def test_helpers_of_too_many_and_days_without_one(rich: Roster, scheme: Scheme) -> None:
    busy = only(scheme, Rule(code="L19", settings={"most": 3}))
    assert {one.severity for one in check(rich, busy, AS_OF)} == {"warning"}
    first = rich.helpers[0]
    ended = change(rich, first, until=date(2016, 3, 1))
    again = add(ended, replace(first, key="again", since=date(2016, 5, 1)))
    (finding,) = check(again, only(scheme, Rule(code="L19")), AS_OF)
    assert "中间无人帮扶" in sentence(finding)


def test_a_setting_no_rule_knows_is_an_error(rich: Roster, scheme: Scheme) -> None:
    with pytest.raises(SchemeError, match="没有这样的设置：farmlnad"):
        check(rich, only(scheme, Rule(code="L01", settings={"farmlnad": 20})), AS_OF)


def test_a_criterion_of_a_field_that_is_not_there_is_an_error(rich: Roster, scheme: Scheme) -> None:
    car = Criterion(group="七不进", name="小汽车", kind="exclude", field="car", source="样例")
    with pytest.raises(SchemeError, match="“小汽车”用到没有的字段"):
        check(rich, replace(scheme, identification=(car,)), AS_OF)


def test_an_excluded_household_is_a_warning_that_says_what_to_do(
    rich: Roster, scheme: Scheme
) -> None:
    (finding,) = check(SPOILT["I01"][0](rich), scheme, AS_OF)
    assert finding.severity == "warning"
    assert "不自动清退" in todo(finding)
    assert basis(finding) == "样例一"


def test_the_columns_a_rule_lacks_are_named(small: World, scheme: Scheme) -> None:
    lacking = unchecked(small.roster(), scheme)
    assert lacking["L02"] == ("有效灌溉面积", "耕地面积")
    assert lacking["R15"][:2] == ("住房面积", "耕地面积")
    assert lacking["I01"] == ("住房面积",)
    assert "R01" not in lacking


def only(scheme: Scheme, rule: Rule) -> Scheme:
    return replace(scheme, rule=(rule,))
