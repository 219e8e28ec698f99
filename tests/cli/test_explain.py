"""explain: a figure, its cells, the arithmetic and what is missing."""

from __future__ import annotations

import json
import re

import openpyxl

from tests.conftest import SCHEME, World
from tests.run.test_main_job import juanzong


def test_a_household_is_explained_down_to_its_cells(small: World) -> None:
    rows = json.loads(juanzong(small, "accept", SCHEME, "--json"))["villages"]
    row = next(one for village in rows for one in village["rows"] if one["target"] == "HD-T1")
    words = juanzong(small, "explain", SCHEME, "HD-T1", row["subject"])
    figure = re.search(r"计算：(\S+) ÷ (\S+) = (\S+)", words)
    assert figure
    assert float(figure[1]) / float(figure[2]) == float(figure[3]) < 10000
    assert f"差 {10000 - float(figure[3]):g}"[:6] in words
    cell = row["evidence"][0]
    book = openpyxl.load_workbook(small.snapshot / cell["file"])
    assert book[cell["sheet"]][f"{cell['column']}{cell['row']}"].value == float(figure[1])
    assert f"·{cell['column']}{cell['row']}" in words


def test_a_village_names_the_households_that_fail(small: World) -> None:
    found = json.loads(juanzong(small, "accept", SCHEME, "--json"))["villages"]
    village = next(one for one in found if one["tally"]["unmet"])
    words = juanzong(small, "explain", SCHEME, "脱贫达标户", village["code"])
    failing = next(one for one in village["targets"] if one["target"] == "HD-H17")["failing"]
    assert words.count("  · ") == len(failing)


def test_words_nothing_answers_to_are_said(small: World) -> None:
    assert "没有指标" in juanzong(small, "explain", SCHEME, "Z99", "花都区", code=2)
    assert "名册里没有" in juanzong(small, "explain", SCHEME, "HD-T1", "无此村", code=2)
    assert "不涉及" in juanzong(
        small, "explain", SCHEME, "HD-T13", small.roster().villages[0].code, code=2
    )
