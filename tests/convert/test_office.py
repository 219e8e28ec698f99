"""Real conversions by the real LibreOffice."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import docx
import pypdfium2
import pytest

from pipeline import convert
from pipeline.convert import office
from pipeline.errors import ToolError

_LOOK = (
    "import sys,zipfile;"
    "sys.exit(b'CRASH' not in zipfile.ZipFile(sys.argv[1]).read('word/document.xml'))"
)


def letter(words: str) -> bytes:
    document = docx.Document()
    run = document.add_paragraph().add_run(words)
    run.font.name = "Times New Roman"
    fonts = run._element.rPr.rFonts
    fonts.set(
        "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia", "仿宋_GB2312"
    )
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def words_of(pdf: bytes) -> str:
    return str(pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range())


def test_the_same_docx_gives_the_same_bytes_in_any_place_of_any_batch() -> None:
    one, other = letter("责任书 2016年 㘵溪村 镕"), letter("另一份")
    batch = convert.to_pdf([other, one, one])
    alone = convert.to_pdf([one])
    assert batch[1] == batch[2] == alone[0]
    assert isinstance(alone[0], bytes)
    assert "责任书 2016" in words_of(alone[0])
    assert set("㘵溪村镕") <= set(words_of(alone[0]))


def test_one_bad_document_costs_itself_only() -> None:
    good = letter("好的")
    results = convert.to_pdf([good, b"no docx at all", good, b"PK\x03\x04 broken zip", good])
    assert [isinstance(result, bytes) for result in results] == [True, False, True, False, True]
    assert "不是 Word 文档" in str(results[1])
    assert isinstance(results[3], ToolError)


def test_a_batch_that_crashes_is_halved_until_the_bad_document_is_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = office.find_office()
    crashing = tmp_path / "soffice"
    crashing.write_text(
        '#!/bin/sh\nfor f in "$@"; do case "$f" in *.docx)\n'
        f'if {sys.executable} -c "{_LOOK}" "$f"; then exit 77; fi;; esac; done\n'
        f'exec {real} "$@"\n'
    )
    crashing.chmod(0o755)
    monkeypatch.setattr(office, "find_office", lambda: crashing)
    results = convert.to_pdf([letter("一"), letter("CRASH"), letter("三")])
    assert [isinstance(result, bytes) for result in results] == [True, False, True]
    assert "退出码 77" in str(results[1])


def test_a_conversion_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = tmp_path / "soffice"
    hanging.write_text("#!/bin/sh\nsleep 60\n")
    hanging.chmod(0o755)
    monkeypatch.setattr(office, "find_office", lambda: hanging)
    (result,) = convert.to_pdf([letter("慢")], seconds=0.5, seconds_each=0.1)
    assert "未完成，已终止" in str(result)


def test_without_libreoffice_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Path:
        raise ToolError("找不到 LibreOffice", todo="安装：apt-get install libreoffice-writer-nogui")

    monkeypatch.setattr(office, "find_office", missing)
    (result,) = convert.to_pdf([letter("无")])
    assert "apt-get install" in str(result)


def test_the_pdf_names_no_day() -> None:
    (pdf,) = convert.to_pdf([letter("无日期")])
    assert isinstance(pdf, bytes)
    assert b"CreationDate" not in pdf
    assert b"DocChecksum" not in pdf
