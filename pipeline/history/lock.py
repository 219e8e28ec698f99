"""One writer at a time, and who it is."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.errors import HistoryError
from pipeline.files import canonical, write_atomic
from pipeline.history.durable import writing

SECONDS = 10.0
"""How long a writer waits for another one."""


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

    Raises:
        HistoryError: when somebody else holds it for longer than `seconds`; says who.
    """
    lock = FileLock(folder / name, timeout=seconds, mode=0o600)
    note = folder / f"{name}.json"
    with writing(folder):
        try:
            lock.acquire()
        except Timeout as timeout:
            raise HistoryError(
                f"另一个运行正在{doing}（{holder(note)}）",
                where=str(folder),
                todo="等它结束后再运行",
            ) from timeout
    try:
        with writing(note):
            write_atomic(note, canonical({"command": command, "pid": os.getpid(), "since": since}))
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def holder(note: Path | None) -> str:
    """Say who left a note: process, command, since when."""
    try:
        told = json.loads(note.read_bytes()) if note else {}
        return f"进程 {told['pid']}，命令 {told['command']}，自 {told['since']} 起"
    except (OSError, ValueError, TypeError, KeyError):
        return "还没有留下名字"
