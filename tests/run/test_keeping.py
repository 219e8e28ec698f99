"""Keeping the past, from the command line: hand it over, take it in, thin it out, prove it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import bagit
import pytest
from ocfl.validator import Validator

from tests.conftest import SCHEME, World
from tests.run.life import NOTICE, answer, issue, run, set_population, with_notices

BY = ("--by", "王五")


@pytest.fixture(scope="module")
def lived(small: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """A village's notice issued and corrected, its list drafted three times, all of it bound."""
    root = tmp_path_factory.mktemp("keeping") / "w"
    shutil.copytree(small.root, root)
    world = with_notices(World(root))
    name = world.roster().villages[0].name
    asked = ("--village", name, "-q", *BY)
    for people in (1001, 1002, 1003):
        set_population(world, name, people)
        run(world, "make", SCHEME, "--kind", "任务通知", "--kind", "acceptance_report", *asked)
        if people < 1003:
            issue(world, "--kind", "任务通知", "--village", name)
    run(world, "bind", SCHEME, *asked)
    return world


@pytest.fixture
def world(lived: World, tmp_path: Path) -> World:
    shutil.copytree(lived.root, tmp_path / "w")
    return World(tmp_path / "w")


def document(world: World, kind: str = NOTICE) -> str:
    return f"{kind}/{world.roster().villages[0].code}"


def asked_of(world: World) -> list[object]:
    """Return what the history answers to every question."""
    one = document(world)
    return [
        answer(world, "history", SCHEME, "verify", "--full"),
        answer(world, "history", SCHEME, "log"),
        answer(world, "history", SCHEME, "log", "--series"),
        *(answer(world, "history", SCHEME, "show", f"{one}@{number}") for number in range(1, 6)),
        answer(world, "history", SCHEME, "diff", f"{one}@1", f"{one}@5"),
        answer(world, "history", SCHEME, "stats"),
        answer(world, "history", SCHEME, "head"),
    ]


def files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and "store" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.parametrize("form", ["ocfl", "bagit"])
def test_what_is_handed_over_loses_nothing(world: World, tmp_path: Path, form: str) -> None:
    into = tmp_path / "移交"
    run(world, "history", SCHEME, "export", f"--{form}", str(into))
    for package in (path for path in into.iterdir() if path.is_dir()):
        if form == "ocfl":
            assert Validator().validate_object(str(package))
        else:
            bagit.Bag(str(package)).validate()
    assert world.roster().villages[0].code in {path.name for path in into.iterdir()}

    other = World(tmp_path / "other")
    for part in ("inputs", "templates"):
        shutil.copytree(world.root / part, other.root / part)
    assert "已接收" in run(other, "history", SCHEME, "import", str(into)).stderr
    assert asked_of(other) == asked_of(world)
    assert files(other.outputs) == files(world.outputs)
    assert "已有历史" in run(other, "history", SCHEME, "import", str(into), code=8).stderr
    # Life goes on there: the numbers too.
    assert answer(other, "plan", SCHEME, "--kind", "任务通知")["kept"] == 1
    shutil.rmtree(into / world.roster().villages[0].code)
    shutil.rmtree(other.root / "outputs")
    assert "不完整" in run(other, "history", SCHEME, "import", str(into), code=8).stderr


def test_pruning_shows_its_plan_first_and_keeps_what_went_out(world: World) -> None:
    plan = answer(world, "history", SCHEME, "prune")
    report = document(world, "acceptance_report")
    assert not plan["done"]
    assert {(one["document"], one["number"]) for one in plan["versions"]} >= {(report, 1)}
    went_out = {2, 4}
    assert not {one["number"] for one in plan["versions"] if one["document"] == document(world)} & (
        went_out | {5}
    )
    assert "加 --yes 才清理" in run(world, "history", SCHEME, "prune").stdout
    assert answer(world, "history", SCHEME, "prune") == plan
    done = answer(world, "history", SCHEME, "prune", "--yes", *BY)
    assert done == plan | {"done": True}
    assert answer(world, "history", SCHEME, "log")[-1]["what"] == "pruned"
    gone = run(world, "history", SCHEME, "restore", f"{report}@1", "-o", "x", code=8)
    assert "王五 已于" in gone.stderr
    for number in went_out:
        run(world, "history", SCHEME, "restore", f"{document(world)}@{number}",
            "-o", str(world.root / f"back{number}"))  # fmt: skip
    run(world, "history", SCHEME, "verify")
    assert answer(world, "history", SCHEME, "prune")["versions"] == []


def test_a_saved_head_tells_of_an_old_backup(world: World, tmp_path: Path) -> None:
    shutil.copytree(world.root / "outputs", tmp_path / "backup")
    run(world, "withdraw", SCHEME, document(world), "--reason", "有误", *BY)
    saved = tmp_path / "另存"
    told = run(world, "history", SCHEME, "head", "--save", str(saved))
    assert f"verify --checkpoint {saved}" in told.stderr
    head = told.stdout.strip()
    for check in (("--checkpoint", str(saved)), ("--paper", head)):
        run(world, "history", SCHEME, "verify", *check)
    shutil.rmtree(world.root / "outputs")
    shutil.copytree(tmp_path / "backup", world.root / "outputs")
    run(world, "history", SCHEME, "verify")  # whole in itself
    number = int(head.partition(":")[0])
    for check in (("--checkpoint", str(saved)), ("--paper", head)):
        told = run(world, "history", SCHEME, "verify", *check, "--json", code=8)
        [fault] = json.loads(told.stdout)["faults"]
        assert (fault["what"], fault["name"]) == ("event", f"{number:08d}")


def test_a_lost_end_is_named_until_somebody_answers_for_it(world: World) -> None:
    log = sorted((world.outputs / "store/log").glob("*.json"))
    log[-1].unlink()
    name = f"日志第 {len(log)} 号事件不见了"
    assert log[-1].stem in run(world, "history", SCHEME, "verify", code=8).stdout
    for words in (("log",), ("show", document(world)), ("rebuild",)):
        assert name in run(world, "history", SCHEME, *words, code=8).stderr
    assert name in run(world, "make", SCHEME, "-q", *BY, code=8).stderr
    run(world, "history", SCHEME, "rebuild", "--accept-loss", "硬盘坏了", *BY)
    last = answer(world, "history", SCHEME, "log")
    assert last
    with_loss = [json.loads(path.read_bytes()) for path in (world.outputs / "store/log").iterdir()]
    [loss] = [event for event in with_loss if event["what"] == "loss"]
    assert (loss["operator"], loss["sequence"]) == ("王五", len(log))
    assert "硬盘坏了" in loss["reason"]
