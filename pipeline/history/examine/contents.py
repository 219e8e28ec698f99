"""Manifests and blobs: does everything the log names exist, and is it what it is called?"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.history.examine.chain import Chain
from pipeline.history.examine.notes import Notes, amiss, read_file, read_object

_MANIFEST = {
    "context": str,
    "document": str,
    "files": list,
    "number": int,
    "parent": str,
    "snapshot": str,
}
_FILE = {"path": str, "sha256": str, "size": int, "stored": bool}
_HEX = re.compile("[0-9a-f]{64}")


class Contents:
    """Looks at the versions event by event, each blob once.

    Args:
        store: The store.
        chain: What the log says.
        notes: Takes down what is wrong.
        first: Blobs that were named before this event are only looked for, not read.
        done: Told the number of each event whose blobs have all been read.
    """

    def __init__(
        self, store: Path, chain: Chain, notes: Notes, *, first: int, done: Callable[[int], None]
    ) -> None:
        self._shelves = str(store / "sha256")
        self._store = store
        self._chain = chain
        self._whole = chain.whole
        self._notes = notes
        self._first = first
        self._done = done
        self._seen: dict[str, tuple[int | None, bool]] = {}
        """Digest to size, None for a bad one, and whether its bytes were read."""
        self._newest: dict[str, tuple[int, str]] = {}
        self.versions: dict[str, dict[str, Any]] = {}
        """Manifest digest to what it says."""
        self.unread: set[str] = set()
        """Manifests that can't be read."""

    def check(self) -> None:
        """Go through all versions in the order they were recorded."""
        before = 0
        for name, number in self._chain.named.items():
            if before and number != before:
                self._done(before)
            before = number
            self._version(name, deep=number >= self._first)
        self._done(self._chain.last)
        self._notes.counts["versions"] = len(self.versions)
        self._notes.counts["pruned"] = len(self._chain.pruned)

    def count(self) -> None:
        """Go along the shelves: how much lies there, and what nobody names."""
        for shelf in os.scandir(self._shelves):
            for file in os.scandir(shelf) if shelf.is_dir() else ():
                self._notes.counts["blobs"] += 1
                self._notes.counts["bytes"] += file.stat().st_size
                if not _HEX.fullmatch(file.name) or shelf.name != file.name[:2]:
                    self._notes.fault("blob", f"{shelf.name}/{file.name}", "不是存储的文件")
                elif file.name not in self._seen:
                    self._notes.counts["orphans"] += 1
        self._notes.counts["unfinished"] = sum(
            name.endswith(".part") for _, _, names in os.walk(self._store) for name in names
        )

    def _version(self, name: str, *, deep: bool) -> None:
        if self._blob("manifest", name, f"清单 {name}", deep=True) is None:
            self.unread.add(name)
            return
        value = read_object(read_file(self._path(name)) or b"", _MANIFEST)
        if value is None or any(amiss(file, _FILE) for file in value["files"]):
            self._notes.fault("manifest", name, "不是版本清单")
            self.unread.add(name)
            return
        self.versions[name] = value
        label = f"{value['document']} 第 {value['number']} 版"
        number, parent = self._newest.get(value["document"], (0, ""))
        # What is said of a version that can't be read, or in a log that is torn, isn't its fault.
        known = self._whole and value["parent"] not in self.unread
        if known and value["number"] != number + 1:
            self._notes.fault("manifest", name, f"{label}：上一版是第 {number} 版")
        if known and value["parent"] != parent:
            self._notes.fault("manifest", name, f"{label}：所记的上一版不对")
        self._newest[value["document"]] = (value["number"], name)
        if name not in self._chain.pruned:
            self._parts(value, label, deep=deep)

    def _parts(self, value: dict[str, Any], label: str, *, deep: bool) -> None:
        self._blob("blob", value["context"], f"{label}的上下文", deep=deep)
        for file in value["files"]:
            if file["stored"]:
                self._sized(file, f"{label}的 {file['path']}", deep=deep)
        if value["snapshot"]:
            self._workbooks(value["snapshot"], label, deep=deep)

    def _workbooks(self, snapshot: str, label: str, *, deep: bool) -> None:
        if snapshot in self._seen and self._seen[snapshot][1] >= deep:
            return
        if self._blob("blob", snapshot, f"{label}的名册快照", deep=deep) is None:
            return
        value = read_object(read_file(self._path(snapshot)) or b"", {"workbooks": list})
        if value is None:
            self._notes.fault("blob", snapshot, "不是名册快照")
            return
        for file in value["workbooks"]:
            if amiss(file, {"name": str, "sha256": str, "size": int}):
                self._notes.fault("blob", snapshot, "名册快照有残缺的条目")
            else:
                self._sized(file, f"名册 {file['name']}", deep=deep)

    def _sized(self, file: dict[str, Any], label: str, *, deep: bool) -> None:
        size = self._blob("blob", file["sha256"], label, deep=deep)
        if size is not None and size != file["size"]:
            problem = f"{label}：应有 {file['size']} 字节，实有 {size}"
            self._notes.fault("blob", file["sha256"], problem)

    def _blob(self, what: str, digest: str, label: str, *, deep: bool) -> int | None:
        """Look at a blob once, read it if `deep`; return its size, or None when it is bad."""
        size, read = self._seen.get(digest, (None, False))
        if digest in self._seen and read >= deep:
            return size
        problem, size = self._look(digest, deep=deep)
        if problem:
            self._notes.fault(what, digest, f"{label}：{problem}")
        self._seen[digest] = (size, deep)
        return size

    def _look(self, digest: str, *, deep: bool) -> tuple[str, int | None]:
        if not _HEX.fullmatch(digest):
            return "不是 SHA-256 指纹", None
        path = self._path(digest)
        if not deep:
            try:
                return "", Path(path).stat().st_size
            except OSError:
                return "不见了", None
        data = read_file(path)
        if data is None:
            return ("已损坏" if os.path.lexists(path) else "不见了"), None
        self._notes.counts["read"] += len(data)
        there = hashlib.sha256(data).hexdigest()
        if there == digest:
            return "", len(data)
        if there in self._chain.named or Path(self._path(there)).is_file():
            return f"已损坏：内容是另一个对象 {there}", None
        return "已损坏", None

    def _path(self, digest: str) -> str:
        return f"{self._shelves}/{digest[:2]}/{digest}"
