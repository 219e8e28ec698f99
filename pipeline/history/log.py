"""What happened, in order: one file an event, each holding the digest of the one before."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.errors import HistoryError
from pipeline.files import canonical
from pipeline.files import digest as digest_of
from pipeline.history.durable import create, private_folder, writing
from pipeline.model import Event

_NAME = re.compile(r"([0-9]{8})\.json")


class Log:
    """The chain of events in a folder: `00000001.json`, `00000002.json` and so on."""

    def __init__(self, folder: Path, *, parts: Path) -> None:
        self._folder = folder
        self._parts = parts
        with writing(folder):
            private_folder(folder)

    @property
    def head(self) -> Event | None:
        """The newest event, or None when nothing has happened yet.

        Raises:
            HistoryError: when it can't be read.
        """
        last = self._last()
        return self.event(last) if last else None

    def event(self, number: int) -> Event:
        """Read one event.

        Raises:
            HistoryError: when it is missing, torn or edited; says its number.
        """
        path = self._path(number)
        try:
            data = path.read_bytes()
        except FileNotFoundError as error:
            raise _wrong(number, "不见了", path) from error
        except OSError as error:
            raise _wrong(number, f"读不出来（{error.strerror}）", path) from error
        try:
            event = decode(data)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise _wrong(number, "残缺或不是本程序写的", path) from error
        if encode(event) != data:
            raise _wrong(number, "被改写过", path)
        if event.sequence != number:
            raise _wrong(number, f"内容却是第 {event.sequence} 号", path)
        return event

    def read(self, since: int = 0) -> Iterator[Event]:
        """Yield the events after number `since`, oldest first, each checked against the one before.

        Raises:
            HistoryError: at the first event that is missing, torn, edited or foreign; says its
                number.
        """
        previous = self.event(since).digest if since else ""
        for number in range(since + 1, self._last() + 1):
            event = self.event(number)
            if event.previous != previous:
                raise _wrong(number, "与上一号接不上，两者之一被换过", self._path(number))
            previous = event.digest
            yield event

    def append(
        self, what: str, versions: Iterable[str], *, at: str, operator: str, reason: str = ""
    ) -> Event:
        """Add one event at the end; durable on return.

        Args:
            what: recorded, printed, issued, …
            versions: Manifest digests it is about.
            at: When, UTC, RFC 3339.
            operator: Who.
            reason: Why, in words.

        Raises:
            HistoryError: when the head can't be read or the disk refuses.
        """
        about = tuple(versions)
        while True:
            head = self.head
            event = Event(
                sequence=head.sequence + 1 if head else 1,
                previous=head.digest if head else "",
                at=at,
                operator=operator,
                what=what,
                versions=about,
                reason=reason,
            )
            data = encode(event)
            path = self._path(event.sequence)
            with writing(path):
                if create(path, data, parts=self._parts, mode=0o600):
                    return decode(data)
            # Somebody else was quicker: their event is the head now.

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:08d}.json"

    def _last(self) -> int:
        """Return the highest number in the folder, 0 when it is empty."""
        last = 0
        for name in (path.name for path in self._folder.iterdir()):
            found = _NAME.fullmatch(name)
            if not found and name.endswith(".json"):
                raise HistoryError(
                    f"日志里有来历不明的文件 {name}",
                    where=str(self._folder),
                    todo="查明来历，移出日志文件夹",
                )
            last = max(last, int(found[1]) if found else 0)
        return last


def encode(event: Event) -> bytes:
    """Write an event as the bytes its digest is taken of."""
    return canonical(
        {
            "at": event.at,
            "operator": event.operator,
            "previous": event.previous,
            "reason": event.reason,
            "sequence": event.sequence,
            "versions": list(event.versions),
            "what": event.what,
        }
    )


def decode(data: bytes) -> Event:
    """Read an event from its bytes.

    Raises:
        ValueError: when they aren't JSON.
        KeyError: when a field is missing.
        TypeError: when it isn't an object.
    """
    value: dict[str, Any] = json.loads(data)
    return Event(
        sequence=value["sequence"],
        previous=value["previous"],
        at=value["at"],
        operator=value["operator"],
        what=value["what"],
        versions=tuple(value["versions"]),
        reason=value["reason"],
        digest=digest_of(data),
    )


def _wrong(number: int, problem: str, path: Path) -> HistoryError:
    return HistoryError(
        f"日志第 {number} 号事件{problem}",
        where=str(path),
        todo="用 juanzong history 方案 verify 看清损坏范围，再从备份恢复",
    )
