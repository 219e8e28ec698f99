"""What hides from a plain search: wrapped and spaced numbers, strings off the page, odd fonts."""

from __future__ import annotations

import io
from datetime import date

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from pipeline.measure import Mark, measure
from pipeline.measure.glyphs import characters_of
from tests.measure.test_measure import page, saved

ID = "449999198001010014"


def marks(pdf: bytes, code: str, **how: object) -> list[Mark]:
    given = {"public": True, "sample": False, "must": (), "as_of": date(2016, 10, 31), **how}
    return [mark for mark in measure(pdf, **given) if mark.code == code]  # type: ignore[arg-type]


def opened() -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(page("公示")))


@pytest.mark.parametrize(
    "body",
    [
        f"<div style='width:30mm;font-size:20pt;word-break:break-all'>{ID}</div>",
        "449999 19800101 0014",
        "４４９９９９１９８００１０１００１４",
        "电话 154 0000 1234",
        "电话 154-0000-1234",
        "卡号 4111 1111 1111 1111",
        "出生年月：1980",
        "1999-03-02",
        "1999 年 3 月 2 日",
    ],
)
def test_numbers_written_in_other_ways_are_found(body: str) -> None:
    assert marks(page(body), "D09")


@pytest.mark.parametrize(
    "body",
    [
        "监督电话 020-37721234",
        "身份证 449***********14，电话 154****1234",
        "2016-440114105202",
        "卡号 4111111111111112",
        "2016年10月31日至2016-11-07",
        "集中风险 1500.00 元，2016年1月生效",
        "<table><tr><td>150<td>2016<td>1234<tr><td>2016<td>13<td>44</table>",
    ],
)
def test_ordinary_figures_are_not_personal(body: str) -> None:
    assert marks(page(body), "D09") == []


def test_a_date_is_no_birthday_when_the_cut_off_is_unknown() -> None:
    assert marks(page("1999-03-02"), "D09", as_of=None) == []


def test_strings_off_the_page_are_read() -> None:
    for spot in ("xmp", "bookmark", "note"):
        with opened() as pdf:
            if spot == "xmp":
                with pdf.open_metadata(update_docinfo=False) as metadata:
                    metadata["dc:description"] = ID
            elif spot == "bookmark":
                with pdf.open_outline() as outline:
                    outline.root.append(pikepdf.OutlineItem(ID, 0))
            else:
                pdf.pages[0].obj.Annots = Array(
                    [Dictionary(Subtype=Name.Text, Contents=pikepdf.String(ID))]
                )
            found = marks(saved(pdf), "D09")
        assert [mark.page for mark in found] == [0], spot
        assert found[0].value == "449*************14"


def test_the_years_of_xmp_namespaces_are_no_birthdays() -> None:
    with opened() as pdf:
        with pdf.open_metadata() as metadata:
            metadata["dc:title"] = "公示"
        assert marks(saved(pdf), "D09") == []


def test_a_public_paper_carries_no_attachment() -> None:
    with opened() as pdf:
        pdf.attachments["rows.xlsx"] = pikepdf.AttachedFileSpec(pdf, b"rows", filename="rows.xlsx")
        assert [mark.value for mark in marks(saved(pdf), "D09")] == ["附件"]


def test_a_private_character_is_found_where_it_stands() -> None:
    style = "@page{size:A4}body{font-family:BabelStone Han}"
    pdf = page("一<p style='break-before:page'>陈\ue863", style)
    assert [(mark.page, mark.value) for mark in marks(pdf, "PUA")] == [(2, "U+E863")]


def test_an_empty_box_amid_good_characters_of_its_font_is_found() -> None:
    style = "@page{size:A4}body{font-family:'Liberation Serif'}"
    found = marks(page("2016\U0002ebf02017", style), "TOFU")
    assert [mark.value for mark in found] == ["\U0002ebf0 U+2EBF0"]


def test_a_font_the_house_does_not_have_is_reported_not_passed() -> None:
    with opened() as pdf:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/ABCDEF+Unheard-Of"))
        pdf.pages[0].add_resource(pdf.make_indirect(font), Name.Font, Name.FX)
        pdf.pages[0].contents_add(b"BT /FX 12 Tf 100 100 Td (hello) Tj ET")
        found = marks(saved(pdf), "FONT")
    assert [(mark.severity, mark.value) for mark in found] == [("info", "Unheard-Of")]


@pytest.mark.parametrize(
    "name",
    [
        "BYMOGM+Noto-Serif-CJK-SC-Bold",
        "SWSLVQ+Liberation-Serif",
        "FandolFang",
        "BAAAAA+FandolFang-Regular",
        "DAAAAA+NotoSerifCJKjp-Bold-VKana",
        "EAAAAA+BabelStoneHan",
    ],
)
def test_fonts_are_known_by_the_names_both_engines_give_them(name: str) -> None:
    held = characters_of(name)
    assert held is not None
    assert "1" in held


def test_a_page_without_readable_text_is_told() -> None:
    with opened() as pdf:
        pdf.add_blank_page(page_size=(595.276, 841.89))
        found = marks(saved(pdf), "TEXT")
    assert [(mark.page, mark.severity) for mark in found] == [(2, "warning")]


def test_landscape_is_a_matter_of_asking() -> None:
    pdf = page("横", "@page{size:A4 landscape}")
    assert marks(pdf, "G01")
    assert marks(pdf, "G01", landscape=True) == []
