from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.errors import HistoryError
from pipeline.history import History, verify
from pipeline.model import Version
from tests.history.papers import AT, LETTER, paper, store

Damage = Callable[[Path], None]


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """Five events, five versions of one letter, all published."""
    with History.open(store(tmp_path)) as history:
        snapshot = history.snapshot({"贫困户.xlsx": b"households"})
        for text in "一二三四五":
            versions = history.record(
                [paper(text, snapshot=snapshot)], at=AT, operator="王五", reason="改数"
            )
            history.publish(versions)
    assert verify(store(tmp_path), tmp_path)[0] == ()
    return tmp_path


def _event(outputs: Path, number: int) -> Path:
    return store(outputs) / "log" / f"{number:08d}.json"


def _blob(outputs: Path, digest: str) -> Path:
    return store(outputs) / "sha256" / digest[:2] / digest


def _versions(outputs: Path) -> tuple[Version, ...]:
    with History.open(store(outputs)) as history:
        return history.versions()


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)


def _edit_event(outputs: Path) -> None:
    path = _event(outputs, 3)
    path.write_text(path.read_text().replace("改数", "没改"))


def _delete_event(outputs: Path) -> None:
    _event(outputs, 3).unlink()


def _reorder_events(outputs: Path) -> None:
    third, fourth = _event(outputs, 3), _event(outputs, 4)
    data = third.read_bytes()
    third.write_bytes(fourth.read_bytes())
    fourth.write_bytes(data)


def _renumber_events(outputs: Path) -> None:
    """Swap two events and mend their numbers, as one would who knows the format."""
    for number, other in ((3, 4), (4, 3)):
        path = _event(outputs, number)
        text = path.read_text().replace(f'"sequence":{number}', f'"sequence":{other}')
        path.with_suffix(".new").write_text(text)
    for number, other in ((3, 4), (4, 3)):
        _event(outputs, number).with_suffix(".new").replace(_event(outputs, other))


def _tear_event(outputs: Path) -> None:
    path = _event(outputs, 3)
    path.write_bytes(path.read_bytes()[:40])


def _respell_event(outputs: Path) -> None:
    path = _event(outputs, 3)
    path.write_text(json.dumps(json.loads(path.read_text()), indent=1))


def _empty_event(outputs: Path) -> None:
    _event(outputs, 3).write_bytes(b"")


def _foreign_event(outputs: Path) -> None:
    value = {"at": AT, "operator": "外人", "previous": "0" * 64, "reason": "", "sequence": 3}
    value |= {"versions": [], "what": "recorded"}
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    _event(outputs, 3).write_text(text)


@pytest.mark.parametrize(
    ("damage", "wrong"),
    [
        (_delete_event, {"00000003"}),
        (_edit_event, {"00000003"}),
        (_empty_event, {"00000003"}),
        (_foreign_event, {"00000003"}),
        (_renumber_events, {"00000003", "00000004"}),
        (_reorder_events, {"00000003", "00000004"}),
        (_respell_event, {"00000003"}),
        (_tear_event, {"00000003"}),
    ],
)
@pytest.mark.parametrize("cached", [True, False])
def test_a_damaged_log_is_noticed_with_its_number(
    outputs: Path, damage: Damage, wrong: set[str], cached: bool
) -> None:
    damage(outputs)
    if not cached:
        (store(outputs) / "cache.sqlite").unlink()
    faults, _ = verify(store(outputs), outputs)
    assert {fault.name for fault in faults if fault.what != "cache"} == wrong
    with History.open(store(outputs)) as history:
        with pytest.raises(HistoryError, match=r"日志第 [34] 号事件"):
            list(history.log())
        with pytest.raises(HistoryError, match=r"日志第 [34] 号事件"):
            history.rebuild()


def test_reading_from_the_middle_checks_the_joint(outputs: Path) -> None:
    with History.open(store(outputs)) as history:
        assert [event.sequence for event in history.log(since=3)] == [4, 5]
        assert list(history.log(since=5)) == []
        _edit_event(outputs)
        with pytest.raises(HistoryError, match="日志第 4 号事件与上一号接不上"):
            list(history.log(since=3))


