from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipeline.errors import HistoryError
from pipeline.history import EVERYTHING, held
from pipeline.history.claims import claimed
from tests.history.papers import AT

HOLD = """
import pathlib, sys
from pipeline.history.claims import claimed
with claimed(pathlib.Path(sys.argv[1]), sys.argv[2:], command="make", since="2016-11-03"):
    sys.stdout.write("held\\n")
    sys.stdout.flush()
    sys.stdin.read()
"""


def _holder(folder: Path, *subjects: str) -> subprocess.Popen[bytes]:
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder), *subjects],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert other.stdout
    assert other.stdout.readline() == b"held\n"
    return other


def _claim(folder: Path, *subjects: str, seconds: float = 0.2) -> None:
    with claimed(folder, subjects, command="bind", since=AT, seconds=seconds):
        return


@pytest.mark.parametrize(
    ("theirs", "ours", "about"),
    [
        (("440114105", "440114106"), ("440114106", "440114107"), "440114106"),
        (("440114105",), (EVERYTHING,), "全部对象"),
        ((EVERYTHING,), ("440114105",), "全部对象"),
    ],
)
def test_two_runs_about_one_subject_do_not_meet(
    tmp_path: Path, theirs: tuple[str, ...], ours: tuple[str, ...], about: str
) -> None:
    with _holder(tmp_path, *theirs) as other:
        with pytest.raises(HistoryError) as caught:
            _claim(tmp_path, *ours)
        assert f"进程 {other.pid}，命令 make，自 2016-11-03 起" in str(caught.value)
        assert about in str(caught.value)
        _claim(tmp_path, "440114999") if theirs != (EVERYTHING,) else None
        assert other.stdin
        other.stdin.close()
    _claim(tmp_path, *ours)
    assert {path.name for path in tmp_path.iterdir()} == {"claims"}


def test_a_second_run_waits_for_the_first(tmp_path: Path) -> None:
    with _holder(tmp_path, "440114105") as other:
        assert other.stdin
        started = time.monotonic()
        threading.Timer(0.5, other.kill).start()
        _claim(tmp_path, "440114105", seconds=20)
        assert time.monotonic() - started > 0.3


def test_a_claim_dies_with_its_process(tmp_path: Path) -> None:
    with _holder(tmp_path, EVERYTHING) as other:
        other.kill()
        other.wait()
        assert len(list(tmp_path.glob("*.json"))) == 1
        _claim(tmp_path, "440114105")
    assert list(tmp_path.glob("*.json")) == []


def test_what_a_run_left_that_died_before_it_said_its_name_is_cleared(tmp_path: Path) -> None:
    (tmp_path / "4711-1.lock").touch()
    _claim(tmp_path, "440114105")
    assert {path.name for path in tmp_path.iterdir()} == {"claims"}


def test_one_planner_at_a_time(tmp_path: Path) -> None:
    def plan() -> None:
        with held(tmp_path, command="plan", since=AT, seconds=0.1, name=".planning", doing="计划"):
            return

    told = f"另一个运行正在计划（进程 {os.getpid()}，命令 make"
    with (
        held(tmp_path, command="make", since=AT, name=".planning", doing="计划"),
        pytest.raises(HistoryError, match=told),
    ):
        plan()
    plan()
