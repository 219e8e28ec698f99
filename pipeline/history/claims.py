"""Which run works on which subjects: one writer each, one planner at a time."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.errors import HistoryError
from pipeline.files import canonical, write_atomic
from pipeline.history.durable import private_folder, sweep, writing
from pipeline.history.lock import holder

EVERYTHING = "*"
"""The subject that is all subjects."""
SECONDS = 10.0
"""How long a run waits for another one."""
_AGAIN = 0.1


@contextmanager
def claimed(
    folder: Path, subjects: Collection[str], *, command: str, since: str, seconds: float = SECONDS
) -> Iterator[None]:
    """Hold subjects for a whole run: each run has one lock, and a note of what it works on.

    The lock dies with its process; the note is believed only while the lock is held.

    Raises:
        HistoryError: when another run holds one of them for longer than `seconds`; says who.
    """
    with writing(folder):
        private_folder(folder)
    name = f"{os.getpid()}-{time.monotonic_ns()}"
    mine, note = FileLock(folder / f"{name}.lock", mode=0o600), folder / f"{name}.json"
    deadline = time.monotonic() + seconds
    wanted = set(subjects)
    while True:
        with writing(folder), FileLock(folder / "claims", mode=0o600):
            sweep(folder)
            held_by, about = _other(folder, wanted)
            if held_by is None:
                mine.acquire()
                told = {"command": command, "pid": os.getpid(), "since": since}
                write_atomic(note, canonical({**told, "subjects": sorted(wanted)}))
                break
        if time.monotonic() >= deadline:
            raise HistoryError(
                f"另一个运行正在处理{about}（{holder(held_by)}）",
                where=str(folder),
                todo="等它结束后再运行",
            )
        time.sleep(_AGAIN)
    try:
        yield
    finally:
        note.unlink(missing_ok=True)
        mine.release()
        (folder / f"{name}.lock").unlink(missing_ok=True)


def _other(folder: Path, wanted: set[str]) -> tuple[Path | None, str]:
    """Return the note of a living run that holds one of the subjects, and what it holds.

    Locks and notes of dead runs are cleared away.
    """
    for path in sorted(folder.glob("*.lock")):
        lock, note = FileLock(path, mode=0o600), path.with_suffix(".json")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            try:
                held = set(json.loads(note.read_bytes())["subjects"])
            except (OSError, ValueError, TypeError, KeyError):
                continue
            if EVERYTHING in held or EVERYTHING in wanted:
                return note, "全部对象"
            if common := held & wanted:
                more = f"等 {len(common)} 个对象" if len(common) > 1 else ""
                return note, f" {min(common)} {more}"
        else:
            note.unlink(missing_ok=True)
            lock.release()
            path.unlink(missing_ok=True)
    return None, ""
