from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import HistoryError
from pipeline.history import FolderStore, History
from tests.history.papers import store


def _blob(folder: Path, digest: str) -> Path:
    return folder / "sha256" / digest[:2] / digest


def test_a_blob_is_named_by_its_bytes_and_kept_once(tmp_path: Path) -> None:
    blobs = FolderStore(tmp_path)
    first, again, other = blobs.put(b"one"), blobs.put(b"one"), blobs.put(b"")
    assert first == again != other
    assert blobs.get(first) == b"one"
    assert blobs.get(other) == b""
    assert blobs.has(first)
    assert not blobs.has("0" * 64)
    assert list(blobs.digests()) == sorted({first, other})
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_damaged_blob_is_named(tmp_path: Path) -> None:
    blobs = FolderStore(tmp_path)
    digest = blobs.put(b"one")
    path = _blob(tmp_path, digest)
    path.chmod(0o600)
    path.write_bytes(b"onf")
    with pytest.raises(HistoryError, match=f"{digest} 已损坏"):
        blobs.get(digest)
    path.unlink()
    with pytest.raises(HistoryError, match=f"读不到内容 {digest}"):
        blobs.get(digest)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_a_name_that_is_no_digest_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(HistoryError, match="不是 SHA-256 指纹"):
        FolderStore(tmp_path).get(name)


def test_a_blob_of_an_earlier_run_is_compared_before_it_is_trusted(tmp_path: Path) -> None:
    digest = FolderStore(tmp_path).put(b"a whole workbook")
    path = _blob(tmp_path, digest)
    path.chmod(0o600)
    path.write_bytes(b"a who")
    blobs = FolderStore(tmp_path)
    assert blobs.put(b"a whole workbook") == digest
    assert blobs.get(digest) == b"a whole workbook"
    assert blobs.mended == [digest]
    assert blobs.put(b"a whole workbook") == digest
    assert blobs.mended == [digest]


def test_what_a_dead_process_left_is_swept_and_counted(tmp_path: Path) -> None:
    folder = store(tmp_path)
    History.open(folder).close()
    dead = subprocess.run(
        [sys.executable, "-c", "import os; os.write(1, str(os.getpid()).encode())"],
        capture_output=True,
        check=True,
    ).stdout.decode()
    (folder / "tmp" / f"7.{dead}.part").write_bytes(b"half")
    (folder / f".lock.json.{dead}.part").write_bytes(b"half")
    living = folder / "tmp" / f"7.{os.getpid()}.part"
    living.write_bytes(b"half")
    with History.open(folder) as history:
        assert history.swept == 2
    assert list(folder.rglob("*.part")) == [living]
