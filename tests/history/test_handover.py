from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import bagit
import pytest
from ocfl.validator import Validator

from pipeline.errors import HistoryError, OutputError, UsageError
from pipeline.history import Form, History, take_in, verify
from tests.history.papers import AT, paper, store

FORMS: tuple[Form, ...] = ("ocfl", "bagit")
DOSSIER = "内部/花都区/梯面镇/联丰村/卷宗.pdf"


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A town, two villages, rosters, an issued, a pruned and an unstored version."""
    folder = tmp_path_factory.mktemp("handover") / "huadu-2016"
    with History.open(store(folder)) as history:
        for year in ("2016", "2017", "2018"):
            snapshot = history.snapshot({"01 镇街.xlsx": b"towns", "02 贫困户.xlsx": year.encode()})
            made = history.record(
                [
                    paper(year, snapshot=snapshot),
                    paper(f"甲 {year}", document="notice/440114001202", snapshot=snapshot),
                    paper("不变", document="notice/440114001203", snapshot=snapshot),
                ],
                at=AT,
                operator="王五",
            )
            history.publish(made)
        bound = paper("卷", document="dossier/440114001202", stored=False, path=DOSSIER)
        versions = history.record([bound], at=AT, operator="王五")
        history.publish(versions, rebuilt={DOSSIER: "%PDF 卷".encode()})
        history.mark("issued", [history.version("notice/440114001202@2")], at=AT, operator="赵六")
        history.give_up(history.prune(), at=AT, operator="王五", reason="清理")
    assert verify(store(folder), folder)[0] == ()
    return folder


@pytest.fixture(params=FORMS)
def package(request: pytest.FixtureRequest, outputs: Path, tmp_path: Path) -> Path:
    """The history, handed over and found valid by the libraries of the two formats."""
    into = tmp_path / "移交"
    with History.open(store(outputs)) as history:
        names = history.export(into, form=request.param, owner=lambda version: version.subject)
    assert set(names) == {"440114105", "440114001202", "440114001203", "日志", "名册"}
    assert set(_valid(into, request.param)) == set(names)
    return into


def _valid(into: Path, form: Form) -> Iterator[str]:
    for folder in (path for path in into.iterdir() if path.is_dir()):
        if form == "bagit":
            bagit.Bag(str(folder)).validate()
        else:
            validator = Validator()
            assert validator.validate_object(str(folder)), str(validator.log)
        yield folder.name


def _bytes(folder: Path) -> dict[str, bytes]:
    """Return everything that is of the history, not of this machine."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
        and path.name != "checkpoint.key"
        and not path.name.startswith(("cache.", "lock", "verified"))
    }


def test_what_is_handed_over_and_taken_in_is_the_same(
    package: Path, outputs: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other" / "huadu-2016"
    other.mkdir(parents=True)
    take_in(package, store(other))
    with History.open(store(other)) as history:
        history.lay_out()
        taken = history.versions(), tuple(history.log())
    with History.open(store(outputs)) as history:
        assert (history.versions(), tuple(history.log())) == taken
    assert _bytes(other) == _bytes(outputs)
    faults, counts = verify(store(other), other, keys=store(outputs) / "keys")
    assert (faults, counts["orphans"], counts["outputs"]) == ((), 0, 4)


def test_an_object_shows_the_village_as_it_was_after_each_event(
    outputs: Path, tmp_path: Path
) -> None:
    into = tmp_path / "移交"
    with History.open(store(outputs)) as history:
        history.export(into, form="ocfl", owner=lambda version: version.subject)
    village = into / "440114001202"
    assert sorted(path.name for path in village.glob("v*")) == ["v1", "v2", "v3", "v4"]
    first = village / "v1/content/脱贫攻坚责任书/notice_440114001202/0001"
    assert {path.name for path in first.iterdir()} == {"版本清单.json"}  # the draft was pruned
    dossier = village / "v4/content/脱贫攻坚责任书/dossier_440114001202/0001/卷宗.pdf"
    assert dossier.read_text() == "%PDF 卷"


@pytest.mark.parametrize("target", ["卷宗.pdf", "00000002.json", "02 贫困户.xlsx", "版本清单.json"])
def test_a_damaged_package_is_not_taken_in(package: Path, tmp_path: Path, target: str) -> None:
    path = sorted(package.rglob(target))[0]
    path.write_bytes(path.read_bytes() + b" ")
    _refused(package, tmp_path, "移交的文件已损坏|BagIt 包不合格")


def test_a_package_that_lacks_one_is_not_taken_in(package: Path, tmp_path: Path) -> None:
    shutil.rmtree(package / "440114001203")
    _refused(package, tmp_path, "移交的文件不完整，有问题 .*不见了")


def test_a_package_without_its_log_is_not_taken_in(package: Path, tmp_path: Path) -> None:
    shutil.rmtree(package / "日志")
    _refused(package, tmp_path, "没有日志")


def test_an_object_that_reaches_outside_is_not_taken_in(outputs: Path, tmp_path: Path) -> None:
    into = tmp_path / "移交"
    with History.open(store(outputs)) as history:
        history.export(into, form="ocfl", owner=lambda version: version.subject)
    path = next(into.rglob("卷宗.pdf"))
    (tmp_path / "secret").write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(tmp_path / "secret")
    _refused(into, tmp_path, "在其文件夹之外")


def _refused(package: Path, tmp_path: Path, words: str) -> None:
    other = tmp_path / "other" / "huadu-2016"
    other.mkdir(parents=True)
    logging.getLogger("bagit").setLevel(logging.CRITICAL)
    with pytest.raises(HistoryError, match=words):
        take_in(package, store(other))
    assert list(other.iterdir()) == []


def test_a_history_is_not_taken_in_over_another(package: Path, outputs: Path) -> None:
    with pytest.raises(HistoryError, match="这里已有历史"):
        take_in(package, store(outputs))
    with pytest.raises(UsageError, match="没有 OCFL 对象，也没有 BagIt 包"):
        take_in(outputs, store(outputs))
    with (
        History.open(store(outputs)) as history,
        pytest.raises(OutputError, match="移交的文件夹不是空的"),
    ):
        history.export(package, form="bagit", owner=lambda version: version.subject)
