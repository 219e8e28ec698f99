"""Packages as objects of the Oxford Common File Layout 1.1, each event a version of the object."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import HistoryError
from pipeline.files import digest, file_digest
from pipeline.history.package import Step

_ROOT = "0=ocfl_1.1"
_OBJECT = "0=ocfl_object_1.1"
_INVENTORY = "inventory.json"


def is_root(folder: Path) -> bool:
    """Tell whether a folder is a storage root."""
    return (folder / _ROOT).is_file()


def write_root(folder: Path) -> None:
    """Declare a folder to be a storage root."""
    (folder / _ROOT).write_text("ocfl_1.1\n", encoding="ascii")


def write_object(folder: Path, name: str, steps: Sequence[Step]) -> None:
    """Write an object; bytes that were there in an earlier version are not stored again.

    Raises:
        OSError: when the disk refuses.
    """
    folder.mkdir(mode=0o700)
    (folder / _OBJECT).write_text("ocfl_object_1.1\n", encoding="ascii")
    manifest: dict[str, list[str]] = {}
    state: dict[str, list[str]] = {}
    versions: dict[str, Any] = {}
    for number, step in enumerate(steps, 1):
        for path, source in step.files.items():
            sha256 = file_digest(source)
            if sha256 not in manifest:
                place = f"v{number}/content/{path}"
                _copy(source, folder / place)
                manifest[sha256] = [place]
            state.setdefault(sha256, []).append(path)
        versions[f"v{number}"] = {
            "created": step.at,
            "message": step.what,
            "state": {sha256: sorted(paths) for sha256, paths in state.items()},
            "user": {"name": step.operator, "address": f"urn:juanzong:{step.operator}"},
        }
        inventory = {
            "digestAlgorithm": "sha256",
            "head": f"v{number}",
            "id": name,
            "manifest": manifest,
            "type": "https://ocfl.io/1.1/spec/#inventory",
            "versions": versions,
        }
        data = json.dumps(inventory, ensure_ascii=False, sort_keys=True, indent=1).encode()
        for where in (folder / f"v{number}", folder):
            where.mkdir(mode=0o700, exist_ok=True)
            (where / _INVENTORY).write_bytes(data)
            sidecar = f"{digest(data)} {_INVENTORY}\n"
            (where / f"{_INVENTORY}.sha256").write_text(sidecar, encoding="ascii")


def read_objects(root: Path) -> Iterator[tuple[str, str, Path]]:
    """Yield package, path inside it, and the file with its bytes, each held against its digest.

    Raises:
        HistoryError: for a file that is missing, damaged or outside its object.
    """
    for marker in sorted(root.glob(f"*/{_OBJECT}")):
        folder = marker.parent
        try:
            data = (folder / _INVENTORY).read_bytes()
            told = (folder / f"{_INVENTORY}.sha256").read_text(encoding="ascii").split()[0]
            if digest(data) != told:
                raise HistoryError("清单与其指纹不符", where=str(folder / _INVENTORY))
            inventory = json.loads(data)
            state = inventory["versions"][inventory["head"]]["state"]
            for sha256, paths in state.items():
                source = folder / inventory["manifest"][sha256][0]
                if not source.resolve().is_relative_to(folder.resolve()):
                    raise HistoryError("移交的文件在其文件夹之外", where=str(source))
                if file_digest(source) != sha256:
                    raise HistoryError("移交的文件已损坏", where=str(source))
                for path in paths:
                    yield folder.name, path, source
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise HistoryError("OCFL 对象残缺", where=str(folder)) from error


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copyfile(source, target)
    target.chmod(0o600)
