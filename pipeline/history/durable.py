"""Files that are whole or absent, also after `kill -9` or a power cut."""

from __future__ import annotations

import errno
import itertools
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import HistoryError
from pipeline.files import sync_folder

_PART = re.compile(r"\.([0-9]+)\.part$")
_COUNTER = itertools.count(1)
_WHY = {
    errno.ENOSPC: "磁盘满了",
    errno.EDQUOT: "超过了磁盘配额",
    errno.EROFS: "磁盘是只读的",
    errno.EACCES: "没有权限",
}


def private_folder(folder: Path) -> None:
    """Make a folder and its missing parents, each for the owner only, each name durable."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for new in reversed(missing):
        new.mkdir(mode=0o700, exist_ok=True)
        sync_folder(new.parent)


def create(target: Path, data: bytes, *, parts: Path, mode: int) -> bool:
    """Write a file that must not exist yet; say whether it is ours.

    The name appears in one step (link), with all bytes on the disk before. Either way the name
    is durable on return: whoever else created it may not have come to that yet.

    Args:
        target: The name to create.
        data: Its bytes.
        parts: Folder for unfinished files, on the same file system.
        mode: Permission bits of the file.

    Returns:
        False when the name was there already; that file is left as it is.
    """
    private_folder(target.parent)
    part = _write_part(parts, data, mode)
    try:
        target.hardlink_to(part)
        ours = True
    except FileExistsError:
        ours = False
    finally:
        part.unlink()
    sync_folder(target.parent)
    return ours


def replace(target: Path, data: bytes, *, parts: Path, mode: int) -> None:
    """Put a whole file in the place of a damaged one, in one step."""
    part = _write_part(parts, data, mode)
    part.replace(target)
    sync_folder(target.parent)


def sweep(folder: Path) -> int:
    """Delete the unfinished files that dead processes left in a folder; return how many."""
    swept = 0
    for path in folder.glob("*.part"):
        found = _PART.search(path.name)
        if found and not _alive(int(found[1])):
            path.unlink(missing_ok=True)
            swept += 1
    return swept


@contextmanager
def writing(place: Path) -> Iterator[None]:
    """Turn what the disk refuses (full, read-only, gone) into a `HistoryError`."""
    try:
        yield
    except OSError as error:
        raise HistoryError(
            f"写不进存储：{_WHY.get(error.errno or 0, error.strerror or str(error))}",
            where=str(place),
            todo="检查磁盘空间和权限，再运行一次；已记下的版本不受影响",
        ) from error


def _write_part(parts: Path, data: bytes, mode: int) -> Path:
    part = parts / f"{next(_COUNTER)}.{os.getpid()}.part"
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        part.unlink()
        raise
    return part


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
