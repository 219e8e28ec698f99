"""Rows in another order, sheets cut in two, columns called otherwise: the figures stay the same."""

from __future__ import annotations

import dataclasses
import shutil
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import BUILTIN
from pipeline.facts import compute
from pipeline.model import Facts, Roster, Scheme
from pipeline.roster import load_tables, read_roster
from pipeline.sample import write_sample
from pipeline.schemes import read_scheme

SCHEME = "mazhang-2016"
AS_OF = date(2016, 12, 31)
TABLES = ("villages", "households", "members", "projects", "funds", "progress", "helpers")


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scheme = read_scheme(BUILTIN / "inputs" / SCHEME)
    folder = tmp_path_factory.mktemp("mz")
    write_sample(scheme, load_tables(scheme), folder, as_of=AS_OF, households=120)
    return folder


def read(folder: Path) -> tuple[Roster, Scheme]:
    scheme = read_scheme(BUILTIN / "inputs" / SCHEME)
    return read_roster(folder, load_tables(scheme)), scheme


def figures(facts: Facts) -> dict[str, Any]:
    """Return everything computed, without the order of lists that follow the sheets."""
    verdicts = {
        (key, name): (
            one.outcome, one.value, one.threshold, one.total,
            frozenset(one.failing), frozenset(one.missing), frozenset(one.evidence),
        )
        for key, known in facts.verdicts.items()
        for name, one in known.items()
    }  # fmt: skip
    funds = {
        one.fund.id: (one.total, dict(one.villages), one.shares, one.instalments)
        for one in facts.funds
    }
    return {
        "verdicts": verdicts,
        "funds": funds,
        "tallies": dict(facts.tallies),
        "series": dict(facts.series),
        "rankings": dict(facts.rankings),
    }


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_order_of_the_rows_changes_no_figure(snapshot: Path, seed: int) -> None:
    roster, scheme = read(snapshot)
    rng = Random(seed)
    shuffled = {
        table: tuple(rng.sample(roster.rows(table), len(roster.rows(table)))) for table in TABLES
    }
    mixed = dataclasses.replace(roster, **shuffled)  # type: ignore[arg-type]
    assert figures(compute(mixed, scheme, AS_OF)) == figures(compute(roster, scheme, AS_OF))


def test_a_sheet_cut_in_two_books_changes_no_figure(snapshot: Path, tmp_path: Path) -> None:
    roster, scheme = read(snapshot)
    folder = tmp_path / "cut"
    shutil.copytree(snapshot, folder)
    path = next(folder.glob("02*.xlsx"))
    second = folder / "02 贫困户名册（二）.xlsx"
    shutil.copy(path, second)
    for name in ("贫困户", "家庭成员"):
        for book, first in ((path, True), (second, False)):
            workbook = openpyxl.load_workbook(book)
            sheet = workbook[name]
            middle = 4 + (sheet.max_row - 4) // 2
            for merged in list(sheet.merged_cells.ranges):
                sheet.unmerge_cells(str(merged))
            if first:
                sheet.delete_rows(middle, sheet.max_row)
            else:
                sheet.delete_rows(4, middle - 4)
            workbook.save(book)
    cut, _ = read(folder)
    assert len(cut.households) == len(roster.households)
    assert figures(compute(cut, scheme, AS_OF)) == figures(compute(roster, scheme, AS_OF))


def test_other_words_for_a_column_change_no_figure(snapshot: Path, tmp_path: Path) -> None:
    roster, scheme = read(snapshot)
    folder = tmp_path / "renamed"
    shutil.copytree(snapshot, folder)
    path = next(folder.glob("02*.xlsx"))
    workbook = openpyxl.load_workbook(path)
    columns = {column.name: column for column in roster.tables["households"].columns}
    renamed = 0
    for cell in workbook["贫困户"][3]:
        column = columns.get(str(cell.value or "").split("（")[0])
        if column is not None and column.aliases:
            cell.value = column.aliases[-1]
            renamed += 1
    assert renamed > 5
    workbook.save(path)
    other, _ = read(folder)
    assert figures(compute(other, scheme, AS_OF)) == figures(compute(roster, scheme, AS_OF))
