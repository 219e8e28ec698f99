"""What an examination found: every fault by name, and counts."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

from pipeline.model import Fault

COUNTED = (
    "events",
    "checkpoints",
    "unsigned",
    "set_back",
    "versions",
    "pruned",
    "blobs",
    "bytes",
    "read",
    "orphans",
    "unfinished",
    "outputs",
    "outputs_edited",
    "outputs_missing",
    "outputs_outdated",
    "cache_behind",
)


class Notes:
    """Takes down what is wrong and how much was seen."""

    def __init__(self) -> None:
        self.faults: dict[Fault, None] = {}
        self.counts: Counter[str] = Counter(dict.fromkeys(COUNTED, 0))

    def fault(self, what: Any, name: str, problem: str) -> None:
        """Take down a fault, once."""
        self.faults.setdefault(Fault(what=what, name=name, problem=problem))


def read_object(data: bytes, fields: dict[str, type]) -> dict[str, Any] | None:
    """Read a JSON object that has these fields, else None."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return None if amiss(value, fields) else value


def amiss(value: Any, fields: dict[str, type]) -> bool:
    """Say whether something is amiss with the fields of an object."""
    return not isinstance(value, dict) or any(
        type(value.get(name)) is not kind for name, kind in fields.items()
    )


def read_file(path: str | Path) -> bytes | None:
    """Return the bytes of a file in one go, None when the disk won't give them."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        # Unbuffered: for files of some KB opening a stream costs as much as hashing them.
        size = os.fstat(handle).st_size
        data = os.read(handle, size + 1)
        if len(data) == size:
            return data
        return Path(path).read_bytes()
    except OSError:
        return None
    finally:
        os.close(handle)


def hash_file(path: str | Path) -> str:
    """Return the SHA-256 of a file, empty when the disk won't give it."""
    data = read_file(path)
    return "" if data is None else hashlib.sha256(data).hexdigest()
