"""`juanzong measure`: what is shown, what is written, and what strange files are answered."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from pipeline.cli.main import cli
from pipeline.errors import ExitCode, JuanzongError
from tests.measure.gongwen import gongwen


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, ["measure", *map(str, words)], standalone_mode=False)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "通知.pdf"
    path.write_bytes(gongwen())
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "坏.pdf"
    path.write_bytes(gongwen(".mark{top:38mm}", number="样府[2016]15号"))
    return path


def test_a_right_paper_is_a_table_and_no_error(good: Path) -> None:
    result = run(good)
    assert result.return_value == ExitCode.OK
    assert "文件格式" in result.output
    line = next(line for line in result.output.splitlines() if "行距" in line)
    assert "29 pt" in line
    assert "合格" in line
    assert "没有不合格的地方" in result.output


def test_a_wrong_paper_says_what_is_wrong_and_what_to_do(bad: Path) -> None:
    result = run(bad)
    assert result.return_value == ExitCode.FINDINGS
    assert "样府[2016]15号" in result.output
    assert "[G10] 发文字号 → " in result.output
    assert "7.2.5" in result.output
    assert "不合格 2 处" in result.output


def test_what_was_looked_at_and_what_was_not_is_told_apart(good: Path) -> None:
    told = run(good).output
    line = next(line for line in told.splitlines() if "日期写法" in line)
    assert "未发现问题" in line
    assert "没有看（没有加 --public）：D09 个人信息" in told
    assert "没有看（没有红头）" not in told
    public = run(good, "--public").output
    assert "未发现问题" in next(line for line in public.splitlines() if "个人信息" in line)
    assert "看了 57 项，没有不合格的地方" in public


def test_of_a_scan_no_rule_on_words_is_said_to_be_met(tmp_path: Path) -> None:
    scan = tmp_path / "扫描件.pdf"
    Image.new("RGB", (1654, 2339), "white").save(scan, resolution=200)
    told = run(scan, "--public").output
    assert "未发现问题" not in told
    assert "看了 2 项，不合格 1 处" in told
    missed = next(line for line in told.splitlines() if "没有可读的文字" in line)
    assert "D09 个人信息" in missed
    assert "N1 日期写法" in missed
    (one,) = json.loads(run("--json", scan).stdout)
    assert {line["value"] for line in one["measurements"] if line["conclusion"] == "不适用"} == {
        "没有红头",
        "没有可读的文字",
        "没有加 --public",
    }


def test_json_says_the_same(good: Path, bad: Path) -> None:
    result = run("--json", good, bad)
    assert result.return_value == ExitCode.FINDINGS
    first, second = json.loads(result.stdout)
    assert first["fits"] is True
    assert {font["name"] for font in first["fonts"]} >= {"FandolFang"}
    wrong = [one for one in second["measurements"] if one["conclusion"] == "不合格"]
    assert [(one["item"], one["pages"]) for one in wrong] == [
        ("G07.top", [1]),
        ("G10.form", [1]),
    ]
    assert all(one["todo"] and one["basis"] for one in wrong)


def test_the_overlay_draws_the_grid_and_what_is_wrong(bad: Path, tmp_path: Path) -> None:
    before = bad.read_bytes()
    out = tmp_path / "标注.pdf"
    assert run(bad, "--overlay", out).return_value == ExitCode.FINDINGS
    assert bad.read_bytes() == before
    old, new = pypdfium2.PdfDocument(before), pypdfium2.PdfDocument(out.read_bytes())
    try:
        assert len(new) == len(old)
        text = new[0].get_textpage().get_text_range()
        assert "G07" in text
        assert "G10" in text
        dots = 100 / 25.4
        for book, blue in ((old, False), (new, True)):
            shot = book[1].render(scale=100 / 72, rev_byteorder=True).to_numpy()
            edge = shot[int(150 * dots), int(27 * dots) : int(29 * dots), :3]
            assert bool((edge[:, 2].astype(int) - edge[:, 0] > 60).any()) is blue
    finally:
        old.close()
        new.close()


def test_several_files_have_an_overlay_each(good: Path, bad: Path, tmp_path: Path) -> None:
    run(good, bad, "--overlay", tmp_path / "看.pdf")
    assert (tmp_path / "看-1-通知.pdf").is_file()
    assert (tmp_path / "看-2-坏.pdf").is_file()


def test_the_overlay_never_lies_over_what_is_measured(good: Path) -> None:
    before = good.read_bytes()
    result = run(good, "--overlay", good)
    assert isinstance(result.exception, JuanzongError)
    assert result.exception.exit_code == ExitCode.USAGE
    assert good.read_bytes() == before


def test_a_place_outside_can_be_allowed(tmp_path: Path) -> None:
    path = tmp_path / "码.pdf"
    path.write_bytes(
        gongwen(
            line='<div class="line"></div><div class="code">码</div>'
            "<style>.code{position:absolute;top:-20mm}</style>"
        )
    )
    assert run(path).return_value == ExitCode.FINDINGS
    assert run(path, "--exempt", 26, 12, 40, 30).return_value == ExitCode.OK


def test_a_public_paper_shows_nobody_s_number(tmp_path: Path) -> None:
    path = tmp_path / "公示.pdf"
    path.write_bytes(gongwen(body="<p><span>身份证449999198001010014。</span></p>"))
    assert run(path).return_value == ExitCode.OK
    result = run(path, "--public")
    assert result.return_value == ExitCode.FINDINGS
    assert "449999198001010014" not in result.output


def encrypted() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(gongwen())) as book:
        book.save(out, encryption=pikepdf.Encryption(user="secret", owner="owner"))
    return out.getvalue()


def picture() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (picture(), "不是 PDF"),
        (encrypted(), "密码"),
        (gongwen()[:9000], "损坏"),
        (
            b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 1 0 R>>\nendobj\ntrailer<</Root 1 0 R>>",
            "PDF",
        ),
    ],
)
def test_a_strange_file_is_one_plain_sentence(
    data: bytes, words: str, good: Path, tmp_path: Path
) -> None:
    path = tmp_path / "奇怪.pdf"
    path.write_bytes(data)
    result = run(path, good)
    assert result.return_value == ExitCode.INPUT
    assert words in result.stderr
    assert "Traceback" not in result.output
    assert "没有不合格的地方" in result.stdout  # the other file is measured all the same


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    result = run(tmp_path / "无.pdf", tmp_path)
    assert result.return_value == ExitCode.INPUT
    assert result.stderr.count("打不开") == 2


def test_a_paper_only_its_owner_may_change_is_measured(tmp_path: Path) -> None:
    path = tmp_path / "限制.pdf"
    with pikepdf.open(io.BytesIO(gongwen())) as book:
        book.save(path, encryption=pikepdf.Encryption(user="", owner="owner"))
    assert run(path, "--overlay", tmp_path / "看.pdf").return_value == ExitCode.OK
