"""Questions about versions and events, answered by SQL alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pipeline.files import canonical
from pipeline.history import log as events
from pipeline.history import manifest as manifests
from pipeline.history.cache import Cache
from pipeline.model import Event, Holding, LogLine, Mention, Version

_FIELDS = ("document", "kind", "subject")
_NEWEST = (
    "number = (SELECT max(number) FROM versions AS one WHERE one.document = versions.document)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which lines of the log are asked for; None means all."""

    kinds: frozenset[str] | None = None
    subjects: frozenset[str] | None = None
    """Codes."""
    periods: frozenset[str] | None = None
    states: frozenset[str] | None = None
    """The states versions are in now, not those they were in then."""
    operators: frozenset[str] | None = None
    since: str = ""
    """A day."""


class Questions(Cache):
    """A cache that is asked in the words of the room, and answers in those of the model."""

    def latest(self, documents: Iterable[str]) -> dict[str, Version]:
        """Return the newest version of each document that has one."""
        found = self._versions(
            f"json_each(?) AS asked JOIN versions ON document = asked.value WHERE {_NEWEST}",
            _listed(documents),
        )
        return {version.document: version for version in found}

    def of(self, documents: Iterable[str]) -> list[Version]:
        """Return all versions of some documents; by document, number."""
        return self._versions(
            "json_each(?) AS asked JOIN versions ON document = asked.value", _listed(documents)
        )

    def versions(self, *, document: str = "", kind: str = "", subject: str = "") -> list[Version]:
        """Return all versions, of one document, kind or subject if asked; by document, number."""
        wanted = dict(zip(_FIELDS, (document, kind, subject), strict=True))
        chosen = {name: value for name, value in wanted.items() if value}
        where = " AND ".join(f"{name} = ?" for name in chosen) or "true"
        return self._versions(f"versions WHERE {where}", *chosen.values())

    def numbered(self, document: str, number: int) -> list[Version]:
        """Return the version of a document with this number: one or none."""
        return self._versions("versions WHERE document = ? AND number = ?", document, number)

    def coded(self, codes: Iterable[str]) -> dict[str, Version]:
        """Return the version each of the codes belongs to, as far as they are known."""
        pairs = self.ask(
            "SELECT code, manifest FROM json_each(?) AS asked JOIN codes ON code = asked.value",
            _listed(codes),
        )
        found = self._versions(
            "json_each(?) AS asked JOIN versions ON manifest = asked.value",
            _listed(name for _, name in pairs),
        )
        versions = {version.manifest: version for version in found}
        return {code: versions[name] for code, name in pairs}

    def beginning(self, prefix: str) -> list[Version]:
        """Return the versions whose manifest digest begins so."""
        return self._versions("versions WHERE manifest >= ? AND manifest < ?", prefix, prefix + "g")

    def lying(self, path: str) -> list[Version]:
        """Return the newest version that has a file at a path below outputs: one or none."""
        return self._versions(
            "versions WHERE id = (SELECT max(id) FROM files WHERE path = ?)", path
        )

    def unknown(self, names: Iterable[str]) -> list[str]:
        """Return those of the manifest digests that no event names."""
        asked = canonical(list(names)).decode()
        rows = self.ask(
            "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT manifest FROM versions)",
            asked,
        )
        return [name for (name,) in rows]

    def published(self, paths: Iterable[str]) -> dict[str, set[str]]:
        """Return, for each path below outputs, the digests of all files we ever put there."""
        known: dict[str, set[str]] = {path: set() for path in paths}
        rows = self.ask(
            "SELECT files.path, sha256 FROM json_each(?) AS asked"
            " JOIN files ON files.path = asked.value",
            _listed(known),
        )
        for path, sha256 in rows:
            known[path].add(sha256)
        return known

    def events(self) -> list[Event]:
        """Return all events, oldest first."""
        return self._events("true")

    def events_of(self, manifest: str) -> list[Event]:
        """Return what happened to one version, oldest first."""
        return self._events(
            "sequence IN (SELECT sequence FROM mentions JOIN versions USING (id)"
            " WHERE manifest = ?)",
            manifest,
        )

    def events_about(self, documents: Iterable[str]) -> list[Event]:
        """Return what happened to the versions of some documents, oldest first."""
        return self._events(
            "sequence IN (SELECT sequence FROM json_each(?) AS asked"
            " JOIN versions ON document = asked.value JOIN mentions ON mentions.id = versions.id)",
            _listed(documents),
        )

    def subjects(self, name: str = "") -> list[tuple[str, str]]:
        """Return level and code of every subject; or of one, by its code or how titles begin."""
        where = "WHERE subject = ?1 OR substr(title, 1, length(?1)) = ?1" if name else ""
        asked = (name,) if name else ()
        return self.ask(f"SELECT DISTINCT level, subject FROM versions {where}", *asked)

    def recorded_kinds(self, kinds: Iterable[str]) -> set[str]:
        """Return those of the ids of kinds of which there is a paper."""
        rows = self.ask(
            "SELECT value FROM json_each(?)"
            " WHERE EXISTS (SELECT * FROM versions WHERE kind = value)",
            _listed(kinds),
        )
        return {kind for (kind,) in rows}

    def named(self, kind: str, subject: str, period: str) -> list[tuple[str, str]]:
        """Return document and title of the papers of a kind about a subject, by name or id.

        Args:
            kind: Its id, or how titles end.
            subject: Its code, or how titles begin.
            period: Empty for any.
        """
        return self.ask(
            "SELECT DISTINCT document, title FROM versions"
            " WHERE (kind = :kind OR substr(title, -length(:kind)) = :kind)"
            " AND (subject = :subject OR substr(title, 1, length(:subject)) = :subject)"
            " AND (:period = '' OR period = :period) ORDER BY document",
            kind=kind,
            subject=subject,
            period=period,
        )

    def documents(self) -> dict[str, str]:
        """Return what each paper is called."""
        return dict(self.ask("SELECT document, title FROM versions GROUP BY document"))

    def lines(self, asked: Asked) -> list[LogLine]:
        """Return the events that are about wanted versions, oldest first."""
        rows = self.ask(
            "SELECT sequence, digest, at, operator, what, reason, about, document, number, title"
            # SQLite gives bare columns the values of the row that has the minimum.
            " FROM events JOIN (SELECT sequence, count(*) AS about, min(place),"
            " document, number, title FROM mentions JOIN versions USING (id)"
            f" WHERE {_which(asked)} GROUP BY sequence) USING (sequence)"
            f" WHERE at >= :since AND {_among('operator', asked.operators)} ORDER BY sequence",
            **_named(asked),
        )
        return [
            LogLine(
                first=sequence,
                last=sequence,
                digest=digest,
                at=at,
                operator=operator,
                what=what,
                reason=reason,
                about=about,
                example=Mention(document=document, number=number, title=title),
            )
            for sequence, digest, at, operator, what, reason, about, document, number, title in rows
        ]

    def mentions(self, asked: Asked) -> dict[int, list[Mention]]:
        """Return the wanted versions that each event is about."""
        found: dict[int, list[Mention]] = {}
        for sequence, document, number, title in self.ask(
            "SELECT sequence, document, number, title FROM mentions JOIN versions USING (id)"
            f" WHERE {_which(asked)} ORDER BY sequence, place",
            **_named(asked),
        ):
            one = Mention(document=document, number=number, title=title)
            found.setdefault(sequence, []).append(one)
        return found

    def holdings(self) -> list[Holding]:
        """Return what there is of each kind of paper."""
        rows = self.ask(
            f"WITH newest AS (SELECT * FROM versions WHERE {_NEWEST}),"
            " bytes AS (SELECT kind, sum(size) AS size FROM"
            " (SELECT DISTINCT kind, sha256, size FROM files JOIN versions USING (id))"
            " GROUP BY kind)"
            " SELECT kind, count(*), (SELECT count(*) FROM versions AS one"
            " WHERE one.kind = newest.kind), sum(pages),"
            " (SELECT sum(size) FROM files JOIN newest AS one USING (id)"
            " WHERE one.kind = newest.kind),"
            " (SELECT size FROM bytes WHERE bytes.kind = newest.kind),"
            " (SELECT max(path) FROM files WHERE files.id = min(newest.id))"
            " FROM newest GROUP BY kind ORDER BY min(newest.id)"
        )
        return [
            Holding(
                kind=kind, documents=documents, versions=versions, pages=pages,
                size=size or 0, whole=whole or 0, example=example or "",
            )
            for kind, documents, versions, pages, size, whole, example in rows
        ]  # fmt: skip

    def _versions(self, tail: str, *values: Any) -> list[Version]:
        rows = self.bodies(
            "SELECT body, manifest"
            f" FROM (SELECT versions.id, manifest, document, number FROM {tail})"
            " JOIN manifests USING (id) ORDER BY document, number",
            *values,
        )
        return [manifests.decode(body.encode(), manifest=name) for body, name in rows]

    def _events(self, where: str, *values: Any) -> list[Event]:
        rows = self.bodies(
            f"SELECT body, digest FROM events WHERE {where} ORDER BY sequence", *values
        )
        return [events.decode(body.encode()) for body, _ in rows]


def _which(asked: Asked) -> str:
    """Return the condition on versions."""
    wanted = {
        "kind": asked.kinds,
        "subject": asked.subjects,
        "period": asked.periods,
        "state": asked.states,
    }
    return " AND ".join(_among(column, values) for column, values in wanted.items())


def _among(column: str, values: frozenset[str] | None) -> str:
    return "true" if values is None else f"{column} IN (SELECT value FROM json_each(:{column}))"


def _named(asked: Asked) -> dict[str, str]:
    """Return the values the conditions name."""
    return {
        "kind": _listed(asked.kinds or ()),
        "subject": _listed(asked.subjects or ()),
        "period": _listed(asked.periods or ()),
        "state": _listed(asked.states or ()),
        "operator": _listed(asked.operators or ()),
        "since": asked.since,
    }


def _listed(values: Iterable[str]) -> str:
    return canonical(sorted(set(values))).decode()
