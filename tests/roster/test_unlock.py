"""Workbooks with a password: every encryption of an office, right and wrong passwords, limits."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import msoffcrypto
import openpyxl
import pytest

from pipeline.errors import ExitCode, RosterError
from pipeline.report import sentence
from pipeline.roster import read_roster
from pipeline.roster.sheet import grids
from pipeline.roster.unlock import unlocked
from tests.roster import locks, writers
from tests.roster.test_limits import BAD
from tests.roster.test_shapes import HEAD, HOUSEHOLDS, LI, ZHANG

Lock = Callable[[bytes, str], bytes]
PASSWORD = "Pw-44"
XLS = (locks.rc4, locks.rc4_cryptoapi, locks.xor)
ALL = (locks.agile, locks.standard, *XLS)


def xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "贫困户"
    for row in (HEAD, ZHANG, LI):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def plain(lock: Lock) -> bytes:
    return writers.xls({"贫困户": [HEAD, ZHANG, LI]}) if lock in XLS else xlsx()


def file(folder: Path, lock: Lock, password: str = PASSWORD) -> Path:
    path = folder / ("册.xls" if lock in XLS else "册.xlsx")
    path.write_bytes(lock(plain(lock), password))
    return path


class Said:
    """Somebody who knows these passwords, and remembers for which files they were asked."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.asked: list[str] = []

    def __call__(self, name: str) -> Iterator[str]:
        for word in self.words:
            self.asked.append(name)
            yield word


@pytest.mark.parametrize("lock", ALL, ids=lambda lock: lock.__name__)
def test_the_right_password_opens_what_the_plain_workbook_says(lock: Lock, tmp_path: Path) -> None:
    path = file(tmp_path, lock)
    said = Said("wrong", PASSWORD, "not asked")
    locked = read_roster(tmp_path, {"households": HOUSEHOLDS}, passwords=said)
    assert said.asked == [path.name] * 2
    (notice,) = locked.notices
    assert notice.code == "N-locked"
    assert "已用密码打开" in sentence(notice)
    path.write_bytes(plain(lock))
    open_ = read_roster(tmp_path, {"households": HOUSEHOLDS})
    assert locked.households == open_.households
    assert [row.head for row in locked.households] == ["张三", "李四"]


@pytest.mark.parametrize("lock", ALL, ids=lambda lock: lock.__name__)
def test_wrong_and_missing_passwords_are_said_plainly(lock: Lock, tmp_path: Path) -> None:
    path = file(tmp_path, lock)
    for words, message in (((), "加了打开密码"), (("a", "很长的密码" * 9), "密码不对")):
        with pytest.raises(RosterError, match=message) as caught:
            list(grids(path, Said(*words)))
        assert caught.value.exit_code == ExitCode.INPUT
        assert caught.value.where == path.name
        assert "JUANZONG_PASSWORD" in caught.value.todo


@pytest.mark.parametrize("lock", XLS, ids=lambda lock: lock.__name__)
def test_an_xls_becomes_what_the_library_makes_of_it_but_not_on_a_disk(
    lock: Lock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = file(tmp_path, lock).read_bytes()
    theirs = io.BytesIO()
    book = msoffcrypto.OfficeFile(io.BytesIO(data))
    book.load_key(PASSWORD)
    book.decrypt(theirs)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    assert unlocked("册.xls", data, Said(PASSWORD)) == (theirs.getvalue(), True)


def test_a_workbook_that_is_only_write_protected_opens_unasked(tmp_path: Path) -> None:
    for lock in (locks.agile, locks.rc4_cryptoapi):
        said = Said()
        (grid,) = grids(file(tmp_path, lock, "VelvetSweatshop"), said)
        assert not grid.secret
        assert said.asked == []


def test_an_encrypted_ods_says_how_to_save_it(tmp_path: Path) -> None:
    path = tmp_path / "册.ods"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("mimetype", writers.ODS)
        book.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
        book.writestr("content.xml", b"\x8a\x01")
    path.write_bytes(out.getvalue())
    with pytest.raises(RosterError, match=r"加了密码的 \.ods 打不开") as caught:
        list(grids(path, Said(PASSWORD)))
    assert "另存" in caught.value.todo


@pytest.mark.parametrize("name", ["炸弹.xlsx", "谎报.xlsx", "笑.xlsx", "远.xlsx", "文档.xlsx"])
def test_the_limits_hold_inside_a_locked_workbook(name: str, tmp_path: Path) -> None:
    data, words = BAD[name]
    path = tmp_path / name
    path.write_bytes(locks.standard(data, PASSWORD))
    with pytest.raises(RosterError, match=words):
        list(grids(path, Said(PASSWORD)))


def test_a_locked_workbook_damaged_anywhere_never_crashes(tmp_path: Path) -> None:
    for lock in (locks.standard, locks.rc4, locks.rc4_cryptoapi, locks.xor):
        path = file(tmp_path, lock)
        data = path.read_bytes()
        for cut in range(0, len(data), 509):
            path.write_bytes(data[:cut] + b"\xff\xfe\xff" + data[cut + 3 :])
            with suppress(RosterError):
                assert list(grids(path, Said(PASSWORD)))


def test_entities_in_the_description_of_an_encryption_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "册.xlsx"
    info = b'\4\0\4\0\x40\0\0\0<!DOCTYPE e [<!ENTITY a "b">]><e>&a;</e>'
    path.write_bytes(writers.compound({"EncryptionInfo": info, "EncryptedPackage": bytes(64)}))
    with pytest.raises(RosterError, match="加密方式读不懂"):
        list(grids(path, Said(PASSWORD)))
