"""One writer at a time, and who it is."""

from __future__ import annotations

import itertools
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.errors import HistoryError
from pipeline.files import canonical, write_atomic
from pipeline.history.durable import sweep, writing

SECONDS = 60.0
"""How long a writer waits for one that doesn't let go: an event takes milliseconds, on a slow disk
and a busy machine seconds."""
_LOOKS = 25
_AGAIN = 0.02
_TURNS = itertools.count(1)


@contextmanager
def held(
    folder: Path,
    *,
    command: str,
    since: str,
    seconds: float = SECONDS,
    name: str = "lock",
    doing: str = "写入这个存储",
) -> Iterator[None]:
    """Hold a folder for one thing; `<name>.json` beside the lock says who does.

    The lock dies with its process, the note doesn't: it is believed only while the lock is held.
    Where many wait, each waits as long as holders come and go.

    Raises:
        HistoryError: when somebody else holds it for longer than `seconds`; says who.
    """
    lock = FileLock(folder / name, mode=0o600)
    note = folder / f"{name}.json"
    with writing(folder):
        try:
            _acquire(lock, note, seconds)
        except Timeout as timeout:
            raise HistoryError(
                f"另一个运行正在{doing}（{holder(note)}）",
                where=str(folder),
                todo="等它结束后再运行",
            ) from timeout
    try:
        with writing(note):
            sweep(folder)
            told = {"command": command, "pid": os.getpid(), "since": since, "turn": next(_TURNS)}
            write_atomic(note, canonical(told))
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _acquire(lock: FileLock, note: Path, seconds: float) -> None:
    """Wait for a lock; give up when the same holder has had it all the time."""
    wait, before = 0.0, b""
    while True:
        try:
            lock.acquire(timeout=wait)
        except Timeout:
            now = _told(note)
            if wait and now == before:
                raise
            wait, before = seconds, now
        else:
            return


def _told(note: Path) -> bytes:
    """Return what a note says, waiting a little for a new holder to write it."""
    for _ in range(_LOOKS):
        with suppress(OSError):
            return note.read_bytes()
        time.sleep(_AGAIN)
    return b""


def holder(note: Path | None) -> str:
    """Say who left a note: process, command, since when."""
    try:
        told = json.loads(note.read_bytes()) if note else {}
        return f"进程 {told['pid']}，命令 {told['command']}，自 {told['since']} 起"
    except (OSError, ValueError, TypeError, KeyError):
        return "还没有留下名字"
