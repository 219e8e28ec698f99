"""Is everything still there and unchanged? Read with other code than wrote it.

Nothing of this room is imported here: own names, own JSON, own hashing. What the writer gets
wrong in the same way twice would else look right.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

from pipeline.model import Fault

_EVENT_FIELDS = {
    "at": str,
    "operator": str,
    "previous": str,
    "reason": str,
    "sequence": int,
    "versions": list,
    "what": str,
}
_MANIFEST_FIELDS = {
    "context": str,
    "document": str,
    "files": list,
    "number": int,
    "parent": str,
    "snapshot": str,
}
_FILE_FIELDS = {"path": str, "sha256": str, "size": int, "stored": bool}
_HEX = re.compile("[0-9a-f]{64}")


def verify(store: Path, outputs: Path) -> tuple[tuple[Fault, ...], dict[str, int]]:
    """Check log, manifests, blobs, outputs and cache; change nothing.

    To be asked before anything else opens the store: a question brings the cache up to date,
    and a cache that knows more than the log is the witness of a log that lost its end.

    Args:
        store: `<outputs>/<scheme>/store`.
        outputs: `<outputs>/<scheme>`.

    Returns:
        All faults, not only the first (those of `what` "output" say nothing against the store),
        and counts: events, versions, blobs, bytes, orphans (blobs nobody names: left by a killed
        run), unfinished, outputs (as recorded), outputs_edited, outputs_missing,
        outputs_outdated (an older version of ours), cache_behind (events it has yet to read).
    """
    check = _Check(store)
    check.log()
    check.manifests()
    check.blobs()
    check.outputs(outputs)
    check.cache()
    return tuple(check.faults), dict(check.counts)


class _Check:
    def __init__(self, store: Path) -> None:
        self.store = store
        self.faults: list[Fault] = []
        self.counts: Counter[str] = Counter(
            dict.fromkeys(
                (
                    "events",
                    "versions",
                    "blobs",
                    "bytes",
                    "orphans",
                    "unfinished",
                    "outputs",
                    "outputs_edited",
                    "outputs_missing",
                    "outputs_outdated",
                    "cache_behind",
                ),
                0,
            )
        )
        self.events: dict[int, str] = {}
        """Number of each event to its digest."""
        self.named: dict[str, None] = {}
        """Manifest digests in the order they were first named."""
        self.withdrawn: set[str] = set()
        """Manifest digests of versions whose files were taken out of the outputs."""
        self.versions: dict[str, dict[str, Any]] = {}
        """Manifest digest to what it says."""
        self.seen: dict[str, int | None] = {}
        """Blobs looked at: digest to size, None for a bad one."""

    def fault(
        self,
        what: Literal["event", "manifest", "blob", "output", "cache"],
        name: str,
        problem: str,
    ) -> None:
        self.faults.append(Fault(what=what, name=name, problem=problem))

    def log(self) -> None:
        numbers = set()
        for path in sorted((self.store / "log").glob("*")):
            if re.fullmatch(r"[0-9]{8}\.json", path.name):
                numbers.add(int(path.stem))
            else:
                self.fault("event", path.name, "不是日志文件")
        before = ""
        for number in range(1, max(numbers, default=0) + 1):
            if number in numbers:
                before = self._event(number, before)
            else:
                self.fault("event", f"{number:08d}", "不见了")
        self.counts["events"] = len(numbers)

    def _event(self, number: int, before: str) -> str:
        """Check one event; return its digest for the next one."""
        name = f"{number:08d}"
        try:
            data = (self.store / "log" / f"{name}.json").read_bytes()
        except OSError as error:
            self.fault("event", name, f"读不出来：{error.strerror}")
            return ""
        digest = hashlib.sha256(data).hexdigest()
        self.events[number] = digest
        event = _object(data, _EVENT_FIELDS)
        if event is None or set(event) != set(_EVENT_FIELDS):
            self.fault("event", name, "残缺或不是本程序写的")
            return digest
        spelled = json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        if spelled.encode() != data:
            self.fault("event", name, "被改写过")
        if event["sequence"] != number:
            self.fault("event", name, f"内容却是第 {event['sequence']} 号")
        if event["previous"] != before:
            self.fault("event", name, "与上一号接不上，两者之一被换过")
        for manifest in event["versions"]:
            self.named.setdefault(str(manifest))
        if event["what"] == "withdrawn":
            self.withdrawn.update(map(str, event["versions"]))
        return digest

    def manifests(self) -> None:
        newest: dict[str, tuple[int, str]] = {}
        for name in self.named:
            if self._blob("manifest", name, f"清单 {name}") is None:
                continue
            value = _object(self._path(name).read_bytes(), _MANIFEST_FIELDS)
            if value is None or any(_fields(file, _FILE_FIELDS) for file in value["files"]):
                self.fault("manifest", name, "不是版本清单")
                continue
            self.versions[name] = value
            number, parent = newest.get(value["document"], (0, ""))
            label = f"{value['document']} 第 {value['number']} 版"
            if value["number"] != number + 1:
                self.fault("manifest", name, f"{label}：上一版是第 {number} 版")
            if value["parent"] != parent:
                self.fault("manifest", name, f"{label}：所记的上一版不对")
            newest[value["document"]] = (value["number"], name)
        self.counts["versions"] = len(self.versions)

    def blobs(self) -> None:
        for value in self.versions.values():
            label = f"{value['document']} 第 {value['number']} 版"
            self._blob("blob", value["context"], f"{label}的上下文")
            for file in value["files"]:
                if file["stored"]:
                    self._sized(file, f"{label}的 {file['path']}")
        for snapshot in {value["snapshot"] for value in self.versions.values()} - {""}:
            self._workbooks(snapshot)
        shelves = self.store / "sha256"
        for path in sorted(shelves.glob("*/*")):
            self.counts["blobs"] += 1
            self.counts["bytes"] += path.stat().st_size
            if path.parent.name != path.name[:2] or not _HEX.fullmatch(path.name):
                self.fault("blob", path.relative_to(shelves).as_posix(), "不是存储的文件")
            elif path.name not in self.seen:
                self.counts["orphans"] += 1
        self.counts["unfinished"] = sum(1 for _ in self.store.rglob("*.part"))

    def _workbooks(self, snapshot: str) -> None:
        if self._blob("blob", snapshot, "名册快照") is None:
            return
        value = _object(self._path(snapshot).read_bytes(), {"workbooks": list})
        if value is None:
            self.fault("blob", snapshot, "不是名册快照")
            return
        for file in value["workbooks"]:
            if _fields(file, {"name": str, "sha256": str, "size": int}):
                self.fault("blob", snapshot, "名册快照有残缺的条目")
            else:
                self._sized(file, f"名册 {file['name']}")

    def _sized(self, file: dict[str, Any], label: str) -> None:
        size = self._blob("blob", file["sha256"], label)
        if size is not None and size != file["size"]:
            self.fault("blob", file["sha256"], f"{label}：应有 {file['size']} 字节，实有 {size}")

    def _blob(self, what: Literal["manifest", "blob"], digest: str, label: str) -> int | None:
        """Hash a blob once; return its size, or None when it is bad."""
        if digest not in self.seen:
            self.seen[digest] = None
            if not _HEX.fullmatch(digest):
                self.fault(what, digest, f"{label}：不是 SHA-256 指纹")
            elif not self._path(digest).is_file():
                self.fault(what, digest, f"{label}：不见了")
            elif _hash(self._path(digest)) != digest:
                self.fault(what, digest, f"{label}：已损坏")
            else:
                self.seen[digest] = self._path(digest).stat().st_size
        return self.seen[digest]

    def _path(self, digest: str) -> Path:
        return self.store / "sha256" / digest[:2] / digest

    def outputs(self, outputs: Path) -> None:
        newest = {
            value["document"]: value if name not in self.withdrawn else {"files": []}
            for name, value in self.versions.items()
        }
        ours: dict[str, set[str]] = {}
        for value in self.versions.values():
            for file in value["files"]:
                ours.setdefault(file["path"], set()).add(file["sha256"])
        expected = {
            file["path"]: file["sha256"] for value in newest.values() for file in value["files"]
        }
        for name, digest in sorted(expected.items()):
            path = outputs / name
            if ".." in path.parts or not path.is_relative_to(outputs):
                self.fault("manifest", name, "文件路径越出输出文件夹")
                continue
            there = _hash(path) if path.is_file() else ""
            if there == digest:
                self.counts["outputs"] += 1
            elif not there:
                self.counts["outputs_missing"] += 1
                self.fault("output", name, "不见了")
            elif there in ours[name]:
                self.counts["outputs_outdated"] += 1
                self.fault("output", name, "是以前的版本")
            else:
                self.counts["outputs_edited"] += 1
                self.fault("output", name, "已手改")

    def cache(self) -> None:
        path = self.store / "cache.sqlite"
        if not path.exists():
            self.counts["cache_behind"] = len(self.events)
            return
        try:
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as cache:
                for problem in self._disagreements(cache):
                    self.fault("cache", path.name, problem)
        except sqlite3.Error as error:
            self.fault("cache", path.name, f"读不出来，下次提问时重建：{error}")

    def _disagreements(self, cache: sqlite3.Connection) -> Iterator[str]:
        last = 0
        for number, digest, body in cache.execute("SELECT sequence, digest, body FROM events"):
            last = max(last, number)
            if number not in self.events:
                yield f"记得第 {number} 号事件，日志里却没有：日志被截短过"
            elif self.events[number] != digest:
                yield f"所记的第 {number} 号事件与日志不同：其中之一被换过"
            if hashlib.sha256(body.encode()).hexdigest() != digest:
                yield f"所记的第 {number} 号事件已损坏"
        self.counts["cache_behind"] = max(0, max(self.events, default=0) - last)
        known = dict(cache.execute("SELECT manifest, body FROM versions"))
        for name, body in known.items():
            if hashlib.sha256(body.encode()).hexdigest() != name:
                yield f"所记的版本 {name} 已损坏"
        if last == max(self.events, default=0) and set(known) != set(self.named):
            yield "所记的版本与日志不同"


def _object(data: bytes, fields: dict[str, type]) -> dict[str, Any] | None:
    """Read a JSON object that has these fields, else None."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return None if _fields(value, fields) else value


def _fields(value: Any, fields: dict[str, type]) -> bool:
    """Say whether something is amiss with the fields of an object."""
    return not isinstance(value, dict) or any(
        type(value.get(name)) is not kind for name, kind in fields.items()
    )


def _hash(path: Path) -> str:
    """Return the digest of a file, empty when the disk won't give it."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
    except OSError:
        return ""
    return digest.hexdigest()
