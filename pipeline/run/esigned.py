"""Electronic signatures of files from elsewhere, each looked into in a process with limits."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipeline import dossier
from pipeline.dossier import Signature
from pipeline.errors import JuanzongError
from pipeline.spread import spread

_SECONDS = 120.0


def signatures(paths: Iterable[Path]) -> dict[Path, Signature]:
    """Return what the signatures of each file that bears one amount to."""
    due = [path for path in paths if dossier.may_be_signed(path)]
    found: dict[Path, Signature] = {}
    for path, outcome in spread(_look, due, jobs=1, seconds=_SECONDS) if due else ():
        if isinstance(outcome, JuanzongError):
            found[path] = Signature(state="unread")
        elif outcome is not None:
            found[path] = outcome
    return found


def _look(path: Path) -> Signature | None:
    return dossier.signature_of(path.read_bytes())
