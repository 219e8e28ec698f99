r"""Signed words about the log: so far, this was its head. Ed25519, one file a checkpoint.

What is signed is plain text, so that it can be proved without this program:
`juanzong checkpoint\n<number>\n<digest of that event>\n`, see `openssl pkeyutl -verify -rawin`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import HistoryError
from pipeline.files import canonical, write_atomic
from pipeline.history.durable import create, private_folder, writing
from pipeline.history.log import Log
from pipeline.model import Event

if TYPE_CHECKING:
    # Functions that sign load it themselves: who only asks need not wait for it.
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

INTERVAL = 64
"""At most so many events stand behind the last checkpoint; a run that ends leaves none."""
_KEY = "checkpoint.key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The head of the log at some time, as it was signed."""

    sequence: int
    digest: str
    public: str
    """The public key, in hexadecimal."""
    signature: str


class Notary:
    """Signs the head of a log into `<store>/checkpoints`.

    The private key lies in `keys`, which is not in the store unless nothing better is known: who
    rewrites a store must not find the key in it. The public half is exported to `<store>/keys`.
    """

    def __init__(self, store: Path, *, keys: Path | None) -> None:
        self._folder = store / "checkpoints"
        self._parts = store / "tmp"
        self._exported = store / "keys"
        self._keys = keys or self._exported

    @property
    def newest(self) -> Checkpoint | None:
        """The checkpoint with the highest number.

        Raises:
            HistoryError: when it can't be read.
        """
        path = max(self._folder.glob("*.json"), default=None)
        if path is None:
            return None
        try:
            return Checkpoint(**json.loads(path.read_bytes()))
        except (OSError, ValueError, TypeError) as error:
            raise HistoryError(
                f"检查点 {path.name} 读不出来",
                where=str(path),
                todo="用 juanzong history 方案 verify 看清损坏范围，再从备份恢复",
            ) from error

    def confirm(self, log: Log) -> int:
        """Hold the log against the newest checkpoint; return that one's number, 0 without one.

        Raises:
            HistoryError: when the log tells another story than was signed.
        """
        newest = self.newest
        if newest is None:
            return 0
        if log.event(newest.sequence).digest != newest.digest:
            raise HistoryError(
                f"日志第 {newest.sequence} 号事件与签过名的检查点不符：日志被改写过",
                where=str(self._folder),
                todo="用 juanzong history 方案 verify 看清损坏范围，再从备份恢复",
            )
        return newest.sequence

    def sign(self, log: Log) -> None:
        """Sign the head of the log, after reading everything since the last checkpoint.

        Raises:
            HistoryError: when the log is damaged or the disk refuses.
        """
        fresh = list(log.read(since=self.confirm(log)))
        if not fresh:
            return
        head = fresh[-1]
        with writing(self._folder):
            private_folder(self._folder)
            data = canonical(_signed(self._key(), head))
            path = self._folder / f"{head.sequence:08d}.json"
            create(path, data, parts=self._parts, mode=0o600)

    def copy_newest(self, folder: Path) -> None:
        """Copy the newest checkpoint and the public keys to a folder that is kept elsewhere.

        Raises:
            HistoryError: when there is none yet or the disk refuses.
        """
        path = max(self._folder.glob("*.json"), default=None)
        if path is None:
            raise HistoryError("还没有检查点", where=str(self._folder))
        with writing(folder):
            for one in (path, *self._exported.glob("*.pem")):
                write_atomic(folder / one.name, one.read_bytes())

    def set_aside(self, log: Log) -> list[int]:
        """Move the checkpoints that the log contradicts to `lost/`; return their numbers."""
        moved = []
        for path in sorted(self._folder.glob("*.json")):
            signed = json.loads(path.read_bytes())
            try:
                fits = log.event(signed["sequence"]).digest == signed["digest"]
            except HistoryError:
                fits = False
            if not fits:
                private_folder(self._folder / "lost")
                path.replace(self._folder / "lost" / path.name)
                moved.append(signed["sequence"])
        return moved

    def _key(self) -> Ed25519PrivateKey:
        key = make_key(self._keys, parts=self._parts)
        if self._keys != self._exported:
            _export(key, self._exported)
        return key


def make_key(folder: Path, *, parts: Path | None = None) -> Ed25519PrivateKey:
    """Return the key of a folder, made if there is none: private `checkpoint.key`, public PEM.

    Args:
        folder: Where the key lies.
        parts: Folder for unfinished files on the same file system, `folder` by default.

    Raises:
        HistoryError: when the disk refuses or the key is damaged.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        load_pem_private_key,
    )

    path = folder / _KEY
    with writing(path):
        private_folder(folder)
        if not path.exists():
            pem = Ed25519PrivateKey.generate().private_bytes(
                Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
            )
            same_disk = parts and parts.stat().st_dev == folder.stat().st_dev
            create(path, pem, parts=parts if parts and same_disk else folder, mode=0o600)
        data = path.read_bytes()
    try:
        key = load_pem_private_key(data, password=None)
    except (ValueError, TypeError) as error:
        raise HistoryError("检查点的私钥已损坏", where=str(path), todo="从备份恢复") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise HistoryError("检查点的私钥不是 Ed25519", where=str(path), todo="从备份恢复")
    _export(key, folder)
    return key


def trust(folder: Path, exported: Path) -> None:
    """Take the public keys of an exported store among those a workspace trusts."""
    with writing(folder):
        private_folder(folder)
        for path in exported.glob("*.pem"):
            write_atomic(folder / path.name, path.read_bytes())


def _export(key: Ed25519PrivateKey, folder: Path) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = key.public_key()
    path = folder / f"{_hex(key)[:16]}.pem"
    if not path.exists():
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        with writing(path):
            private_folder(folder)
            write_atomic(path, pem)


def _hex(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def _signed(key: Ed25519PrivateKey, head: Event) -> dict[str, int | str]:
    words = f"juanzong checkpoint\n{head.sequence}\n{head.digest}\n".encode()
    return {
        "digest": head.digest,
        "public": _hex(key),
        "sequence": head.sequence,
        "signature": key.sign(words).hex(),
    }
