"""Bytes and names: atomic writes, safe names, digests and canonical JSON."""

from __future__ import annotations

import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

Json: TypeAlias = bool | int | str | list[Any] | dict[str, Any] | None
"""A plain JSON value. No floats: figures are `Decimal` and travel as text."""

_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]')
_RESERVED = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))}


def safe_name(text: str, *, limit: int = 80) -> str:
    """Make one path component of any text: no separators, controls, device names, dots at the ends.

    At most `limit` characters; never empty.
    """
    name = _UNSAFE.sub("_", unicodedata.normalize("NFC", text)).strip(" .")[:limit].strip(" .")
    if not name or name.lower().split(".")[0] in _RESERVED:
        name = f"_{name}"
    return name


def canonical(value: Json) -> bytes:
    """Write JSON the one way digests are taken of: sorted keys, no spaces, UTF-8, no floats.

    Raises:
        TypeError: for a float or any other value that has no single spelling.
    """
    return json.dumps(
        plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def plain(value: Any) -> Json:
    """Turn dataclass-free Python values into plain JSON: Decimal and date become text.

    Raises:
        TypeError: for floats and unknown types.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no place in a context")


def digest(data: bytes) -> str:
    """Return the SHA-256 of the bytes in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file without holding it in memory."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def tree_digest(*roots: Path, leave_out: frozenset[str] = frozenset()) -> str:
    """Digest every file below the folders by relative name and content; order doesn't matter."""
    found = sorted(
        (path.relative_to(root).as_posix(), file_digest(path))
        for root in roots
        for path in root.rglob("*")
        if path.is_file() and not path.name.startswith((".", "~$")) and path.name not in leave_out
    )
    return digest(canonical([list(pair) for pair in found]))


def write_atomic(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Write a file so that a reader sees the old bytes or the new ones, also after a crash."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
