from __future__ import annotations

import functools
import multiprocessing
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import HistoryError, UsageError
from pipeline.history import History, opened, verify
from pipeline.history.lock import held
from pipeline.history.log import Log
from tests.history.papers import AT, LETTER, paper, record_many, store


def test_what_is_recorded_can_be_read_again(tmp_path: Path) -> None:
    with History.open(store(tmp_path)) as history:
        snapshot = history.snapshot({"贫困户.xlsx": b"households", "镇街.xlsx": b"towns"})
        (made,) = history.record(
            [paper("一", snapshot=snapshot)], at=AT, operator="王五", reason="首次生成"
        )
    with History.open(store(tmp_path)) as history:
        assert history.latest([LETTER, "notice/1"]) == {LETTER: made}
        assert history.context(made) == {"text": "一", "town": {"name": "梯面镇"}}
        assert history.file(made, "pdf") == history.file(made, ".pdf") == "%PDF 一".encode()
        assert history.workbooks(made.snapshot) == {
            "贫困户.xlsx": b"households",
            "镇街.xlsx": b"towns",
        }
        (event,) = history.log()
        assert (event.sequence, event.what, event.at, event.operator, event.reason) == (
            1,
            "recorded",
            AT,
            "王五",
            "首次生成",
        )
        assert event.versions == (made.manifest,)
        assert history.head == event
    faults, counts = verify(store(tmp_path), tmp_path)
    assert [fault.what for fault in faults] == ["output"]  # nobody has published it yet
    assert counts["blobs"] == 6
    assert counts["orphans"] == 0


def test_versions_are_counted_and_know_their_parents(tmp_path: Path) -> None:
    with History.open(store(tmp_path)) as history:
        (first,) = history.record([paper("一")], at=AT, operator="王五")
        second, third, other = history.record(
            [paper("二"), paper("三"), paper("甲", document="notice/440114105202")],
            at=AT,
            operator="王五",
        )
        assert [version.number for version in (first, second, third, other)] == [1, 2, 3, 1]
        assert [version.parent for version in (first, second, third, other)] == [
            "",
            first.manifest,
            second.manifest,
            "",
        ]
        assert history.record([], at=AT, operator="王五") == ()
        assert [event.sequence for event in history.log()] == [1, 2]
        assert history.versions(document=LETTER) == (first, second, third)
        assert history.versions(kind="notice") == (other,)
        assert history.versions(subject="440114105") == (first, second, third)
        assert set(history.versions()) == {first, second, third, other}


def test_a_version_is_found_by_number_and_by_digest(tmp_path: Path) -> None:
    with History.open(store(tmp_path)) as history:
        first, second = history.record([paper("一"), paper("二")], at=AT, operator="王五")
        assert history.version(f"{LETTER}@1") == first
        assert history.version(LETTER) == second
        assert history.version(first.manifest[:10]) == first
        assert history.version(second.manifest) == second
        for wrong in (f"{LETTER}@3", "notice/9", "0123456789", "", "@1"):
            with pytest.raises(UsageError, match="没有版本"):
                history.version(wrong)


def test_what_happened_to_a_version_is_told(tmp_path: Path) -> None:
    with History.open(store(tmp_path)) as history:
        one, two = history.record([paper("一"), paper("二")], at=AT, operator="王五")
        history.mark("printed", [one], at=AT, operator="赵六", reason="签字用")
        assert [event.what for event in history.events(one)] == ["recorded", "printed"]
        assert [event.what for event in history.events(two)] == ["recorded"]
        unknown = replace(one, manifest="f" * 64)
        with pytest.raises(HistoryError, match="日志里没有版本"):
            history.mark("printed", [unknown], at=AT, operator="赵六")
        assert len(list(history.log())) == 2


def test_bytes_that_can_be_bound_again_are_not_kept(tmp_path: Path) -> None:
    with History.open(store(tmp_path)) as history:
        (bound,) = history.record([paper("卷", stored=False)], at=AT, operator="王五")
        (file,) = bound.files
        assert (file.stored, file.size) == (False, len("%PDF 卷".encode()))
        with pytest.raises(HistoryError, match="只记了指纹"):
            history.file(bound, "pdf")
        with pytest.raises(HistoryError, match="没有 docx 文件"):
            history.file(bound, "docx")


