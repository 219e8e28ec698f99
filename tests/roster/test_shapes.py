"""What offices do to a sheet: titles, merged cells, groups, units, hidden rows, odd characters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.errors import SchemeError
from pipeline.model import Column, Roster, Table
from pipeline.report import sentence
from pipeline.roster import read_mapping, read_roster
from pipeline.roster.cells import value

pytestmark = pytest.mark.usefixtures("reading")

HOUSEHOLDS = Table(
    id="households",
    name="贫困户",
    key=("code",),
    aliases=("贫困户名册",),
    columns=(
        Column(id="code", name="户编号", type="id", required=True, wanted=True),
        Column(id="village_code", name="行政村代码", type="id", required=True),
        Column(
            id="head",
            name="户主姓名",
            type="text",
            required=True,
            wanted=True,
            aliases=("户主", "姓名"),
        ),
        Column(id="size", name="家庭人口数", type="integer", aliases=("人口数",)),
        Column(id="wage", name="工资性收入", type="money"),
        Column(id="transfer", name="转移性收入", type="money"),
        Column(id="reached_on", name="达标日期", type="date"),
        Column(id="phone", name="联系电话", type="id", aliases=("电话",)),
    ),
)
HEAD = ["户编号", "行政村代码", "户主姓名", "家庭人口数", "工资性收入", "转移性收入", "达标日期"]
ZHANG = ["4401", "440114", "张三", 3, 100, 20, "2016-09-20"]
LI = ["4402", "440114", "李四", 2, 50, 5.5, "2016年9月21日"]
Edit = Callable[[Worksheet], object]


def read(
    folder: Path,
    rows: Sequence[Sequence[object]],
    edit: Edit | None = None,
    name: str = "贫困户",
    mapping: dict[str, dict[str, str]] | None = None,
) -> Roster:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    for row in rows:
        sheet.append([None if cell == "" else cell for cell in row])
    if edit:
        edit(sheet)
    book.save(folder / "册.xlsx")
    return taken(read_roster(folder, {"households": HOUSEHOLDS}, mapping))


def taken(roster: Roster) -> Roster:
    """Return the roster once all its rows are accounted for and all its codes have words."""
    for count in roster.counts:
        assert count.rows == (
            count.accepted + count.rejected + sum(ignored.rows for ignored in count.ignored)
        )
    for finding in (*roster.findings, *roster.notices):
        assert sentence(finding)
        assert "{" not in sentence(finding)
    return roster


def ignored(roster: Roster) -> dict[str, int]:
    return {one.reason: one.rows for one in roster.counts[0].ignored}


def said(roster: Roster) -> list[tuple[str, str]]:
    return [(finding.code, finding.source.column) for finding in roster.notices]


def test_two_header_rows_are_read_by_either_word(tmp_path: Path) -> None:
    upper = ["户编号", "村", "户主", "", "收入（万元）", "", "达标"]
    lower = ["", "行政村代码", "姓名", "人口数", "工资性收入", "转移性收入", "日期"]
    roster = read(tmp_path, [["花都区贫困户名册"], upper, lower, ZHANG])
    (household,) = roster.households
    assert (household.head, household.size, household.wage) == ("张三", 3, Decimal(1000000))
    assert household.transfer == Decimal(200000)
    assert household.reached_on == dt.date(2016, 9, 20)
    assert ignored(roster) == {"title": 1, "header": 2}


def test_three_header_rows_numbers_and_units_beneath(tmp_path: Path) -> None:
    rows = [
        ["户编号", "行政村代码", "户主", "", "收入情况", "", ""],
        ["", "", "", "", "其中", "", "达标日期"],
        ["", "", "姓名", "人口数", "工资性收入", "转移性收入", ""],
        ["", "", "", "人", "万元", "元", ""],
        ["甲", "乙", "丙", 1, 2, 3, 4],
        ZHANG,
    ]
    roster = read(tmp_path, rows)
    (household,) = roster.households
    assert (household.wage, household.transfer) == (Decimal(1000000), Decimal(20))
    assert ignored(roster) == {"header": 5}


def test_a_heading_of_its_own_column_is_no_group_of_the_next(tmp_path: Path) -> None:
    upper = ["户编号", "行政村代码", "户主", "", "工资性收入（万元）", "", ""]
    lower = ["", "", "", "人口数", "", "转移性收入", "达标日期"]
    (household,) = read(tmp_path, [upper, lower, ZHANG]).households
    assert (household.size, household.wage, household.transfer) == (3, Decimal(1000000), 20)


def test_a_group_word_over_a_full_header_gives_its_unit(tmp_path: Path) -> None:
    roster = read(tmp_path, [["", "", "", "", "收入（万元）"], HEAD, ZHANG])
    assert roster.households[0].wage == Decimal(1000000)
    assert ignored(roster) == {"header": 2}


def test_a_unit_stated_above_the_sheet_holds_for_its_money(tmp_path: Path) -> None:
    roster = read(tmp_path, [["填报单位：扶贫办", "", "", "", "单位：万元"], HEAD, ZHANG])
    assert (roster.households[0].wage, roster.households[0].size) == (Decimal(1000000), 3)


def test_group_rows_totals_notes_and_repeated_headers_are_no_records(tmp_path: Path) -> None:
    title = ["花都区贫困户名册"]
    rows = [
        title,
        HEAD,
        ["一、梯面镇（1户）"],
        ZHANG,
        ["小计", "", "", 3],
        [],
        title,
        HEAD,
        ["花东镇", "1户"],
        LI,
        ["合计：2户", "", "", 5],
        ["注：收入为年收入"],
        ["填表人：甲", "", "审核人：乙"],
    ]
    roster = read(tmp_path, rows)
    assert [household.head for household in roster.households] == ["张三", "李四"]
    assert ignored(roster) == {
        "title": 2,
        "header": 1,
        "repeated": 1,
        "group": 2,
        "total": 2,
        "blank": 1,
        "note": 2,
    }


def test_a_record_above_the_header_that_is_read_does_not_vanish(tmp_path: Path) -> None:
    wrong = [*HEAD[:2], "户主大名", *HEAD[3:]]
    roster = read(tmp_path, [wrong, ZHANG, HEAD, LI])
    assert [household.head for household in roster.households] == ["张三", "李四"]
    assert ignored(roster) == {"title": 1, "header": 1}


def test_a_row_with_only_a_code_is_a_bad_record_not_a_group(tmp_path: Path) -> None:
    roster = read(tmp_path, [HEAD, ZHANG, ["4409"]])
    assert [finding.code for finding in roster.findings] == ["T-empty", "T-empty"]
    assert roster.counts[0].rejected == 1


def test_cells_merged_down_hold_for_each_row_but_figures_and_gaps_do_not(tmp_path: Path) -> None:
    second = ["4403", "", "王五", "", "", "", ""]
    third = ["4404", "", "赵六", 1, "", "", ""]

    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("B2:B3")
        sheet.merge_cells("E2:E3")

    roster = read(tmp_path, [HEAD, ZHANG, second, third], merge)
    assert [household.village_code for household in roster.households] == ["440114", "440114"]
    assert [household.wage for household in roster.households] == [Decimal(100), None]
    assert [(finding.code, finding.source.row) for finding in roster.findings] == [("T-empty", 4)]


def test_empty_first_columns_and_phantom_rows_change_nothing(tmp_path: Path) -> None:
    def clutter(sheet: Worksheet) -> None:
        sheet.insert_cols(1, 2)
        sheet.cell(900, 40).font = openpyxl.styles.Font(bold=True)
        sheet.cell(800, 3).value = "  "

    roster = read(tmp_path, [HEAD, ZHANG], clutter)
    assert [household.head for household in roster.households] == ["张三"]
    assert roster.households[0].source("head").column == "E"
    assert roster.counts[0].rows == 800


def test_what_is_hidden_is_read_and_said(tmp_path: Path) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["D"].hidden = True
        sheet.parent.create_sheet("说明")["A1"] = "本表由扶贫办填写"
        sheet.sheet_state = "hidden"

    roster = read(tmp_path, [HEAD, ZHANG, LI], hide)
    assert len(roster.households) == 2
    assert said(roster) == [
        ("N-hidden-sheet", ""),
        ("N-hidden-rows", ""),
        ("N-hidden-column", "D"),
        ("N-sheet", ""),
    ]


def test_unknown_doubtful_and_double_headings_are_said(tmp_path: Path) -> None:
    head = [*HEAD, "备注", "联系的电话", "星座", "户主名字"]
    roster = read(tmp_path, [head, [*ZHANG, "", "15400000001", "金牛", "张三"]])
    assert [
        (finding.code, finding.source.column, finding.details.get("field"))
        for finding in roster.notices
    ] == [
        ("N-doubtful", "I", "联系电话"),
        ("N-heading", "J", None),
        ("N-double", "K", "户主姓名"),
    ]
    assert roster.households[0].phone == ""


def test_a_mapping_decides_what_headings_mean(tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text(
        '[households]\n"联系的电话" = "phone"\n"星座" = ""\n"姓名" = ""\n"当家的" = "head"\n',
        encoding="utf-8",
    )
    mapping = read_mapping(tmp_path, {"households": HOUSEHOLDS})
    head = ["户编号", "姓名", "当家的", "联系的电话", "星座", "行政村代码"]
    roster = read(
        tmp_path,
        [head, ["4401", "张四", "张三", "15400000001", "金牛", "1"]],
        None,
        "贫困户",
        mapping,
    )
    assert (roster.households[0].head, roster.households[0].phone) == ("张三", "15400000001")
    assert not [notice for notice in roster.notices if notice.code != "N-file"]
    assert read_mapping(tmp_path / "nowhere", {}) == {}


@pytest.mark.parametrize("text", ["[bad", '[nothing]\n"a" = "b"', '[households]\n"a" = "b"'])
def test_a_wrong_mapping_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "mapping.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SchemeError, match=r"mapping\.toml"):
        read_mapping(tmp_path, {"households": HOUSEHOLDS})


def test_sheets_by_town_are_known_by_their_headings(tmp_path: Path) -> None:
    def add(sheet: Worksheet) -> None:
        other = sheet.parent.create_sheet("花东镇")
        other.append(["花东镇贫困户"])
        other.append(HEAD[::-1])
        other.append(LI[::-1])
        sheet.parent.create_sheet("Sheet3")

    roster = read(tmp_path, [HEAD, ZHANG], add, "梯面镇")
    assert [(household.sheet, household.head) for household in roster.households] == [
        ("梯面镇", "张三"),
        ("花东镇", "李四"),
    ]
    assert said(roster) == [("N-guessed", ""), ("N-guessed", "")]


def test_no_finding_tells_the_number_of_an_identity_card(tmp_path: Path) -> None:
    wrong = [*ZHANG[:6], "44999919800101001X"]
    old = [*LI[:3], "449999800101001号", *LI[4:]]
    roster = read(tmp_path, [HEAD, wrong, old])
    assert [found.details["value"] for found in roster.findings] == ["（已隐去）", "（已隐去）号"]
    told = " ".join(sentence(found) for found in roster.findings)
    assert told == "“达标日期”不是日期：（已隐去） “家庭人口数”不是数字：（已隐去）号"
    code = read(tmp_path, [HEAD, [*ZHANG[:6], "4401141032010003"]])
    assert code.findings[0].details["value"] == "4401141032010003"


def test_cells_merged_beneath_the_last_row_are_nothing(tmp_path: Path) -> None:
    roster = read(tmp_path, [HEAD, ZHANG, LI], lambda sheet: sheet.merge_cells("A9:C12"))
    assert [household.head for household in roster.households] == ["张三", "李四"]
    assert not roster.findings


def test_a_formula_without_its_result_is_said_with_its_cell(tmp_path: Path) -> None:
    first = [*ZHANG[:4], "=60+40", *ZHANG[5:]]
    roster = read(tmp_path, [HEAD, first, LI])
    (finding,) = roster.findings
    assert (finding.code, finding.source.row, finding.source.column) == ("T-formula", 2, "E")
    assert [household.head for household in roster.households] == ["李四"]


def test_days_counted_from_1904_are_the_same_days(tmp_path: Path) -> None:
    def count(sheet: Worksheet) -> None:
        sheet.parent.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        sheet["G2"] = dt.datetime(2016, 9, 20)  # noqa: DTZ001
        sheet["G3"] = 41172

    roster = read(tmp_path, [HEAD, ZHANG, LI], count)
    assert [household.reached_on for household in roster.households] == [
        dt.date(2016, 9, 20),
        dt.date(2016, 9, 21),
    ]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张 三", "张三"),
        ("张　三_x000D_", "张三"),
        ("欧阳\u00a0 铭", "欧阳铭"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提．艾力", "买买提·艾力"),
        ("买买提.艾力", "买买提·艾力"),
        ("买买提 ・ 艾力", "买买提·艾力"),
        ("John Smith", "John Smith"),
        ("李\ue816", "李𠂇"),
        ("김 철", "김 철"),
    ],
)
def test_a_name_is_written_one_way(written: str, name: str, tmp_path: Path) -> None:
    row = [*ZHANG]
    row[2] = written
    if "김" in name:  # decomposed Hangul is composed, its space stays
        row[2] = "김 철"
    assert read(tmp_path, [HEAD, row]).households[0].head == name


def test_a_private_character_without_a_public_form_rejects_its_row(tmp_path: Path) -> None:
    row = [*ZHANG]
    row[2] = "李\ue000"
    roster = read(tmp_path, [HEAD, row, LI])
    (finding,) = roster.findings
    assert (finding.code, finding.source.row, finding.source.column) == ("T-private", 2, "C")
    assert "U+E000" in sentence(finding)


def test_a_character_no_font_has_is_told_with_its_cell_and_the_row_counts(tmp_path: Path) -> None:
    row = [*ZHANG]
    row[2] = "李\U0002ebf0"
    roster = read(tmp_path, [HEAD, row, LI])
    (finding,) = roster.findings
    assert (finding.code, finding.source.row, finding.source.column) == ("T-glyph", 2, "C")
    assert finding.severity == "warning"
    assert "U+2EBF0" in sentence(finding)
    assert len(roster.households) == 2


def test_the_private_bytes_of_gbk_become_public_characters(tmp_path: Path) -> None:
    rows = (
        "户编号,行政村代码,户主姓名\r\n4401,1,李".encode("gbk")
        + b"\xfeQ"
        + "\r\n4402,1,周五\r\n".encode("gbk")
    )
    (tmp_path / "贫困户.csv").write_bytes(rows)
    roster = taken(read_roster(tmp_path, {"households": HOUSEHOLDS}))
    assert [household.head for household in roster.households] == ["李𠂇", "周五"]


def test_codes_forced_to_be_text_are_text(tmp_path: Path) -> None:
    (tmp_path / "户.csv").write_text(
        '户编号,户主姓名,联系电话,行政村代码\n="0012",张三,15400000001\t,1\n\'0013,李四,,1\n',
        encoding="utf-8",
    )
    roster = taken(read_roster(tmp_path, {"households": HOUSEHOLDS}))
    assert [(household.code, household.phone) for household in roster.households] == [
        ("0012", "15400000001"),
        ("0013", ""),
    ]


def test_a_page_with_spans_is_a_sheet_with_merged_cells(tmp_path: Path) -> None:
    (tmp_path / "户.xls").write_bytes(
        "<meta charset=gb2312><table>"
        "<tr><td rowspan=2>户编号<td colspan=2>户主<td rowspan=2>行政村代码</tr>"
        "<tr><td>姓名<td>电话</tr><tr><td>4401<td>张&nbsp;三<td>15400000001<td>1</tr></table>".encode(
            "gbk"
        )
    )
    roster = taken(read_roster(tmp_path, {"households": HOUSEHOLDS}))
    assert [(household.head, household.phone) for household in roster.households] == [
        ("张三", "15400000001")
    ]


def test_files_that_are_no_rosters_are_said(tmp_path: Path) -> None:
    (tmp_path / "通知.docx").write_bytes(b"x")
    (tmp_path / "~$册.xlsx").write_bytes(b"x")
    (tmp_path / "附件").mkdir()
    roster = read(tmp_path, [HEAD, ZHANG])
    assert [notice.source.file for notice in roster.notices] == ["通知.docx", "附件"]
    assert list(roster.files) == ["册.xlsx"]


@pytest.mark.parametrize(
    ("kind", "written", "expected"),
    [
        ("date", "二〇一六年十一月二十日", dt.date(2016, 11, 20)),
        ("date", "二零一六年十月五日", dt.date(2016, 10, 5)),
        ("date", "2016-09-20 00:00:00", dt.date(2016, 9, 20)),
        ("date", "２０１６．９．２０", dt.date(2016, 9, 20)),
        ("date", "2016、9、20", dt.date(2016, 9, 20)),
        ("month", "2016年7月份", "2016-07"),
        ("month", 201607.0, "2016-07"),
        ("money", "￥1,234.50元", Decimal("1234.5")),
        ("money", "３．５万", Decimal(35000)),
        ("money", "/", None),
        ("decimal", "2.5亩", Decimal("2.5")),
        ("integer", "—", None),
        ("flag", "√", True),
        ("flag", "有", True),
        ("flag", "Ｙ", True),
        ("flag", "无", False),
        ("id", "44999919800101００1ｘ", "44999919800101001X"),
    ],
)
def test_every_habit_of_hand_is_read(kind: str, written: object, expected: object) -> None:
    assert value(Column(id="x", name="x", type=kind), written) == expected  # type: ignore[arg-type]