def test_a_stray_file_among_the_events_is_noticed(outputs: Path) -> None:
    shutil.copy(_event(outputs, 3), _event(outputs, 3).with_name("00000003 (1).json"))
    (fault,), _ = verify(store(outputs), outputs)
    assert (fault.what, fault.name) == ("event", "00000003 (1).json")
    with (
        History.open(store(outputs)) as history,
        pytest.raises(HistoryError, match="来历不明的文件"),
    ):
        list(history.log())


@pytest.mark.parametrize("cut", [1, 3, 5])
def test_a_log_that_lost_its_end_is_noticed_until_it_is_accepted(outputs: Path, cut: int) -> None:
    for number in range(6 - cut, 6):
        _event(outputs, number).unlink()
    faults, _ = verify(store(outputs), outputs)
    assert ("event", "00000005") in [(fault.what, fault.name) for fault in faults]
    assert [fault.problem for fault in faults if fault.what == "cache"] == [
        f"记得第 {number} 号事件，日志里却没有：日志被截短过" for number in range(6 - cut, 6)
    ]
    with History.open(store(outputs)) as history:
        with pytest.raises(HistoryError, match="日志第 5 号事件不见了"):
            history.latest([LETTER])
        with pytest.raises(HistoryError, match="日志第 5 号事件不见了"):
            history.record([paper("六")], at=AT, operator="王五")
        with pytest.raises(HistoryError, match="日志第 5 号事件不见了"):
            history.rebuild()
        event = history.accept_loss(at=AT, operator="王五", reason="硬盘坏了")
        assert (event.sequence, event.what) == (6 - cut, "loss")
        assert len(history.versions()) == 5 - cut
        (version,) = history.record([paper("六")], at=AT, operator="王五")
        assert version.number == 6 - cut
        history.publish([version])
    # What lies in the outputs came from a version that is lost: it is nobody's to overwrite.
    assert {fault.what for fault in verify(store(outputs), outputs)[0]} == {"output"}


def test_an_edited_last_event_is_noticed_by_checkpoint_and_cache(outputs: Path) -> None:
    path = _event(outputs, 5)
    path.write_text(path.read_text().replace("改数", "没改"))
    faults, _ = verify(store(outputs), outputs)
    assert [(fault.what, fault.problem) for fault in faults] == [
        ("event", "与签过名的检查点不符：日志被改写过"),
        ("cache", "所记的第 5 号事件与日志不同：其中之一被换过"),
    ]


def test_every_damaged_blob_is_named(outputs: Path) -> None:
    first, second, third, fourth, fifth = _versions(outputs)
    _flip(_blob(outputs, first.context))
    _flip(_blob(outputs, second.manifest))
    _blob(outputs, third.files[0].sha256).unlink()
    _flip(_blob(outputs, fifth.snapshot))
    shutil.copy(_blob(outputs, fourth.context), _blob(outputs, fourth.manifest).parent / "note.txt")
    faults, counts = verify(store(outputs), outputs)
    named = {(fault.what, fault.name.split("/")[-1]) for fault in faults}
    assert named >= {
        ("blob", first.context),
        ("manifest", second.manifest),
        ("blob", third.files[0].sha256),
        ("blob", fifth.snapshot),
        ("blob", "note.txt"),
    }
    assert counts["versions"] == 4
    with History.open(store(outputs)) as history:
        with pytest.raises(HistoryError, match=first.context):
            history.context(first)
        with pytest.raises(HistoryError, match=third.files[0].sha256):
            history.file(third, "pdf")


def _blobs(outputs: Path) -> list[Path]:
    return sorted(path for path in (store(outputs) / "sha256").rglob("*") if path.is_file())


def _remove(path: Path) -> None:
    path.unlink()


def _truncate(path: Path) -> None:
    data = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(data[:-1])


@pytest.mark.parametrize(
    ("damage", "problem"), [(_flip, "已损坏"), (_truncate, "已损坏"), (_remove, "不见了")]
)
def test_whichever_blob_is_damaged_is_named_and_no_other(
    outputs: Path, damage: Damage, problem: str
) -> None:
    blobs = _blobs(outputs)
    assert len(blobs) == 5 * 3 + 2  # manifests, contexts, letters; list of workbooks, workbook
    for path in blobs:
        whole = path.read_bytes()
        damage(path)
        faults, _ = verify(store(outputs), outputs)
        assert [(one.name, one.problem.endswith(problem)) for one in faults] == [(path.name, True)]
        path.unlink(missing_ok=True)
        path.write_bytes(whole)
    assert verify(store(outputs), outputs)[0] == ()


