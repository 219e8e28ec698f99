"""What figures were drawn from is kept beside the cache, checked, and no longer than papers."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from pipeline.history import History, verify
from pipeline.model import Version
from tests.history.papers import AT, paper, store

BASIS = "b" * 64


def _two(outputs: Path) -> tuple[History, tuple[Version, Version]]:
    """Return two versions of a letter, each from a roster of its own, with their bodies."""
    history = History.open(store(outputs))
    for year in ("2014", "2015"):
        snapshot = history.snapshot({"贫困户.xlsx": year.encode()})
        [version] = history.record([paper(year, snapshot=snapshot)], at=AT, operator="王五")
        history.publish([version])
        history.traces.put([(version, f"张三 {year}".encode())], BASIS)
    old, new = history.versions()
    return history, (old, new)


def _change(outputs: Path, words: str) -> None:
    with closing(sqlite3.connect(store(outputs) / "traces.sqlite")) as table, table:
        table.execute(words)


def test_a_body_is_given_back_for_its_version_and_basis_only(tmp_path: Path) -> None:
    history, (old, new) = _two(tmp_path)
    with history:
        assert history.traces.get(old, BASIS) == "张三 2014".encode()
        assert history.traces.get(new, BASIS) == "张三 2015".encode()
        assert history.traces.get(new, "c" * 64) is None
    assert (store(tmp_path) / "traces.sqlite").stat().st_mode & 0o777 == 0o600
    assert verify(store(tmp_path), tmp_path)[0] == ()


def test_a_damaged_or_foreign_body_is_none(tmp_path: Path) -> None:
    history, (old, new) = _two(tmp_path)
    with history:
        _change(tmp_path, "UPDATE traces SET body = (SELECT max(body) FROM traces)")
        found = [history.traces.get(one, BASIS) for one in (old, new)]
        assert sum(body is not None for body in found) == 1
        _change(tmp_path, "UPDATE traces SET body = zeroblob(20)")
        assert history.traces.get(old, BASIS) is None


def test_a_file_that_is_no_database_or_another_is_thrown_away(tmp_path: Path) -> None:
    history, (old, _) = _two(tmp_path)
    path = store(tmp_path) / "traces.sqlite"
    with history:
        for damage in (
            lambda: path.write_bytes(b"no database at all" * 300),
            lambda: path.write_bytes(path.read_bytes()[:5000]),
            lambda: _change(tmp_path, "ALTER TABLE traces RENAME COLUMN data TO other"),
        ):
            damage()
            assert history.traces.get(old, BASIS) is None
            history.traces.put([(old, b"again")], BASIS)
            assert history.traces.get(old, BASIS) == b"again"


def test_where_nothing_can_be_kept_nothing_fails(tmp_path: Path) -> None:
    history, (old, _) = _two(tmp_path)
    path = store(tmp_path) / "traces.sqlite"
    with history:
        path.unlink()
        path.mkdir()
        history.traces.put([(old, b"again")], BASIS)
        assert history.traces.get(old, BASIS) is None


def test_what_is_pruned_goes_from_here_too(tmp_path: Path) -> None:
    history, (old, new) = _two(tmp_path)
    path = store(tmp_path) / "traces.sqlite"
    with history:
        body = path.read_bytes()
        history.give_up(history.prune(), at=AT, operator="王五", reason="清理")
        assert history.traces.get(old, BASIS) is None
        assert history.traces.get(new, BASIS) == "张三 2015".encode()
    with closing(sqlite3.connect(path)) as table:
        [(snapshot,)] = table.execute("SELECT snapshot FROM traces").fetchall()
    assert snapshot == new.snapshot
    assert old.snapshot.encode() in body
    assert old.snapshot.encode() not in path.read_bytes()  # wiped, not only forgotten


def test_what_cannot_be_wiped_is_thrown_away_as_a_whole(tmp_path: Path) -> None:
    history, _ = _two(tmp_path)
    path = store(tmp_path) / "traces.sqlite"
    with history:
        plan = history.prune()
        path.write_bytes(path.read_bytes()[:5000])
        history.give_up(plan, at=AT, operator="王五", reason="清理")
    assert not path.exists()


def test_rebuild_begins_anew(tmp_path: Path) -> None:
    history, (old, _) = _two(tmp_path)
    with history:
        history.rebuild()
        assert history.traces.get(old, BASIS) is None
    assert not (store(tmp_path) / "traces.sqlite").exists()
