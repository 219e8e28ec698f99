"""Columns and records made at once are what cells and records made one by one are."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from dataclasses import MISSING, FrozenInstanceError, fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Column, Household, Table, Value
from pipeline.roster import cells, load_tables
from pipeline.roster.columns import Reader, Wrong
from pipeline.roster.make import RECORDS, Maker
from pipeline.schemes import read_scheme

ROOT = Path(__file__).resolve().parents[2]

TYPES = ("text", "id", "integer", "decimal", "money", "date", "month", "flag", "code")
words = st.one_of(
    st.text(max_size=6),
    st.sampled_from(["", "是", "否", "01", "12.50", "1,200", "20161031", "44999919x", "—"]),
    st.from_regex(r"[0-9A-Z]{4,18}", fullmatch=True),
)
raws = st.one_of(
    words,
    st.floats(),
    st.integers(0, 99_999).map(lambda cents: cents / 100),
    st.sampled_from([0.0, -0.0, 1.0, 1e16, 1e-7, 42_000.0]),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
)
columns = st.one_of(
    st.lists(raws, max_size=12),
    st.lists(words, max_size=12),
    st.lists(st.one_of(st.floats(), st.just("")), max_size=12),
    st.lists(st.sampled_from(["有", "无", "样例", 3.0, 3.5]), max_size=12),
)


def one_by_one(column: Column, raw: object, unit: str) -> Value | Wrong:
    try:
        return cells.value(column, raw, unit)
    except cells.Misfit as misfit:
        return Wrong(misfit.problem)


@given(st.sampled_from(TYPES), st.sampled_from(["", "万元"]), st.lists(columns, max_size=3))
def test_a_column_is_typed_as_its_cells_are(
    kind: str, unit: str, batches: list[list[object]]
) -> None:
    column = Column(id="x", name="户主姓名", type=kind, codes={"01": "一", "02": "二"})  # type: ignore[arg-type]
    reader = Reader(index=0, column=column, unit=unit)
    for batch in batches:
        found = reader.values(batch)
        assert list(map(repr, found)) == [repr(one_by_one(column, raw, unit)) for raw in batch]
        assert reader.wrong or not any(isinstance(value, Wrong) for value in found)


def test_what_a_column_remembers_is_bounded() -> None:
    reader = Reader(index=0, column=Column(id="x", name="备注", type="text"), unit="")
    for start in range(0, 200_000, 4_000):
        batch = [f"第{number}户" for number in range(start, start + 4_000)] + ["有，无"] * 4_000
        assert list(reader.values(batch)) == batch
    assert len(reader.known) < 40_000


def test_days_are_counted_from_the_epoch_of_the_workbook() -> None:
    column = Column(id="x", name="达标日期", type="date")
    reader = Reader(index=0, column=column, unit="", from_1904=True)
    assert list(reader.values([41_212.0, ""])) == [dt.date(2016, 10, 31), None]


@pytest.fixture
def table() -> Table:
    return load_tables(read_scheme(ROOT / "inputs/huadu-2016"))["households"]


def test_records_are_those_the_dataclass_makes(table: Table) -> None:
    where = {"code": "A", "village_code": "B", "head": "C", "size": "D", "loan": "E"}
    given = {
        "code": ["44990001", "44990002", "44990001"],
        "village_code": ["4499", "4499", "4499"],
        "head": ["样例一", None, "样例三"],
        "size": [3, None, 1],
        "loan": [None, "有", "无"],
    }
    made = Maker(table, "册.xlsx", "贫困户", where).records([4, 5, 7], given)
    same = {"table": "households", "file": "册.xlsx", "sheet": "贫困户", "columns": where}
    first = Household(
        **same, key="44990001", row=4, more={"loan": None},
        code="44990001", village_code="4499", head="样例一", size=3,
    )  # fmt: skip
    assert made[0] == first
    assert repr(made[0]) == repr(first)
    assert made[1] == Household(
        **same, key="44990002", row=5, more={"loan": "有"}, code="44990002", village_code="4499"
    )
    assert [record.key for record in made] == ["44990001", "44990002", "44990001#2"]
    assert pickle.loads(pickle.dumps(made[0])) == copy.copy(made[0]) == first
    assert made[1].more is not made[2].more
    with pytest.raises(FrozenInstanceError):
        made[0].row = 9  # type: ignore[misc]


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_a_field_without_default_is_never_missing(name: str) -> None:
    table = load_tables(read_scheme(ROOT / "inputs/huadu-2016"))[name]
    bare = {field.name for field in fields(RECORDS[name]) if field.default is MISSING}
    columns = {column.id: column for column in table.columns}
    for field in bare & columns.keys():
        assert columns[field].required
        assert columns[field].wanted
    assert bare - columns.keys() == {
        "table", "key", "file", "sheet", "row", "columns", "more",
    }  # fmt: skip
