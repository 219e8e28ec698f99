"""templates lint and preview, as an office runs them."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner, Result

from pipeline.cli.main import cli
from pipeline.config import BUILTIN

NOTICE = "templates/html/publicity_household"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A workspace with a notice of its own."""
    (tmp_path / "inputs").mkdir()
    (tmp_path / "templates/docx").mkdir(parents=True)
    shutil.copytree(BUILTIN / NOTICE, tmp_path / NOTICE)
    return tmp_path


def ask(office: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["templates", *words, "-C", str(office)], standalone_mode=False)


def test_lint_finds_nothing_in_what_we_ship(office: Path) -> None:
    result = ask(office, "lint")
    assert result.return_value == 0, result.output
    assert "个模板：没有发现问题" in result.output


def test_lint_says_what_where_and_how_to_mend_it(office: Path) -> None:
    path = office / NOTICE / "template.html"
    text = path.read_text(encoding="utf-8").replace(
        "{{ listed.persons }}", "｛｛ listed.person ｝｝"
    )
    path.write_text(text, encoding="utf-8")
    result = ask(office, "lint", "贫困户名单公示")
    assert result.return_value == 3
    assert "publicity_household/template.html" in result.output
    assert "[B18] 错误　第10行　标记用了全角符号：｛｛ listed.person ｝｝" in result.output
    result = ask(office, "lint", "publicity_household", "--fix", "--json")
    found = json.loads(result.output)
    assert [Path(each).name for each in found["fixed"]] == ["template.html"]
    assert {(one["code"], one["message"]) for one in found["faults"]} == {
        ("B21", "上下文里没有“person”")
    }
    assert "{{ listed.person }}" in path.read_text(encoding="utf-8")


def test_lint_never_writes_to_what_we_ship(office: Path) -> None:
    before = {path: path.read_bytes() for path in (BUILTIN / "templates").rglob("template.*")}
    ask(office, "lint", "--fix")
    assert before == {path: path.read_bytes() for path in before}


def test_lint_looks_at_any_word_file_and_mends_it(office: Path, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("户主：｛｛ 姓名 ｝｝")
    document.save(tmp_path / "表.docx")
    result = ask(office, "lint", "--file", str(tmp_path / "表.docx"))
    assert result.return_value == 3
    assert "正文第1段“户主：｛｛ 姓名 ｝｝”" in result.output
    assert "查了 1 个模板" in result.output
    result = ask(office, "lint", "--file", str(tmp_path / "表.docx"), "--fix")
    assert result.return_value == 0
    assert docx.Document(tmp_path / "表.docx").paragraphs[0].text == "户主：{{ 姓名 }}"


def test_an_unknown_kind_is_refused_by_name(office: Path) -> None:
    result = ask(office, "preview", "不存在")
    assert "没有文书种类“不存在”" in str(result.exception)


def test_preview_writes_the_paper_and_a_picture_of_each_page(office: Path) -> None:
    result = ask(office, "preview", "贫困户名单公示", "脱贫攻坚责任书", "--json")
    assert result.return_value == 0, result.output
    made = {one["kind"]: one for one in json.loads(result.output)}
    notice = [Path(each) for each in made["publicity_household"]["files"]]
    assert {path.suffix for path in notice} == {".pdf", ".png"}
    assert all(path.is_relative_to(office / "outputs/preview") for path in notice)
    letter = [Path(each) for each in made["responsibility_letter"]["files"]]
    assert {path.suffix for path in letter} == {".docx", ".pdf", ".png"}
    assert all(path.read_bytes() for path in (*notice, *letter))
    assert letter[2].read_bytes().startswith(b"\x89PNG")


def test_preview_says_what_is_wrong_and_exits_so(office: Path) -> None:
    path = office / NOTICE / "template.html"
    path.write_text("{% block body %}{{ nobody }}{% endblock %}", encoding="utf-8")
    result = ask(office, "preview", "贫困户名单公示")
    assert result.return_value == 3
    assert "上下文里没有“nobody”" in result.output


def test_watch_makes_it_again_when_a_file_changes_and_goes_on_after_a_fault(office: Path) -> None:
    path = office / NOTICE / "template.html"
    good = path.read_text(encoding="utf-8")
    words = [sys.executable, "-m", "pipeline", "templates", "preview", "贫困户名单公示", "--watch"]
    out, err = office / "out", office / "err"
    with out.open("wb") as stdout, err.open("wb") as stderr:
        running = subprocess.Popen(
            [*words, "-C", str(office)], stdout=stdout, stderr=stderr, preexec_fn=heed_interrupts
        )
        try:
            wait(out, ".pdf", 1)
            path.write_text(good.replace("{{ subject.name }}", "{{ nobody }}"), encoding="utf-8")
            wait(err, "上下文里没有“nobody”", 1)
            path.write_text(good, encoding="utf-8")
            wait(out, ".pdf", 2)
        finally:
            running.send_signal(signal.SIGINT)
            assert running.wait(60) == 130


def heed_interrupts() -> None:
    """Let Ctrl-C stop a child also where the tests themselves run in the background of a shell."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait(path: Path, words: str, times: int) -> None:
    for _ in range(1200):
        if path.read_text(encoding="utf-8").count(words) >= times:
            return
        time.sleep(0.1)
    raise AssertionError(f"{words} not {times} times in: {path.read_text(encoding='utf-8')}")
