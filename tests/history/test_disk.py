"""A disk that is full or read-only."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

from pipeline.history import History, verify
from tests.history.papers import AT, paper, store

ROOT = Path(__file__).parents[2]
FILL = """
import os, sys
from pathlib import Path
from pipeline.history import History, verify
from tests.history.papers import paper

outputs = Path(sys.argv[1])
done = 0
try:
    with History.open(outputs / "store") as history:
        for turn in range(10_000):
            text = os.urandom(30_000).hex() + "x" * turn * 2_000
            history.publish(history.record([paper(text)], at=sys.argv[2], operator="王五"))
            done += 1
except Exception as error:
    sys.stdout.write(f"{type(error).__name__} {error}\\n")
faults, counts = verify(outputs / "store", outputs)
bad = [fault for fault in faults if fault.what not in ("output", "cache")]
sys.stdout.write(f"{done} {counts['events']} {len(bad)} {counts['unfinished']} {bad}\\n")
"""


def _run(command: list[str], **more: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, capture_output=True, text=True, check=True, env=environment, **more
    )


def test_a_full_disk_is_said_and_leaves_the_state_before(tmp_path: Path) -> None:
    """On a small disk of its own where that may be mounted, else under a limit of file size."""
    fill = [sys.executable, "-c", FILL, str(tmp_path), AT]
    mount = f"mount -t tmpfs -o size=3m none {tmp_path} && exec"
    small = ["unshare", "-m", "sh", "-c", f'{mount} "$@"', "sh", *fill]
    probe = ["unshare", "-m", "sh", "-c", f"{mount} true"]
    if subprocess.run(probe, check=False, capture_output=True).returncode == 0:
        done = _run(small)
    else:
        limit = (200_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
        done = _run(fill, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit))
    said, *_, counts = done.stdout.splitlines()
    assert said.startswith(("HistoryError", "OutputError")), said
    assert "写不进" in said or "缓存用不了" in said
    recorded, events, bad, unfinished = counts.split()[:4]
    assert int(recorded) >= 1
    assert int(recorded) <= int(events) <= int(recorded) + 1
    assert (bad, unfinished) == ("0", "0"), counts


READ = """
import sys
from pathlib import Path
from pipeline.errors import HistoryError
from pipeline.history import History, verify
from tests.history.papers import AT, LETTER, paper

outputs = Path(sys.argv[1])
faults, counts = verify(outputs / "store", outputs, resumable="2016-12-01T00:00:00Z")
with History.open(outputs / "store") as history:
    newest = history.latest([LETTER])[LETTER]
    said = ""
    try:
        history.record([paper("四")], at=AT, operator="王五")
    except HistoryError as error:
        said = str(error).replace("\\n", " ")
sys.stdout.write(f"{len(faults)} {newest.number} {said}\\n")
"""


def test_a_read_only_store_can_be_asked_and_says_it_cannot_be_written(tmp_path: Path) -> None:
    with History.open(store(tmp_path)) as history:
        for text in "一二三":
            history.publish(history.record([paper(text)], at=AT, operator="王五"))
    for cached in (True, False):
        if not cached:
            (store(tmp_path) / "cache.sqlite").unlink()
        read = [sys.executable, "-c", READ, str(tmp_path)]
        mount = f"mount --bind {tmp_path} {tmp_path} && mount -o remount,ro,bind {tmp_path}"
        if subprocess.run(
            ["unshare", "-m", "sh", "-c", mount], check=False, capture_output=True
        ).returncode:
            for path in [tmp_path, *tmp_path.rglob("*")]:
                path.chmod(path.stat().st_mode & 0o555)
        else:
            read = ["unshare", "-m", "sh", "-c", f'{mount} && exec "$@"', "sh", *read]
        faults, number, said = _run(read).stdout.split(" ", 2)
        for path in [tmp_path, *tmp_path.rglob("*")]:
            path.chmod(path.stat().st_mode | 0o200)
        assert (faults, number) == ("0", "3")
        assert "写不进存储：磁盘是只读的" in said or "写不进存储：没有权限" in said
    assert verify(store(tmp_path), tmp_path)[0] == ()
