"""Manifests and log in SQL, for fast questions. It holds no truth and can be thrown away."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock

from pipeline.errors import HistoryError
from pipeline.files import digest as digest_of
from pipeline.history import log as events
from pipeline.history import manifest as manifests
from pipeline.history.log import Log
from pipeline.model import CHANGES, Event, after

_LAYOUT = 3
"""Raised when the tables change; a cache of another layout is made again."""
_TABLES = """
CREATE TABLE events (
    sequence INTEGER PRIMARY KEY, digest TEXT NOT NULL, at TEXT NOT NULL, operator TEXT NOT NULL,
    what TEXT NOT NULL, reason TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE versions (
    id INTEGER PRIMARY KEY, manifest TEXT NOT NULL UNIQUE, document TEXT NOT NULL,
    number INTEGER NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL, level TEXT NOT NULL,
    subject TEXT NOT NULL, period TEXT NOT NULL, pages INTEGER NOT NULL,
    supersedes TEXT NOT NULL, state TEXT NOT NULL) STRICT;
CREATE INDEX versions_document ON versions (document, number);
CREATE INDEX versions_subject ON versions (subject);
CREATE TABLE manifests (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE files (
    path TEXT, sha256 TEXT, size INTEGER NOT NULL, id INTEGER NOT NULL,
    PRIMARY KEY (path, sha256)) STRICT, WITHOUT ROWID;
CREATE TABLE codes (code TEXT PRIMARY KEY, manifest TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE mentions (sequence INTEGER, place INTEGER, id INTEGER NOT NULL,
    PRIMARY KEY (sequence, place)) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_version ON mentions (id, sequence);
"""
"""The bodies of manifests stand apart: a question about many versions need not read past them."""
_NAMES = ("events", "versions", "manifests", "files", "codes", "mentions")
_COLUMNS = (
    "document", "number", "title", "kind", "level", "subject", "period", "pages", "supersedes",
)  # fmt: skip
"""What a manifest says that is asked for by SQL; `state` follows from what happened."""
_BEYOND_REPAIR = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
"""Answers that say the file is no use; busy, full and the like say nothing against it."""


class Cache:
    """What a log and the manifests it names say, as tables of SQLite.

    Brings itself up to date before each question, and makes itself again when it is missing,
    unreadable, or tells another story than the log. One thing it refuses to forget by itself:
    a log that is *shorter* than it was. That is a `HistoryError` until somebody asks for
    `rebuild`, else the lost numbers would be given away twice.
    """

    def __init__(self, path: Path, *, log: Log, blob: Callable[[str], bytes]) -> None:
        self._path = path
        self._log = log
        self._blob = blob
        self._lock = FileLock(path.with_suffix(".lock"), mode=0o600)
        self._connection: sqlite3.Connection | None = None

    def rebuild(self) -> None:
        """Throw the cache away and make it again from the log as it is now.

        Raises:
            HistoryError: when the log or a manifest can't be read.
        """
        with self._lock:
            self.close()
            for ending in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + ending).unlink(missing_ok=True)
            self._catch_up(self._open())

    def close(self) -> None:
        """Let go of the file; the next question opens it again."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def bodies(self, question: str, *values: Any) -> list[tuple[str, str]]:
        """Ask for bodies and their digests; where one isn't the other's, all is made again."""
        rows = self.ask(question, *values)
        if any(digest_of(body.encode()) != name for body, name in rows):
            self.rebuild()
            rows = self.ask(question, *values)
        return rows

    def ask(self, question: str, *values: Any, **named: Any) -> list[Any]:
        """Return the rows that answer a question, of the log as it is now.

        Raises:
            HistoryError: when the log has lost its end, or the file can't be used.
        """
        with self._usable():
            try:
                return self._answer(question, named or values)
            except sqlite3.DatabaseError as error:
                # Python's own complaints, of text that isn't UTF-8, have no code.
                code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
                if code & 0xFF not in _BEYOND_REPAIR:
                    raise
            self.rebuild()
            return self._answer(question, named or values)

    def _answer(self, question: str, values: Any) -> list[Any]:
        connection = self._open()
        self._catch_up(connection)
        return connection.execute(question, values).fetchall()

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise HistoryError(
                f"缓存用不了：{error}", where=str(self._path), todo="检查磁盘空间和权限，再运行一次"
            ) from error

    def _open(self) -> sqlite3.Connection:
        if self._connection:
            return self._connection
        if not _writable(self._path.parent):
            self._connection = sqlite3.connect(":memory:", isolation_level=None)
            self._connection.executescript(_TABLES)
            return self._connection
        with self._lock:
            self._path.touch(mode=0o600)
            connection = sqlite3.connect(self._path, timeout=30, isolation_level=None)
            self._connection = connection
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            (layout,) = connection.execute("PRAGMA user_version").fetchone()
            if layout != _LAYOUT:
                # Fails where tables of another layout are in the way, and is made again.
                connection.executescript(
                    f"BEGIN; {_TABLES} PRAGMA user_version = {_LAYOUT}; COMMIT;"
                )
        return connection

    def _catch_up(self, connection: sqlite3.Connection) -> None:
        head = self._log.head
        if _position(connection) == ((head.sequence, head.digest) if head else (0, "")):
            return
        connection.execute("BEGIN IMMEDIATE")
        try:
            number, digest = _position(connection)
            if number and self._log.event(number).digest != digest:
                for table in _NAMES:
                    connection.execute(f"DELETE FROM {table}")
                number = 0
            for event in self._log.read(since=number):
                self._apply(connection, event)
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def _apply(self, connection: sqlite3.Connection, event: Event) -> None:
        body = events.encode(event).decode()
        told = (event.sequence, event.digest, event.at, event.operator, event.what, event.reason)
        connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)", (*told, body))
        for place, name in enumerate(event.versions):
            row = connection.execute(
                "SELECT id FROM versions WHERE manifest = ?", (name,)
            ).fetchone()
            number = row[0] if row else self._add(connection, name)
            connection.execute(
                "INSERT INTO mentions VALUES (?, ?, ?)", (event.sequence, place, number)
            )
            if event.what in CHANGES:
                _happen(connection, number, event.what)

    def _add(self, connection: sqlite3.Connection, name: str) -> int:
        """Take a version in and return the number it has here."""
        body = self._blob(name)
        one = manifests.decode(body, manifest=name)
        told = (name, *(getattr(one, column) for column in _COLUMNS), "draft")
        number = connection.execute(
            "INSERT INTO versions VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", told
        ).lastrowid
        assert number is not None
        connection.execute(
            "INSERT OR REPLACE INTO manifests VALUES (?, ?)", (number, body.decode())
        )
        connection.executemany(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
            [(file.path, file.sha256, file.size, number) for file in one.files],
        )
        connection.executemany(
            "INSERT OR REPLACE INTO codes VALUES (?, ?)", [(code, name) for code in one.codes]
        )
        return number


def _happen(connection: sqlite3.Connection, number: int, what: str) -> None:
    """Change the state of a version, and of the one it corrects."""
    state, supersedes = connection.execute(
        "SELECT state, supersedes FROM versions WHERE id = ?", (number,)
    ).fetchone()
    connection.execute("UPDATE versions SET state = ? WHERE id = ?", (after(what, state), number))
    if what == "issued" and supersedes:
        connection.execute(
            "UPDATE versions SET state = 'superseded' WHERE manifest = ?", (supersedes,)
        )


def _writable(folder: Path) -> bool:
    """Tell whether files can be made in a folder; a store on a read-only disk is still asked."""
    return os.access(folder, os.W_OK)


def _position(connection: sqlite3.Connection) -> tuple[int, str]:
    """Return number and digest of the last event that was applied."""
    row: tuple[int, str] | None = connection.execute(
        "SELECT sequence, digest FROM events ORDER BY sequence DESC LIMIT 1"
    ).fetchone()
    return row or (0, "")