def test_a_version_must_not_name_a_snapshot_that_is_not_there(tmp_path: Path) -> None:
    with (
        History.open(store(tmp_path)) as history,
        pytest.raises(HistoryError, match="快照不在存储里"),
    ):
        history.record([paper("一", snapshot="a" * 64)], at=AT, operator="王五")


def test_a_run_that_dies_before_the_event_leaves_nothing_but_orphans(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with History.open(store(tmp_path)) as history:
        (first,) = history.record([paper("一")], at=AT, operator="王五")
        with monkeypatch.context() as patch:
            patch.setattr(Log, "append", _interrupt)
            with pytest.raises(KeyboardInterrupt):
                history.record([paper("二")], at=AT, operator="王五")
        assert history.latest([LETTER]) == {LETTER: first}
    faults, counts = verify(store(tmp_path), tmp_path)
    assert [fault for fault in faults if fault.what != "output"] == []
    assert counts["orphans"] == 3
    with History.open(store(tmp_path)) as history:
        (second,) = history.record([paper("二")], at=AT, operator="王五")
        history.publish([second])
    assert (second.number, second.parent) == (2, first.manifest)
    faults, counts = verify(store(tmp_path), tmp_path)
    assert faults == ()
    assert counts["orphans"] == 0  # the same bytes: what was orphaned is named now


def _interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_the_store_is_for_its_owner_only(tmp_path: Path) -> None:
    with History.open(store(tmp_path)) as history:
        history.record([paper("一")], at=AT, operator="王五")
        history.publish(history.versions())
        for path in tmp_path.rglob("*"):
            mode = stat.S_IMODE(path.stat().st_mode)
            in_blobs = path.is_file() and "sha256" in path.parts
            assert mode == (0o700 if path.is_dir() else 0o400 if in_blobs else 0o600), path


def test_two_processes_record_at_once(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=record_many, args=(store(tmp_path), 5, 12)) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    with History.open(store(tmp_path)) as history:
        assert [event.sequence for event in history.log()] == list(range(1, 25))
        assert len(history.versions()) == 120
        assert {version.number for version in history.latest(_notices(5)).values()} == {24}
        history.publish(history.latest(_notices(5)).values())
    assert verify(store(tmp_path), tmp_path)[0] == ()


def _notices(count: int) -> list[str]:
    return [f"notice/{number:012d}" for number in range(count)]


def test_who_holds_the_store_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = store(tmp_path)
    with History.open(folder) as history:
        holder = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "import pathlib, sys; from pipeline.history.lock import held\n"
                "with held(pathlib.Path(sys.argv[1]), command='juanzong make', "
                f"since='{AT}'): sys.stdout.write('held\\n'); sys.stdout.flush(); "
                "sys.stdin.read()",
                str(folder),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        with holder:
            assert holder.stdout
            assert holder.stdin
            assert holder.stdout.readline() == b"held\n"
            monkeypatch.setattr(opened, "held", functools.partial(held, seconds=0.2))
            with pytest.raises(HistoryError) as caught:
                history.record([paper("一")], at=AT, operator="王五")
            holder.stdin.close()
        assert f"进程 {holder.pid}，命令 juanzong make，自 {AT} 起" in str(caught.value)
        assert not (folder / "lock.json").exists()
        assert len(history.record([paper("一")], at=AT, operator="王五")) == 1


def test_what_the_disk_refuses_is_said_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with History.open(store(tmp_path)) as history:
        (first,) = history.record([paper("一")], at=AT, operator="王五")
        with monkeypatch.context() as patch:
            patch.setattr("os.fsync", _full)
            with pytest.raises(HistoryError, match="磁盘满了"):
                history.record([paper("二")], at=AT, operator="王五")
        assert history.latest([LETTER]) == {LETTER: first}
        history.publish([first])
    faults, counts = verify(store(tmp_path), tmp_path)
    assert (faults, counts["unfinished"]) == ((), 0)


def _full(_: int) -> None:
    raise OSError(28, "磁盘满了 on device")
