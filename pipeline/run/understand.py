"""Map: how the rosters, or any file, are understood; the mapping is written down for next time."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipeline import files
from pipeline.config import Workspace
from pipeline.errors import RosterError
from pipeline.roster import (
    ENDINGS,
    Passwords,
    UnderstoodSheet,
    load_tables,
    mapping_text,
    read_mapping,
    understand,
)
from pipeline.schemes import read_scheme


def understood(
    workspace: Workspace,
    scheme: str,
    *,
    file: Path | None,
    as_of: date | None,
    write: bool,
    passwords: Passwords | None = None,
) -> tuple[tuple[UnderstoodSheet, ...], Path | None]:
    """Return how every sheet is understood, and the `mapping.toml` that was written.

    Raises:
        RosterError: when there is nothing to read, or a file can't be opened.
        SchemeError: when an existing `mapping.toml` is wrong.
    """
    read = read_scheme(workspace.scheme_folder(scheme))
    tables = load_tables(read)
    mapping = read_mapping(read.folder, tables)
    books = [file] if file else _books(workspace.snapshot_folder(scheme, as_of)[1])
    sheets = tuple(
        sheet for book in books for sheet in understand(book, tables, mapping, passwords)
    )
    if not write:
        return sheets, None
    path = read.folder / "mapping.toml"
    files.write_atomic(path, mapping_text(sheets, mapping).encode(), mode=0o644)
    return sheets, path


def _books(folder: Path) -> list[Path]:
    books = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in ENDINGS]
    if not books:
        raise RosterError("没有工作簿", where=str(folder), todo="把名册放进这个文件夹")
    return books
