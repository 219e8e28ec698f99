"""Any roster in any layout, encoding and format is read back as it was."""

from __future__ import annotations

import datetime as dt
import tempfile
from decimal import Decimal
from pathlib import Path

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.model import Household
from pipeline.roster import read_roster
from tests.roster import writers
from tests.roster.test_shapes import HOUSEHOLDS, taken
from tests.roster.writers import Rows

HEADINGS = {
    "code": ("户编号",),
    "village_code": ("行政村代码", "行政村 代码", "*行政村代码"),
    "head": ("户主姓名", "户主", "姓名", "户主\n姓名", "户 主"),
    "size": ("家庭人口数", "人口数（人）"),
    "wage": ("工资性收入", "工资性收入（元）", "工资性收入（万元）"),
    "reached_on": ("达标日期", "达标日期："),
    "phone": ("联系电话", "电话"),
}
SURNAMES = "张王李赵钱孙周吴郑冯陈褚卫蒋沈韩杨朱"
names = st.text(SURNAMES + "铭华㑇𠂇䶮龘珺", min_size=2, max_size=4)
households = st.builds(
    dict,
    village_code=st.integers(0, 999).map(lambda number: f"440114001{number:03}"),
    head=st.one_of(names, st.tuples(names, names).map("·".join)),
    size=st.one_of(st.none(), st.integers(1, 12)),
    wage=st.one_of(st.none(), st.decimals(0, 200_000, places=2)),
    reached_on=st.one_of(st.none(), st.dates(dt.date(2014, 1, 1), dt.date(2020, 12, 31))),
    phone=st.one_of(st.none(), st.integers(0, 9999).map(lambda number: f"1540000{number:04}")),
)
FORMATS = (
    *("xlsx", "xls", "xlsb", "ods", "html"),
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"),
)
AROUND: tuple[list[object], ...] = (
    ["合计", "", "", 9],
    ["注：本表截止2016年10月31日"],
    [],
    ["梯面镇（12户）"],
)


@st.composite
def layouts(draw: st.DrawFn) -> tuple[list[dict[str, object]], Rows]:
    """Return households and the rows an office writes for them."""
    people = [
        {"code": f"{number:016}", **one}
        for number, one in enumerate(draw(st.lists(households, min_size=1, max_size=8)), start=1)
    ]
    order = draw(st.permutations(list(HEADINGS)))
    headings = {name: draw(st.sampled_from(HEADINGS[name])) for name in order}
    left = draw(st.integers(0, 2))
    head: list[object] = [""] * left + [headings[name] for name in order]
    rows: Rows = []
    if draw(st.booleans()):
        rows += [["花都区2016年贫困户名册"], ["填报单位：区扶贫办", "", "", "单位：元"]]
    if draw(st.booleans()):
        split = [index for index in range(left, len(head)) if draw(st.booleans())]
        rows.append(["" if index in split else cell for index, cell in enumerate(head)])
        rows.append([cell if index in split else "" for index, cell in enumerate(head)])
        rows = [row for row in rows if any(row)]
    else:
        rows.append(head)
    for one in people:
        if draw(st.integers(0, 4)) == 0:
            rows.append(draw(st.sampled_from([*AROUND, head])))
        rows.append([""] * left + [draw(_cell(one[name], headings[name])) for name in order])
    width = max(map(len, rows))
    return people, [[*row, *[""] * (width - len(row))] for row in rows]


def _cell(value: object, heading: str) -> st.SearchStrategy[object]:
    if value is None:
        return st.sampled_from(["", " "])
    if isinstance(value, dt.date):
        day = f"{value.year}年{value.month}月{value.day}日"
        return st.sampled_from([value.isoformat(), day, f"{value:%Y%m%d}", f"{value:%Y.%m.%d}"])
    if isinstance(value, Decimal):
        shown = value / 10000 if "万元" in heading else value
        return st.sampled_from([f"{shown:f}", float(shown), f"{value:,.2f}元"])
    if isinstance(value, int):
        return st.sampled_from([value, str(value), f"{value}人", str(value).translate(WIDE)])
    return st.sampled_from([value, f" {value} ", f"{value}\u3000"])


WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def save(folder: Path, rows: Rows, kind: str) -> None:
    if kind == "xlsx":
        book = openpyxl.Workbook()
        book.active.title = "贫困户"
        for row in rows:
            book.active.append([None if cell == "" else cell for cell in row])
        book.save(folder / "册.xlsx")
    elif kind in {"xls", "xlsb", "ods"}:
        (folder / f"册.{kind}").write_bytes(getattr(writers, kind)({"贫困户": rows}))
    elif kind == "html":
        (folder / "贫困户.xls").write_text(writers.page(rows), encoding="utf-8")
    else:
        (folder / "贫困户.csv").write_bytes(writers.text(rows).encode(kind))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(layouts(), st.sampled_from(FORMATS))
def test_any_roster_is_read_back(layout: tuple[list[dict[str, object]], Rows], kind: str) -> None:
    people, rows = layout
    with tempfile.TemporaryDirectory() as name:
        save(Path(name), rows, kind)
        roster = taken(read_roster(Path(name), {"households": HOUSEHOLDS}))
    assert not roster.findings
    assert not roster.notices
    assert [_said(household) for household in roster.households] == people
    assert roster.counts[0].accepted == len(people)


def _said(household: Household) -> dict[str, object]:
    said = {name: getattr(household, name) for name in HEADINGS}
    return {"code": said.pop("code")} | said | {"phone": household.phone or None}
