"""Manifests and log in SQL, for fast questions. It holds no truth and can be thrown away."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock

from pipeline.errors import HistoryError
from pipeline.files import canonical
from pipeline.files import digest as digest_of
from pipeline.history import log as events
from pipeline.history import manifest as manifests
from pipeline.history.log import Log
from pipeline.model import Event, Version

_LAYOUT = 2
"""Raised when the tables change; a cache of another layout is made again."""
_TABLES = """
CREATE TABLE events (
    sequence INTEGER PRIMARY KEY, digest TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE versions (
    manifest TEXT PRIMARY KEY, document TEXT NOT NULL, number INTEGER NOT NULL,
    kind TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX versions_document ON versions (document, number);
CREATE TABLE files (path TEXT, sha256 TEXT, PRIMARY KEY (path, sha256)) STRICT, WITHOUT ROWID;
CREATE TABLE codes (code TEXT PRIMARY KEY, manifest TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE mentions (manifest TEXT, sequence INTEGER, PRIMARY KEY (manifest, sequence))
    STRICT, WITHOUT ROWID;
"""
_BEYOND_REPAIR = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
"""Answers that say the file is no use; busy, full and the like say nothing against it."""
_FIELDS = ("document", "kind", "subject")


class Cache:
    """Questions about a log and the manifests it names, answered by SQLite.

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

    def latest(self, documents: Iterable[str]) -> dict[str, Version]:
        """Return the newest version of each document that has one."""
        asked = canonical(sorted(set(documents))).decode()
        return {
            version.document: version
            for version in self._versions(
                "FROM json_each(?) AS asked JOIN versions ON document = asked.value"
                " WHERE number = (SELECT max(number) FROM versions AS one"
                " WHERE one.document = versions.document)",
                asked,
            )
        }

    def of(self, documents: Iterable[str]) -> list[Version]:
        """Return all versions of some documents; by document, number."""
        asked = canonical(sorted(set(documents))).decode()
        return self._versions(
            "FROM json_each(?) AS asked JOIN versions ON document = asked.value", asked
        )

    def versions(self, *, document: str = "", kind: str = "", subject: str = "") -> list[Version]:
        """Return all versions, of one document, kind or subject if asked; by document, number."""
        wanted = dict(zip(_FIELDS, (document, kind, subject), strict=True))
        chosen = {name: value for name, value in wanted.items() if value}
        where = " AND ".join(f"{name} = ?" for name in chosen) or "true"
        return self._versions(f"FROM versions WHERE {where}", *chosen.values())

    def numbered(self, document: str, number: int) -> list[Version]:
        """Return the version of a document with this number: one or none."""
        return self._versions("FROM versions WHERE document = ? AND number = ?", document, number)

    def coded(self, codes: Iterable[str]) -> dict[str, Version]:
        """Return the version each of the codes belongs to, as far as they are known."""
        asked = canonical(sorted(set(codes))).decode()
        pairs = self._ask(
            "SELECT code, manifest FROM json_each(?) AS asked JOIN codes ON code = asked.value",
            asked,
        )
        names = canonical(sorted({name for _, name in pairs})).decode()
        found = self._versions(
            "FROM json_each(?) AS asked JOIN versions ON manifest = asked.value", names
        )
        versions = {version.manifest: version for version in found}
        return {code: versions[name] for code, name in pairs}

    def beginning(self, prefix: str) -> list[Version]:
        """Return the versions whose manifest digest begins so."""
        return self._versions(
            "FROM versions WHERE manifest >= ? AND manifest < ?", prefix, prefix + "g"
        )

    def unknown(self, names: Iterable[str]) -> list[str]:
        """Return those of the manifest digests that no event names."""
        asked = canonical(list(names)).decode()
        rows = self._ask(
            "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT manifest FROM versions)",
            asked,
        )
        return [name for (name,) in rows]

    def published(self, paths: Iterable[str]) -> dict[str, set[str]]:
        """Return, for each path below outputs, the digests of all files we ever put there."""
        known: dict[str, set[str]] = {path: set() for path in paths}
        asked = canonical(sorted(known)).decode()
        rows = self._ask(
            "SELECT files.path, sha256 FROM json_each(?) AS asked"
            " JOIN files ON files.path = asked.value",
            asked,
        )
        for path, sha256 in rows:
            known[path].add(sha256)
        return known

    def events(self, manifest: str = "") -> list[Event]:
        """Return all events, or those about one version, oldest first."""
        about = " JOIN mentions USING (sequence) WHERE manifest = ?" if manifest else ""
        asked = (manifest,) if manifest else ()
        rows = self._bodies(f"SELECT body, digest FROM events{about} ORDER BY sequence", *asked)
        return [events.decode(body.encode()) for body, _ in rows]

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

    def _versions(self, tail: str, *values: Any) -> list[Version]:
        rows = self._bodies(f"SELECT body, manifest {tail} ORDER BY document, number", *values)
        return [manifests.decode(body.encode(), manifest=name) for body, name in rows]

    def _bodies(self, question: str, *values: Any) -> list[tuple[str, str]]:
        """Ask for bodies and their digests; a body that is not its digest's is asked for anew."""
        rows = self._ask(question, *values)
        if any(digest_of(body.encode()) != name for body, name in rows):
            self.rebuild()
            rows = self._ask(question, *values)
        return rows

    def _ask(self, question: str, *values: Any) -> list[Any]:
        with self._usable():
            try:
                return self._answer(question, values)
            except sqlite3.DatabaseError as error:
                # Python's own complaints, of text that isn't UTF-8, have no code.
                code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
                if code & 0xFF not in _BEYOND_REPAIR:
                    raise
            self.rebuild()
            return self._answer(question, values)

    def _answer(self, question: str, values: tuple[Any, ...]) -> list[Any]:
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
                for table in ("events", "versions", "files", "codes", "mentions"):
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
        connection.execute(
            "INSERT INTO events VALUES (?, ?, ?)", (event.sequence, event.digest, body)
        )
        for name in event.versions:
            connection.execute(
                "INSERT OR IGNORE INTO mentions VALUES (?, ?)", (name, event.sequence)
            )
            if not connection.execute(
                "SELECT 1 FROM versions WHERE manifest = ?", (name,)
            ).fetchone():
                self._add(connection, name)

    def _add(self, connection: sqlite3.Connection, name: str) -> None:
        body = self._blob(name)
        one = manifests.decode(body, manifest=name)
        connection.execute(
            "INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?)",
            (name, one.document, one.number, one.kind, one.subject, body.decode()),
        )
        connection.executemany(
            "INSERT OR IGNORE INTO files VALUES (?, ?)",
            [(file.path, file.sha256) for file in one.files],
        )
        connection.executemany(
            "INSERT OR REPLACE INTO codes VALUES (?, ?)", [(code, name) for code in one.codes]
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
