"""check: rules whose columns the rosters lack are counted and named, never silently passed over."""

from __future__ import annotations

from tests.conftest import SCHEME, Sheet, World
from tests.run.test_main_job import answer, juanzong


def test_a_rule_without_its_column_is_said_to_be_unchecked(world: World) -> None:
    assert "未检查" not in juanzong(world, "check", SCHEME)
    assert answer(world, "check", SCHEME)["unchecked"] == []

    def edit(sheet: Sheet) -> None:
        sheet.sheet.cell(sheet.head, sheet.column("人均纯收入")).value = "其他栏"

    world.change("02", "贫困户", edit)
    words = "".join(juanzong(world, "check", SCHEME).split())
    assert "未检查2条：L04（缺列人均纯收入）；L16（缺列人均纯收入）" in words
    assert answer(world, "check", SCHEME)["unchecked"] == ["L04", "L16"]
