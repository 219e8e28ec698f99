from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.history import History, verify
from tests.history.papers import AT, paper, store

WRITER = """
import sys
from pathlib import Path
from tests.history.papers import AT, paper
from pipeline.history import History

outputs = Path(sys.argv[1])
with History.open(outputs / "store") as history:
    turn = 0
    while True:
        turn += 1
        batch = [paper(f"{turn}", document=f"notice/{number}") for number in range(4)]
        versions = history.record(batch, at="2016-11-03T02:00:00Z", operator="王五")
        sys.stdout.write(f"{history.head.sequence}\\n")
        sys.stdout.flush()
        history.publish(versions)
"""


@pytest.mark.parametrize("rounds", [10, pytest.param(200, marks=pytest.mark.slow)])
def test_killed_at_any_moment_the_store_is_whole(tmp_path: Path, rounds: int) -> None:
    moments = random.Random(20161103)
    acknowledged = 0
    for _ in range(rounds):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE
        )
        with writer:
            assert writer.stdout
            told = [writer.stdout.readline()]
            time.sleep(moments.uniform(0, 0.08))
            writer.send_signal(signal.SIGKILL)
            told += writer.stdout.readlines()
        acknowledged = int([line for line in told if line.endswith(b"\n")][-1])
        faults, counts = verify(store(tmp_path), tmp_path)
        assert [fault for fault in faults if fault.what != "output"] == []
        # What was said to be recorded is; at most one more event got through unsaid.
        assert acknowledged <= counts["events"] <= acknowledged + 1
        assert counts["versions"] == 4 * counts["events"]
    with History.open(store(tmp_path)) as history:
        assert {version.number for version in history.versions()} == set(
            range(1, counts["events"] + 1)
        )
        (last,) = history.record([paper("末", document="notice/0")], at=AT, operator="王五")
        newest = history.latest(f"notice/{number}" for number in range(4))
        became = history.publish(newest.values())
        assert became.edited == ()
        assert newest["notice/0"] == last
    faults, counts = verify(store(tmp_path), tmp_path)
    assert (faults, counts["unfinished"]) == ((), 0)
