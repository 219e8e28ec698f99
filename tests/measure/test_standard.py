"""A right 公文 fits the standard; each bad one breaks exactly the rule it is made to break."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest

from pipeline.measure import gauge
from pipeline.measure.standard import items, patterns
from pipeline.model import Box, Measured
from pipeline.report.words import rule
from tests.measure.gongwen import BODY, PARTS, STYLE, gongwen, printed

Fixture = tuple[str, str, dict[str, str]]


def failed(pdf: bytes, **how: object) -> set[str]:
    """Return the items that are 不合格."""
    return {
        one.item
        for one in gauge(pdf, **how).measurements  # type: ignore[arg-type]
        if one.conclusion == "不合格"
    }


def said(measured: Measured, item: str) -> list[str]:
    return [one.value for one in measured.measurements if one.item == item]


def test_a_right_paper_fits_and_every_rule_of_a_red_head_was_asked() -> None:
    measured = gauge(gongwen())
    assert measured.form == "文件"
    assert measured.pages == 4
    assert failed(gongwen()) == set()
    asked = {one.code for one in measured.measurements if one.conclusion == "合格"}
    assert {f"G{number:02}" for number in range(1, 19)} <= asked


def test_what_is_measured_is_what_was_set() -> None:
    measured = gauge(gongwen())
    assert said(measured, "G04.rows") == ["22 行"]
    assert said(measured, "G04.full") == ["22 行"]
    assert said(measured, "G04.pitch") == ["29 pt"]
    assert said(measured, "G05.cells") == ["28 字"]
    assert said(measured, "G05.most") == ["28 字"]
    assert said(measured, "G06.body") == ["16 pt"]
    assert said(measured, "G08.width") == ["156 mm"]
    assert said(measured, "G15.thick") == ["0.35 mm"]
    assert said(measured, "G15.thin") == ["0.25 mm"]
    assert said(measured, "G11.order") == ["2016年7月4日，2016年7月5日印发"]


BAD: list[Fixture] = [
    ("G01.sheet", "@page{size:215mm 297mm;margin-right:31mm}", {}),
    (
        "G02.ink",
        "",
        {"line": PARTS["line"] + '<div style="position:absolute;top:-12mm">000018</div>'},
    ),
    ("G03.left", "p:not(.title,.signed,.flush){margin-left:2mm}", {}),
    ("G04.pitch G04.rows G04.full", "p:not(.title){line-height:26pt}", {}),
    ("G05.cells", "p{letter-spacing:0}", {}),
    ("G05.most G05.cells", "p:not(.title){letter-spacing:-0.8pt}", {}),
    ("G06.body", "p:not(.title){font-size:15pt;letter-spacing:.79pt}", {}),
    ("G06.title", ".title{font-size:20pt}", {}),
    ("G06.imprint", ".end{font-size:12pt}", {}),
    ("G06.folio", "@page :right{@bottom-right{font-size:12pt}}", {}),
    ("G07.top", ".mark{top:38mm}", {}),
    ("G07.middle", ".mark{left:6mm}", {}),
    ("G08.width", "", {"line": PARTS["line"].replace("line", "line short")}),
    ("G08.gap", ".line{top:88mm !important}", {}),
    ("G08.width", "", {"line": ""}),
    ("G09.first", ".flush{margin-bottom:40mm}.head{height:140mm}", {}),
    (
        "G09.date",
        "",
        {
            "more": PARTS["body"] * 4,
            "named": '<p style="break-after:page"><span>附件：台账核对表</span></p>',
        },
    ),
    ("G10.form", "", {"number": "样府[2016]15号"}),
    ("G10.form", "", {"number": "样府〔2016〕015号"}),
    ("G11.form", "", {"date": "<span>二〇一六年七月四日</span>"}),
    ("G11.form", "", {"date": ""}),
    ("G11.order", "", {"imprint": PARTS["imprint"].replace("7月5日", "7月1日")}),
    ("G11.place", ".signed{margin-right:-20mm}", {}),
    ("G12.form", '@page :right{@bottom-right{content:"第" counter(page) "页"}}', {}),
    ("G12.form", "@page :right{@bottom-right{content:counter(page)}}", {}),
    ("G12.y", "@page :left{@bottom-left{padding-top:8mm}}", {}),
    ("G12.side", "@page :left{@bottom-left{padding-left:70mm}}", {}),
    ("G12.order", "@page :left{@bottom-left{content:none}}", {}),
    ("G13.order", "", {"more": PARTS["more"].replace("二、", "三、")}),
    ("G13.mark", "", {"more": PARTS["more"] + "<p><span>（一）、分工</span></p>"}),
    ("G14.pairs", "", {"named": "<p><span>附件：台账核对办法</span></p>"}),
    ("G14.pairs", "", {"named": "<p><span>附件：1.台账核对表</span></p><p>　　　2.名单</p>"}),
    ("G15.bottom", ".end{bottom:5mm}", {}),
    ("G15.thick", ".end i{height:.6mm}.end i.thin{height:.25mm}", {}),
    ("G15.width", ".end{width:150mm;margin-left:3mm}", {}),
    ("G15.page", "", {"more": PARTS["body"] * 4}),
    ("G16.left", "", {"body": f"<p><span>××村{BODY}</span></p>"}),
    ("G16.blank", "", {"body": f"<p><span>签名：____{BODY}</span></p>"}),
    ("G17.role", "html{font-family:FandolKai}", {}),
    ("G18.empty", "", {"named": "<p><span>（此页无正文）</span></p>" + PARTS["named"]}),
]


@pytest.mark.parametrize(("wanted", "style", "parts"), BAD)
def test_each_fault_breaks_its_rule_and_no_other(
    wanted: str, style: str, parts: dict[str, str]
) -> None:
    assert failed(gongwen(style, **parts)) == set(wanted.split())


WORDS = [
    ("N1.date", "截至2016年07月04日"),
    ("N1.date", "截至2016.7.4止"),
    ("N3.range", "降低4-6%左右"),
    ("N3.range", "每户5-10万元"),
    ("N4.unit", "每户3千元"),
    ("N5.near", "用3、4天完成"),
    ("N7.zero", "在二零一六年"),
    ("N9.day", "组织6.30扶贫济困日活动"),
    ("P1.bracket", "根据样府（2016）3号文"),
    ("P8.list", "按照《办法》、《细则》办理"),
    ("P10.width", "认真落实,不得延误"),
    ("P10.space", "在 2016 年底前"),
    ("P11.dots", "种植、养殖......等"),
]


@pytest.mark.parametrize(("item", "words"), WORDS)
def test_wrong_numbers_and_marks_are_found_and_quoted(item: str, words: str) -> None:
    assert failed(prose(f"{words}，{BODY}")) == {item}


@pytest.mark.parametrize(
    "words",
    [
        "截至2016年7月4日",
        "降低4%—6%，每户5万—10万元、3000元",
        "用三四天完成，其中1、2、3组先行",
        "在二〇一六年，第3、4次",
        "组织6·30扶贫济困日活动，占10.17%",
        "根据样府〔2016〕3号文",
        "按照《办法》《细则》办理……某些、某一户",
    ],
)
def test_right_numbers_and_marks_are_left_alone(words: str) -> None:
    assert failed(prose(f"{words}，{BODY}")) == set()


def test_a_wrong_form_is_found_across_the_end_of_a_row() -> None:
    lead = BODY[:26]  # 2016 ends the row, 年07月 begins the next
    assert failed(prose(f"{lead[:22]}至2016年07月04日{BODY}")) == {"N1.date"}


def test_a_list_of_copies_ends_with_a_full_stop() -> None:
    assert failed(gongwen(imprint=PARTS["imprint"].replace("会办公室。", "会办公室"))) == {"P7.end"}


def test_the_number_in_the_name_of_the_file_is_the_papers() -> None:
    assert failed(gongwen(), name="样府〔2016〕15号 通知") == set()
    assert failed(gongwen(), name="样府〔2016〕16号 通知") == {"G10.same"}


def test_a_font_left_out_of_the_file_or_put_in_whole_is_found() -> None:
    with pikepdf.open(io.BytesIO(gongwen())) as book:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        last = book.pages[3]
        last.add_resource(book.make_indirect(font), pikepdf.Name.Font, pikepdf.Name.FX)
        last.contents_add(b"BT /FX 12 Tf 1 0 0 1 200 400 Tm (hello) Tj ET")
        pdf = saved(book)
    assert failed(pdf) == {"G17.embedded", "G17.subset"}
    lines = [one for one in gauge(pdf).fonts if not one.embedded]
    assert [(one.name, one.characters, one.pages) for one in lines] == [("Helvetica", 4, (4,))]


def test_substituted_fonts_are_named_not_silently_accepted() -> None:
    (value,) = said(gauge(gongwen()), "G17.role")
    assert "FandolFang（替代）" in value


def test_personal_data_are_looked_for_only_in_a_public_paper() -> None:
    pdf = gongwen(body=f"<p><span>{BODY}身份证449999198001010014。</span></p>")
    assert failed(pdf) == set()
    assert failed(pdf, public=True) == {"D09.personal"}


def test_a_poster_is_asked_only_what_every_paper_is_asked() -> None:
    measured = gauge(printed("<h1>公示</h1><p>○</p>", "@page{size:A4 landscape;margin:5mm}"))
    assert measured.form == ""
    asked = {one.item for one in measured.measurements if one.conclusion != "不适用"}
    assert asked == {item.id for item in items().values() if item.plain} - {"D09.personal"}
    assert measured.fits


@pytest.mark.parametrize("stamp", ["样例数据", "系统默认"])
def test_the_stamps_of_this_house_may_stand_outside_the_type_area(stamp: str) -> None:
    box = '<div style="position:absolute;top:-20mm;white-space:nowrap">{}</div>'
    assert failed(gongwen(line=PARTS["line"] + box.format(stamp))) == set()
    assert failed(gongwen(line=PARTS["line"] + box.format("样例"))) == {"G02.ink"}


@pytest.mark.parametrize(("left", "wanted"), [(-13, set()), (60, {"G02.ink"})])
def test_the_number_of_a_dossier_s_page_may_stand_in_the_corner(
    left: int, wanted: set[str]
) -> None:
    number = f'<div style="position:absolute;top:-22mm;left:{left}mm">12</div>'
    assert failed(gongwen(line=PARTS["line"] + number)) == wanted


def test_a_box_can_be_declared_exempt_by_the_caller_or_by_the_page() -> None:
    pdf = gongwen(line=PARTS["line"] + '<div style="position:absolute;top:-20mm">码</div>')
    assert failed(pdf) == {"G02.ink"}
    assert failed(pdf, exempt_boxes=[Box(26, 12, 40, 30)]) == set()
    with pikepdf.open(io.BytesIO(pdf)) as book:
        points = [70, 750, 120, 820]
        own = pikepdf.Dictionary(Private=pikepdf.Array(points))
        book.pages[0].obj.PieceInfo = pikepdf.Dictionary(JuanZong=own)
        declaring = saved(book)
        own.Private = pikepdf.Array([pikepdf.Name.Nonsense])
        book.pages[0].obj.PieceInfo = pikepdf.Dictionary(JuanZong=own)
        babbling = saved(book)
    assert failed(declaring) == set()
    assert failed(babbling) == {"G02.ink"}


@pytest.mark.parametrize(
    ("mark", "style", "form", "wanted"),
    [
        ("样县人民政府会议纪要", "", "纪要", set()),
        ("样县人民政府令", ".mark{top:17mm}", "令", set()),
        ("样县人民政府令", "", "令", {"G07.top"}),
    ],
)
def test_each_form_has_its_own_height_of_the_head(
    mark: str, style: str, form: str, wanted: set[str]
) -> None:
    pdf = gongwen(style, mark=mark)
    assert gauge(pdf).form == form
    assert failed(pdf) == wanted


def test_a_draft_has_no_number_and_no_date_yet() -> None:
    bare = {"number": "", "date": ""}
    assert failed(gongwen(**bare)) == {"G10.form", "G11.form"}
    stamp = '<div style="position:absolute;top:-12mm;white-space:nowrap">（代拟稿）</div>'
    assert failed(gongwen(line=PARTS["line"] + stamp, **bare)) == set()


def test_a_letter_has_long_double_lines_and_needs_no_number_on_its_first_page() -> None:
    red = (
        '<div style="position:absolute;top:{}mm;left:-8mm;width:170mm;height:{}mm;'
        'background:#e60012"></div>'
    )
    pdf = gongwen(
        ".mark{top:-9.8mm}.number{top:18mm;text-align:right}"
        "@page :first{@bottom-right{content:none}}",
        mark="样县人民政府",
        line=red.format(10, 0.7) + red.format(11.2, 0.35) + red.format(239.3, 0.7),
    )
    measured = gauge(pdf)
    assert measured.form == "信函"
    assert failed(pdf) == set()
    assert said(measured, "G07.top")[0].startswith("30")
    assert said(measured, "G08.width") == ["170 mm"]


@pytest.mark.parametrize(("gap", "wanted"), [(64, set()), (32, {"G11.place"})])
def test_a_sealed_date_stands_four_characters_in(gap: int, wanted: set[str]) -> None:
    seal = (
        f'<span style="margin-right:{gap - 64}pt">2016年7月4日</span>'
        '<img style="position:absolute;right:25mm;margin-top:-20mm;width:40mm" src="data:image/'
        "svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><image width='9' "
        "height='9' href='data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAA"
        "DUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=='/></svg>\">"
    )
    pdf = gongwen(date=seal)
    assert "盖章" in said(gauge(pdf), "G11.place")[0]
    assert failed(pdf) == wanted


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_measured_as_it_is_looked_at(turn: int) -> None:
    with pikepdf.open(io.BytesIO(gongwen())) as book:
        for page in book.pages:
            width, height = (float(value) for value in page.mediabox[2:])
            matrix = {
                90: f"0 1 -1 0 {height} 0",
                180: f"-1 0 0 -1 {width} {height}",
                270: f"0 -1 1 0 0 {width}",
            }[turn]
            page.contents_add(f"q {matrix} cm".encode(), prepend=True)
            page.contents_add(b"Q")
            if turn != 180:
                page.mediabox = pikepdf.Array([0, 0, height, width])
            page.rotate(turn, relative=False)
        pdf = saved(book)
    assert failed(pdf) == set()
    assert gauge(pdf).form == "文件"


def test_every_pattern_and_every_code_has_its_words() -> None:
    assert set(patterns()) <= set(items())
    assert all(re.fullmatch(r"[A-Z]+\d*\.[a-z]+", item) for item in items())
    for item in items().values():
        assert rule(item.code)["todo"]


def prose(words: str) -> bytes:
    return printed(f"<p><span>{words}</span></p>", STYLE)


def saved(book: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
