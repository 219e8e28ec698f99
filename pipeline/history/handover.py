"""Hand the whole history over in open formats, and take it in again with nothing lost."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pipeline.errors import HistoryError, OutputError, UsageError
from pipeline.files import safe_name, sync_folder
from pipeline.history.bag import is_bags, read_bags, write_bag
from pipeline.history.durable import private_folder, writing
from pipeline.history.examine import verify
from pipeline.history.ocfl import is_root, read_objects, write_object, write_root
from pipeline.history.package import LOG, Step
from pipeline.history.store import FolderStore

Form = Literal["ocfl", "bagit"]
_CHAIN = re.compile(
    r"(log/[0-9]{8}\.json|checkpoints/(lost/)?[0-9]{8}\.json|keys/[0-9a-f]{16}\.pem)"
)


def hand_over(packages: dict[str, list[Step]], into: Path, *, form: Form, name: str) -> None:
    """Write every package as one OCFL object or one bag.

    Args:
        packages: See `packages`.
        into: A new or empty folder.
        form: Which of the two.
        name: Name of the whole, part of each package's identifier.

    Raises:
        OutputError: when the folder isn't empty or the disk refuses.
    """
    if into.exists() and any(into.iterdir()):
        raise OutputError("移交的文件夹不是空的", where=str(into), todo="换一个新文件夹")
    write = write_object if form == "ocfl" else write_bag
    try:
        into.mkdir(parents=True, exist_ok=True, mode=0o700)
        if form == "ocfl":
            write_root(into)
        for package, steps in packages.items():
            write(into / safe_name(package), f"urn:juanzong:{name}:{package}", steps)
    except OSError as error:
        raise OutputError(
            f"写不进移交文件：{error.strerror or error}", where=str(into), todo="检查磁盘空间和权限"
        ) from error


def take_in(source: Path, store: Path) -> None:
    """Make a store from what was handed over: every byte under its digest, log and checkpoints.

    All is read, put and verified beside the store, which then appears in one step.

    Args:
        source: What `hand_over` wrote.
        store: The store's folder; must hold no event yet.

    Raises:
        UsageError: when the folder holds neither OCFL nor bags.
        HistoryError: when there is a history already, or something handed over is missing,
            damaged or doesn't fit together.
    """
    if is_root(source):
        files: Iterable[tuple[str, str, Path]] = read_objects(source)
    elif is_bags(source):
        files = read_bags(source)
    else:
        raise UsageError("里面没有 OCFL 对象，也没有 BagIt 包", where=str(source))
    if any((store / "log").glob("*.json")):
        raise HistoryError("这里已有历史", where=str(store), todo="换一个空工作区")
    fresh = store.with_name("store.import")
    with writing(fresh):
        shutil.rmtree(fresh, ignore_errors=True)
        blobs = FolderStore(fresh)
        try:
            for package, path, file in files:
                _take(fresh, blobs, package, path, file)
            _confirm(fresh)
            shutil.rmtree(store, ignore_errors=True)
            fresh.rename(store)
            sync_folder(store.parent)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def _take(fresh: Path, blobs: FolderStore, package: str, path: str, file: Path) -> None:
    if file.is_symlink() or not file.is_file():
        raise HistoryError("移交的不是普通文件", where=str(file))
    if package != LOG:
        blobs.put(file.read_bytes())
        return
    if not _CHAIN.fullmatch(path):
        raise HistoryError("日志包里有来历不明的文件", where=str(file))
    target = fresh / path
    private_folder(target.parent)
    shutil.copyfile(file, target)
    target.chmod(0o600)


def _confirm(fresh: Path) -> None:
    """Refuse what isn't whole; outputs are yet to come."""
    if not (fresh / "log").is_dir():
        raise HistoryError("移交的文件里没有日志", where=str(fresh))
    faults = [fault for fault in verify(fresh, fresh.parent)[0] if fault.what != "output"]
    if faults:
        told = "；".join(f"{fault.name}：{fault.problem}" for fault in faults[:5])
        raise HistoryError(f"移交的文件不完整，有问题 {len(faults)} 处：{told}")
