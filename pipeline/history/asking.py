"""Ask what there is: versions and their contents, and what happened to them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pipeline.errors import HistoryError
from pipeline.history.find import find
from pipeline.history.opened import Opened
from pipeline.history.questions import Asked
from pipeline.history.store import listed
from pipeline.model import Event, Holding, Life, LogLine, Mention, Version, states


class Asking(Opened):
    """Answers by SQL what SQL knows, and reads contents from the store, verified."""

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
                characters of its manifest digest, or a path below outputs.

        Raises:
            UsageError: when there is none, or more than one.
        """
        return find(self._cache, ref)

    def coded(self, codes: Iterable[str]) -> dict[str, Version]:
        """Return the version whose page carries each of the codes, as far as we gave them out.

        Where a paper became what it had been before, its newest version.
        """
        return self._cache.coded(codes)

    def subjects(self, name: str = "") -> list[tuple[str, str]]:
        """Return level and code of every subject; or of one, by its code or how titles begin."""
        return self._cache.subjects(name)

    def recorded_kinds(self, kinds: Iterable[str]) -> set[str]:
        """Return those of the ids of kinds of which there is a paper."""
        return self._cache.recorded_kinds(kinds)

    def holdings(self) -> list[Holding]:
        """Return what there is of each kind of paper."""
        return self._cache.holdings()

    def log(self, since: int = 0) -> Iterator[Event]:
        """Yield the events after number `since` from the log itself, each checked.

        Raises:
            HistoryError: at the first event that is missing, torn, edited or foreign.
        """
        return self._log.read(since)

    def lines(self, asked: Asked) -> list[LogLine]:
        """Return the events that are about wanted versions, oldest first, from the cache."""
        return self._cache.lines(asked)

    def mentions(self, asked: Asked) -> dict[int, list[Mention]]:
        """Return the wanted versions that each event is about, by its number."""
        return self._cache.mentions(asked)

    def events(self, version: Version) -> tuple[Event, ...]:
        """Return what happened to one version, oldest first: its state follows from it."""
        return tuple(self._cache.events_of(version.manifest))

    def events_about(self, documents: Iterable[str]) -> tuple[Event, ...]:
        """Return what happened to the versions of some documents, oldest first."""
        return tuple(self._cache.events_about(documents))

    def lives(self, documents: Iterable[str]) -> dict[str, Life]:
        """Return the life of each of the documents that has a version."""
        names = frozenset(documents)
        every = self._cache.of(names)
        known = states(every, self._cache.events_about(names))
        of: dict[str, list[Version]] = {}
        for version in every:
            of.setdefault(version.document, []).append(version)
        return {
            document: Life(
                versions=tuple(versions),
                states={one.manifest: known[one.manifest] for one in versions},
            )
            for document, versions in of.items()
        }

    def context(self, version: Version) -> dict[str, Any]:
        """Return everything the paper showed.

        Raises:
            HistoryError: when the blob is missing or damaged.
        """
        context: dict[str, Any] = json.loads(self._content(version, version.context))
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
                return self._content(version, file.sha256)
        raise HistoryError(f"{version.document} 第 {version.number} 版没有 {ending} 文件")

    def original(self, version: Version) -> bytes:
        """Return the file of a received paper as it was received.

        Raises:
            HistoryError: when the blob is missing or damaged.
        """
        return self._store.get(version.files[-1].sha256)

    def rosters(self, snapshot: str) -> tuple[str, ...]:
        """Return the names of the workbooks of a snapshot.

        Raises:
            HistoryError: when the blob that lists them is missing or damaged.
        """
        return tuple(one["name"] for one in listed(self._store, snapshot))

    def workbooks(self, snapshot: str) -> dict[str, bytes]:
        """Return the workbooks of a snapshot, name to bytes.

        Raises:
            HistoryError: when a blob is missing or damaged.
        """
        return {
            one["name"]: self._store.get(one["sha256"]) for one in listed(self._store, snapshot)
        }

    def _content(self, version: Version, digest: str) -> bytes:
        if not self._store.has(digest):
            for event in self.events(version):
                if event.what == "pruned":
                    raise HistoryError(
                        f"{version.document} 第 {version.number} 版是草稿，"
                        f"{event.operator} 已于 {event.at} 清理，内容不在了"
                    )
        return self._store.get(digest)
