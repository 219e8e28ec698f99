from __future__ import annotations

import json
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from pipeline.errors import HistoryError
from pipeline.history import History, make_key, verify
from pipeline.history.checkpoint import INTERVAL
from pipeline.model import Fault
from tests.history.papers import AT, paper, store


def _record(outputs: Path, texts: str, *, keys: Path | None = None) -> str:
    """Record a version for each character; return the head as it is printed on paper."""
    with History.open(store(outputs), keys=keys) as history:
        for text in texts:
            versions = history.record([paper(text)], at=AT, operator="王五")
            history.publish(versions)
        return history.anchor


def _checkpoints(outputs: Path) -> list[Path]:
    return sorted((store(outputs) / "checkpoints").glob("*.json"))


def _named(faults: tuple[Fault, ...]) -> set[tuple[str, str]]:
    return {(fault.what, fault.name) for fault in faults}


def test_a_run_ends_with_a_checkpoint_that_openssl_confirms(tmp_path: Path) -> None:
    _record(tmp_path, "一二三")
    (path,) = _checkpoints(tmp_path)
    signed = json.loads(path.read_bytes())
    assert (path.name, signed["sequence"]) == ("00000003.json", 3)
    (public,) = (store(tmp_path) / "keys").glob("*.pem")
    words, signature = tmp_path / "words", tmp_path / "signature"
    words.write_text(f"juanzong checkpoint\n3\n{signed['digest']}\n")
    signature.write_bytes(bytes.fromhex(signed["signature"]))
    proof = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", str(public)]
    proof += ["-in", str(words), "-sigfile", str(signature)]
    assert subprocess.run(proof, check=False, capture_output=True).returncode == 0
    words.write_text(f"juanzong checkpoint\n4\n{signed['digest']}\n")
    assert subprocess.run(proof, check=False, capture_output=True).returncode == 1
    assert verify(store(tmp_path), tmp_path)[0] == ()


