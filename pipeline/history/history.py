"""The door of the room: record papers, ask for them, put them where people open them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from pipeline.errors import HistoryError, UsageError
from pipeline.files import canonical, plain
from pipeline.files import digest as digest_of
from pipeline.history import manifest as manifests
from pipeline.history.cache import Cache
from pipeline.history.lock import held
from pipeline.history.log import Log
from pipeline.history.manifest import NewVersion
from pipeline.history.publish import Published, publish
from pipeline.history.store import FolderStore
from pipeline.model import Event, FileEntry, Version

_WRITERS = 4
"""Threads that write blobs: the disk confirms several in the time of one."""
_PREFIX = re.compile(r"[0-9a-f]{6,64}")


class History:
    """All versions of one scheme's papers. Use it as a context manager.

    `swept` counts the unfinished files of killed runs that were deleted on opening; `mended`
    names the damaged blobs that were replaced because their bytes came by again.
    """

    def __init__(self, folder: Path, *, command: str) -> None:
        self._folder = folder
        self._command = command
        self._store = FolderStore(folder)
        self._log = Log(folder / "log", parts=folder / "tmp")
        self._cache = Cache(folder / "cache.sqlite", log=self._log, blob=self._store.get)
        self.swept = self._store.swept

    @classmethod
    def open(cls, folder: Path, *, command: str = "juanzong") -> Self:
        """Open or begin the store of a scheme, and clean up after runs that were killed.

        Args:
            folder: `<outputs>/<scheme>/store`.
            command: What this run is called when it keeps another one waiting.

        Raises:
            HistoryError: when the disk refuses.
        """
        return cls(folder, command=command)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def mended(self) -> tuple[str, ...]:
        """Digests of the blobs that were damaged on disk and are whole again."""
        return tuple(self._store.mended)

    def close(self) -> None:
        """Let go of the cache."""
        self._cache.close()

    def snapshot(self, files: Mapping[str, bytes]) -> str:
        """Keep the workbooks of a roster as received.

        Args:
            files: Name of each workbook, as it lies in the folder of the cut-off day, to its bytes.

        Returns:
            The digest of the blob that lists them: the same for the same workbooks.
        """
        listed = [
            {"name": name, "sha256": self._store.put(data), "size": len(data)}
            for name, data in sorted(files.items())
        ]
        return self._store.put(canonical({"workbooks": plain(listed)}))

    def workbooks(self, snapshot: str) -> dict[str, bytes]:
        """Return the workbooks of a snapshot, name to bytes.

        Raises:
            HistoryError: when a blob is missing or damaged.
        """
        listed = json.loads(self._store.get(snapshot))["workbooks"]
        return {one["name"]: self._store.get(one["sha256"]) for one in listed}

    def record(
        self, entries: Iterable[NewVersion], *, at: str, operator: str, reason: str = ""
    ) -> tuple[Version, ...]:
        """Remember new versions, all or none: blobs, then manifests, then one event.

        Args:
            entries: The versions; a document may come more than once.
            at: When, UTC, RFC 3339.
            operator: Who.
            reason: Why, in words.

        Returns:
            The versions in the same order, with number, parent and manifest digest.

        Raises:
            HistoryError: when the disk refuses, the log is damaged, or another run is writing.
        """
        # Blobs need no lock: until an event names their manifest they are nobody's.
        with ThreadPoolExecutor(_WRITERS) as pool:
            news = list(pool.map(self._keep, entries))
        if not news:
            return ()
        with self._writing(at):
            latest = self._cache.latest(version.document for version in news)
            versions = []
            for version in news:
                before = latest.get(version.document)
                if before:
                    version = replace(version, number=before.number + 1, parent=before.manifest)
                version = replace(version, manifest=self._store.put(manifests.encode(version)))
                latest[version.document] = version
                versions.append(version)
            names = [version.manifest for version in versions]
            self._log.append("recorded", names, at=at, operator=operator, reason=reason)
        return tuple(versions)

    def mark(
        self, what: str, versions: Iterable[Version], *, at: str, operator: str, reason: str = ""
    ) -> Event:
        """Log something that happened to recorded versions: printed, issued, withdrawn.

        Raises:
            HistoryError: when a version isn't in the log, or another run is writing.
        """
        about = [version.manifest for version in versions]
        with self._writing(at):
            for name in self._cache.unknown(about):
                raise HistoryError(f"日志里没有版本 {name}", where=str(self._folder))
            return self._log.append(what, about, at=at, operator=operator, reason=reason)

    def latest(self, documents: Iterable[str]) -> dict[str, Version]:
        """Return the newest version of each of the documents that has one."""
        return self._cache.latest(documents)

    def versions(
        self, *, document: str = "", kind: str = "", subject: str = ""
    ) -> tuple[Version, ...]:
        """Return all versions, of one document, kind or subject if asked; by document, number."""
        return tuple(self._cache.versions(document=document, kind=kind, subject=subject))

    def version(self, ref: str) -> Version:
        """Find one version.

        Args:
            ref: `<document>@<number>`, `<document>` for its newest, or the first six or more
                characters of its manifest digest.

        Raises:
            UsageError: when there is none, or more than one.
        """
        document, _, number = ref.rpartition("@")
        if document and number.isdecimal():
            found = self._cache.numbered(document, int(number))
        elif _PREFIX.fullmatch(ref):
            found = self._cache.beginning(ref)
        else:
            found = list(self._cache.latest([ref]).values())
        if len(found) != 1:
            problem = f"有 {len(found)} 个版本以“{ref}”开头" if found else f"没有版本“{ref}”"
            raise UsageError(
                problem, where=str(self._folder), todo="写成 文种/代码@号数，或指纹的更多位"
            )
        return found[0]

    def coded(self, codes: Iterable[str]) -> dict[str, Version]:
        """Return the version whose page carries each of the codes, as far as we gave them out.

        Where a paper became what it had been before, its newest version.
        """
        return self._cache.coded(codes)

    def context(self, version: Version) -> dict[str, Any]:
        """Return everything the paper showed.

        Raises:
            HistoryError: when the blob is missing or damaged.
        """
        context: dict[str, Any] = json.loads(self._store.get(version.context))
        return context

    def file(self, version: Version, ending: str) -> bytes:
        """Return the bytes of a version's file by its ending: `pdf`, `docx`.

        Raises:
            HistoryError: when it has no such file, its bytes aren't kept, or are damaged.
        """
        for file in version.files:
            if file.path.endswith("." + ending.removeprefix(".")):
                if not file.stored:
                    raise HistoryError(
                        f"{file.path} 只记了指纹，没有存内容", todo="用 juanzong bind 重新装订"
                    )
                return self._store.get(file.sha256)
        raise HistoryError(f"{version.document} 第 {version.number} 版没有 {ending} 文件")

    def publish(
        self, versions: Iterable[Version], *, rebuilt: Mapping[str, bytes] | None = None
    ) -> Published:
        """Put the files of versions into the outputs tree, and leave what was edited by hand.

        May be repeated: what lies there already is left alone.

        Args:
            versions: Recorded versions.
            rebuilt: Path to bytes, for files whose bytes aren't stored.

        Raises:
            OutputError: when a path leads out of the tree or the disk refuses.
            HistoryError: when a blob is missing or damaged.
        """
        files = [file for version in versions for file in version.files]
        bound = rebuilt or {}

        def read(file: FileEntry) -> bytes | None:
            data = bound.get(file.path)
            if data is not None and digest_of(data) == file.sha256:
                return data
            return self._store.get(file.sha256) if file.stored else None

        known = self._cache.published(file.path for file in files)
        return publish(self._folder.parent, files, known=known, read=read)

    def log(self, since: int = 0) -> Iterator[Event]:
        """Yield the events after number `since` from the log itself, each checked.

        Raises:
            HistoryError: at the first event that is missing, torn, edited or foreign.
        """
        return self._log.read(since)

    def events(self, version: Version) -> tuple[Event, ...]:
        """Return what happened to one version, oldest first: its state follows from it."""
        return tuple(self._cache.events(version.manifest))

    @property
    def head(self) -> Event | None:
        """The newest event; its digest anchors the whole log."""
        return self._log.head

    def rebuild(self) -> None:
        """Make the cache again from the log as it is, also when the log has lost its end.

        Raises:
            HistoryError: when the log or a manifest can't be read.
        """
        self._cache.rebuild()

    def _writing(self, at: str) -> AbstractContextManager[None]:
        return held(self._folder, command=self._command, since=at)

    def _keep(self, entry: NewVersion) -> Version:
        """Write the blobs of an entry; the version is its document's first until told otherwise."""
        if entry.snapshot and not self._store.has(entry.snapshot):
            raise HistoryError(f"{entry.document} 所依据的名册快照不在存储里：{entry.snapshot}")
        files = tuple(
            FileEntry(
                path=file.path,
                sha256=self._store.put(file.data) if file.stored else digest_of(file.data),
                size=len(file.data),
                stored=file.stored,
            )
            for file in entry.files
        )
        return Version(
            document=entry.document,
            number=1,
            title=entry.title,
            kind=entry.kind,
            level=entry.level,
            subject=entry.subject,
            period=entry.period,
            origin=entry.origin,
            digest=entry.digest,
            context=self._store.put(canonical(plain(entry.context))),
            template=entry.template,
            engine=entry.engine,
            snapshot=entry.snapshot,
            as_of=entry.as_of,
            pages=entry.pages,
            files=files,
            because=entry.because,
            codes=entry.codes,
        )
