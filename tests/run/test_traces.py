"""Questions are answered from what `make` noted, just as from the workbooks themselves."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipeline import roster
from pipeline.config import workspace
from pipeline.differ import text
from pipeline.errors import UsageError
from pipeline.plan import cells, needs_facts
from pipeline.run.past import open_history
from pipeline.run.snapshots import Snapshots
from pipeline.run.traces import Trace, _paths, operands
from tests.cli.test_passwords import PASSWORD, lock
from tests.conftest import SCHEME, Sheet, World
from tests.run.life import answer, run

KIND = "acceptance_report"


@pytest.fixture(scope="module")
def made(small: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a workspace whose papers were made, corrected in two places, and made again."""
    root = tmp_path_factory.mktemp("traces") / "w"
    shutil.copytree(small.root, root)
    world = World(root)
    run(world, "make", SCHEME, "-q", "--by", "王五", "--on", "2016-11-03")

    def edit(sheet: Sheet) -> None:
        sheet.set(1, "年可支配收入", 98765)
        sheet.set(2, "年可支配收入", 1)

    world.change("02", "贫困户", edit)
    run(world, "make", SCHEME, "-q", "--by", "赵六", "--on", "2016-11-05")
    return world


@pytest.fixture
def world(made: World, tmp_path: Path) -> World:
    shutil.copytree(made.root, tmp_path / "w")
    return World(tmp_path / "w")


def _kept(world: World) -> Path:
    return world.outputs / "store/traces.sqlite"


def _asked(world: World) -> list[Any]:
    """Ask all that leads to cells, of figures that are judged and of others."""
    one = f"{KIND}/{world.roster().villages[0].code}"
    return [
        answer(world, "history", SCHEME, "diff", f"{one}@1", f"{one}@2"),
        answer(world, "history", SCHEME, "trace", one, "targets[0].outcome"),
        answer(world, "history", SCHEME, "trace", one, "households"),
        answer(world, "history", SCHEME, "blame", world.roster().villages[0].name),
    ]


def _damaged(world: World) -> None:
    with closing(sqlite3.connect(_kept(world))) as table, table:
        table.execute("UPDATE traces SET body = zeroblob(length(body))")


def _stale(world: World) -> None:
    with closing(sqlite3.connect(_kept(world))) as table, table:
        table.execute("UPDATE traces SET basis = hex(zeroblob(32))")


SPOILT: dict[str, Callable[[World], None]] = {
    "deleted": lambda world: _kept(world).unlink(),
    "damaged": _damaged,
    "stale": _stale,
    "cut": lambda world: _kept(world).write_bytes(_kept(world).read_bytes()[:9999]),
    "rebuilt": lambda world: run(world, "history", SCHEME, "rebuild") and None,
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_the_same_is_told_whatever_became_of_the_notes(
    made: World, world: World, spoil: Callable[[World], None]
) -> None:
    told = _asked(made)
    assert any(cell["new"]["value"] == "98765" for field in told[0]["fields"]
               for cell in field["cells"])  # fmt: skip
    spoil(world)
    assert _asked(world) == told  # from the workbooks, and noted again
    assert _asked(world) == told


def test_neither_workbook_nor_page_is_read_for_what_was_made_here(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = _asked(world)

    def read(*_: object) -> None:
        raise AssertionError("read")

    monkeypatch.setattr(text, "words_of", read)
    village = f"{KIND}/{world.roster().villages[0].code}"
    monkeypatch.setattr(roster, "read_roster", read)
    ask = ("history", SCHEME, "diff", f"{village}@1", f"{village}@2")
    assert answer(world, *ask) == told[0]
    _kept(world).unlink()
    with pytest.raises(AssertionError, match="read"):
        answer(world, *ask)


def test_every_figure_is_noted_with_the_cells_that_asking_finds(made: World) -> None:
    here = workspace(made.root)
    with open_history(here, SCHEME, "test") as history:
        snapshots = Snapshots(here, SCHEME, history, None)
        figures = 0
        for version in history.versions():
            trace = snapshots._trace(version)
            assert isinstance(trace, Trace), version.document
            for path in _paths(history.context(version)):
                view = snapshots._view(version, judged=needs_facts(path))
                try:
                    found = dict(operands(view.roster, cells(view, path)))
                except UsageError:
                    assert trace.refuses(path), path
                else:
                    assert trace.operands(path) == found, path
                    assert list(trace.operands(path) or ()) == list(found), path
                figures += 1
        assert figures > 1000


def test_nothing_is_noted_of_a_workbook_with_a_password(
    small: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(small.root, tmp_path / "w")
    world = World(tmp_path / "w")
    lock(world)
    monkeypatch.setenv("JUANZONG_PASSWORD", PASSWORD)
    run(world, "make", SCHEME, "--kind", KIND, "-q", "--by", "王五")
    version = answer(world, "history", SCHEME, "log")[0]["versions"][0]["document"]
    told = answer(world, "history", SCHEME, "trace", version, "households[0].head")
    assert told["cells"]
    assert not _kept(world).exists()


def test_the_notes_are_for_their_owner_only(made: World) -> None:
    assert _kept(made).stat().st_mode & 0o777 == 0o600


def test_a_pruned_draft_is_no_longer_in_the_notes(world: World) -> None:
    one = f"{KIND}/{world.roster().villages[0].code}"

    def noted() -> int:
        with closing(sqlite3.connect(_kept(world))) as table:
            rows = table.execute("SELECT snapshot FROM traces WHERE document = ?", (one,))
            return len(rows.fetchall())

    assert noted() == 2
    run(world, "history", SCHEME, "prune", "--yes", "--by", "王五")
    assert noted() == 1
    assert answer(world, "history", SCHEME, "trace", one, "households[0].head")["cells"]
