"""Word templates: the fast path against docxtpl itself, faults with their place, the same bytes."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import docxtpl
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.config import BUILTIN
from pipeline.errors import TemplateError
from pipeline.fonts import uncovered
from pipeline.render.docx import render
from pipeline.render.environment import environment
from pipeline.render.rare import rare

KINDS = sorted((BUILTIN / "templates/docx").glob("*/template.docx"))
STAMP = {"document": "kind/440114", "version": "0123456789"}
NASTY = "张&李 <合作社> 5<6 \"引\" 'x' ]]> {%"


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def words(data: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)


def template(folder: Path, *paragraphs: str) -> Path:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    path = folder / "letter" / "template.docx"
    path.parent.mkdir(exist_ok=True)
    document.save(path)
    return path


def table(folder: Path, rows: list[list[str]]) -> Path:
    document = docx.Document()
    made = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(made.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    path = folder / "letter" / "template.docx"
    path.parent.mkdir(exist_ok=True)
    document.save(path)
    return path


def by_docxtpl(path: Path, context: dict[str, Any]) -> bytes:
    document = docxtpl.DocxTemplate(path)
    document.render({**context, "stamp": STAMP}, jinja_env=environment(), autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def sample(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((path.parent / "sample.json").read_text(encoding="utf-8"))
    return read


def common(path: Path) -> dict[str, Any]:
    """The sample without rare characters: docxtpl gives those no font of their own."""
    text = (path.parent / "sample.json").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads("".join("某" if rare(each) else each for each in text))
    return read


@pytest.mark.parametrize("path", KINDS, ids=lambda path: path.parent.name)
def test_the_fast_path_gives_the_xml_docxtpl_gives(path: Path) -> None:
    context = common(path)
    context["subject"]["name"] = "张&李 <合作社> 5<6"
    ours, theirs = parts(render(path, context, stamp=STAMP)), parts(by_docxtpl(path, context))
    compared = 0
    for name, data in theirs.items():
        if name.endswith(".xml") and name.startswith("word/"):
            assert etree.tostring(etree.fromstring(ours[name]), method="c14n") == etree.tostring(
                etree.fromstring(data), method="c14n"
            ), name
            compared += 1
    assert compared >= 5


@pytest.mark.parametrize("path", KINDS, ids=lambda path: path.parent.name)
def test_the_same_context_gives_the_same_bytes_and_opens_in_word_libraries(path: Path) -> None:
    first = render(path, sample(path), stamp=STAMP)
    assert first == render(path, sample(path), stamp=STAMP)
    body = etree.fromstring(parts(first)["word/document.xml"])
    assert sample(path)["subject"]["name"] in "".join(body.itertext())
    custom = parts(first)["docProps/custom.xml"].decode()
    assert STAMP["document"] in custom
    assert STAMP["version"] in custom


def test_specials_in_a_value_survive_with_everything_after_them(tmp_path: Path) -> None:
    path = template(tmp_path, "单位 {{ name }} 之后的话")
    assert words(render(path, {"name": NASTY})) == f"单位 {NASTY} 之后的话"


@settings(max_examples=60, deadline=None)
@given(
    st.text(
        st.characters(max_codepoint=0x9FA5, categories=("L", "N", "P", "S", "Zs")).filter(
            lambda letter: not uncovered(letter)
        ),
        min_size=1,
    )
)
def test_any_text_comes_out_as_it_went_in(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = template(tmp_path_factory.mktemp("t"), "[{{ name }}]")
    assert words(render(path, {"name": text})) == f"[{text}]"


def test_an_unknown_name_is_told_with_part_and_paragraph(tmp_path: Path) -> None:
    path = template(tmp_path, "一", "二 {{ 户.收入 }}", "三")
    with pytest.raises(TemplateError) as caught:
        render(path, {"户": {}})
    assert "letter/template.docx word/document.xml 第2段“二 {{ 户.收入 }}”" in str(caught.value)
    assert "上下文里没有“收入”" in str(caught.value)


def test_the_place_is_that_of_the_template_also_after_loops(tmp_path: Path) -> None:
    path = template(
        tmp_path, "{%p for n in names %}", "{{ n }}", "{%p endfor %}", "四", "五 {{ wrong }}"
    )
    with pytest.raises(TemplateError, match="第5段"):
        render(path, {"names": ["甲"] * 9})


def test_a_fault_in_a_table_names_the_cell_of_the_template(tmp_path: Path) -> None:
    rows = [
        ["村", "户"],
        ["{%tr for v in villages %}", ""],
        ["{{ v.name }}", "{{ v.wrong }}"],
        ["{%tr endfor %}", ""],
    ]
    with pytest.raises(TemplateError, match="表1第3行第2列"):
        render(table(tmp_path, rows), {"villages": [{"name": "甲"}]})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{{ name", "模板写法有误"),
        ("{% if name %}没有结束", "模板写法有误"),
        ("｛｛ name ｝｝", "全角"),
        ("{％ if name ％}", "全角"),
        ("{{ ''.__class__.__mro__ }}", "模板"),
        ("{{ name.nothing }}", "nothing"),
        ("{{ name }", "标记没有结束"),
        ("name }}", "有半个标记 }}"),
        ("{% if name %}有{% endif %} %}", "有半个标记 %}"),
        ("自造字\ue863", "自造字 U+E863"),
    ],
)
def test_a_faulty_tag_stops_with_its_reason(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(TemplateError) as caught:
        render(template(tmp_path, "一", text), {"name": "x"})
    assert says in str(caught.value)
    assert "letter/template.docx" in str(caught.value)


def test_a_control_character_is_refused_not_dropped(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"户\[0\]\.姓名.*U\+0002"):
        render(template(tmp_path, "x"), {"户": [{"姓名": "张\x02三"}]})


@pytest.mark.parametrize("letter", ["\U0002ebf0", "\ue863", "\U000f0000"])
def test_a_character_no_font_has_is_refused_with_its_field(tmp_path: Path, letter: str) -> None:
    with pytest.raises(TemplateError) as caught:
        render(template(tmp_path, "{{ 户[0].姓名 }}"), {"户": [{"姓名": f"陈{letter}"}]})
    assert f"U+{ord(letter):04X}" in str(caught.value)
    assert "户[0].姓名" in str(caught.value)


def test_rare_characters_the_fonts_have_pass(tmp_path: Path) -> None:
    name = "㘵溪村 玥镕䶮𬍛𠅤·"
    assert words(render(template(tmp_path, "{{ name }}"), {"name": name})) == name


def test_a_rare_character_names_the_font_that_draws_it(tmp_path: Path) -> None:
    path = template(tmp_path, "村名：{{ name }}，下同")
    document = docx.Document(path)
    run = document.paragraphs[0].runs[0]
    run.bold = True
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "仿宋_GB2312")
    document.save(path)
    made = docx.Document(io.BytesIO(render(path, {"name": "清㘵村𬍛"}))).paragraphs[0]
    assert [each.text for each in made.runs] == ["村名：清", "㘵", "村", "𬍛", "，下同"]
    named = [each._element.rPr.rFonts.get(qn("w:eastAsia")) for each in made.runs]
    assert named == [
        "仿宋_GB2312",
        "LXGW WenKai Light",
        "仿宋_GB2312",
        "LXGW WenKai Light",
        "仿宋_GB2312",
    ]
    assert all(each.bold for each in made.runs)


def test_a_character_the_own_font_has_stays_where_it_is(tmp_path: Path) -> None:
    path = template(tmp_path, "{{ name }}")
    document = docx.Document(path)
    run = document.paragraphs[0].runs[0]
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "黑体")
    document.save(path)
    made = docx.Document(io.BytesIO(render(path, {"name": "玥与䶮"}))).paragraphs[0]
    assert [each.text for each in made.runs] == ["玥与䶮"]


def test_words_beside_a_tag_that_takes_the_paragraph_are_refused(tmp_path: Path) -> None:
    path = template(tmp_path, "一", "会丢的话 {%p if name %}", "二", "{%p endif %}")
    with pytest.raises(TemplateError) as caught:
        render(path, {"name": "x"})
    assert "letter/template.docx 正文第2段" in str(caught.value)
    assert "“会丢的话”会丢失" in str(caught.value)


def test_rows_of_the_same_town_are_joined(tmp_path: Path) -> None:
    rows = [
        ["{%tr for v in villages %}", "", ""],
        ["{{ v.town | merge }}", "{{ v.kind | merge }}", "{{ v.name }}"],
        ["{%tr endfor %}", "", ""],
    ]
    villages = [
        {"town": town, "kind": kind, "name": name}
        for town, kind, name in (
            ("甲镇", "弱", "一村"),
            ("甲镇", "弱", "二村"),
            ("乙&镇", "弱", "三村"),
            ("乙&镇", "强", "四村"),
            ("甲镇", "强", "五村"),
        )
    ]
    path = table(tmp_path, rows)
    made = docx.Document(io.BytesIO(render(path, {"villages": villages}))).tables[0]
    xml = parts(render(path, {"villages": villages}))["word/document.xml"].decode()
    spans = re.findall(r'w:vMerge w:val="(\w+)"', xml)
    #  town, kind of each row: the kind joins only within its town
    assert spans == [
        *("restart", "restart"),
        *("continue", "continue"),
        *("restart", "restart"),
        *("continue", "restart"),
        *("restart", "restart"),
    ]
    assert [cell.text for cell in made.columns[0].cells] == [
        "甲镇",
        "甲镇",
        "乙&镇",
        "乙&镇",
        "甲镇",
    ]
    assert "\uf8fe" not in xml


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(*[st.sampled_from("甲乙")] * 2), min_size=1, max_size=8))
def test_only_equal_cells_of_one_group_are_joined(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    loop = [["{%tr for a, b in rows %}", ""], ["{{ a | merge }}", "{{ b | merge }}"]]
    path = table(folder, [*loop, ["{%tr endfor %}", ""]])
    made = docx.Document(io.BytesIO(render(path, {"rows": rows}))).tables[0]
    assert [tuple(cell.text for cell in row.cells) for row in made.rows] == rows
    spans = [[cell.vMerge for cell in row._tr.tc_lst] for row in made.rows]
    for place, (row, span) in enumerate(zip(rows, spans, strict=True)):
        above = rows[place - 1] if place else ("", "")
        same = [row[0] == above[0], row == above]
        assert span == ["continue" if each else "restart" for each in same]


def test_lines_and_tabs_become_breaks_and_tabs(tmp_path: Path) -> None:
    data = render(template(tmp_path, "{{ name }}"), {"name": "上\n下\t右"})
    xml = parts(data)["word/document.xml"].decode()
    assert "<w:br/>" in xml
    assert "<w:tab/>" in xml


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_end_of_any_system_is_one_break(tmp_path: Path, end: str) -> None:
    data = render(template(tmp_path, "{{ name }}"), {"name": f"上{end}下"})
    assert words(data) == "上\n下"
    assert parts(data)["word/document.xml"].count(b"<w:br/>") == 1


def test_the_properties_are_the_papers_own_not_the_templates(tmp_path: Path) -> None:
    path = template(tmp_path, "x")
    context = {"document": {"name": "责任书"}, "subject": {"name": "甲&乙镇"}}
    properties = docx.Document(io.BytesIO(render(path, context))).core_properties
    assert properties.title == "甲&乙镇责任书"
    assert properties.subject == "甲&乙镇"
    assert properties.author == properties.last_modified_by == "卷宗"
    assert properties.created == properties.modified == datetime(1980, 1, 1, tzinfo=UTC)


def test_a_title_with_tags_is_kept(tmp_path: Path) -> None:
    path = template(tmp_path, "x")
    document = docx.Document(path)
    document.core_properties.title = "{{ subject.name }}2016年"
    document.core_properties.author = "某人"
    document.save(path)
    made = docx.Document(io.BytesIO(render(path, {"subject": {"name": "甲&乙"}})))
    assert made.core_properties.title == "甲&乙2016年"
    assert made.core_properties.author == "卷宗"


def test_a_file_that_is_no_docx_says_so(tmp_path: Path) -> None:
    path = tmp_path / "letter" / "template.docx"
    path.parent.mkdir()
    path.write_bytes(b"not a zip")
    with pytest.raises(TemplateError, match="不是 Word 文档"):
        render(path, {})


def test_a_template_with_broken_xml_or_none_at_all_says_so(tmp_path: Path) -> None:
    path = template(tmp_path, "x")
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["word/document.xml"] = b"<w:document><w:body>"
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    with pytest.raises(TemplateError, match=r"word/document\.xml.*XML"):
        render(path, {})
    with pytest.raises(TemplateError, match="读不了"):
        render(tmp_path / "letter" / "none.docx", {})


def test_a_template_that_unpacks_to_a_flood_is_refused(tmp_path: Path) -> None:
    path = template(tmp_path, "x")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/media/image1.png", bytes(80 << 20))
    with pytest.raises(TemplateError, match="太大"):
        render(path, {})


def test_braces_in_a_value_stay_what_they_were(tmp_path: Path) -> None:
    assert words(render(template(tmp_path, "{{ name }}"), {"name": "{_{ x }_}"})) == "{_{ x }_}"


def test_column_loops_go_through_docxtpl(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(1, 3)
    for cell, text in zip(
        table.rows[0].cells, ("{%tc for n in names %}", "{{ n }}", "{%tc endfor %}"), strict=True
    ):
        cell.text = text
    path = tmp_path / "letter" / "template.docx"
    path.parent.mkdir()
    document.save(path)
    data = render(path, {"names": ["甲", "乙"]}, stamp=STAMP)
    assert data == render(path, {"names": ["甲", "乙"]}, stamp=STAMP)
    made = docx.Document(io.BytesIO(data)).tables[0]
    assert [cell.text for cell in made.rows[0].cells] == ["甲", "乙"]
