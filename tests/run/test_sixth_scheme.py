"""A sixth scheme is a folder: its own column, checklist, severity and paper, and no Python."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import AS_OF, World
from tests.run.test_main_job import answer, juanzong, text_of

SIXTH = "qingxi-2019"
SCHEME = """
id = "qingxi-2019"
name = "清溪县2019年巩固提升行动"
title = "巩固提升行动"
year = 2019
since = 2019-01-01
until = 2019-12-31
classifier = "个"
sample = true

[area]
code = "440114"
name = "清溪县"
full = "样例市清溪县"
level = "county"
parent = "样例市"
province = "广东省"

[[basis]]
title = "清溪县巩固提升行动方案"

[[parameter]]
id = "line"
name = "人均可支配收入目标"
unit = "元/人·年"
source = "一 L3"
values = [{ since = 2019-01-01, value = 9000 }]

[[extra_field.households]]
id = "broadband"
name = "已通宽带"
type = "flag"
audience = "internal"
[[extra_field.households]]
id = "kitchen"
name = "厨房已改造"
type = "flag"
audience = "internal"

[[target]]
id = "QX-1"
indicator = "H01"
name = "年人均可支配收入"
level = "household"
form = "threshold"
field = "disposable"
per_member = true
parameter = "line"
source = "一 L3"

[[target]]
id = "QX-2"
indicator = "H22"
name = "两项到户"
level = "household"
form = "checklist"
fields = ["broadband", "kitchen"]
source = "二 L5"

[[target]]
id = "QX-3"
indicator = "H17"
name = "巩固户"
level = "household"
form = "composite"
branch = [{ all_of = ["QX-1", "QX-2"] }]
source = "三 L7"

[[rule]]
code = "R02"
severity = "warning"
[[rule]]
code = "R10"

[require]
households = ["disposable", "broadband", "kitchen"]

[[total]]
id = "households"
name = "监测户"
table = "households"
value = 40
source = "一 L2"

[[document]]
id = "QX-D1"
kind = "consolidation_card"
name = "巩固提升明白卡"
level = "village"
issuer = "{village}村民委员会"
source = "四 L9"
dossier = "施策"
[document.settings]
exits = "QX-3"

[sample_plan]
divisions = "divisions.csv"
as_of = 2019-06-30
seed = 1
villages = 4
[sample_plan.households]
"有" = 30
"无" = 10
[sample_plan.fill.households]
broadband = { yes = 0.9 }
kitchen = { yes = 0.8 }
"""
KIND = """
id = "consolidation_card"
title = "巩固提升明白卡"
family = "其他"
level = "village"
audience = "internal"
why = "贴在村务公开栏旁的一页"

[must]
"两项到户" = []
"监测户" = ["totals.households"]

[shows]
scheme = ["year", "as_of", "sample", "area", "area_full"]
document = ["name", "issuer", "notes", "extra"]
subject = ["name", "town", "county"]
totals = ["households", "met"]
targets = ["name", "passed", "total"]
"table.households" = ["head", "broadband", "kitchen"]
"""
TEMPLATE = """{% extends "_gongwen/base.html" %}
{% block name %}{{ subject.name }}{{ document.name }}{% endblock %}
{% block body %}
{{ paper.title(subject.name ~ document.name) }}
<p>监测户{{ totals.households }}户，巩固{{ totals.met }}户。</p>
{% for target in targets %}
<p>{{ target.name }}：{{ target.passed }}/{{ target.total }}</p>
{% endfor %}
{% for home in households %}
<p>{{ home.head }}：{{ "宽带" if home.broadband else "无宽带" }}</p>
{% endfor %}
{% endblock %}
"""


@pytest.fixture
def sixth(small: World, tmp_path: Path) -> World:
    """Return a workspace that holds the new scheme beside the old one."""
    world = World(tmp_path / "w")
    folder = world.root / "inputs" / SIXTH
    folder.mkdir(parents=True)
    for name in ("divisions.csv", "organs.csv", "units.csv"):
        data = (small.root / "inputs/huadu-2016" / name).read_bytes()
        (folder / name).write_bytes(data)
    (folder / "scheme.toml").write_text(SCHEME, encoding="utf-8")
    kind = world.root / "templates/html/consolidation_card"
    kind.mkdir(parents=True)
    (kind / "kind.toml").write_text(KIND, encoding="utf-8")
    (kind / "template.html").write_text(TEMPLATE, encoding="utf-8")
    juanzong(world, "sample", SIXTH, "-o", str(folder))
    return world


def test_a_new_scheme_runs_the_main_job(sixth: World) -> None:
    assert AS_OF.year != 2019
    made = answer(sixth, "make", SIXTH)
    assert len(made["made"]) == 4
    assert made["skipped"] == []
    found = answer(sixth, "accept", SIXTH)
    for village in found["villages"]:
        by_id = {one["target"]: one for one in village["targets"]}
        assert set(by_id) == {"QX-1", "QX-2", "QX-3"}
        paper = next(one for one in made["made"] if one["document"].endswith(village["code"]))
        text = text_of(sixth.root / "outputs" / SIXTH / paper["files"][-1]["path"])
        both = by_id["QX-2"]
        assert f"两项到户：{both['value']}/{both['total']}" in text
        assert f"巩固{village['tally']['met']}户" in text
    bound = answer(sixth, "bind", SIXTH)
    assert len(bound["bound"]) == 4


def test_the_new_column_is_read_and_its_absence_is_said(sixth: World) -> None:
    path = next((sixth.root / "inputs" / SIXTH / "2019-06-30").glob("02*.xlsx"))
    book = openpyxl.load_workbook(path)
    for cell in book["贫困户"][3]:
        if cell.value == "已通宽带":
            cell.value = "别的什么"
    book.save(path)
    assert "“已通宽带”" in juanzong(sixth, "check", SIXTH, code=4)


def test_the_severity_is_the_schemes_own(sixth: World) -> None:
    path = next((sixth.root / "inputs" / SIXTH / "2019-06-30").glob("02*.xlsx"))
    book = openpyxl.load_workbook(path)
    sheet = book["家庭成员"]
    column = next(cell.column for cell in sheet[3] if cell.value == "身份证号码")
    number = str(sheet.cell(4, column).value)
    sheet.cell(4, column).value = number[:17] + ("1" if number[17] != "1" else "2") + number[18:]
    book.save(path)
    found = json.loads(juanzong(sixth, "check", SIXTH, "--json"))["findings"]
    assert [(one["code"], one["severity"]) for one in found] == [("R02", "warning")]
