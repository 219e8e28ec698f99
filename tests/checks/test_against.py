"""Year over year, from the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.conftest import SCHEME, Sheet, World
from tests.run.test_main_job import juanzong


def test_who_came_who_left_and_whose_figures_jumped(world: World, tmp_path: Path) -> None:
    old = tmp_path / "去年.xlsx"
    shutil.copy(next(world.snapshot.glob("02*.xlsx")), old)
    names: dict[str, str] = {}

    def edit(sheet: Sheet) -> None:
        names.update(
            {key: str(sheet.get(row, "户主姓名")) for key, row in (("came", 1), ("rich", 3))}
        )
        names["gone"] = str(sheet.get(1, "户编号"))
        sheet.set(1, "户编号", names["gone"][:12] + "9999")
        sheet.set(3, "年可支配收入", 10 * float(str(sheet.get(3, "年可支配收入"))))

    world.change("02", "贫困户", edit)
    said = juanzong(world, "check", SCHEME, "--against", str(old), "--json", code=3)
    found = [one for one in json.loads(said)["findings"] if one["code"].startswith("Y")]
    assert {one["code"] for one in found} == {"Y01", "Y02", "Y04"}
    by = {one["code"]: one for one in found}
    assert names["came"] in by["Y01"]["message"]
    assert names["gone"] in by["Y02"]["message"]
    assert by["Y02"]["source"]["file"] == "去年.xlsx"
    assert by["Y04"]["message"].startswith(f"{names['rich']}户的年可支配收入由")
    assert by["Y04"]["source"]["row"] > 0


def test_warnings_count_only_when_strict(world: World, tmp_path: Path) -> None:
    old = tmp_path / "去年.xlsx"
    shutil.copy(next(world.snapshot.glob("02*.xlsx")), old)

    def edit(sheet: Sheet) -> None:
        sheet.set(3, "年可支配收入", 10 * float(str(sheet.get(3, "年可支配收入"))))

    world.change("02", "贫困户", edit)
    words = juanzong(world, "check", SCHEME, "--against", str(old))
    assert "收入大幅变化" in words
    assert "各镇街" not in words
    juanzong(world, "check", SCHEME, "--against", str(old), "--strict", code=3)


def test_the_same_roster_against_itself_says_nothing(world: World) -> None:
    said = juanzong(world, "check", SCHEME, "--against", str(world.snapshot))
    assert "没有发现问题" in said


def test_an_old_roster_that_is_not_there_is_an_input_error(world: World) -> None:
    assert "读不了" in juanzong(world, "check", SCHEME, "--against", "nowhere.xlsx", code=4)
