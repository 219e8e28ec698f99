"""A store that is open: its parts, who writes, and what is signed at the end."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Self

from pipeline.history.checkpoint import INTERVAL, Notary
from pipeline.history.claims import claimed
from pipeline.history.lock import held
from pipeline.history.log import Log
from pipeline.history.questions import Questions
from pipeline.history.store import FolderStore
from pipeline.history.traces import Traces
from pipeline.model import Event


class Opened:
    """The parts of a store; a context manager.

    `traces` keeps what figures were drawn from.
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
        self._cache = Questions(folder / "cache.sqlite", log=self._log, blob=self._store.get)
        self.traces = Traces(folder / "traces.sqlite")
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

    def working(self, subjects: Collection[str], *, at: str) -> AbstractContextManager[None]:
        """Hold subjects for a whole run, so that nobody else makes papers about them meanwhile.

        Args:
            subjects: Codes; `*` is all of them.
            at: Since when.

        Raises:
            HistoryError: when another run holds one of them; says who.
        """
        return claimed(self._folder / "claims", subjects, command=self._command, since=at)

    @property
    def head(self) -> Event | None:
        """The newest event; its digest anchors the whole log."""
        return self._log.head

    @property
    def anchor(self) -> str:
        """The head as it is printed on paper: number, colon, 32 hexadecimal digits."""
        head = self.head
        return f"{head.sequence}:{head.digest[:32]}" if head else ""

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
