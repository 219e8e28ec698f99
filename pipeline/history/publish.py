"""Put recorded files where people open them, and never over what somebody has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.errors import OutputError
from pipeline.files import file_digest, write_atomic
from pipeline.history.durable import private_folder, sweep
from pipeline.model import FileEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What became of each file, as paths below outputs/<scheme>."""

    written: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    """Was there already, byte for byte."""
    edited: tuple[str, ...] = ()
    """已手改: left as it is, because its bytes are none that we ever put there."""
    absent: tuple[str, ...] = ()
    """Missing or outdated, and neither stored nor handed over: to be bound again."""
    swept: int = 0
    """Unfinished files of dead processes that were deleted."""


def publish(
    outputs: Path,
    files: Iterable[FileEntry],
    *,
    known: Mapping[str, set[str]],
    read: Callable[[FileEntry], bytes | None],
) -> Published:
    """Write files below a folder, each in one step.

    Args:
        outputs: `outputs/<scheme>`.
        files: What is to lie there.
        known: For each path, the digests of everything we ever put there.
        read: Gives the bytes of a file, or None when they can't be had; asked only when needed.

    Raises:
        OutputError: when a path leads out of the folder, or the disk refuses.
    """
    became: dict[str, list[str]] = {"written": [], "kept": [], "edited": [], "absent": []}
    folders: set[Path] = set()
    for file in files:
        target = outputs / _inside(file.path)
        try:
            private_folder(target.parent)
            folders.add(target.parent)
            became[_put(target, file, known.get(file.path, set()), read)].append(file.path)
        except OSError as error:
            raise OutputError(
                f"写不进输出文件：{error.strerror or error}",
                where=str(target),
                todo="检查磁盘空间、权限和同名文件，再运行一次",
            ) from error
    swept = sum(sweep(folder) for folder in folders)
    return Published(**{name: tuple(paths) for name, paths in became.items()}, swept=swept)


def retract(outputs: Path, files: Iterable[FileEntry]) -> tuple[str, ...]:
    """Delete files below a folder whose bytes are still those recorded; return their paths.

    Args:
        outputs: `outputs/<scheme>`.
        files: What shall no longer lie there.

    Raises:
        OutputError: when a path leads out of the folder, or the disk refuses.
    """
    gone = []
    for file in files:
        target = outputs / _inside(file.path)
        try:
            if target.is_file() and file_digest(target) == file.sha256:
                target.unlink()
                gone.append(file.path)
        except OSError as error:
            raise OutputError(
                f"删不掉输出文件：{error.strerror or error}",
                where=str(target),
                todo="检查权限，手工移走这个文件",
            ) from error
    return tuple(gone)


def _put(
    target: Path,
    file: FileEntry,
    known: set[str],
    read: Callable[[FileEntry], bytes | None],
) -> str:
    if target.exists() or target.is_symlink():
        there = file_digest(target) if target.is_file() else ""
        if there == file.sha256:
            return "kept"
        if there not in known:
            return "edited"
    data = read(file)
    if data is None:
        return "absent"
    write_atomic(target, data)
    return "written"


def _inside(path: str) -> PurePosixPath:
    parts = path.split("/")
    if any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts):
        raise OutputError(f"“{path}”不是输出文件夹里的路径")
    if parts[0] == "store":
        raise OutputError(f"“{path}”会写进存储")
    return PurePosixPath(path)
