from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.render import charts
from pipeline.render.drawing import wrapped
from pipeline.render.html import render
from tests.render.trial import BARE, characters, kind_of

SVG = "{http://www.w3.org/2000/svg}"
TOWNS = [
    {"name": "梯面镇", "value": "98.2"},
    {"name": "炭步镇", "value": "84"},
    {"name": "狮岭镇", "value": None},
]
ORGAN = {
    "name": "区扶贫开发领导小组",
    "note": "组长：样一",
    "children": [{"name": "办公室", "children": [{"name": "督查组"}]}, {"name": "项目组"}],
}
CHARTS = {
    "bars": lambda: charts.bars(TOWNS, "%", "90"),
    "lines": lambda: charts.lines(
        [{"name": "计划", "values": ["25", "50"]}, {"name": "支出", "values": ["10", None]}],
        ["一季度", "二季度"],
        "万元",
    ),
    "stack": lambda: charts.stack([{"name": "梯面镇", "values": ["120", None]}], ["省级", "市级"]),
    "histogram": lambda: charts.histogram(["9", "10", "11", None], ["10", "20"], "元"),
    "tiles": lambda: charts.tiles(TOWNS, ["60", "90"], "%"),
    "tree": lambda: charts.tree(ORGAN),
}


def said(picture: str) -> str:
    return "|".join(each.text or "" for each in ElementTree.fromstring(picture).iter(f"{SVG}text"))


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_svg_with_a_text_that_stands_for_it(name: str) -> None:
    picture = ElementTree.fromstring(CHARTS[name]())
    title = picture.find(f"{SVG}title")
    assert title is not None
    assert title.text == picture.get("aria-label")
    assert "：" in str(title.text)
    assert CHARTS[name]() == CHARTS[name]()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bars", ["梯面镇", "98.2%", "84%", "缺数据", "目标90%"]),
        ("lines", ["计划", "支出", "一季度", "二季度", "单位：万元"]),
        ("stack", ["梯面镇", "省级", "市级", "120"]),
        ("histogram", ["10以下", "10～20", "20以上", "1户", "2户", "0户", "单位：元；缺数据1户"]),
        ("tiles", ["梯面镇", "98.2%", "60%以下", "90%以上", "缺数据"]),
        ("tree", ["区扶贫开发领导小组", "组长：样一", "办公室", "督查组", "项目组"]),
    ],
)
def test_a_chart_labels_what_it_shows(name: str, words: list[str]) -> None:
    written = said(CHARTS[name]()).split("|")
    assert all(word in written for word in words)


def test_charts_print_with_text_that_can_be_searched(tmp_path: Path) -> None:
    context: dict[str, Any] = {**BARE, "towns": TOWNS, "organ": ORGAN}
    body = (
        '{{ paper.chart("图1　进度", towns | bars("%"), "名册") }}'
        '{{ paper.chart("图2　机构", organ | tree) }}'
    )
    page = pypdfium2.PdfDocument(render(kind_of(tmp_path, body), "trial", context))[0]
    words = "".join(each[0] for each in characters(page))
    for word in (
        "图1进度",
        "梯面镇",
        "98.2%",
        "缺数据",
        "资料来源：名册",
        "区扶贫开发领导小组",
        "督查组",
    ):
        assert word in words
    assert all(each[1] >= 27.5 and each[3] <= 184.5 for each in characters(page))


def test_many_organs_stand_upright_within_the_type_area() -> None:
    root = {"name": "组", "children": [{"name": f"第{n}个成员单位"} for n in range(18)]}
    picture = ElementTree.fromstring(charts.tree(root))
    boxes = list(picture.iter(f"{SVG}rect"))
    assert len(boxes) == 19
    assert all(float(box.get("height", 0)) > float(box.get("width", 0)) for box in boxes[1:])
    across = float(picture.get("viewBox", "").split()[2])
    assert max(float(box.get("x", 0)) + float(box.get("width", 0)) for box in boxes) <= across
    assert float(picture.get("width", "").removesuffix("pt")) <= 442


def test_names_are_never_markup() -> None:
    picture = charts.bars([{"name": "<b>&", "value": "1"}])
    assert "<b>&" in said(picture)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: charts.bars([{"name": "镇", "value": "-1"}]),
        lambda: charts.bars([{"name": "镇", "value": 1.5}]),
        lambda: charts.bars([{"name": "镇", "value": "多"}]),
        lambda: charts.histogram(["1"], ["3", "2"]),
        lambda: charts.stack([], [str(n) for n in range(9)]),
        lambda: charts.lines([{"name": str(n), "values": []} for n in range(5)], ["季"]),
        lambda: charts.tiles(TOWNS, ["9", "1"]),
        lambda: charts.tiles([{"name": "镇", "value": 1, "row": 0, "column": 0}] * 2, ["1"]),
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"[一-龥]"):
        wrong()


def test_no_rows_say_so() -> None:
    assert "没有数据" in said(charts.bars([]))
    assert "没有数据" in said(charts.stack([], ["省级"]))


@given(st.lists(st.decimals(0, 10**9, places=2, allow_nan=False), min_size=1, max_size=9))
def test_bars_are_as_long_as_their_figures(values: list[Any]) -> None:
    rows = [{"name": str(n), "value": str(value)} for n, value in enumerate(values)]
    picture = ElementTree.fromstring(charts.bars(rows))
    bars = [box for box in picture.iter(f"{SVG}rect") if box.get("stroke-width") != "0"]
    drawn = [float(box.get("width", 0)) for box in bars]
    given_ = [float(value) for value in values if value]
    longest = max(drawn, default=0)
    for length, value in zip(drawn, given_, strict=True):
        assert abs(length / longest - value / max(given_)) < 0.02 if longest else not value


@given(st.lists(st.integers(0, 99), max_size=60))
def test_a_histogram_counts_everyone_once(values: list[int]) -> None:
    counted = [
        int(each[:-1])
        for each in said(charts.histogram(values, [10, 50])).split("|")
        if each.endswith("户") and each[:-1].isdigit()
    ]
    assert sum(counted) == len(values)


def test_names_in_a_box_stay_whole() -> None:
    assert wrapped("样二林、样三禾、样四清", 80, 10) == ("样二林、样三禾、", "样四清")
    assert wrapped("广州市花都区农村扶贫开发工作", 80, 10) == ("广州市花都区农村", "扶贫开发工作")
