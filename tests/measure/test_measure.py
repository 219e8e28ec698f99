"""Finished PDFs, good and bad: each fault provokes its code."""

from __future__ import annotations

import io
import json
import logging
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from pipeline import fonts
from pipeline.config import BUILTIN
from pipeline.errors import OutputError
from pipeline.measure import Mark, measure
from pipeline.measure.glyphs import characters_of
from pipeline.render import render_html

ROOT = BUILTIN / "templates/html"
KINDS = sorted(path.parent.name for path in ROOT.glob("*/sample.json"))


def page(
    body: str, style: str = "@page{size:A4}body{font-family:'仿宋_GB2312','FandolFang'}"
) -> bytes:
    """Print a page with plain WeasyPrint, whatever it warns of."""
    fonts.use_closed_set()
    import weasyprint

    logger = logging.getLogger("weasyprint")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        pdf: bytes = weasyprint.HTML(string=f"<style>{style}</style><p>{body}</p>").write_pdf()
    finally:
        logger.setLevel(level)
    return pdf


def codes(pdf: bytes, **how: Any) -> set[str]:
    given: dict[str, Any] = {"public": False, "sample": False, "must": (), **how}
    return {mark.code for mark in measure(pdf, **given) if mark.severity == "error"}


def changed(pdf: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        yield document


def saved(document: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_our_own_papers_have_no_error(kind: str) -> None:
    context = json.loads((ROOT / kind / "sample.json").read_text(encoding="utf-8"))
    pdf = render_html([ROOT], kind, context)
    phones = [row["phone"] for row in context.get("channels", ())]
    manifest = tomllib.loads((ROOT / kind / "kind.toml").read_text(encoding="utf-8"))
    for as_of in (date(2016, 10, 31), None):
        marks = measure(
            pdf,
            public=manifest["audience"] == "public",
            sample=True,
            must=tuple(manifest["must"]),
            allowed_phones=phones,
            as_of=as_of,
        )
        # no FONT either: every face of ours can be looked up
        assert marks == ()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("户主 {{ name }}", "G16"),
        ("人口 None 人", "G16"),
        ("收入 nan 元", "G16"),
        ("姓名：××", "G16"),
        ("陈\U0002ebf0", "TOFU"),
    ],
)
def test_what_must_not_stand_on_a_page_is_found(body: str, code: str) -> None:
    assert code in codes(page(body))


def test_rare_names_that_the_fonts_have_are_no_tofu() -> None:
    assert codes(page("㘵溪村 玥 镕 䶮 𬍛 𠅤")) == set()


@pytest.mark.parametrize(
    "body",
    [
        "张三 449999198001010014",
        "张三 449999800101001",
        "残疾证 44999919800101001431",
        "电话 15400001234",
        "卡号 4111111111111111",
        "1980年1月1日出生",
        "患有糖尿病",
    ],
)
def test_personal_data_in_a_public_paper_is_found_and_not_repeated(body: str) -> None:
    marks = measure(page(body), public=True, sample=False, must=(), as_of=date(2016, 10, 31))
    found = [mark for mark in marks if mark.code == "D09"]
    assert found
    digits = "".join(letter for letter in body if letter.isdigit())
    if len(digits) > 10:
        assert not any(digits in mark.value for mark in found)
    assert "D09" not in codes(page(body))


@pytest.mark.parametrize(
    "born", ["1998年3月5日", "1998-03-05", "１９９８．３．５", "1998年2月31日"]
)
def test_a_date_long_before_the_newest_on_the_paper_is_a_birthday(born: str) -> None:
    assert codes(page(f"张三 {born}，公示于2016年10月31日"), public=True) == {"D09"}
    assert codes(page("2008年3月5日起，公示于2016年10月31日"), public=True) == set()


def test_letters_and_figures_are_looked_up_in_the_latin_face() -> None:
    for name in ("LLATYC+Gongwen-Latin", "LLATYC+Gongwen-Latin-Bold"):
        held = characters_of(name)
        assert held is not None
        assert "A" in held
        assert "中" not in held


def test_the_office_s_own_telephone_may_stand_in_a_public_paper() -> None:
    pdf = page("监督电话 15400001234")
    assert codes(pdf, public=True) == {"D09"}
    assert codes(pdf, public=True, allowed_phones=["15400001234"]) == set()


def test_personal_data_in_the_metadata_is_found() -> None:
    for document in changed(page("无")):
        document.docinfo["/Title"] = "名单 449999198001010014"
        assert codes(saved(document), public=True) == {"D09"}


def test_a_page_of_another_size_is_found() -> None:
    assert codes(page("横", "@page{size:A5}")) == {"G01"}
    assert codes(page("横", "@page{size:A4 landscape}")) == {"G01"}


def test_a_font_that_is_not_embedded_is_found() -> None:
    for document in changed(page("无")):
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        first = document.pages[0]
        first.add_resource(document.make_indirect(font), pikepdf.Name.Font, pikepdf.Name.FX)
        first.contents_add(b"BT /FX 12 Tf 100 100 Td (hello) Tj ET")
        assert "G17" in codes(saved(document))


def test_words_that_are_owed_and_missing_are_named() -> None:
    marks = measure(page("目 标\u200b任务"), public=False, sample=False, must=("目标任务", "签名"))
    assert [(mark.code, mark.expected) for mark in marks if mark.severity == "error"] == [
        ("MUST", "签名")
    ]


def test_every_page_of_a_sample_must_say_so() -> None:
    pdf = page("样例数据<p style='break-before:page'>第二页")
    marks = measure(pdf, public=False, sample=True, must=())
    assert [(mark.code, mark.page) for mark in marks if mark.severity == "error"] == [("SAMPLE", 2)]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 broken", b"no pdf"])
def test_what_is_no_pdf_is_said(data: bytes) -> None:
    with pytest.raises(OutputError):
        measure(data, public=False, sample=False, must=())


def test_a_mark_is_a_value() -> None:
    assert Mark(code="G01", severity="error", page=1, value="a", expected="b") == Mark(
        code="G01", severity="error", page=1, value="a", expected="b"
    )


def test_the_measure_room_shares_no_code_with_render() -> None:
    for path in Path(measure.__code__.co_filename).parent.glob("*.py"):
        assert "pipeline.render" not in path.read_text(encoding="utf-8")