def test_the_private_key_is_the_owners_and_not_in_the_store(tmp_path: Path) -> None:
    keys = tmp_path / "workspace" / "keys"
    made = make_key(keys)
    outputs = tmp_path / "outputs"
    _record(outputs, "一", keys=keys)
    assert make_key(keys).private_bytes_raw() == made.private_bytes_raw()
    assert stat.S_IMODE((keys / "checkpoint.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert b"PRIVATE" not in b"".join(
        path.read_bytes() for path in outputs.rglob("*") if path.is_file()
    )
    assert verify(store(outputs), outputs, keys=keys)[0] == ()


def test_a_long_run_signs_on_its_way(tmp_path: Path) -> None:
    history = History.open(store(tmp_path))
    (version,) = history.record([paper("一")], at=AT, operator="王五")
    for _ in range(2 * INTERVAL):
        history.mark("printed", [version], at=AT, operator="王五")
    history.publish([version])
    # No close: what a killed run leaves behind.
    assert [path.stem for path in _checkpoints(tmp_path)] == ["00000064", "00000128"]
    faults, counts = verify(store(tmp_path), tmp_path)
    assert (faults, counts["unsigned"]) == ((), 1)
    for path in _checkpoints(tmp_path):
        path.unlink()
    faults, _ = verify(store(tmp_path), tmp_path)
    assert [fault.problem for fault in faults] == ["此后的事件都没有签名：检查点被删过"]
    history.close()


def test_a_whole_rewritten_log_is_caught_by_the_key_and_by_paper(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    real, forged = tmp_path / "real", tmp_path / "forged"
    anchor = _record(real, "一二三", keys=keys)
    _record(forged, "一改三")
    faults, _ = verify(store(forged), forged, keys=keys, paper=anchor)
    assert _named(faults) == {("checkpoint", "00000003.json"), ("event", "00000003")}
    assert any("由不认识的密钥" in fault.problem for fault in faults)
    assert any("与纸上印的" in fault.problem for fault in faults)
    # With our checkpoints laid over it, it contradicts them; and nothing more is recorded on it.
    for path in _checkpoints(real):
        shutil.copy(path, store(forged) / "checkpoints" / path.name)
    faults, _ = verify(store(forged), forged, keys=keys)
    assert _named(faults) == {("event", "00000003")}
    with (
        History.open(store(forged), keys=keys) as history,
        pytest.raises(HistoryError, match="第 3 号事件与签过名的检查点不符"),
    ):
        history.record([paper("四")], at=AT, operator="王五")


def test_a_store_rolled_back_is_caught_by_paper_or_a_checkpoint_kept_elsewhere(
    tmp_path: Path,
) -> None:
    outputs, backup, elsewhere = tmp_path / "o", tmp_path / "backup", tmp_path / "elsewhere"
    old = _record(outputs, "一二")
    shutil.copytree(outputs, backup)
    anchor = _record(outputs, "三四五")
    with History.open(store(outputs)) as history:
        history.export_checkpoint(elsewhere)
    (newer,) = elsewhere.glob("*.json")
    assert verify(store(outputs), outputs, paper=anchor, checkpoint=newer)[0] == ()
    assert verify(store(outputs), outputs, paper=old)[0] == ()
    shutil.rmtree(outputs)
    shutil.copytree(backup, outputs)
    assert verify(store(outputs), outputs)[0] == ()  # an old backup is whole in itself
    by_paper, _ = verify(store(outputs), outputs, paper=anchor)
    by_checkpoint, _ = verify(store(outputs), outputs, checkpoint=newer)
    for (fault,) in (by_paper, by_checkpoint):
        assert (fault.what, fault.name) == ("event", "00000005")
        assert "日志到第 2 号" in fault.problem


@pytest.mark.parametrize("printed", ["3", "3:xyz", "3:abcdef", "head"])
def test_what_is_no_printed_head_is_said(tmp_path: Path, printed: str) -> None:
    _record(tmp_path, "一二三")
    (fault,), _ = verify(store(tmp_path), tmp_path, paper=printed)
    assert fault.problem.startswith("不是印出的日志头")


def test_a_printed_head_may_be_copied_with_blanks_and_capitals(tmp_path: Path) -> None:
    number, digest = _record(tmp_path, "一二三").split(":")
    spaced = f"{number}： {digest[:8].upper()} {digest[8:16]}-{digest[16:]}"
    assert verify(store(tmp_path), tmp_path, paper=spaced)[0] == ()


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("sequence", 2, "签名不对，被改写过"),
        ("digest", "0" * 64, "签名不对，被改写过"),
        ("digest", "字", "签名不对，被改写过"),
        ("signature", "0" * 128, "签名不对，被改写过"),
        ("signature", 7, "残缺或不是本程序写的"),
        ("public", "ff", "签名不对，被改写过"),
    ],
)
def test_an_edited_checkpoint_is_named(
    tmp_path: Path, field: str, value: object, problem: str
) -> None:
    _record(tmp_path, "一二三")
    (path,) = _checkpoints(tmp_path)
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {field: value}))
    (fault,), _ = verify(store(tmp_path), tmp_path)
    assert (fault.what, fault.name, fault.problem) == ("checkpoint", path.name, problem)


def test_a_torn_checkpoint_stops_the_writer_and_is_named(tmp_path: Path) -> None:
    _record(tmp_path, "一二三")
    (path,) = _checkpoints(tmp_path)
    path.write_bytes(path.read_bytes()[:30])
    assert _named(verify(store(tmp_path), tmp_path)[0]) == {("checkpoint", path.name)}
    with (
        History.open(store(tmp_path)) as history,
        pytest.raises(HistoryError, match=r"检查点 00000003.json 读不出来"),
    ):
        history.record([paper("四")], at=AT, operator="王五")


def test_a_clock_set_back_changes_no_order_and_is_counted(tmp_path: Path) -> None:
    with History.open(store(tmp_path)) as history:
        for text, at in (("一", "2016-11-03T02:00:00Z"), ("二", "2015-01-01T00:00:00Z")):
            history.publish(history.record([paper(text)], at=at, operator="王五"))
        assert [version.number for version in history.versions()] == [1, 2]
    faults, counts = verify(store(tmp_path), tmp_path)
    assert (faults, counts["set_back"]) == ((), 1)
