"""map: how each column was understood, and the mapping that is honoured next time."""

from __future__ import annotations

import json

from tests.conftest import SCHEME, Sheet, World
from tests.run.test_main_job import juanzong


def rename(sheet: Sheet) -> None:
    sheet.sheet.cell(sheet.head, sheet.column("达标日期")).value = "何时过线"


def test_every_column_is_shown_with_its_field(world: World) -> None:
    sheets = json.loads(juanzong(world, "map", SCHEME, "--dry", "--json"))
    households = next(sheet for sheet in sheets if sheet["table"] == "households")
    fields = {column["heading"]: column["field"] for column in households["columns"]}
    assert fields["户主姓名"] == "head"
    assert fields["年可支配收入（元）"] == "disposable"
    assert not (world.root / "inputs" / SCHEME / "mapping.toml").exists()


def test_a_heading_nobody_knows_is_mapped_by_hand_and_then_understood(world: World) -> None:
    world.change("02", "贫困户", rename)
    assert "达标日期" in juanzong(world, "check", SCHEME, code=4)
    words = juanzong(world, "map", SCHEME, code=3)
    assert "何时过线" in words
    assert "缺少列：达标日期" in words
    path = world.root / "inputs" / SCHEME / "mapping.toml"
    text = path.read_text(encoding="utf-8")
    assert '"户主姓名" = "head"' in text
    path.write_text(
        text.replace("[households]\n", '[households]\n"何时过线" = "reached_on"\n'), "utf-8"
    )
    assert "没有发现问题" in juanzong(world, "check", SCHEME)
    juanzong(world, "map", SCHEME)
    assert '"何时过线" = "reached_on"' in path.read_text(encoding="utf-8")


def test_any_file_can_be_asked_about(world: World) -> None:
    book = next(world.snapshot.glob("03*.xlsx"))
    words = juanzong(world, "map", SCHEME, "--file", str(book), "--dry")
    assert "帮扶责任人" in words
    assert "贫困户名册" not in words
