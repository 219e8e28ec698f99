from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from random import Random

import pytest

from pipeline.errors import SchemeError, UsageError
from pipeline.model import SamplePlan, Scheme
from pipeline.sample.places import read_places, scaled, shares
from tests.sample.office import Office


def test_codes_nest_and_names_are_the_lists_own(office: Office) -> None:
    towns = {row["code"]: row for row in office["towns"]}
    for row in office["villages"]:
        assert row["code"].startswith(row["town_code"])
        assert row["town_code"] in towns
        assert len(row["code"]) == 12
        assert row["name"].endswith("村")
        assert "委会" not in row["name"]
    for row in office["households"]:
        assert len(row["code"]) == 16
        assert row["code"].startswith(row["village_code"])
    assert towns["440114103"]["kind"] == "镇"
    assert towns["440114001"]["kind"] == "街道"


def test_the_awkward_villages_stay(office: Office) -> None:
    names = [row["name"] for row in office["villages"]]
    for name in ("莲塘村", "杨一村", "杨二村"):
        assert names.count(name) == 2
    assert sum("㘵" in name for name in names) == 5


@pytest.mark.parametrize(
    ("households", "able", "other", "villages"),
    [(1, 0, 1, 1), (24, 12, 12, 2), (181, 89, 92, 15), (182, 89, 93, 182), (5000, 2448, 2552, 182)],
)
def test_both_classes_scale_and_small_samples_fill_few_villages(
    scheme: Scheme, households: int, able: int, other: int, villages: int
) -> None:
    assert scheme.sample_plan is not None
    assert scaled(scheme.sample_plan, households) == ({"有": able, "无": other}, villages)


@pytest.mark.parametrize("households", [0, -1, 100_001])
def test_a_number_without_room_is_refused(scheme: Scheme, households: int) -> None:
    assert scheme.sample_plan is not None
    with pytest.raises(UsageError, match="户数应当在 1 到 100000 之间"):
        scaled(scheme.sample_plan, households)


def test_shares_sum_exactly() -> None:
    assert shares(10, [1, 1, 1]) == [4, 3, 3]
    assert shares(0, [5, 7]) == [0, 0]


def test_a_misspelt_village_to_leave_out_is_named(scheme: Scheme) -> None:
    plan = scheme.sample_plan
    assert plan is not None
    wrong = dataclasses.replace(plan, leave_out=("440114999999",))
    with pytest.raises(SchemeError, match="440114999999"):
        read_places(scheme.folder, wrong, 182, Random(0))
    with pytest.raises(SchemeError, match="只有 182 个村，要 183 个"):
        read_places(scheme.folder, plan, 183, Random(0))


def test_a_list_without_its_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("village_code,village\n1,甲\n", encoding="utf-8")
    plan = SamplePlan(
        divisions="d.csv", seed=1, as_of=date(2016, 10, 31), villages=1, households={"有": 1}
    )
    with pytest.raises(SchemeError, match="缺少列 county_code、county、town_code、town、kind"):
        read_places(tmp_path, plan, 1, Random(0))
    with pytest.raises(SchemeError, match="读不了"):
        read_places(tmp_path, dataclasses.replace(plan, divisions="none.csv"), 1, Random(0))
