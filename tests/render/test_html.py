from __future__ import annotations

import copy
import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from pipeline import files
from pipeline.errors import FillError, TemplateError, ToolError
from pipeline.render import chinese
from pipeline.render.html import render
from tests.render.trial import BARE, BUILT_IN, PT, kind_of, lines, pages, text

KINDS = ("publicity_household", "acceptance_report", "dossier")


def sample(kind: str) -> dict[str, Any]:
    context: dict[str, Any] = json.loads((BUILT_IN / kind / "sample.json").read_text("utf-8"))
    return context


@pytest.fixture(scope="module")
def papers() -> dict[str, bytes]:
    return {kind: render([BUILT_IN], kind, sample(kind)) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_is_a4_and_marked_as_sample(papers: dict[str, bytes], kind: str) -> None:
    paper = pypdfium2.PdfDocument(papers[kind])
    for page, words in zip(paper, pages(papers[kind]), strict=True):
        if page.get_height() < 50:  # a 归档章
            continue
        assert [round(side / PT) for side in page.get_size()] == [210, 297]
        assert "样例数据" in words
    assert 1 < sum(page.get_height() > 50 for page in paper) < 6


@pytest.mark.parametrize("kind", KINDS)
def test_a_real_scheme_bears_no_sample_mark(kind: str) -> None:
    context = sample(kind)
    context["scheme"]["sample"] = False
    assert "样例数据" not in text(render([BUILT_IN], kind, context))


def test_same_bytes_in_another_process(papers: dict[str, bytes]) -> None:
    script = (
        "import json,sys;from pathlib import Path;from pipeline import files;"
        "from pipeline.render.html import render;root=Path(sys.argv[1]);kind=sys.argv[2];"
        "context=json.loads((root/kind/'sample.json').read_text('utf-8'));"
        "sys.stdout.write(files.digest(render([root],kind,context)))"
    )
    kind = "acceptance_report"
    done = subprocess.run(
        [sys.executable, "-c", script, str(BUILT_IN), kind],
        capture_output=True,
        text=True,
        check=True,
        cwd=BUILT_IN.parents[1],
    )
    assert done.stdout == files.digest(papers[kind])


def test_no_dates_in_the_metadata(papers: dict[str, bytes]) -> None:
    facts = pypdfium2.PdfDocument(papers["acceptance_report"]).get_metadata_dict()
    assert facts["Title"] == "梯面镇联丰村2016年督查验收报告"
    assert facts["Author"] == "广州市花都区农村扶贫开发督查验收小组"
    assert facts["CreationDate"] == facts["ModDate"] == ""


@pytest.mark.parametrize("kind", KINDS)
def test_papers_stay_small(papers: dict[str, bytes], kind: str) -> None:
    assert len(papers[kind]) < 200_000


def test_acceptance_report_shows_every_household_and_figure(papers: dict[str, bytes]) -> None:
    words = text(papers["acceptance_report"])
    context = sample("acceptance_report")
    for household in context["households"]:
        assert household["head"] in words
    for said in (
        "11/13户",
        "5/6户，缺数据1户",
        "不低于10000元/人·年",
        "补足48700元",
        "9812.50",
        "计划资金12万元",
        "25.13万元",
        "结论为：未达标",
        "基本",
        "组长",
        "A-HD3",
        "2016年9月20日",
    ):
        assert said in words


def test_acceptance_report_without_failing_households_or_projects() -> None:
    context = sample("acceptance_report")
    context["failing"], context["projects"], context["document"]["notes"] = [], [], []
    context["targets"] = context["targets"][:2]
    words = text(render([BUILT_IN], "acceptance_report", context)).replace("样例数据—1—", "")
    assert "三、未达标户及原因无。" in words
    assert "没有登记帮扶项目" in words
    assert "限定语" not in words
    assert "说明" not in words


def test_missing_figures_are_named() -> None:
    context = sample("acceptance_report")
    context["households"] = [
        {**context["households"][0], "disposable": None, "net": None, "reached_on": None}
    ]
    context["funds"] = {"planned": None, "allocated": None, "spent": None}
    words = text(render([BUILT_IN], "acceptance_report", context))
    assert "计划资金缺数据万元" not in words
    assert "None" not in words


def test_a_date_shares_its_page_with_text(papers: dict[str, bytes]) -> None:
    for kind in ("acceptance_report", "publicity_household"):
        last = pages(papers[kind])[-1]
        assert "年月日" in last
        assert len(last) > 60


def test_publicity_shows_the_four_columns_and_no_more(papers: dict[str, bytes]) -> None:
    words = text(papers["publicity_household"])
    assert "序号村民小组户主姓名家庭人口数1第一村民小组样一玥4" in words
    for said in ("13户", "44人", "共7天", "15400000001", "村委会公示栏", "（村委会印章处）"):
        assert said in words
    assert "系统默认" in words
    assert "____" not in words


@pytest.mark.parametrize("entries", [1, 4, 60])
def test_dossier_cover_first_and_closing_sheet_alone_at_the_end(entries: int) -> None:
    context = sample("dossier")
    entry = context["dossier"]["entries"][1]
    context["dossier"]["entries"] = [
        {**entry, "order": n + 1, "first_page": 8 * n + 1, "class": "综合"} for n in range(entries)
    ]
    context["dossier"]["head"] = "ab" * 32
    every = pages(render([BUILT_IN], "dossier", context))
    found, marks = every[:-entries], every[-entries:]
    assert all("归档" not in mark and "件号" in mark and "永久" in mark for mark in marks)
    assert "全宗名称" in found[0]
    assert "工作卷" in found[0]
    assert [("卷内备考表" in page) for page in found] == [False] * (len(found) - 1) + [True]
    assert "立卷人" in found[-1]
    assert "ab" * 32 in found[-1]
    assert "卷内文件目录" not in found[0]
    assert f"{8 * entries - 7}–{8 * entries}" in found[-2]
    assert not any("—" in page for page in found)


def test_a_finished_dossier_bears_no_draft_mark() -> None:
    context = sample("dossier")
    context["dossier"]["draft"] = False
    assert "工作卷" not in text(render([BUILT_IN], "dossier", context))


def test_names_with_rare_characters_are_printed_and_can_be_searched(tmp_path: Path) -> None:
    roots = kind_of(tmp_path, "<p>㘵䶮𬍛玥镕</p><h2>㘵䶮𬍛玥镕</h2><h1>㘵䶮𬍛玥镕</h1>")
    assert text(render(roots, "trial", BARE)).startswith("㘵䶮𬍛玥镕" * 3)


def test_a_character_without_a_font_stops_the_paper(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"U\+2EBF0"):
        render(kind_of(tmp_path, "<p>\U0002ebf0</p>"), "trial", BARE)


@pytest.mark.parametrize("letter", ["\ue863", "\U0002ebf0"])
def test_a_character_nobody_can_print_stops_the_paper_with_its_field(letter: str) -> None:
    context = sample("publicity_household")
    context["households"][1]["head"] = f"样{letter}"
    with pytest.raises(FillError, match=r"households\[1\].head") as stopped:
        render([BUILT_IN], "publicity_household", context)
    assert f"U+{ord(letter):04X}" in str(stopped.value)


def test_a_private_character_of_a_template_stops_it(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"U\+E863"):
        render(kind_of(tmp_path, "<p>\ue863</p>"), "trial", BARE)


def test_28_characters_and_22_lines(tmp_path: Path) -> None:
    body = "<p class='flush'>" + "国" * (28 * 11) + "玥" * 28 + "<b class='hei'>国</b>" * (28 * 10)
    rows = lines(render(kind_of(tmp_path, body + "</p>"), "trial", BARE))
    body_rows = [row for row in rows if row[0][0] != "—"]
    assert [len(row) for row in body_rows] == [28] * 22
    assert all(abs(row[0][1] - 28) < 0.6 for row in body_rows)


def test_lines_with_figures_reach_the_right_margin(tmp_path: Path) -> None:
    body = "<p>" + "全村共有13户、44人，年人均可支配收入9812.50元，“七有”逐项达到。" * 12 + "</p>"
    rows = lines(render(kind_of(tmp_path, body), "trial", BARE))
    ends = [row[-1][2] for row in rows[:-2]]
    assert len(ends) > 8
    assert all(abs(end - 184) < 1 for end in ends)


def test_page_numbers_change_sides(papers: dict[str, bytes]) -> None:
    paper = pypdfium2.PdfDocument(papers["acceptance_report"])
    for number in (0, 1):
        page = paper[number].get_textpage()
        box = [
            page.get_charbox(n)
            for n in range(page.count_chars())
            if page.get_text_range(n, 1) == "—"
        ]
        left, right = min(each[0] for each in box) / PT, max(each[2] for each in box) / PT
        assert abs((left - 28 if number else 184 - right) - 4.94) < 1


def test_renumbered_fonts_draw_the_same_ink(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = "dossier"
    small = render([BUILT_IN], kind, sample(kind))
    monkeypatch.setattr(chinese, "_identity_keyed", lambda face: False)
    large = render([BUILT_IN], kind, sample(kind))
    assert len(small) * 2 < len(large)
    for one, other in zip(*map(pypdfium2.PdfDocument, (small, large)), strict=True):
        ours, stock = (page.render(scale=1, grayscale=True).to_numpy() for page in (one, other))
        assert ours.min() < 100
        assert (abs(ours.astype(int) - stock.astype(int)) > 60).mean() < 0.0005


def test_no_character_stands_alone_and_units_stay_whole() -> None:
    seen = {
        "<td>普通高中、中职在校生</td>": "<td>普通高中、中职在校\u2060生</td>",
        "<th>户主姓名</th>": "<th>户主姓名</th>",
        "<td>2016年6月—9月</td>": "<td>2016年6月—9\u2060月</td>",
        "<td>不低于1元/人·年</td>": "<td>不低于1元\u2060/\u2060人\u2060·\u2060年</td>",
        "<td>（A-G3）</td>": "<td>（A\u2060-\u2060G3）</td>",
    }
    for source, made in seen.items():
        assert chinese.compose(source) == made


def test_the_last_line_of_a_paragraph_has_two_characters(tmp_path: Path) -> None:
    roots = kind_of(tmp_path, f"<p class='flush'>{'国家扶贫' * 7}重。</p>")
    rows = [[each[0] for each in row] for row in lines(render(roots, "trial", BARE))]
    assert len(rows[0]) == 27
    assert rows[1][:3] == ["贫", "重", "。"]


def test_what_announces_a_list_goes_over_the_page_with_it(tmp_path: Path) -> None:
    body = "<p>字</p>" * 21 + "<p>单独列出：</p><p>第一项</p>"
    first, second = pages(render(kind_of(tmp_path, body), "trial", BARE))
    assert "单独列出" not in first
    assert second.startswith("单独列出：第一项")


def test_compose_wraps_paragraphs_and_allows_breaks_outside_quotes() -> None:
    assert chinese.compose("<p>做到“两不愁”等——好</p><title>“题”</title>") == (
        '<p><span class="t">做到\u200b“两不愁”\u200b等—\u2060—好</span></p><title>“题”</title>'
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{{ scheme.nothing }}", "trial/template.html 第1行：上下文里没有“nothing”"),
        ("{{ nothing }}", "上下文里没有“nothing”"),
        ("{% for x in %}", "模板写法有误"),
        ("{{ scheme.blank }}", "None 不能直接印在纸上"),
        ("{{ ''.__class__.__mro__ }}", "不允许的操作"),
        ("{{ 'x' | yuan }}", "不是数字"),
        ("{% include 'trial/absent.html' %}", "absent.html"),
        ("{% include '../../secret' %}", "找不到模板"),
        ("{{ scheme.update({}) }}", "上下文里没有“update”"),
        ("{{ lipsum() }}", "上下文里没有“lipsum”"),
    ],
)
def test_template_faults_are_told_with_their_place(tmp_path: Path, body: str, said: str) -> None:
    with pytest.raises(TemplateError) as caught:
        render(kind_of(tmp_path, body), "trial", BARE)
    assert said in str(caught.value)
    assert caught.value.where.startswith("trial/template.html")
    assert caught.value.todo


@pytest.mark.parametrize(
    "address",
    ["file:///etc/hostname", "../../outside.png", "http://example.org/a.png", "//example.org/a"],
)
def test_nothing_outside_the_template_folders_is_read(tmp_path: Path, address: str) -> None:
    (tmp_path / "outside.png").write_bytes(b"")
    roots = kind_of(tmp_path / "root", f'<img src="{address}">')
    with pytest.raises(TemplateError, match="被拒绝"):
        render(roots, "trial", BARE)


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
    roots = kind_of(tmp_path / "root", '<img src="pretty.svg">')
    (tmp_path / "root/trial/pretty.svg").symlink_to(tmp_path / "secret.svg")
    with pytest.raises(TemplateError, match="被拒绝"):
        render(roots, "trial", BARE)


def test_pictures_beside_the_template_are_used(tmp_path: Path) -> None:
    roots = kind_of(tmp_path, '<img src="map.svg"><p>图</p>')
    (tmp_path / "trial/map.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>',
        "utf-8",
    )
    assert text(render(roots, "trial", BARE)).startswith("图")


def test_roster_text_is_never_markup() -> None:
    context = copy.deepcopy(sample("publicity_household"))
    context["households"][0]["head"] = "<b>样</b>&<img src=x>"
    assert "<b>样</b>&<imgsrc=x>" in text(render([BUILT_IN], "publicity_household", context))


def test_a_misspelt_property_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="colour"):
        render(kind_of(tmp_path, "<p>字</p>", "p { colour: red }"), "trial", BARE)


def test_the_workspace_hides_the_built_in_template(tmp_path: Path) -> None:
    (tmp_path / "dossier").mkdir()
    (tmp_path / "dossier/template.html").write_text("<p>本地卷</p>", "utf-8")
    assert text(render([tmp_path, BUILT_IN], "dossier", BARE)).startswith("本地卷")


def test_logging_is_left_as_it_was() -> None:
    logger = logging.getLogger("weasyprint")
    before = (list(logger.handlers), logger.propagate)
    render([BUILT_IN], "dossier", sample("dossier"))
    assert (list(logger.handlers), logger.propagate) == before
