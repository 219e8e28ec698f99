"""The door of the room: record papers, ask for them, put them where people open them."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Self

from pipeline.errors import HistoryError, UsageError
from pipeline.files import canonical, plain
from pipeline.files import digest as digest_of
from pipeline.history import manifest as manifests
from pipeline.history import numbers
from pipeline.history.cache import Cache
from pipeline.history.checkpoint import INTERVAL, Notary
from pipeline.history.claims import claimed
from pipeline.history.durable import writing
from pipeline.history.find import find
from pipeline.history.handover import Form, hand_over
from pipeline.history.keep import keep
from pipeline.history.lock import held
from pipeline.history.log import Log
from pipeline.history.manifest import NewVersion
from pipeline.history.package import packages
from pipeline.history.prune import Pruning, plan_pruning
from pipeline.history.publish import Published, publish, retract
from pipeline.history.store import FolderStore, listed
from pipeline.model import STATES, Event, FileEntry, Life, Numbered, Series, Version, states

_WRITERS = 4
"""Threads that write blobs: the disk confirms several in the time of one."""


class History:
    """All versions of one scheme's papers. Use it as a context manager.

    `swept` counts the unfinished files of killed runs that were deleted on opening; `mended`
    names the damaged blobs that were replaced because their bytes came by again.
    """

    def __init__(self, folder: Path, *, command: str, keys: Path | None) -> None:
        self._folder = folder
        self._command = command
        self._store = FolderStore(folder)
        self._log = Log(folder / "log", parts=folder / "tmp")
        self._notary = Notary(folder, keys=keys)
        self._unsigned = ""
        """When this run last wrote an event that no checkpoint covers yet."""
        self._cache = Cache(folder / "cache.sqlite", log=self._log, blob=self._store.get)
        self.swept = self._store.swept

    @classmethod
    def open(cls, folder: Path, *, command: str = "juanzong", keys: Path | None = None) -> Self:
        """Open or begin the store of a scheme, and clean up after runs that were killed.

        Args:
            folder: `<outputs>/<scheme>/store`.
            command: What this run is called when it keeps another one waiting.
            keys: Folder of the key that signs checkpoints, made at need; `<store>/keys` if None.

        Raises:
            HistoryError: when the disk refuses.
        """
        return cls(folder, command=command, keys=keys)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def mended(self) -> tuple[str, ...]:
        """Digests of the blobs that were damaged on disk and are whole again."""
        return tuple(self._store.mended)

    def close(self) -> None:
        """Sign what this run has logged, and let go of the cache.

        Raises:
            HistoryError: when the log is damaged or the disk refuses.
        """
        try:
            if self._unsigned:
                with held(self._folder, command=self._command, since=self._unsigned):
                    self._notary.sign(self._log)
                self._unsigned = ""
        finally:
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

    def working(self, subjects: Collection[str], *, at: str) -> AbstractContextManager[None]:
        """Hold subjects for a whole run, so that nobody else makes papers about them meanwhile.

        Args:
            subjects: Codes; `*` is all of them.
            at: Since when.

        Raises:
            HistoryError: when another run holds one of them; says who.
        """
        return claimed(self._folder / "claims", subjects, command=self._command, since=at)

    def workbooks(self, snapshot: str) -> dict[str, bytes]:
        """Return the workbooks of a snapshot, name to bytes.

        Raises:
            HistoryError: when a blob is missing or damaged.
        """
        return {
            one["name"]: self._store.get(one["sha256"]) for one in listed(self._store, snapshot)
        }

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
        # Blobs need no lock: until an event names their manifest they are nobody's.
        with ThreadPoolExecutor(_WRITERS) as pool:
            news = list(pool.map(partial(keep, self._store), entries))
        if not news:
            return ()
        with self._writing(at):
            versions = self._next(news)
            names = [version.manifest for version in versions]
            self._log.append(what, names, at=at, operator=operator, reason=reason)
        return versions

    def issue(
        self, entries: Iterable[tuple[NewVersion, Version]], *, at: str, operator: str
    ) -> tuple[Version | None, ...]:
        """Remember the frozen versions of papers that are issued, in one event.

        Args:
            entries: Each with the draft it was frozen from.
            at: When, UTC, RFC 3339.
            operator: Who.

        Returns:
            The versions in the same order; None where the draft is no longer the newest version,
            because somebody else issued the paper or made it anew meanwhile.

        Raises:
            HistoryError: when the disk refuses, the log is damaged, or another run is writing.
        """
        given = list(entries)
        with ThreadPoolExecutor(_WRITERS) as pool:
            news = list(pool.map(partial(keep, self._store), [entry for entry, _ in given]))
        with self._writing(at):
            latest = self._cache.latest(new.document for new in news)
            ready = [
                new
                for new, (_, draft) in zip(news, given, strict=True)
                if latest[new.document].manifest == draft.manifest
            ]
            versions = self._next(ready)
            if versions:
                names = [version.manifest for version in versions]
                self._log.append("issued", names, at=at, operator=operator)
        issued = {version.document: version for version in versions}
        return tuple(issued.get(entry.document) for entry, _ in given)

    def reserve(
        self, wanted: Sequence[numbers.Wanted], *, at: str, operator: str
    ) -> tuple[str, ...]:
        """Give papers their 发文字号, before they are printed: no number is ever given twice.

        A number is the document's from here on. If the run dies before the paper is issued, the
        next one is given the same number again.

        Returns:
            The numbers in the order of the papers.

        Raises:
            UsageError: when a number asked for isn't free.
            HistoryError: when the disk refuses, the log is damaged, or another run is writing.
        """
        with self._writing(at):
            taken = self._taken()
            given = numbers.assign(wanted, taken)
            new = [
                (one.draft.manifest, text)
                for one, text in zip(wanted, given, strict=True)
                if text not in taken
            ]
            if new:
                self._log.append(
                    numbers.NUMBERED,
                    [manifest for manifest, _ in new],
                    at=at,
                    operator=operator,
                    reason=numbers.SEPARATOR.join(text for _, text in new),
                )
        return given

    def ledger(self, series: Series) -> tuple[Numbered, ...]:
        """Return every number of a series up to the highest known, each with its explanation."""
        return numbers.ledger(series, self._taken())

    def withdraw(self, version: Version, *, at: str, operator: str, reason: str) -> Event:
        """Withdraw an issued or signed version, or an edited draft; its bytes are kept.

        Raises:
            UsageError: when its state doesn't allow it, or no reason is given.
            HistoryError: when another run is writing.
        """
        if not reason.strip():
            raise UsageError("撤回要写明原因", todo="加上 --reason")
        with self._writing(at):
            state = self.lives([version.document])[version.document].state(version)
            if state not in ("issued", "signed") and (state, version.origin) != ("draft", "edited"):
                raise UsageError(
                    f"{version.title}第{version.number}版是{STATES[state]}，不能撤回",
                    todo="只有已印发、已签署的文书和手改稿可以撤回",
                )
            names = [version.manifest]
            return self._log.append("withdrawn", names, at=at, operator=operator, reason=reason)

    def lives(self, documents: Iterable[str]) -> dict[str, Life]:
        """Return the life of each of the documents that has a version."""
        every = self._cache.of(documents)
        known = states(every, self._cache.events())
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

    def retract(self, versions: Iterable[Version]) -> tuple[str, ...]:
        """Take files of versions out of the outputs tree; the store keeps them.

        What was edited by hand, and what another version put there, is left.

        Returns:
            The paths that are gone.

        Raises:
            OutputError: when a path leads out of the tree or the disk refuses.
        """
        return retract(self._folder.parent, (file for one in versions for file in one.files))

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
        return find(self._cache, ref)

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

    @property
    def anchor(self) -> str:
        """The head as it is printed on paper: number, colon, 32 hexadecimal digits."""
        head = self.head
        return f"{head.sequence}:{head.digest[:32]}" if head else ""

    def export_checkpoint(self, folder: Path) -> None:
        """Copy the newest checkpoint and the public keys to a folder that is kept elsewhere.

        Raises:
            HistoryError: when there is none yet or the disk refuses.
        """
        self._notary.copy_newest(folder)

    def rebuild(self) -> None:
        """Make the cache again from manifests and log.

        Raises:
            HistoryError: when the log or a manifest can't be read, or the log has lost its end.
        """
        self._notary.confirm(self._log)
        self._cache.rebuild()

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

    def _taken(self) -> dict[str, numbers.Taken]:
        """Return every 发文字号 that was given, with the paper that has it."""
        events = self._cache.events()
        drafts = {
            name for event in events if event.what == numbers.NUMBERED for name in event.versions
        }
        documents = {one.document for name in drafts for one in self._cache.beginning(name)}
        return numbers.taken(events, self._cache.of(documents))

    def accept_loss(self, *, at: str, operator: str, reason: str) -> Event:
        """Go on with a log that has lost its end for good, and say so in it.

        The checkpoints that know more are kept in `checkpoints/lost`.

        Raises:
            HistoryError: when what is left of the log can't be read.
        """
        with held(self._folder, command=self._command, since=at):
            self._cache.rebuild()
            with writing(self._folder):
                lost = self._notary.set_aside(self._log)
            self._unsigned = at
            told = f"{reason}；签过名而不见了的：{lost}" if lost else reason
            return self._log.append("loss", (), at=at, operator=operator, reason=told)

    def _content(self, version: Version, digest: str) -> bytes:
        if not self._store.has(digest):
            for event in self.events(version):
                if event.what == "pruned":
                    raise HistoryError(
                        f"{version.document} 第 {version.number} 版是草稿，"
                        f"{event.operator} 已于 {event.at} 清理，内容不在了"
                    )
        return self._store.get(digest)

    @contextmanager
    def _writing(self, at: str) -> Iterator[None]:
        """Hold the store for one event, on a log that agrees with what was signed."""
        with held(self._folder, command=self._command, since=at):
            signed = self._notary.confirm(self._log)
            head = self._log.head
            if head and head.sequence - signed >= INTERVAL:
                self._notary.sign(self._log)
            self._unsigned = at
            yield

    def export(self, into: Path, *, form: Form, owner: Callable[[Version], str]) -> tuple[str, ...]:
        """Hand over everything, one package for each owner; return the packages' names.

        Args:
            into: A new or empty folder.
            form: `ocfl` or `bagit`.
            owner: Tells the package a version belongs to: its village.

        Raises:
            OutputError: when the folder isn't empty or the disk refuses.
            HistoryError: when a snapshot can't be read.
        """
        found = packages(self._folder, self._store, self._cache, owner=owner)
        hand_over(found, into, form=form, name=self._folder.parent.name)
        return tuple(found)

    def lay_out(self) -> Published:
        """Put what was issued and the newest of everything into the outputs, also bound dossiers.

        To be called after `take_in`, which finds the dossiers' bytes among the files.
        """
        lives = self.lives(version.document for version in self.versions())
        out = [version for life in lives.values() for version in life.out]
        unstored = {
            file.path: file.sha256
            for version in out
            for file in version.files
            if not file.stored and self._store.has(file.sha256)
        }
        rebuilt = {path: self._store.get(sha256) for path, sha256 in unstored.items()}
        published = self.publish(out, rebuilt=rebuilt)
        kept = {file.sha256 for one in self.versions() for file in one.files if file.stored}
        self._store.drop(
            {
                file.sha256
                for one in self.versions()
                for file in one.files
                if not file.stored and file.sha256 not in kept
            }
        )
        return published

    def prune(self, *, newest: int = 1, before: str = "") -> Pruning:
        """Return which drafts may go, and what that frees; give up nothing yet.

        Args:
            newest: How many of the newest versions of each document stay in any case.
            before: A day: what was recorded on it or later stays.

        Raises:
            HistoryError: when a snapshot of rosters can't be read.
        """
        return plan_pruning(self._cache, self._store, keep=newest, before=before)

    def give_up(self, plan: Pruning, *, at: str, operator: str, reason: str) -> Event | None:
        """Do what `prune` planned: first the event, then the blobs; manifests and log stay.

        To be called while all subjects are held, else blobs of a run that is under way could go.

        Raises:
            HistoryError: when another run is writing or the disk refuses.
        """
        about = [version.manifest for version in plan.versions]
        event = None
        if about:
            with self._writing(at):
                event = self._log.append("pruned", about, at=at, operator=operator, reason=reason)
        self._store.drop(plan.blobs)
        return event
