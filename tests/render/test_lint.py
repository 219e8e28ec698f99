"""Faults of templates: each kind found with its place, none found where there is none."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from pipeline.config import BUILTIN
from pipeline.model import DocumentKind, TemplateFault
from pipeline.render.lint import lint_file, lint_kind, mended_file
from pipeline.schemes import read_kinds

ROOTS = {engine: (BUILTIN / "templates" / engine,) for engine in ("docx", "html")}
KINDS = read_kinds(ROOTS)


def word(path: Path, *texts: str) -> Path:
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    document.save(path)
    return path


def table(path: Path, rows: list[list[str]]) -> Path:
    document = docx.Document()
    made = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(made.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.save(path)
    return path


def errors(faults: list[TemplateFault]) -> list[str]:
    return [fault.code for fault in faults if fault.severity == "error"]


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.id)
def test_our_own_templates_have_no_fault(kind: DocumentKind) -> None:
    assert lint_kind(kind, ROOTS[kind.engine]) == []


GOOD = {
    "loop and condition": [
        "{% for a in list %}{{ a.name }}{% if not loop.last %}、{% endif %}{% endfor %}"
    ],
    "paragraph loop": ["{%p for a in list %}", "{{ a }}", "{%p endfor %}"],
    "comment": ["{# 说明：全角（括号）没有关系 #}正文"],
    "paragraph comment": ["{#p 说明 #}", "正文"],
    "raw": ["{% raw %}{{ x }} }}{% endraw %}"],
    "quotes of Word": ["{% if a == “甲” %}甲{% endif %}"],
    "inline set": ["{% set n = 1 %}{{ n + 1 }}"],
    "rich text": ["{{r note }}", "{{p block }}"],
    "dictionary": ["{{ {'a': {'b': 1}}['a']['b'] }}"],
    "percent in text": ["完成率 50%，（{{ a }}%）"],
    "macro": ["{% macro m(x) %}{{ x }}{% endmacro %}{{ m(1) }}"],
    "trimmed": ["{%- if a -%}甲{%- endif -%}"],
}


@pytest.mark.parametrize("texts", GOOD.values(), ids=GOOD.keys())
def test_what_docxtpl_can_fill_has_no_fault(tmp_path: Path, texts: list[str]) -> None:
    assert errors(lint_file(word(tmp_path / "good.docx", *texts))) == []


@pytest.mark.parametrize(
    "rows",
    [
        [["{%tr for a in list %}", ""], ["{{ a.x }}", "{{ a.y }}"], ["{%tr endfor %}", ""]],
        [["{%tc for a in list %}", "{{ a }}", "{%tc endfor %}"]],
        [["{% cellbg colour %}{{ a }}", "{% colspan n %}{{ b }}"]],
        [["{%tr for a in list %}"], ["{% vm %}{{ a }}"], ["{%tr endfor %}"]],
    ],
)
def test_tables_docxtpl_can_fill_have_no_fault(tmp_path: Path, rows: list[list[str]]) -> None:
    assert errors(lint_file(table(tmp_path / "good.docx", rows))) == []


@pytest.mark.parametrize(
    ("texts", "code", "paragraph"),
    [
        (["一", "{{ name"], "B01", 2),
        (["一", "{% if a %}", "三"], "B04", 2),
        (["{% endif %}"], "B05", 1),
        (["一", "二", "{{ a b }}"], "B06", 3),
        (["{%p if a == '5%' %}", "x", "{%p endif %}"], "B07", 1),
        (["{%tr for a in b %}", "{%tr endfor %}"], "B09", 1),
        (["{%p if a %}", "x", "{% endif %}"], "B10", 3),
        (["会丢 {%p if a %}", "x", "{%p endif %}"], "B15", 1),
        (["一", "name }}"], "B16", 2),
        (["一", "｛｛ 姓名 ｝｝"], "B18", 2),
        (["{％ if a ％}x{％ endif ％}"], "B18", 1),
        (["{{ a ｜ dash }}"], "B18", 1),
        (["{{ a|nofilter }}"], "B22", 1),
        (["{% if a is notest %}x{% endif %}"], "B22", 1),
    ],
)
def test_a_fault_is_told_with_its_paragraph(
    tmp_path: Path, texts: list[str], code: str, paragraph: int
) -> None:
    found = [one for one in lint_file(word(tmp_path / "bad.docx", *texts)) if one.code == code]
    assert found, code
    assert (found[0].spot.part, found[0].spot.paragraph) == ("正文", paragraph)


def test_all_faults_are_told_at_once_also_in_a_footer(tmp_path: Path) -> None:
    path = word(tmp_path / "bad.docx", "{{ a b }}", "好", "{{ c|nofilter }}", "{{ d e }}", "{x}")
    document = docx.Document(path)
    document.sections[0].footer.paragraphs[0].text = "｛｛ 页 ｝｝"
    document.save(path)
    found = [(one.code, one.spot.part, one.spot.paragraph) for one in lint_file(path)]
    assert ("B06", "正文", 1) in found
    assert ("B06", "正文", 4) in found
    assert ("B22", "正文", 3) in found
    assert ("B19", "正文", 5) in found
    assert any(code == "B18" and part.startswith("页脚") for code, part, _ in found)


def test_a_broken_tag_hides_no_other_fault(tmp_path: Path) -> None:
    path = word(
        tmp_path / "bad.docx", "{{ name", "{{ a b }} {{ “甲” }}", "{x} 与 }}", "｛｛ y ｝｝"
    )
    found = {(one.code, one.spot.paragraph) for one in lint_file(path)}
    assert found >= {("B01", 1), ("B06", 2), ("B16", 3), ("B19", 3), ("B18", 4)}
    assert len([one for one in lint_file(path) if one.code == "B06"]) == 1


def test_a_fault_in_a_table_is_told_with_row_and_column(tmp_path: Path) -> None:
    rows = [
        ["村", "户"],
        ["{%tr for v in vs %}", ""],
        ["{{ v.a }}", "{{ v b }}"],
        ["{%tr endfor %}", ""],
    ]
    found = [one for one in lint_file(table(tmp_path / "bad.docx", rows)) if one.code == "B06"]
    assert (found[0].spot.table, found[0].spot.row, found[0].spot.column) == (1, 3, 2)


def test_a_tag_torn_by_a_link_is_told(tmp_path: Path) -> None:
    path = tmp_path / "bad.docx"
    document = docx.Document()
    paragraph = document.add_paragraph("{{ na")
    link = OxmlElement("w:hyperlink")
    paragraph._element.append(link)
    run = paragraph.add_run("me }}")
    link.append(run._element)
    document.save(path)
    assert "B17" in errors(lint_file(path))


def test_a_tag_split_over_runs_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "good.docx"
    document = docx.Document()
    paragraph = document.add_paragraph()
    for piece in ("{", "{ na", "me ", "}", "}"):
        paragraph.add_run(piece).bold = piece == "{"
    document.save(path)
    assert errors(lint_file(path)) == []


def test_mail_merge_fields_grids_styles_and_fonts_are_told(tmp_path: Path) -> None:
    path = tmp_path / "bad.docx"
    document = docx.Document()
    paragraph = document.add_paragraph("一")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), " MERGEFIELD 姓名 \\* MERGEFORMAT ")
    paragraph._element.append(field)
    paragraph._element.get_or_add_pPr().get_or_add_pStyle().set(qn("w:val"), "NoSuchStyle")
    run = paragraph.add_run("字")
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "华文彩云")
    grid = document.sections[0]._sectPr.find(qn("w:docGrid"))
    grid.set(qn("w:type"), "linesAndChars")
    document.save(path)
    found = {one.code: one for one in lint_file(path)}
    assert found["B20"].details["tag"] == "姓名"
    assert found["B23"].severity == "error"
    assert found["B24"].details["name"] == "NoSuchStyle"
    assert "华文彩云" in {one.details.get("name") for one in lint_file(path) if one.code == "B25"}


@pytest.mark.parametrize("content", [b"no zip", b""])
def test_what_is_no_word_file_is_a_fault_not_a_crash(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.docx"
    path.write_bytes(content)
    assert [one.code for one in lint_file(path)] == ["B30"]


def test_fix_writes_readable_signs_and_leaves_the_rest(tmp_path: Path) -> None:
    path = word(
        tmp_path / "bad.docx",
        "全角，（不动）｛｛ a｜dash ｝｝ 5<6 & ｛7｝",
        "{％ if a == “甲（乙）” ％}x{% endif %}",
    )
    with zipfile.ZipFile(path) as package:
        before = {name: package.read(name) for name in package.namelist()}
    mended = mended_file(path)
    assert mended is not None
    with zipfile.ZipFile(io.BytesIO(mended)) as package:
        after = {name: package.read(name) for name in package.namelist()}
    assert list(before) == list(after)
    assert {name for name in before if before[name] != after[name]} == {"word/document.xml"}
    words = [each.text for each in docx.Document(io.BytesIO(mended)).paragraphs]
    assert words == [
        "全角，（不动）{{ a|dash }} 5<6 & ｛7｝",
        "{% if a == “甲（乙）” %}x{% endif %}",
    ]
    path.write_bytes(mended)
    assert mended_file(path) is None
    assert "B18" not in [one.code for one in lint_file(path)]


def html_kind(folder: Path, template: str, style: str = "", **more: object) -> list[TemplateFault]:
    """Lint an html kind made of this template on top of ours."""
    kind = folder / "notice"
    kind.mkdir(parents=True)
    text = (ROOTS["html"][0] / "publicity_household/kind.toml").read_text(encoding="utf-8")
    text = text.replace('"publicity_household"', '"notice"')
    head, _, shows = text.partition("[must]")
    kind.joinpath("kind.toml").write_text(head + shows[shows.index("[shows]") :], encoding="utf-8")
    sample = json.loads((ROOTS["html"][0] / "publicity_household/sample.json").read_text("utf-8"))
    kind.joinpath("sample.json").write_text(json.dumps({**sample, **more}), encoding="utf-8")
    kind.joinpath("template.html").write_text(template, encoding="utf-8")
    kind.joinpath("style.css").write_text(style, encoding="utf-8")
    roots = (folder, *ROOTS["html"])
    return lint_kind(read_kinds({"html": roots})["notice"], roots)


PAGE = '{{% extends "_gongwen/base.html" %}}\n{{% block body %}}\n{}\n{{% endblock %}}\n'


@pytest.mark.parametrize(
    ("body", "code", "line"),
    [
        ("<p>\n{{ households[0].incme }}</p>", "B21", 4),
        ("<p>{{ nobody.name }}</p>", "B21", 3),
        ("{% for h in households %}\n{{ h.phone }}{% endfor %}", "B21", 4),
        ("{{ households | sum(attribute='income') }}", "B21", 3),
        ("{{ subject.name | nofilter }}", "B22", 3),
        ("{{ subject.name name }}\n{{ a b }}", "B06", 3),
        ("｛｛ subject.name ｝｝", "B18", 3),
        ("{% if subject.name == “甲” %}x{% endif %}", "B18", 3),
        ("<p>{姓名}</p>", "B19", 3),
    ],
)
def test_html_faults_are_told_with_their_line(
    tmp_path: Path, body: str, code: str, line: int
) -> None:
    found = [one for one in html_kind(tmp_path, PAGE.format(body)) if one.code == code]
    assert found, code
    assert (found[0].spot.file, found[0].spot.line) == ("notice/template.html", line)


def test_html_that_is_right_has_no_fault(tmp_path: Path) -> None:
    body = (
        "<p>{{ mark.basis(document.basis) }}"
        "{% if nothing is defined %}{{ nothing.at.all }}{% endif %}"
        '{% set big = households | selectattr("size") | list %}{{ (big | first).head }}'
        "{% for head, rows in households | groupby('group') %}{{ rows[0].head }}{% endfor %}"
        "{{ places | join('、') }}{{ publicity.days }}</p>"
    )
    assert html_kind(tmp_path, PAGE.format(body)) == []


def test_slow_layouts_are_told_where_the_sample_shows_them(tmp_path: Path) -> None:
    long = "这是一段很长的文字。" * 10
    body = f'<table class="wide"><tr><td>甲</td></tr></table><div class="row"><p>{long}</p></div>'
    style = "table.wide { table-layout: auto }\n\n.row { display: flex }\nh1 { float: left }\n"
    found = {
        (one.code, one.spot.file, one.spot.line)
        for one in html_kind(tmp_path, PAGE.format(body), style)
    }
    assert found == {("B28", "notice/style.css", 1), ("B29", "notice/style.css", 3)}


def test_what_a_kind_owes_and_does_not_say_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "html" / "publicity_household"
    shutil.copytree(ROOTS["html"][0] / "publicity_household", folder)
    path = folder / "template.html"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("{{ poster.signed(document.issuer) }}", ""), encoding="utf-8")
    roots = (tmp_path / "html", *ROOTS["html"])
    found = lint_kind(read_kinds({"html": roots})["publicity_household"], roots)
    assert [(one.code, one.details["name"]) for one in found] == [("B26", "印章处")]


def test_a_word_template_is_held_to_its_kind(tmp_path: Path) -> None:
    folder = tmp_path / "docx" / "responsibility_letter"
    shutil.copytree(ROOTS["docx"][0] / "responsibility_letter", folder)
    document = docx.Document(folder / "template.docx")
    document.paragraphs[2].add_run("{{ each_village[0].income }}")
    document.save(folder / "template.docx")
    roots = (tmp_path / "docx", *ROOTS["docx"])
    found = lint_kind(read_kinds({"docx": roots})["responsibility_letter"], roots)
    assert [(one.code, one.spot.paragraph, one.details["name"]) for one in found] == [
        ("B21", 3, "income")
    ]
