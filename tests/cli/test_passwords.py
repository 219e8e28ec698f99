"""Rosters with a password from the command line: asked, given by the environment, or refused."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import ExitCode
from tests.conftest import SCHEME, World
from tests.roster import locks
from tests.run.test_main_job import answer, juanzong, set_income

PASSWORD = "Pw-44"
ROOT = Path(__file__).parents[2]
BOOK = "02 贫困户名册.xlsx"


def lock(world: World, password: str = PASSWORD, book: str = BOOK) -> Path:
    path = world.snapshot / book
    path.write_bytes(locks.agile(path.read_bytes(), password))
    return path


def typed(world: World, *words: str, answers: tuple[str, ...]) -> tuple[int, str, int]:
    """Run a command at a terminal; return its code, what it shows, how often it was answered."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", *words, "-C", str(world.root)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=ROOT,
        start_new_session=True,
    )
    os.close(theirs)
    shown, given = b"", 0
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # how a terminal says that the other side has gone
            break
        if not piece:
            break
        shown += piece
        if shown.count("的打开密码".encode()) > given and given < len(answers):
            os.write(ours, answers[given].encode() + b"\n")
            given += 1
    os.close(ours)
    return process.wait(), shown.decode(), given


def test_a_password_is_asked_for_by_the_name_of_its_file_and_not_shown(world: World) -> None:
    lock(world)
    code, shown, given = typed(world, "check", SCHEME, answers=("wrong", PASSWORD, "more"))
    assert (code, given) == (0, 2), shown
    assert f"{BOOK} 的打开密码" in shown
    assert "密码不对，再试一次" in shown
    assert PASSWORD not in shown
    assert "没有发现问题" in shown


def test_a_password_that_opened_one_file_is_tried_on_the_next(world: World) -> None:
    lock(world)
    lock(world, book="03 帮扶台账.xlsx")
    code, shown, given = typed(world, "map", SCHEME, "--dry", answers=(PASSWORD,))
    assert (code, given) == (0, 1), shown


def test_after_three_wrong_passwords_it_ends_plainly(world: World) -> None:
    lock(world)
    code, shown, given = typed(world, "check", SCHEME, answers=("a", "b", "c", "d"))
    assert (code, given) == (ExitCode.INPUT, 3), shown
    assert "密码不对" in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize(
    "words",
    [("check",), ("plan",), ("make",), ("accept",), ("bind",), ("map", "--dry")],
    ids=lambda words: words[0],
)
def test_without_a_terminal_every_command_says_how_to_give_it(
    world: World, words: tuple[str, ...]
) -> None:
    lock(world)
    said = juanzong(world, words[0], SCHEME, *words[1:], code=ExitCode.INPUT)
    assert "加了打开密码" in said
    assert "JUANZONG_PASSWORD" in said


def test_the_environment_gives_the_password(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    lock(world)
    monkeypatch.setenv("JUANZONG_PASSWORD", "wrong")
    assert "密码不对" in juanzong(world, "plan", SCHEME, code=ExitCode.INPUT)
    monkeypatch.setenv("JUANZONG_PASSWORD", PASSWORD)
    assert answer(world, "plan", SCHEME)["due"]
    notices = answer(world, "check", SCHEME)["notices"]
    assert [one["source"]["file"] for one in notices if one["code"] == "N-locked"] == [BOOK]


def test_no_marked_copy_of_a_locked_workbook_lies_open(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_income(world, world.roster().households[0].head, -1)
    world.change("03", "帮扶责任人", lambda sheet: sheet.set(1, "户编号", "无此户"))
    lock(world)
    monkeypatch.setenv("JUANZONG_PASSWORD", PASSWORD)
    said = juanzong(world, "check", SCHEME, "--annotate", str(tmp_path / "m"), code=3)
    assert f"没有标注（加了密码，副本会是明文）：{BOOK}" in said
    assert [path.name for path in (tmp_path / "m").iterdir()] == ["03 帮扶台账.xlsx"]


def test_history_keeps_the_locked_bytes_and_compares_with_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    village = world.roster().villages[0].name
    make = ("make", SCHEME, "--kind", "公示", "--village", village)
    plan = ("plan", *make[1:])
    plain = (world.snapshot / BOOK).read_bytes()
    received = lock(world).read_bytes()
    monkeypatch.setenv("JUANZONG_PASSWORD", PASSWORD)
    juanzong(world, *make)
    kept = [path.read_bytes() for path in world.outputs.rglob("store/**/*") if path.is_file()]
    assert received in kept
    assert plain not in kept
    (world.snapshot / BOOK).write_bytes(plain)
    set_income(world, world.roster().households[0].head, 4321)
    lock(world, "another")
    monkeypatch.setenv("JUANZONG_PASSWORD", "another")
    assert answer(world, *plan)["roster_changes"] == []
    code, shown, given = typed(world, *plan, answers=(PASSWORD,))
    assert (code, given) == (0, 1), shown
    assert re.search(r"（截止 2016-10-31 的旧名册） *的打开密码", shown)
    assert "4321" in shown
