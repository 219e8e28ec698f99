"""kill -9 while a command works: the state is before or after, and the next run completes it."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.files import file_digest
from pipeline.history import verify
from tests.conftest import SCHEME, World
from tests.run.life import NOTICE, answer, run, set_population, with_notices
from tests.run.test_life_adopt import edit

ROOT = Path(__file__).parents[2]
NOTICES = ("--kind", "任务通知")
LETTER = ("--kind", "脱贫攻坚责任书")
BY = ("--by", "王五")
QUIET = (*BY, "-q", "--on", "2016-11-03")
STEMS = "甲乙丙丁戊己庚辛壬癸"
PATIENCE = 120.0
"""Seconds a command may take here before something is wrong."""


@dataclass(frozen=True)
class Step:
    """A command that is killed while it works, and what it must come to in the end."""

    words: tuple[str, ...]
    events: int
    """How many it writes when nobody kills it."""


class Office:
    """A workspace that lives through all of it: three villages with notices, a town's letter."""

    def __init__(self, world: World) -> None:
        self.world = world
        roster = world.roster()
        self.villages = [village.name for village in roster.villages[:3]]
        self.places = tuple(word for name in self.villages for word in ("--village", name))
        self.town = ("--town", roster.towns[0].name)
        self.seconds: dict[str, float] = {}
        """About how long each command works: within this time it is killed."""

    def year(self, turn: int) -> Iterator[Step]:
        """Yield what an office does again and again; every second time it corrects papers."""
        fresh = turn % 2 == 0
        for village in self.villages:
            set_population(self.world, village, 1000 + turn)
        yield Step(("make", SCHEME, *NOTICES, *self.places, *QUIET), events=1)
        yield Step(("issue", SCHEME, *NOTICES, *self.places, *QUIET), events=2 if fresh else 1)
        # The first dossier also holds a draft, the letter of its town; the others are final.
        yield Step(("bind", SCHEME, *self.places, *QUIET), events=2)
        letter = next(self.world.outputs.glob("内部/*/*/脱贫攻坚责任书.docx"))
        edit(letter, lambda text: text.replace(said(turn), said(turn + 1)))
        words = ("adopt", str(letter), "--reason", "改文字", *BY, "--on", "2016-11-03")
        yield Step(words, events=1)
        for village in self.world.roster().villages[:3] if not fresh else ():
            document = f"{NOTICE}/{village.code}"
            run(self.world, "withdraw", SCHEME, document, "--reason", "重印", *BY)


def said(turn: int) -> str:
    """Return what stands in the letter, and is another thing each time."""
    mark = f"（{STEMS[turn // 10]}{STEMS[turn % 10]}）" if turn else ""
    return f"本责任书{mark}一式三份"


@pytest.fixture
def office(small: World, tmp_path: Path) -> Office:
    shutil.copytree(small.root, tmp_path / "w")
    world = with_notices(World(tmp_path / "w"))
    world.edit_scheme('name = "任务通知"', 'name = "任务通知"\ndossier = "综合"')
    office = Office(world)
    run(world, "make", SCHEME, *LETTER, *office.town, *QUIET)
    return office


@pytest.mark.parametrize("kills", [8, pytest.param(200, marks=pytest.mark.slow)])
def test_killed_at_any_moment_and_completed_by_the_next_run(office: Office, kills: int) -> None:
    moments = random.Random(20161103)
    survived = 0
    for turn in range(kills // 4):
        for step in office.year(turn):
            before = examined(office.world)["events"]
            survived += killed(office, step, moments)
            between = examined(office.world)["events"]
            assert before <= between <= before + step.events, step
            completed(office, step)
            after = answer(office.world, "history", SCHEME, "verify", "--full")["counts"]
            assert after["events"] == before + step.events, (step, between)
            assert after["unfinished"] == 0
            assert [path.name for path in (store(office.world) / "claims").iterdir()] == ["claims"]
            assert not list(office.world.outputs.rglob("*.part"))
        check_numbers(office, turn)
    assert survived < kills, "all runs were over before they were killed"


def killed(office: Office, step: Step, moments: random.Random) -> bool:
    """Start a command, kill it at a random moment of its work; say whether it was over before.

    Half of them die within moments of an event of theirs, before it is put out.
    """
    log = store(office.world) / "log"
    known = len(list(log.iterdir()))
    command = subprocess.Popen(
        [sys.executable, "-m", "pipeline", *step.words, "-C", str(office.world.root)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )
    name = step.words[0]
    with command:
        begun = until(command, lambda: any((store(office.world) / "claims").glob("*.json")))
        if moments.random() < 0.5:
            events = known + moments.randint(1, step.events)
            until(command, lambda: len(list(log.iterdir())) >= events)
            time.sleep(moments.uniform(0, 0.05))
        else:
            time.sleep(moments.uniform(0, office.seconds.get(name, 2)))
        command.send_signal(signal.SIGKILL)
        _, told = command.communicate(timeout=PATIENCE)
    if len(list(log.iterdir())) == known:  # early: the next may live longer
        office.seconds[name] = 1.5 * office.seconds.get(name, 2)
    else:
        office.seconds[name] = time.monotonic() - begun
    gone(command.pid)
    assert command.returncode in (0, -signal.SIGKILL), told.decode()
    return command.returncode == 0


def until(command: subprocess.Popen[bytes], happened: Callable[[], bool]) -> float:
    """Wait until something happens or the command is over; return when that was."""
    while command.poll() is None and not happened():
        time.sleep(0.002)
    return time.monotonic()


def gone(session: int) -> None:
    """Wait until the workers of a killed command, and what they had started, are gone too."""
    deadline = time.monotonic() + PATIENCE
    while left := [name for name, its in sessions() if its == session]:
        assert time.monotonic() < deadline, left
        time.sleep(0.02)


def sessions() -> Iterator[tuple[str, int]]:
    """Yield the name and session of each process that is alive."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text()
        except OSError:
            continue
        state, _, _, session = text.rpartition(")")[2].split()[:4]
        if state != "Z":
            yield text.partition("(")[2].rpartition(")")[0], int(session)


def completed(office: Office, step: Step) -> None:
    """Run the command again: it does what is left to do, and finds nothing amiss."""
    done = step.words[0] == "adopt" and put_out(office.world, Path(step.words[1]))
    told = answer(office.world, *step.words, code=3 if done else 0)
    reasons = [one["reason"] for one in told["skipped"]]
    assert all("一字不差" in reason for reason in reasons), reasons
    assert len(reasons) == done


def put_out(world: World, letter: Path) -> bool:
    """Tell whether the file that was to be adopted is by now what was recorded of it."""
    shown = answer(world, "history", SCHEME, "show", str(letter.relative_to(world.outputs)))
    return file_digest(letter) in {one["sha256"] for one in shown["files"]}


def examined(world: World) -> dict[str, int]:
    """Look at the store of a killed run: outputs may lag behind it, and nothing else is wrong."""
    faults, counts = verify(store(world), world.outputs, keys=world.root / ".juanzong/keys")
    assert [fault for fault in faults if fault.what != "output"] == []
    return counts


def store(world: World) -> Path:
    return world.outputs / "store"


def check_numbers(office: Office, turn: int) -> None:
    """No number is lost or given twice: each one of the series has its paper."""
    [series] = answer(office.world, "history", SCHEME, "log", "--series")
    ours = [one for one in series["numbers"] if one["state"] not in ("外部登记", "作废")]
    assert len({one["text"] for one in ours}) == len(ours) == 3 * (turn // 2 + 1)
    assert {one["state"] for one in ours} <= {"已用", "已撤回"}