def test_a_blob_under_anothers_name_is_named_with_what_it_is(outputs: Path) -> None:
    blobs = _blobs(outputs)
    for path, other in zip(blobs, blobs[1:] + blobs[:1], strict=True):
        whole = path.read_bytes()
        path.chmod(0o600)
        path.write_bytes(other.read_bytes())
        faults, _ = verify(store(outputs), outputs)
        [fault] = faults
        assert (fault.name, other.name in fault.problem) == (path.name, True)
        path.write_bytes(whole)


def test_a_damaged_workbook_is_named(outputs: Path) -> None:
    with History.open(store(outputs)) as history:
        digest = history.snapshot({"x": b"households"})
    listed = json.loads(_blob(outputs, digest).read_bytes())
    (workbook,) = listed["workbooks"]
    _flip(_blob(outputs, workbook["sha256"]))
    (fault,), counts = verify(store(outputs), outputs)
    assert (fault.name, fault.problem) == (workbook["sha256"], "名册 贫困户.xlsx：已损坏")
    assert counts["orphans"] == 1


def _delete_cache(cache: Path) -> None:
    cache.unlink()


def _garble_cache(cache: Path) -> None:
    cache.write_bytes(b"not a database, just as long as one" * 400)


def _empty_cache(cache: Path) -> None:
    cache.write_bytes(b"")


def _rot_cache(cache: Path) -> None:
    """Leave the header and the first page whole, and fill the others with noise."""
    data = cache.read_bytes()
    cache.write_bytes(data[:4096] + b"\xa5" * (len(data) - 4096))


def _other_layout(cache: Path) -> None:
    _sql(cache, "PRAGMA user_version = 99")


def _lose_table(cache: Path) -> None:
    _sql(cache, "DROP TABLE versions")


def _change_body(cache: Path) -> None:
    _sql(cache, "UPDATE manifests SET body = replace(body, '责任书', '公示书')")


def _change_title(cache: Path) -> None:
    _sql(cache, "UPDATE versions SET title = '公示书'")


def _change_state(cache: Path) -> None:
    _sql(cache, "UPDATE versions SET state = 'issued' WHERE number = 1")


def _change_head(cache: Path) -> None:
    _sql(cache, f"UPDATE events SET digest = '{'0' * 64}' WHERE sequence = 5")


def _fall_behind(cache: Path) -> None:
    _sql(cache, "DELETE FROM events WHERE sequence > 2")
    _sql(cache, "DELETE FROM mentions WHERE sequence > 2")
    _sql(cache, "DELETE FROM versions WHERE number > 2")


def _sql(cache: Path, statement: str) -> None:
    with closing(sqlite3.connect(cache)) as connection, connection:
        connection.execute(statement)


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (_change_body, True),
        (_change_head, True),
        (_delete_cache, False),
        (_empty_cache, True),
        (_fall_behind, False),
        (_garble_cache, True),
        (_lose_table, True),
        (_other_layout, False),
        (_rot_cache, True),
    ],
)
def test_a_cache_that_is_gone_or_wrong_is_made_again(
    outputs: Path, damage: Damage, fault: bool
) -> None:
    before = _versions(outputs)
    damage(store(outputs) / "cache.sqlite")
    faults, _ = verify(store(outputs), outputs)
    assert [found.what for found in faults[:1]] == (["cache"] if fault else [])
    with History.open(store(outputs)) as history:
        assert history.versions() == before
        assert history.latest([LETTER]) == {LETTER: before[-1]}
        (sixth,) = history.record([paper("六")], at=AT, operator="王五")
        assert sixth.number == 6
        history.publish([sixth])
    assert verify(store(outputs), outputs)[0] == ()


@pytest.mark.parametrize(
    ("damage", "problem"), [(_change_title, "与其清单不符"), (_change_state, "状态不对")]
)
def test_a_cache_that_misquotes_its_bodies_is_named_and_made_again_on_demand(
    outputs: Path, damage: Damage, problem: str
) -> None:
    damage(store(outputs) / "cache.sqlite")
    faults, _ = verify(store(outputs), outputs)
    assert {fault.what for fault in faults} == {"cache"}
    assert all(problem in fault.problem for fault in faults)
    with History.open(store(outputs)) as history:
        history.rebuild()
    assert verify(store(outputs), outputs)[0] == ()
