from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import HistoryError
from pipeline.history import History, verify
from tests.history.papers import AT, paper, store


def _years(outputs: Path) -> History:
    """Return five versions of one letter, each from a roster of its own, one a year."""
    history = History.open(store(outputs))
    for year in range(2014, 2019):
        snapshot = history.snapshot({"贫困户.xlsx": f"{year}".encode()})
        at = f"{year}-11-03T02:00:00Z"
        versions = history.record([paper(f"{year}", snapshot=snapshot)], at=at, operator="王五")
        history.publish(versions)
    return history


def test_superseded_drafts_go_and_the_log_says_so(tmp_path: Path) -> None:
    with _years(tmp_path) as history:
        plan = history.prune()
        assert [version.number for version in plan.versions] == [1, 2, 3, 4]
        assert len(plan.blobs) == 4 * 4  # context, PDF, list of workbooks, workbook
        assert history.prune() == plan  # asking gives up nothing
        event = history.give_up(plan, at=AT, operator="王五", reason="清理")
        assert event is not None
        assert (event.what, event.versions) == (
            "pruned",
            tuple(version.manifest for version in plan.versions),
        )
        first, *_, last = history.versions()
        assert (first.number, last.number) == (1, 5)
        assert history.file(last, "pdf") == b"%PDF 2018"
        assert history.workbooks(last.snapshot) == {"贫困户.xlsx": b"2018"}
        for ask in (lambda: history.file(first, "pdf"), lambda: history.context(first)):
            with pytest.raises(HistoryError, match=r"第 1 版是草稿，王五 已于 .* 清理"):
                ask()
        assert history.prune().versions == ()
        assert history.prune().blobs == {}
    faults, counts = verify(store(tmp_path), tmp_path)
    assert (faults, counts["pruned"], counts["versions"]) == ((), 4, 5)


def test_whatever_else_has_happened_to_a_version_keeps_it(tmp_path: Path) -> None:
    with _years(tmp_path) as history:
        for version, what in zip(
            history.versions(), ("issued", "signed", "printed", "盖了章"), strict=False
        ):
            history.mark(what, [version], at=AT, operator="王五")
        plan = history.prune()
        assert (plan.versions, plan.blobs, plan.kept) == ((), {}, 4)


def test_what_people_made_stays(tmp_path: Path) -> None:
    with History.open(store(tmp_path)) as history:
        for text, origin in (("一", "edited"), ("二", "received"), ("三", "made"), ("四", "made")):
            history.record([replace(paper(text), origin=origin)], at=AT, operator="王五")
        plan = history.prune()
        assert [version.number for version in plan.versions] == [3]
        assert plan.kept == 2


def test_newest_and_young_versions_stay(tmp_path: Path) -> None:
    with _years(tmp_path) as history:
        assert len(history.prune(newest=3).versions) == 2
        assert len(history.prune(newest=9).versions) == 0
        plan = history.prune(before="2016-01-01")
        assert [version.number for version in plan.versions] == [1, 2]


def test_bytes_that_another_version_needs_stay(tmp_path: Path) -> None:
    with History.open(store(tmp_path)) as history:
        for text in ("一", "二", "一"):
            history.record([paper(text)], at=AT, operator="王五")
        history.give_up(history.prune(), at=AT, operator="王五", reason="清理")
        third = history.version("responsibility_letter/440114105@3")
        assert history.file(third, "pdf") == "%PDF 一".encode()
        history.publish([third])
    assert verify(store(tmp_path), tmp_path)[0] == ()


def test_what_was_pruned_may_be_made_again(tmp_path: Path) -> None:
    with History.open(store(tmp_path)) as history:
        for text in ("一", "二"):
            history.record([paper(text)], at=AT, operator="王五")
        history.give_up(history.prune(), at=AT, operator="王五", reason="清理")
        again = history.record([paper("一")], at=AT, operator="王五")
        assert history.file(again[0], "pdf") == "%PDF 一".encode()
        history.publish(again)
    assert verify(store(tmp_path), tmp_path)[0] == ()


def test_a_pruning_that_dies_after_its_event_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _years(tmp_path) as history:
        plan = history.prune()
        with monkeypatch.context() as patch:
            patch.setattr(history._store, "drop", lambda blobs: None)
            history.give_up(plan, at=AT, operator="王五", reason="清理")
    faults, counts = verify(store(tmp_path), tmp_path)
    assert (faults, counts["orphans"]) == ((), len(plan.blobs))
    with History.open(store(tmp_path)) as history:
        rest = history.prune()
        assert (rest.versions, dict(rest.blobs)) == ((), dict(plan.blobs))
        assert history.give_up(rest, at=AT, operator="王五", reason="清理") is None
    faults, counts = verify(store(tmp_path), tmp_path)
    assert (faults, counts["orphans"]) == ((), 0)


def test_the_cache_is_made_again_equal_to_the_old_one(tmp_path: Path) -> None:
    with _years(tmp_path) as history:
        history.mark("issued", [history.versions()[1]], at=AT, operator="王五")
        history.give_up(history.prune(), at=AT, operator="王五", reason="清理")
        history.latest([])  # a question brings the cache up to date
        before = _dump(tmp_path)
        history.rebuild()
        assert _dump(tmp_path) == before
    (store(tmp_path) / "cache.sqlite").unlink()
    with History.open(store(tmp_path)) as history:
        assert len(history.versions()) == 5
    assert _dump(tmp_path) == before


def _dump(outputs: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(store(outputs) / "cache.sqlite")) as cache:
        tables = [
            name for (name,) in cache.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {name: sorted(cache.execute(f"SELECT * FROM {name}").fetchall()) for name in tables}
