from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.errors import SchemeError, UsageError
from pipeline.files import digest
from pipeline.model import Scheme, Table
from pipeline.sample import write_sample
from tests.sample.conftest import AS_OF, ROOT
from tests.sample.office import field_of, read_office

NAMES = ["01 机构与区划.xlsx", "02 贫困户名册.xlsx", "03 帮扶台账.xlsx", "04 资金与进度.xlsx"]
SHEETS = [
    ["机关", "镇街", "行政村"],
    ["贫困户", "家庭成员"],
    ["帮扶单位", "帮扶责任人", "帮扶项目"],
    ["资金", "月度进度"],
]
AGAIN = """
import sys
from pathlib import Path
from pipeline.files import digest
from pipeline.sample import write_sample
from tests.sample.conftest import AS_OF, make_scheme, read_tables
into = Path(sys.argv[1])
for path in write_sample(make_scheme(), read_tables(), into, as_of=AS_OF, households=40):
    sys.stdout.write(digest(path.read_bytes()) + chr(10))
"""


@pytest.fixture(scope="module")
def pages(books: tuple[Path, ...]) -> dict[str, Worksheet]:
    found = {}
    for path in books:
        for page in openpyxl.load_workbook(path).worksheets:
            found[page.title] = page
    return found


def test_four_workbooks_with_their_sheets(books: tuple[Path, ...]) -> None:
    assert [path.name for path in books] == NAMES
    assert [openpyxl.load_workbook(path, read_only=True).sheetnames for path in books] == SHEETS


def test_a_sheet_looks_like_an_offices(pages: Mapping[str, Worksheet]) -> None:
    page = pages["贫困户"]
    assert page["A1"].value == "花都区2016年贫困户名册（样例数据）"
    assert "A1:R1" in {str(span) for span in page.merged_cells.ranges}
    reporting = [cell.value for cell in page[2] if cell.value]
    assert reporting == [
        "填报单位：区扶贫办",
        "截止日期：2016年10月31日",
        "单位：元",
    ]
    headings = [cell.value for cell in page[3]]
    assert "年可支配收入（元）" in headings
    assert "家庭人口数（人）" in headings
    assert page.freeze_panes == "C4"
    assert page.page_setup.orientation == "landscape"
    assert page.page_setup.paperSize == 9
    assert page["A4"].border.left.style == "thin"
    total = page[page.max_row - 1]
    assert total[0].value == "合计"
    assert page.column_dimensions["I"].width > len("31,417,020.00")
    assert total[4].value == f"=SUM(E4:E{page.max_row - 2})"
    assert str(page[page.max_row][0].value).startswith("注：")


def test_every_title_and_note_says_sample(pages: Mapping[str, Worksheet]) -> None:
    for page in pages.values():
        assert str(page["A1"].value).endswith("（样例数据）")
        assert "样例数据" in str(page.cell(page.max_row, 1).value)


def test_every_heading_is_known_and_some_are_aliases(
    pages: Mapping[str, Worksheet], tables: Mapping[str, Table]
) -> None:
    aliases = 0
    for table in tables.values():
        headings = [str(cell.value) for cell in pages[table.name][3]]
        fields = [field_of(table, heading) for heading in headings]
        assert fields == [column.id for column in table.columns if column.id in fields]
        assert {column.id for column in table.columns if column.required} <= set(fields)
        names = {column.name for column in table.columns}
        aliases += sum(heading.split("（")[0] not in str(names) for heading in headings)
    assert aliases >= 5


def test_codes_are_text_money_numbers_and_dates_both(
    pages: Mapping[str, Worksheet], tables: Mapping[str, Table]
) -> None:
    for table in tables.values():
        page = pages[table.name]
        for heading, cell in zip(page[3], page[4], strict=True):
            column = table.column(field_of(table, str(heading.value)))
            assert column
            if column.type in ("id", "month", "flag", "code", "text"):
                assert cell.value is None or isinstance(cell.value, str)
            if column.type in ("money", "integer"):
                assert isinstance(cell.value, int | float)
    assert pages["帮扶项目"]["G4"].is_date
    assert pages["资金"]["H4"].value.count("-") == 2
    assert pages["资金"]["I4"].value.endswith("日")


def test_the_total_row_is_the_sum(books: tuple[Path, ...], tables: Mapping[str, Table]) -> None:
    rows = read_office(books, tables)["funds"]
    page = openpyxl.load_workbook(books[3], data_only=True)["资金"]
    shown = [cell.value for cell in page[page.max_row - 1]][4:7]
    assert shown == [sum(row[name] for row in rows) for name in ("planned", "allocated", "spent")]


def test_the_same_seed_gives_the_same_bytes_in_another_process(
    scheme: Scheme, tables: Mapping[str, Table], tmp_path: Path
) -> None:
    books = write_sample(scheme, tables, tmp_path / "a", as_of=AS_OF, households=40)
    here = [digest(path.read_bytes()) for path in books]
    for hash_seed, zone in (("1", "Asia/Shanghai"), ("2", "America/Lima")):
        done = subprocess.run(
            [sys.executable, "-c", AGAIN, str(tmp_path / hash_seed)],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": zone, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.split() == here


def test_the_full_sample_is_the_same_twice_and_another_seed_differs(
    scheme: Scheme, tables: Mapping[str, Table], books: tuple[Path, ...], tmp_path: Path
) -> None:
    again = write_sample(scheme, tables, tmp_path / "again", as_of=AS_OF)
    other = write_sample(scheme, tables, tmp_path / "other", as_of=AS_OF, seed=7)
    first = [path.read_bytes() for path in books]
    assert [path.read_bytes() for path in again] == first
    assert all(path.read_bytes() != data for path, data in zip(other, first, strict=True))


@pytest.mark.parametrize(("households", "villages"), [(1, 1), (24, 2), (300, 182)])
def test_any_number_of_households(
    scheme: Scheme,
    tables: Mapping[str, Table],
    tmp_path: Path,
    households: int,
    villages: int,
) -> None:
    books = write_sample(scheme, tables, tmp_path, as_of=AS_OF, households=households)
    office = read_office(books, tables)
    assert len(office["households"]) == households
    assert len(office["villages"]) == villages
    assert len(office["progress"]) == 10 * villages
    towns = {row["town_code"] for row in office["villages"]}
    assert Counter(row["code"] for row in office["towns"]) == Counter(list(towns))


def test_an_earlier_day_shows_only_what_had_happened(
    scheme: Scheme, tables: Mapping[str, Table], tmp_path: Path
) -> None:
    day = date(2016, 6, 30)
    office = read_office(write_sample(scheme, tables, tmp_path, as_of=day, households=100), tables)
    assert max(row["reached_on"] for row in office["households"] if row["reached_on"]) <= day
    assert {row["month"] for row in office["progress"]} == {f"2016-0{n}" for n in range(1, 7)}


def test_what_cannot_be_made_is_refused(
    scheme: Scheme, tables: Mapping[str, Table], tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="2017-01-01 不在方案的期限"):
        write_sample(scheme, tables, tmp_path, as_of=date(2017, 1, 1))
    without = dataclasses.replace(scheme, sample_plan=None)
    with pytest.raises(SchemeError, match="没有 \\[sample_plan\\]"):
        write_sample(without, tables, tmp_path, as_of=AS_OF)
    aimless = dataclasses.replace(scheme, target=())
    with pytest.raises(SchemeError, match="没有户一级的收入目标"):
        write_sample(aimless, tables, tmp_path, as_of=AS_OF)
    assert not list(tmp_path.iterdir())
