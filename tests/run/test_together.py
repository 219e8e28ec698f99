"""Several people at once: one writer a subject, one planner a workspace, the others wait."""

from __future__ import annotations

import inspect
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.history.claims import claimed
from pipeline.run import past
from tests.conftest import SCHEME, World
from tests.run.life import NOTICE, answer, run, with_notices

ROOT = Path(__file__).parents[2]
BY = ("--by", "王五", "-q", "--on", "2016-11-03")
PATIENCE = 120.0
PLAN = """
import sys
from pathlib import Path
from pipeline.config import workspace
from pipeline.run.past import planning
with planning(workspace(Path(sys.argv[1])), "make", at="2016-11-03T02:00:00Z"):
    sys.stdout.write("held\\n")
    sys.stdout.flush()
    sys.stdin.read()
"""
WORK = """
import sys
from pathlib import Path
from pipeline.config import workspace
from pipeline.run.past import working
at = "2016-11-03T02:00:00Z"
with working(workspace(Path(sys.argv[1])), "huadu-2016", "make", subjects=sys.argv[2:], at=at):
    sys.stdout.write("held\\n")
    sys.stdout.flush()
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def drafted(small: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a workspace where one village's list and notice are drafted."""
    root = tmp_path_factory.mktemp("together") / "w"
    shutil.copytree(small.root, root)
    world = with_notices(World(root))
    run(
        world,
        "make",
        SCHEME,
        "--kind",
        "任务通知",
        "--kind",
        "贫困户名单公示",
        *village(world),
        *BY,
    )
    return world


@pytest.fixture
def world(drafted: World, tmp_path: Path) -> World:
    shutil.copytree(drafted.root, tmp_path / "w")
    return World(tmp_path / "w")


def village(world: World) -> tuple[str, str]:
    return "--village", world.roster().villages[0].name


def start(world: World, *words: str) -> subprocess.Popen[str]:
    """Start the command as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline", *words, "-C", str(world.root), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@contextmanager
def holder(world: World, program: str, *subjects: str) -> Iterator[subprocess.Popen[bytes]]:
    """Let another process hold something until it is told to let go."""
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(world.root), *subjects],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with other:
        assert other.stdout
        assert other.stdout.readline() == b"held\n"
        yield other


def claims(world: World) -> list[str]:
    notes = (world.outputs / "store/claims").glob("*.json")
    return [json.loads(note.read_bytes())["command"] for note in notes]


@pytest.mark.parametrize("command", ["make", "issue", "bind"])
def test_who_plans_waits_for_who_is_planning(world: World, command: str) -> None:
    events = len(answer(world, "history", SCHEME, "log"))
    with holder(world, PLAN) as other, start(world, command, SCHEME, *village(world), *BY) as waits:
        deadline = time.monotonic() + PATIENCE
        while claims(world) != [command]:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        time.sleep(0.3)
        assert waits.poll() is None
        assert len(answer(world, "history", SCHEME, "log")) == events
        assert other.stdin
        other.stdin.close()
        out, err = waits.communicate(timeout=PATIENCE)
    assert waits.returncode in (0, 3), err
    assert json.loads(out)[{"make": "made", "issue": "issued", "bind": "bound"}[command]]


def test_who_is_waited_for_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past, "PATIENCE", 0.2)
    defaults = inspect.unwrap(claimed).__kwdefaults__
    assert defaults
    monkeypatch.setitem(defaults, "seconds", 0.2)
    code = world.roster().villages[0].code
    commands = (
        ("make", SCHEME, *village(world), *BY),
        ("issue", SCHEME, *village(world), *BY),
        ("bind", SCHEME, *village(world), *BY),
    )
    with holder(world, PLAN) as other:
        for words in commands:
            told = run(world, *words, code=8).stderr
            assert (
                f"另一个运行正在计划（进程 {other.pid}，命令 make，自 2016-11-03T02:00:00Z 起）"
                in told
            )
    run(world, "issue", SCHEME, *village(world), "--kind", "任务通知", *BY)
    withdraw = ("withdraw", SCHEME, f"{NOTICE}/{code}", "--reason", "有误", "--by", "王五")
    with holder(world, WORK, code) as other:
        for words in (*commands, withdraw):
            told = run(world, *words, code=8).stderr
            assert f"正在处理 {code} （进程 {other.pid}，命令 make" in told


@pytest.mark.parametrize(
    ("command", "did", "left"),
    [("make", "made", "kept"), ("issue", "issued", "already"), ("bind", "bound", "kept")],
)
def test_of_two_at_once_one_does_it_and_the_other_finds_it_done(
    world: World, command: str, did: str, left: str
) -> None:
    kind = {"make": ("--kind", "acceptance_report"), "issue": ("--kind", "任务通知"), "bind": ()}
    words = (command, SCHEME, *village(world), *kind[command], *BY)
    with start(world, *words) as one, start(world, *words) as two:
        ended = [(each, *each.communicate(timeout=PATIENCE)) for each in (one, two)]
    # On a slow machine the second one may tire of waiting; then it says for whom.
    for each, _, err in ended:
        assert each.returncode == 0 or "另一个运行正在处理" in err, err
    told = [
        json.loads(out) if each.returncode == 0 else answer(world, *words) for each, out, _ in ended
    ]
    assert sorted(len(each[did]) for each in told) == [0, 1]
    [late] = [each for each in told if not each[did]]
    assert (len(late[left]) if command == "issue" else late[left]) == 1
    run(world, "history", SCHEME, "verify")
