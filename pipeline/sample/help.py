"""What is done for villages and households: helpers and projects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from pipeline.sample.households import ABLE
from pipeline.sample.names import Names, Phones
from pipeline.sample.offices import office
from pipeline.sample.workbook import Row

DONE = "已完成"
RUNNING = "实施中"

_HOUSEHOLDS_PER_HELPER = 4
_PAIRED_BY = 40
"""Days after the beginning by which every helper is named; projects begin later."""
_TITLES = ("科员", "科员", "副主任科员", "主任科员", "副科长", "科长", "工程师")


@dataclass(frozen=True, slots=True)
class _Plan:
    kind: str
    name: str
    content: str
    least: int
    most: int
    """元, both."""

    def row(self, rng: Random, step: int) -> Row:
        amount = rng.randrange(self.least, self.most + step, step)
        return {"kind": self.kind, "content": self.content, "total": Decimal(amount)}


_FOR_VILLAGES = (
    _Plan("产业扶持", "工业园厂房物业", "参股工业园区厂房，按年分配租金收益", 120_000, 400_000),
    _Plan("产业扶持", "一村一品种植基地", "建设果蔬种植基地，配套水肥设施", 60_000, 200_000),
    _Plan("产业扶持", "农民专业合作社", "扶持合作社购置冷藏、包装设备", 40_000, 120_000),
    _Plan("产业扶持", "乡村旅游配套", "整治村前广场和步道，建设停车场", 80_000, 260_000),
    _Plan("物业出租", "集体商铺招租", "修缮村集体闲置商铺并公开招租", 50_000, 180_000),
    _Plan("基础设施", "机耕路硬底化", "硬底化机耕路，改善农产品运输", 60_000, 240_000),
    _Plan("基础设施", "农田水利", "清淤灌渠，更换泵站水泵", 40_000, 160_000),
    _Plan("培训就业", "技能培训班", "举办家政、电工、果树栽培培训班", 10_000, 40_000),
)
_FOR_ABLE = (
    _Plan("种养", "黄皮和蔬菜种植", "提供种苗、肥料和技术指导", 2_000, 8_000),
    _Plan("种养", "三黄鸡养殖", "提供鸡苗、饲料和防疫服务", 2_000, 7_000),
    _Plan("务工", "推荐就业", "参加技能培训并推荐到企业务工", 800, 3_000),
    _Plan("经商", "小商铺经营", "扶持小额启动资金和货架设备", 3_000, 8_000),
    _Plan("物业出租", "闲置房屋出租", "修缮闲置房屋后出租", 3_000, 6_000),
    _Plan("农家乐", "农家旅舍", "改造客房和厨房，接待游客", 5_000, 10_000),
)
_FOR_OTHERS = (_Plan("慰问", "节日慰问", "发放慰问金和生活物资，日常上门跟踪", 300, 1_000),)


def helper_rows(
    households: Sequence[Row],
    units: Mapping[str, str],
    rng: Random,
    names: Names,
    phones: Phones,
    *,
    since: date,
    until: date,
    as_of: date,
) -> list[Row]:
    """Pair each household with somebody of its village's unit; one in 250 is forgotten."""
    helped = Counter(units[household["village_code"]] for household in households)
    teams = {
        unit: _team(helped[unit], rng, names, phones, min(as_of, _later(rng, since, 5, _PAIRED_BY)))
        for unit in helped
    }
    rows = []
    for household in households:
        unit = units[household["village_code"]]
        person = next(teams[unit])
        if unit and rng.random() >= 0.004:
            row = {"household_code": household["code"], "unit": unit, "until": until}
            rows.append(row | person)
    return rows


def project_rows(
    villages: Sequence[Row],
    households: Sequence[Row],
    towns: Sequence[Row],
    rng: Random,
    *,
    since: date,
    until: date,
    as_of: date,
) -> list[Row]:
    """Give each village two to four projects of its own and each household one.

    In a village without a unit the town's government is responsible.
    """
    offices = {town["code"]: office(town) for town in towns}
    here: dict[str, list[Row]] = {village["code"]: [] for village in villages}
    for household in households:
        here[household["village_code"]].append(household)
    rows: list[Row] = []
    for village in villages:
        unit = village["unit"] or offices[village["town_code"]]
        for row in _projects(village, here[village["code"]], rng):
            first = min(as_of, since + timedelta(days=_PAIRED_BY))
            start = _share_of(rng, first, as_of, 2, 38)
            days = (as_of - first).days * rng.randint(20, 72) // 100
            end = min(until, start + timedelta(days=days))
            rows.append(
                {
                    **row,
                    "code": f"XM{since.year}-{len(rows) + 1:05d}",
                    "village_code": village["code"],
                    "start": start,
                    "end": end,
                    "unit": unit,
                    "status": DONE if end <= as_of else RUNNING,
                }
            )
    return rows


def _team(households: int, rng: Random, names: Names, phones: Phones, since: date) -> Iterator[Row]:
    """Yield the helper of each household of a unit, a new one after every fourth."""
    for order in range(households):
        if order % _HOUSEHOLDS_PER_HELPER == 0:
            name, title, phone = names.official(), rng.choice(_TITLES), phones.mobile()
        yield {"name": name, "title": title, "phone": phone, "since": since}


def _projects(village: Row, households: Sequence[Row], rng: Random) -> Iterator[Row]:
    for plan in rng.sample(_FOR_VILLAGES, rng.randint(2, 4)):
        row = plan.row(rng, 1_000)
        yield {**row, "name": f"{village['name']}{plan.name}", "household_code": ""}
    for household in households:
        plan = rng.choice(_FOR_ABLE if household["labour"] == ABLE else _FOR_OTHERS)
        yield {**plan.row(rng, 100), "name": plan.name, "household_code": household["code"]}


def _later(rng: Random, day: date, least: int, most: int) -> date:
    return day + timedelta(days=rng.randint(least, most))


def _share_of(rng: Random, since: date, until: date, least: int, most: int) -> date:
    """Draw a day between two hundredths of a period."""
    return since + timedelta(days=(until - since).days * rng.randint(least, most) // 100)
