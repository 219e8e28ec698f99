"""What figures were drawn from, in SQL, for fast answers. No truth: deleting it loses nothing.

The bodies hold what rosters say of people; they go when no version needs them.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from pipeline.files import canonical, digest
from pipeline.model import Version

T = TypeVar("T")

_TABLE = """
CREATE TABLE IF NOT EXISTS traces (
    document TEXT, snapshot TEXT, as_of TEXT, data TEXT,
    basis TEXT NOT NULL, digest TEXT NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (document, snapshot, as_of, data)) STRICT
"""
_WORTHLESS = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
"""Answers that say the file is no use; busy, full and the like say nothing against it."""
_SECONDS = 5.0
"""How long one run waits for another before it does without."""


class Traces:
    """One body for each paper as it was made from a snapshot.

    Nothing here fails: what can't be kept or read isn't there, and is found out anew.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, version: Version, basis: str) -> bytes | None:
        """Return the body kept of a version; None where there is none, or a damaged one.

        Args:
            version: Versions of one paper with the same data have one body.
            basis: Digest of whatever else a body depends on; that of another basis is none.
        """

        def read(table: sqlite3.Connection) -> bytes | None:
            for found, told, body in table.execute(
                "SELECT basis, digest, body FROM traces"
                " WHERE document = ? AND snapshot = ? AND as_of = ? AND data = ?",
                _key(version),
            ):
                if found == basis and told == _digest(version, basis, body):
                    return zlib.decompress(body)
            return None

        return self._ask(read) if self._path.exists() else None

    def put(self, bodies: Iterable[tuple[Version, bytes]], basis: str) -> None:
        """Keep bodies in the place of those there are."""
        rows = [
            (*_key(version), basis, _digest(version, basis, packed), packed)
            for version, body in bodies
            for packed in [zlib.compress(body)]
        ]

        def write(table: sqlite3.Connection) -> None:
            table.execute(_TABLE)
            table.executemany("INSERT OR REPLACE INTO traces VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

        if rows:
            self._ask(write)

    def retain(self, versions: Iterable[Version]) -> None:
        """Wipe out every body that belongs to none of the versions."""
        staying = {_key(version) for version in versions}

        def wipe(table: sqlite3.Connection) -> bool:
            rows = table.execute("SELECT document, snapshot, as_of, data FROM traces").fetchall()
            table.executemany(
                "DELETE FROM traces WHERE document = ? AND snapshot = ? AND as_of = ? AND data = ?",
                [row for row in rows if row not in staying],
            )
            return True

        if self._path.exists() and not self._ask(wipe):
            self.forget()

    def forget(self) -> None:
        """Throw all of it away."""
        for ending in ("", "-journal"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)

    def _ask(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """Do something in one transaction; None where the file doesn't let us."""
        try:
            if not self._path.exists():
                self._path.touch(mode=0o600)
            with closing(sqlite3.connect(self._path, timeout=_SECONDS)) as table, table:
                table.execute("PRAGMA secure_delete = ON")
                table.execute("PRAGMA synchronous = OFF")  # a torn body isn't its digest's
                return work(table)
        except (sqlite3.Error, OSError) as error:
            # Python's own complaints, of text that isn't UTF-8, have no code.
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
            if isinstance(error, sqlite3.Error) and code & 0xFF in _WORTHLESS:
                self.forget()
            return None


def _key(version: Version) -> tuple[str, str, str, str]:
    return version.document, version.snapshot, version.as_of.isoformat(), version.data


def _digest(version: Version, basis: str, body: bytes) -> str:
    """Return what a body is known by: one that came to lie under another's key isn't taken."""
    return digest(canonical([*_key(version), basis]) + body)
