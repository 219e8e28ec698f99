"""What can't be a roster is refused with a plain sentence, quickly and without much memory."""

from __future__ import annotations

import io
import resource
import struct
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest

from pipeline.errors import ExitCode, RosterError
from pipeline.roster.sheet import grids
from tests.roster import writers

SHEET = "xl/worksheets/sheet1.xml"


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["户编号", "户主"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(part: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return out.getvalue()


def sheet(cells: str, head: str = "", more: str = "") -> bytes:
    return with_part(
        SHEET,
        (
            f'<?xml version="1.0"?>{head}<worksheet '
            'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            f"{more}<sheetData>{cells}</sheetData></worksheet>"
        ).encode(),
    )


def cell(at: str, tag: str = "c", quote: str = '"') -> str:
    return f"<{tag} r={quote}{at}{quote}><v>1</v></{tag}>"


def zipped(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        for name, content in parts.items():
            book.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


def lying() -> bytes:
    """Return a workbook whose directory says that a long part is short."""
    data = bytearray(sheet('<row r="1">' + cell("A1") * 2_000_000 + "</row>"))
    at = data.rfind(SHEET.encode()) - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    data[at + 24 : at + 28] = struct.pack("<I", 1000)
    return bytes(data)


FAR_APART = '<row r="1">' + cell("A1") + '</row><row r="1048576">' + cell("XFD1048576") + "</row>"
LAUGHS = '<!DOCTYPE w [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>'
REPEATED = (
    '<table:table-row table:number-rows-repeated="1000000">'
    '<table:table-cell office:value-type="float" office:value="1" '
    'table:number-columns-repeated="16000"/></table:table-row>'
)
BAD = {
    "空.xlsx": (b"", "文件是空的"),
    "截断.xlsx": (workbook()[:-400], "文件不完整"),
    "截断.xls": (writers.xls({"户": [["户编号"] * 9] * 90})[:5000], "打不开这个工作簿"),
    "只有头.xls": (writers.compound({"Workbook": b""})[:600], "打不开这个工作簿"),
    "没有簿.xls": (writers.compound({"Other": b"x"}), "里面没有工作簿"),
    "密码.xlsx": (writers.compound({"EncryptionInfo": b"x", "EncryptedPackage": b"x"}), "打开密码"),
    "密码.xls": (
        writers.compound(
            {"Workbook": writers.record(0x809, bytes(16)) + writers.record(0x2F, b"")}
        ),
        "打开密码",
    ),
    "文档.xls": (writers.compound({"WordDocument": b"x"}), "这是Word 文档"),
    "文档.xlsx": (zipped(word__document_xml="<w/>"), "这是Word 文档"),
    "演示.xlsx": (zipped(ppt__presentation_xml="<p/>"), "这是演示文稿"),
    "压缩包.xlsx": (zipped(a_txt="1"), "这是压缩包"),
    "文字.ods": (zipped(mimetype="application/vnd.oasis.opendocument.text"), "这是文字文档"),
    "纸.xls": (b"%PDF-1.7", "这是PDF 文件"),
    "图.xlsx": (b"\x89PNG\r\n\x1a\n", "这是图片"),
    "改名.xlsx": ("户编号,户主".encode(), "改了扩展名"),
    "二进制.csv": (bytes(range(256)) * 9, "里面不是文本|认不出文字编码"),
    "坏字.csv": ("户编号,户主\n1,张".encode("gb18030") + b"\xff\xff\n", "认不出文字编码（第 2 行"),
    "没有表.xls": (b"<html><body>404</body></html>", "网页里没有表格"),
    "逗号.csv": (b"a" + b"," * 20_000_000, "超过 1600 万格"),
    "长格.csv": (b'a,b\n"' + b"x" * (2 << 20), "第 2 行读不了"),
    "标签.xls": (b"<html><table>" + b"<td>" * 4_000_000, "文本太长"),
    "炸弹.xlsx": (with_part(SHEET, b"<" * (100 << 20)), "像是压缩炸弹"),
    "谎报.xlsx": (lying(), "已损坏"),
    "笑.xlsx": (sheet("", head=LAUGHS), "含有实体声明"),
    "远.xlsx": (sheet(FAR_APART), "第 1048576 行、第 16384 列"),
    "远、单引号.xlsx": (
        sheet(cell("A1", quote="'") + cell("XFD1048576", quote="'")),
        "第 1048576 行、第 16384 列",
    ),
    "远、前缀.xlsx": (
        sheet(cell("A1", "x:c") + cell("XFD1048576", "x:c")),
        "第 1048576 行、第 16384 列",
    ),
    "远、藏.xlsx": (
        sheet('<row r="1"><c x=">" r="XFD1048576"><v>1</v></c></row>'),
        "标记不是 Excel",
    ),
    "远.xls": (writers.xls({"户": [["a"]]}, dimensions=(1 << 31, 256)), "超过 1600 万格"),
    "远.ods": (writers.ods({"户": [["a"]]}, more=REPEATED), "第 1000001 行、第 16000 列"),
    "笑、XML.xls": (
        writers.xml2003({"户": [["a"]]}).replace(b"<Workbook", LAUGHS.encode() + b"<Workbook"),
        "含有实体声明",
    ),
    "截断、XML.xls": (writers.xml2003({"户": [["a"] * 9]})[:-40], "XML 有误"),
    "远、XML.xls": (
        writers.xml2003({"户": [["a"] * 20]}).replace(b'Index="1"', b'Index="1048576"'),
        "超过 1600 万格",
    ),
    "更远、XML.xls": (
        writers.xml2003({"户": [["a"]]}).replace(b'Index="1"', b'Index="9999999999"'),
        "XML 有误",
    ),
    "重复、XML.xls": (
        writers.xml2003({"户": [["a"]]}).replace(
            b"<Table>", b"<Table>" + b'<Row ss:Hidden="1" ss:Span="999999"/>' * 9
        ),
        "XML 有误",
    ),
    "跨.xls": (
        f"<html><table>{'<tr><td rowspan=1000 colspan=1000>a' * 99}</table>".encode(),
        "超过 1600 万格",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_roster_is_refused_plainly(name: str, tmp_path: Path) -> None:
    data, words = BAD[name]
    path = tmp_path / name
    path.write_bytes(data)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    with pytest.raises(RosterError, match=words) as caught:
        list(grids(path))
    assert time.perf_counter() - start < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1 << 20  # KB
    assert caught.value.exit_code == ExitCode.INPUT
    assert caught.value.where == name
    assert caught.value.todo


def test_formatted_but_empty_cells_far_away_are_no_bomb(tmp_path: Path) -> None:
    path = tmp_path / "样式.xlsx"
    path.write_bytes(sheet(f'<row r="1">{cell("A1")}<c r="XFD1" s="0"/></row><row r="1048576"/>'))
    (grid,) = grids(path)
    assert grid.cells == [[1.0]]


@pytest.mark.parametrize("cut", range(0, 4000, 97))
def test_a_workbook_cut_or_damaged_anywhere_never_crashes(cut: int, tmp_path: Path) -> None:
    for name, data in (
        ("a.xls", writers.xls({"户": [["户编号", 1.5]]})),
        ("a.xlsx", workbook()),
        ("a.ods", writers.ods({"户": [["户编号", 1.5]]})),
    ):
        for damaged in (data[:cut], data[:cut] + b"\xff\xff\xff" + data[cut + 3 :]):
            path = tmp_path / name
            path.write_bytes(damaged)
            with suppress(RosterError):
                list(grids(path))
