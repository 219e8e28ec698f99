"""Record papers, and put them where people open them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from pipeline.errors import HistoryError
from pipeline.files import canonical, plain
from pipeline.files import digest as digest_of
from pipeline.history import manifest as manifests
from pipeline.history.asking import Asking
from pipeline.history.keep import keep
from pipeline.history.manifest import NewVersion
from pipeline.history.publish import Published, publish, retract
from pipeline.model import Event, FileEntry, Version

_WRITERS = 4
"""Threads that write blobs: the disk confirms several in the time of one."""


class Recording(Asking):
    """Blobs, then manifests, then one event; what is recorded is then published."""

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

    def record(
        self,
        entries: Iterable[NewVersion],
        *,
        at: str,
        operator: str,
        reason: str = "",
        what: str = "recorded",
    ) -> tuple[Version, ...]:
        """Remember new versions, all or none: blobs, then manifests, then one event.

        Args:
            entries: The versions; a document may come more than once.
            at: When, UTC, RFC 3339.
            operator: Who.
            reason: Why, in words.
            what: recorded, adopted or frozen.

        Returns:
            The versions in the same order, with number, parent and manifest digest.

        Raises:
            HistoryError: when the disk refuses, the log is damaged, or another run is writing.
        """
        news = self._kept(entries)
        if not news:
            return ()
        with self._writing(at):
            versions = self._next(news)
            names = [version.manifest for version in versions]
            self._log.append(what, names, at=at, operator=operator, reason=reason)
        return versions

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

    def retract(self, versions: Iterable[Version]) -> tuple[str, ...]:
        """Take files of versions out of the outputs tree; the store keeps them.

        What was edited by hand, and what another version put there, is left.

        Returns:
            The paths that are gone.

        Raises:
            OutputError: when a path leads out of the tree or the disk refuses.
        """
        return retract(self._folder.parent, (file for one in versions for file in one.files))

    def _kept(self, entries: Iterable[NewVersion]) -> list[Version]:
        """Write the blobs of versions to be: nobody names them yet, so they need no lock."""
        with ThreadPoolExecutor(_WRITERS) as pool:
            return list(pool.map(partial(keep, self._store), entries))

    def _next(self, news: Iterable[Version]) -> tuple[Version, ...]:
        """Number new versions after those there are and write their manifests."""
        made = list(news)
        latest = self._cache.latest(version.document for version in made)
        versions = []
        for version in made:
            before = latest.get(version.document)
            if before:
                version = replace(version, number=before.number + 1, parent=before.manifest)
            version = replace(version, manifest=self._store.put(manifests.encode(version)))
            latest[version.document] = version
            versions.append(version)
        return tuple(versions)
