from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.errors import RosterError
from pipeline.model import Record
from pipeline.roster.make import RECORDS
from pipeline.roster.tables import ORDER, load_tables
from tests.conftest import Sheet, World

pytestmark = pytest.mark.usefixtures("reading")


def test_every_row_is_accounted_for(small: World) -> None:
    for count in small.roster().counts:
        others = sum(ignored.rows for ignored in count.ignored)
        assert count.rows == count.accepted + count.rejected + others


def test_the_tables_and_the_records_have_the_same_fields(small: World) -> None:
    common = set(Record.__slots__)
    tables = load_tables(small.scheme())
    for name in ORDER:
        table = tables[name]
        fields = set(RECORDS[name].__dataclass_fields__) - common
        assert {column.id for column in table.columns} == fields
    assert tuple(RECORDS) == ORDER


def test_an_empty_row_above_the_data_changes_nothing_but_the_rows(world: World) -> None:
    before = world.roster()
    world.change("02", "贫困户", lambda sheet: sheet.sheet.insert_rows(sheet.head + 1))
    after = world.roster()
    assert [row.code for row in after.households] == [row.code for row in before.households]
    assert after.households[0].row == before.households[0].row + 1


def test_a_missing_column_names_the_sheet_and_the_nearest_heading(world: World) -> None:
    def edit(sheet: Sheet) -> None:
        sheet.sheet.cell(sheet.head, sheet.column("达标日期")).value = "达标的日子"

    world.change("02", "贫困户", edit)
    with pytest.raises(RosterError) as caught:
        world.roster()
    assert "02 贫困户名册.xlsx·贫困户" in str(caught.value)
    assert "“达标日期”（相近的有“达标的日子”）" in str(caught.value)


def test_a_missing_sheet_is_named_with_those_that_are_there(world: World) -> None:
    def edit(sheet: Sheet) -> None:
        sheet.sheet.title = "杂项"
        sheet.sheet.delete_rows(sheet.head)

    world.change("04", "资金", edit)
    with pytest.raises(RosterError, match=r"找不到工作表“资金”.*04 资金与进度.xlsx·杂项"):
        world.roster()


def test_a_missing_workbook_is_a_missing_sheet(world: World) -> None:
    next(world.snapshot.glob("03*.xlsx")).unlink()
    with pytest.raises(RosterError) as caught:
        world.roster()
    assert all(name in str(caught.value) for name in ("帮扶单位", "帮扶责任人", "帮扶项目"))


def test_a_file_that_is_no_workbook_says_so(world: World) -> None:
    (world.snapshot / "05 坏.xlsx").write_bytes(b"not a workbook")
    with pytest.raises(RosterError, match=r"05 坏\.xlsx：打不开这个工作簿"):
        world.roster()


def test_a_number_where_an_id_should_be_rejects_the_row_with_its_cell(world: World) -> None:
    world.change("02", "家庭成员", lambda sheet: sheet.set(1, "身份证号码", 449999198001010014))
    roster = world.roster()
    (finding,) = roster.findings
    assert finding.code == "T-number"
    assert finding.source.column
    assert next(c for c in roster.counts if c.table == "members").rejected == 1


def test_money_in_ten_thousands_is_money(world: World) -> None:
    def edit(sheet: Sheet) -> None:
        column = sheet.column("村集体经济收入")
        sheet.sheet.cell(sheet.head, column).value = "村集体经济收入（万元）"
        sheet.sheet.cell(sheet.head + 1, column).value = 25.13

    world.change("01", "行政村", edit)
    assert world.roster().villages[0].collective_income == Decimal(251300)
