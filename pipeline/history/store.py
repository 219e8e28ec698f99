"""Blobs named by their SHA-256: what is stored can't change without being noticed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

from pipeline.errors import HistoryError
from pipeline.files import digest as digest_of
from pipeline.files import sync_folder
from pipeline.history.durable import create, private_folder, replace, sweep, writing

_DIGEST = re.compile(r"[0-9a-f]{64}")
_MODE = 0o400


class BlobStore(Protocol):
    """Where blobs lie: a folder here, an object store elsewhere."""

    def put(self, data: bytes) -> str:
        """Keep the bytes for good and return their digest."""
        ...

    def get(self, digest: str) -> bytes:
        """Return the bytes of a digest, verified.

        Raises:
            HistoryError: when the blob is missing or damaged.
        """
        ...

    def has(self, digest: str) -> bool:
        """Say whether there is a blob of this name."""
        ...

    def digests(self) -> Iterator[str]:
        """Yield the names of all blobs, in order."""
        ...


def listed(store: BlobStore, snapshot: str) -> list[dict[str, Any]]:
    """Return what a snapshot of rosters lists: name, sha256 and size of each workbook.

    Raises:
        HistoryError: when the blob is missing or damaged.
    """
    books: list[dict[str, Any]] = json.loads(store.get(snapshot))["workbooks"]
    return books


class FolderStore:
    """Blobs as files: `<folder>/sha256/ab/abcdef…`, unfinished ones in `<folder>/tmp`."""

    def __init__(self, folder: Path) -> None:
        self._blobs = folder / "sha256"
        self._parts = folder / "tmp"
        with writing(folder):
            private_folder(self._blobs)
            private_folder(self._parts)
            self.swept = sweep(self._parts) + sweep(folder)
        self.mended: list[str] = []
        self._sound: set[str] = set()

    def put(self, data: bytes) -> str:
        """Keep the bytes for good and return their digest.

        A blob that was there before this run is compared first; a damaged one is replaced and
        noted in `mended`.

        Raises:
            HistoryError: when the disk refuses.
        """
        name = digest_of(data)
        if name in self._sound:
            return name
        path = self.path(name)
        with writing(path):
            if path.exists() or not create(path, data, parts=self._parts, mode=_MODE):
                self._confirm(path, data)
        self._sound.add(name)
        return name

    def get(self, digest: str) -> bytes:
        """Return the bytes of a digest, verified.

        Raises:
            HistoryError: when the blob is missing or damaged; names it.
        """
        path = self.path(digest)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise HistoryError(
                f"存储里读不到内容 {digest}", where=str(path), todo="从备份恢复这个文件"
            ) from error
        if digest_of(data) != digest:
            raise HistoryError(
                f"存储里的内容 {digest} 已损坏", where=str(path), todo="从备份恢复这个文件"
            )
        return data

    def has(self, digest: str) -> bool:
        """Say whether there is a blob of this name; its bytes are not looked at."""
        return self.path(digest).is_file()

    def size(self, digest: str) -> int:
        """Return the size of a blob in bytes, 0 when there is none."""
        path = self.path(digest)
        return path.stat().st_size if path.is_file() else 0

    def drop(self, digests: Iterable[str]) -> None:
        """Give up blobs for good.

        Raises:
            HistoryError: when the disk refuses.
        """
        for digest in digests:
            path = self.path(digest)
            with writing(path):
                path.unlink(missing_ok=True)
            self._sound.discard(digest)

    def digests(self) -> Iterator[str]:
        """Yield the names of all blobs, in order."""
        for shelf in sorted(self._blobs.iterdir()):
            if shelf.is_dir():
                yield from sorted(
                    path.name for path in shelf.iterdir() if _DIGEST.fullmatch(path.name)
                )

    def path(self, digest: str) -> Path:
        """Return where a blob lies, or would.

        Raises:
            HistoryError: when it is no digest.
        """
        # A digest may come out of a damaged manifest: it must never become a way out of the store.
        if not _DIGEST.fullmatch(digest):
            raise HistoryError(f"“{digest}”不是 SHA-256 指纹", where=str(self._blobs))
        return self._blobs / digest[:2] / digest

    def _confirm(self, path: Path, data: bytes) -> None:
        if path.read_bytes() == data:
            # Another run may have linked it without having come to sync the name.
            sync_folder(path.parent)
            return
        replace(path, data, parts=self._parts, mode=_MODE)
        self.mended.append(path.name)
