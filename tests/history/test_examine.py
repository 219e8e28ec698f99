from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from pipeline.history import History, examine, verify
from pipeline.history.examine import progress
from tests.history.papers import paper, store

NOW = "2016-12-01T00:00:00Z"


def _record(outputs: Path, days: int) -> None:
    with History.open(store(outputs)) as history:
        for day in range(1, days + 1):
            at = f"2016-11-{day:02d}T02:00:00Z"
            history.publish(history.record([paper(f"{day}")], at=at, operator="王五"))


def _flip(outputs: Path, number: int) -> str:
    """Damage the PDF of a version; return the name of its blob."""
    with History.open(store(outputs)) as history:
        name = history.versions()[number - 1].files[0].sha256
    path = store(outputs) / "sha256" / name[:2] / name
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    return name


def test_only_what_came_since_is_read_again(tmp_path: Path) -> None:
    _record(tmp_path, 5)
    name = _flip(tmp_path, 2)
    for since in ("2", "5", "2016-11-03", "2017-01-01"):
        assert verify(store(tmp_path), tmp_path, since=since)[0] == ()
    for since in ("", "1", "2016-11-02"):
        (fault,), _ = verify(store(tmp_path), tmp_path, since=since)
        assert (fault.what, fault.name) == ("blob", name)
    (store(tmp_path) / "sha256" / name[:2] / name).unlink()
    (fault,), _ = verify(store(tmp_path), tmp_path, since="5")
    assert fault.problem.endswith("不见了")


def test_an_interrupted_pass_goes_on_where_it_was(tmp_path: Path) -> None:
    _record(tmp_path, 5)
    before = _flip(tmp_path, 2)
    state = store(tmp_path) / "verified.json"
    verify(store(tmp_path), tmp_path, resumable=NOW)
    done = json.loads(state.read_text())
    assert (done["finished"], done["event"]) == (True, 5)
    # As a pass that was interrupted after event 3 leaves it.
    with History.open(store(tmp_path)) as history:
        third = list(history.log())[2].digest
    state.write_text(json.dumps(done | {"finished": False, "event": 3, "digest": third}))
    after = _flip(tmp_path, 5)
    read_again = _flip(tmp_path, 1)
    faults, _ = verify(store(tmp_path), tmp_path, resumable=NOW)
    assert {fault.name for fault in faults} == {before, after}
    # That pass is finished; the next one begins at the beginning, as one that isn't resumable.
    for resumable in (NOW, ""):
        faults, _ = verify(store(tmp_path), tmp_path, resumable=resumable)
        assert {fault.name for fault in faults} == {before, after, read_again}


def test_a_state_of_another_log_or_a_torn_one_is_not_believed(tmp_path: Path) -> None:
    _record(tmp_path, 3)
    name = _flip(tmp_path, 1)
    state = store(tmp_path) / "verified.json"
    told = {"at": "", "digest": "0" * 64, "event": 2, "faults": [], "finished": False}
    for text in (json.dumps(told), json.dumps(told)[:20], "[]", ""):
        state.write_text(text)
        (fault,), _ = verify(store(tmp_path), tmp_path, resumable=NOW)
        assert fault.name == name


def test_how_far_it_is_gets_written_on_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _record(tmp_path, 3)
    seen = []
    monkeypatch.setattr(progress, "_EVERY", 0)
    real = Path.replace

    def spy(self: Path, target: Path) -> Path:
        seen.append(json.loads(self.read_text())["event"])
        return real(self, target)

    monkeypatch.setattr(Path, "replace", spy)
    verify(store(tmp_path), tmp_path, resumable=NOW)
    assert seen == [1, 2, 3, 3]


def test_a_blob_under_anothers_name_is_told_apart_from_a_rotten_one(tmp_path: Path) -> None:
    _record(tmp_path, 2)
    with History.open(store(tmp_path)) as history:
        first, second = (version.files[0].sha256 for version in history.versions())
    shelves = store(tmp_path) / "sha256"
    path = shelves / first[:2] / first
    path.chmod(0o600)
    path.write_bytes((shelves / second[:2] / second).read_bytes())
    (fault,), _ = verify(store(tmp_path), tmp_path)
    assert (fault.name, second in fault.problem) == (first, True)


def test_the_examiner_shares_no_code_with_the_writer() -> None:
    for path in Path(examine.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not isinstance(node, ast.Import) or "pipeline" not in ast.unparse(node)
            if isinstance(node, ast.ImportFrom) and "pipeline" in (node.module or ""):
                assert node.module
                assert node.module.startswith(("pipeline.history.examine.", "pipeline.model"))
