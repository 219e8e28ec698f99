"""How far an examination has come, so that one that was interrupted can go on."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from pipeline.history.examine.chain import Chain
from pipeline.history.examine.notes import Notes, read_object
from pipeline.model import Fault

_STATE = {"at": str, "digest": str, "event": int, "faults": list, "finished": bool}
_EVERY = 64_000_000
"""Bytes read between two notes of how far we are."""


class Progress:
    """The small file that says what was read when; nothing is lost with it but time."""

    def __init__(self, path: Path, chain: Chain, notes: Notes, *, at: str) -> None:
        self._path = path
        self._chain = chain
        self._notes = notes
        self._at = at
        self._written = 0

    def resume(self) -> int:
        """Return the first event still to be read: 1, unless a pass was left unfinished.

        What that pass found wrong is taken over.
        """
        try:
            state = read_object(self._path.read_bytes(), _STATE)
        except OSError:
            return 1
        if state is None or state["finished"]:
            return 1
        if self._chain.events.get(state["event"]) != state["digest"]:
            return 1
        for fault in state["faults"]:
            self._notes.fault(**fault)
        return int(state["event"]) + 1

    def reached(self, event: int, *, finished: bool = False) -> None:
        """Take down that everything up to an event has been read, now and then."""
        if not finished and self._notes.counts["read"] - self._written < _EVERY:
            return
        self._written = self._notes.counts["read"]
        state: dict[str, Any] = {
            "at": self._at,
            "digest": self._chain.events.get(event, ""),
            "event": event,
            "faults": [_plain(fault) for fault in self._notes.faults],
            "finished": finished,
        }
        part = self._path.with_name(f"{self._path.name}.new")
        try:
            part.write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")
            part.chmod(0o600)
            part.replace(self._path)
        except OSError:
            # A store that can't be written can still be examined, only not in two goes.
            return


def _plain(fault: Fault) -> dict[str, str]:
    return {name: str(value) for name, value in dataclasses.asdict(fault).items()}
