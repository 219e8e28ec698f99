"""Edited by hand in Word, WPS or LibreOffice: taken in as a version, never silently made anew."""

from __future__ import annotations

import contextlib
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from pipeline.convert import find_office
from tests.conftest import SCHEME, Sheet, World
from tests.run.life import answer, issue, run, text_of

LETTER = "脱贫攻坚责任书"
BY = ("--by", "王五", "--reason", "改称谓")


@pytest.fixture(scope="module")
def lettered(small: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a workspace with the letter of one town."""
    root = tmp_path_factory.mktemp("adopt") / "w"
    shutil.copytree(small.root, root)
    world = World(root)
    run(world, "make", SCHEME, *asked(world), "-q")
    return world


@pytest.fixture
def world(lettered: World, tmp_path: Path) -> World:
    shutil.copytree(lettered.root, tmp_path / "w")
    return World(tmp_path / "w")


def asked(world: World) -> tuple[str, ...]:
    return ("--kind", LETTER, "--town", world.roster().towns[0].name)


def letter(world: World, ending: str = "docx") -> Path:
    return next(world.outputs.glob(f"内部/*/*/{LETTER}.{ending}"))


def document(world: World) -> str:
    return f"responsibility_letter/{world.roster().towns[0].code}"


def edit(path: Path, change: Callable[[str], str]) -> None:
    """Change the words of a docx, paragraph by paragraph."""
    paper = docx.Document(str(path))
    for paragraph in paper.paragraphs:
        for piece in paragraph.runs:
            piece.text = change(piece.text)
    paper.save(str(path))


def saved_again(path: Path, folder: Path) -> Path:
    """Open a docx in LibreOffice and save it."""
    folder.mkdir()
    subprocess.run(
        [str(find_office()), "--headless", f"-env:UserInstallation={folder.as_uri()}/profile",
         "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder), str(path)],
        check=True, capture_output=True, timeout=120, env={**os.environ, "HOME": str(folder)},
    )  # fmt: skip
    return folder / path.name


def test_a_docx_saved_by_libreoffice_becomes_a_version(world: World, tmp_path: Path) -> None:
    edit(letter(world), lambda text: text.replace("本责任书一式三份", "本责任书一式四份"))
    returned = saved_again(letter(world), tmp_path / "office")
    told = answer(world, "adopt", str(returned), *BY)
    [adopted] = told["adopted"]
    assert (adopted["document"], adopted["number"], adopted["origin"]) == (
        document(world), 2, "edited",
    )  # fmt: skip
    first = answer(world, "history", SCHEME, "show", f"{document(world)}@1")
    assert adopted["base"] == adopted["parent"] == first["id"]
    assert adopted["lost"] == []
    shown = answer(world, "history", SCHEME, "show", document(world))
    assert shown["events"][0]["what"] == "adopted"
    assert "改称谓" in shown["events"][0]["reason"]
    # The next edit starts from this version, and says so.
    run(world, "history", SCHEME, "restore", document(world), "-o", str(tmp_path / "a"))
    again = tmp_path / f"a/{LETTER}.docx"
    edit(again, lambda text: text.replace("一式四份", "一式五份"))
    [third] = answer(world, "adopt", str(again), *BY)["adopted"]
    assert (third["number"], third["base"]) == (3, shown["id"])


def test_what_was_edited_in_place_is_adopted_and_published(world: World) -> None:
    edit(letter(world), lambda text: text.replace("本责任书一式三份", "本责任书一式四份"))
    run(world, "adopt", str(letter(world)), *BY)
    assert "一式四份" in text_of(letter(world, "pdf"))
    run(world, "history", SCHEME, "verify")
    before = letter(world).read_bytes()
    plan = answer(world, "plan", SCHEME, *asked(world))
    assert plan["due"] == []
    assert answer(world, "make", SCHEME, *asked(world), "-q")["made"] == []
    assert letter(world).read_bytes() == before


def test_edited_and_then_the_data_change(world: World) -> None:
    edit(letter(world), lambda text: text.replace("本责任书一式三份", "本责任书一式四份"))
    run(world, "adopt", str(letter(world)), *BY)
    before = letter(world).read_bytes()

    def weak(sheet: Sheet) -> None:
        sheet.set(1, "行政村名称", "大陵新村")

    world.change("01", "行政村", weak)
    said = run(world, "plan", SCHEME, *asked(world)).stdout
    assert "已手改，数据有变" in said
    assert "大陵村 → 大陵新村" in said
    made = answer(world, "make", SCHEME, *asked(world), "-q", code=3)
    assert made["made"] == []
    assert made["skipped"][0]["reason"] == "已手改，数据有变：行政村名称"
    assert letter(world).read_bytes() == before
    assert "已手改" in issue(world, *asked(world), code=3)["skipped"][0]["reason"]


def test_a_figure_changed_by_hand_is_named_before_it_is_taken_in(world: World) -> None:
    edit(letter(world), lambda text: text.replace("2016年12月31日", "2017年1月31日"))
    refused = run(world, "adopt", str(letter(world)), *BY, code=3)
    assert "2016年12月31日：" in refused.stderr
    assert "期限" in refused.stderr or "截止日期" in refused.stderr
    assert "加 --yes" in refused.stdout
    assert answer(world, "history", SCHEME, "show", document(world))["number"] == 1
    [taken] = answer(world, "adopt", str(letter(world)), *BY, "--yes")["adopted"]
    assert {one["printed"] for one in taken["lost"]} == {"2016年12月31日"}


def test_an_edited_letter_is_issued_as_it_is(world: World) -> None:
    edit(letter(world), lambda text: text.replace("本责任书一式三份", "本责任书一式四份"))
    run(world, "adopt", str(letter(world)), *BY)
    before = letter(world).read_bytes()
    [out] = issue(world, *asked(world))["issued"]
    assert out["origin"] == "edited"
    assert letter(world).read_bytes() == before
    late = run(world, "adopt", str(letter(world)), *BY, code=3)
    assert "一字不差" in late.stdout or "已经印发" in late.stdout


def test_what_cannot_be_adopted_says_why(world: World, tmp_path: Path) -> None:
    strange = tmp_path / "别人的.docx"
    docx.Document().save(str(strange))
    broken = tmp_path / "坏的.docx"
    broken.write_bytes(b"PK nothing")
    told = answer(
        world, "adopt", str(strange), str(broken), str(letter(world)), "不在.docx", *BY, code=3
    )
    reasons = [one["reason"] for one in told["skipped"]]
    for reason, why in zip(
        reasons, ("没有卷宗的编号", "不是 Word 文档", "一字不差", "打不开"), strict=True
    ):
        assert why in reason
    assert "经办人" in run(world, "adopt", str(strange), "--reason", "x", code=2).stderr


def test_figures_changed_and_deleted_are_each_named_and_somebody_is_asked(
    world: World, tmp_path: Path
) -> None:
    edit(
        letter(world), lambda text: text.replace("截至2016年10月31日，", "").replace("13人", "31人")
    )
    returned = saved_again(letter(world), tmp_path / "office")
    words = ("adopt", str(returned), *BY)

    refused, screen = at_a_terminal(world, "n\n", *words)
    assert refused == 3
    assert "下列数字在正文里少了或改了" in screen
    named = {line.partition("：")[0].strip() for line in screen.splitlines() if "：" in line}
    assert {"13", "2016年10月31日"} <= named
    assert "照收吗？" in screen
    assert "收回 0 份，没有收回 1 份" in screen
    assert answer(world, "history", SCHEME, "show", document(world))["number"] == 1

    taken, screen = at_a_terminal(world, "y\n", *words)
    assert taken == 0
    assert "已收回：" in screen
    shown = answer(world, "history", SCHEME, "show", document(world))
    assert (shown["number"], shown["origin"]) == (2, "edited")
    run(world, "history", SCHEME, "restore", document(world), "-o", str(tmp_path / "a"))
    text = text_of(tmp_path / f"a/{LETTER}.pdf")
    assert "31人" in text
    assert "截至2016年10月31日" not in text


def test_what_was_adopted_already_is_not_recorded_twice(world: World, tmp_path: Path) -> None:
    edit(letter(world), lambda text: text.replace("本责任书一式三份", "本责任书一式四份"))
    copy = tmp_path / "副本.docx"
    shutil.copy(letter(world), copy)
    for _ in range(2):
        [taken] = answer(world, "adopt", str(copy), *BY)["adopted"]
        assert taken["number"] == 2
    log = answer(world, "history", SCHEME, "log")
    assert [event["what"] for event in log].count("adopted") == 1
    run(world, "history", SCHEME, "verify")


def at_a_terminal(world: World, typed: str, *words: str) -> tuple[int, str]:
    """Run the command in a terminal and type something; return its exit code and the screen."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "pipeline", *words, "-C", str(world.root)],
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "COLUMNS": "200"},
    ) as command:  # fmt: skip
        os.close(theirs)
        os.write(ours, typed.encode())
        screen = b""
        with contextlib.suppress(OSError):  # what Linux says when nobody holds the other end
            while piece := os.read(ours, 4096):
                screen += piece
    os.close(ours)
    return command.returncode, screen.decode()
