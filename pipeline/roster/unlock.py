"""Workbooks with a password, opened in memory; owns msoffcrypto. Nothing decrypted touches a disk.

Source: MS-OFFCRYPTO, MS-XLS 2.2.10.
"""

from __future__ import annotations

import io
from itertools import pairwise

import olefile
from msoffcrypto.exceptions import InvalidKeyError
from msoffcrypto.format.ooxml import OOXMLFile
from msoffcrypto.format.xls97 import Xls97File
from msoffcrypto.method.rc4 import DocumentRC4
from msoffcrypto.method.rc4_cryptoapi import DocumentRC4CryptoAPI
from msoffcrypto.method.xor_obfuscation import DocumentXOR

from pipeline.errors import RosterError
from pipeline.roster import biff
from pipeline.roster.formats import CLEAR, Locked, Passwords, locked
from pipeline.roster.ole import MAGIC, Compound

_AGILE = b"\4\0\4\0"
"""The version whose description is XML."""
_EVERYBODYS = "VelvetSweatshop"
"""What a program encrypts with, and opens with unasked, when a file is only write-protected."""


def unlocked(name: str, data: bytes, passwords: Passwords | None) -> tuple[bytes, bool]:
    """Return the plain workbook, and whether it is secret: opened by a password of its own.

    Raises:
        RosterError: when no password is known, all were wrong, or its encryption isn't known.
    """
    if not data.startswith(MAGIC):
        raise RosterError(
            "加了密码的 .ods 打不开",
            where=name,
            todo="在 LibreOffice 或 WPS 里打开，去掉“用密码保存”后另存，再放回来",
        )
    plain = _opened(name, data, _EVERYBODYS)
    if plain is not None:
        return plain, False
    error = locked(name)
    for word in passwords(name) if passwords else ():
        plain = _opened(name, data, word)
        if plain is not None:
            return plain, True
        error = Locked("密码不对，打不开这个工作簿", where=name, todo=error.todo)
    raise error


def _opened(name: str, data: bytes, password: str) -> bytes | None:
    """Return the plain bytes, None when the password is wrong."""
    try:
        compound = Compound(data)
        if "EncryptionInfo" in compound.entries:
            return _package(compound, data, password)
        return _xls(compound, data, password)
    except InvalidKeyError:
        return None
    except Exception as error:  # a forged or odd file fails in the library in a dozen ways
        raise RosterError(
            f"这个工作簿加了打开密码，加密方式读不懂（{type(error).__name__}）",
            where=name,
            todo=CLEAR,
        ) from error


def _package(compound: Compound, data: bytes, password: str) -> bytes:
    """Decrypt an .xlsx, .xlsm or .xlsb: agile or standard encryption."""
    info = compound.stream("EncryptionInfo")
    if info.startswith(_AGILE) and b"<!" in info.replace(b"\0", b""):
        raise ValueError("declarations in EncryptionInfo")
    package = OOXMLFile(io.BytesIO(data))
    package.load_key(password, verify_password=True)
    plain = io.BytesIO()
    package.decrypt(plain)
    return plain.getvalue()


def _xls(compound: Compound, data: bytes, password: str) -> bytes:
    """Decrypt the workbook stream of an .xls in its place: RC4, RC4 CryptoAPI or XOR.

    Not by the library's own `decrypt`, which goes through a temporary file.
    """
    book = Xls97File(io.BytesIO(data))
    book.load_key(password)
    stream = compound.stream("Workbook")
    clear = list(biff.clear(stream))
    source = io.BytesIO(stream)
    if book.type == "rc4":
        plain = DocumentRC4.decrypt(password, book.salt, source, blocksize=1024)
    elif book.type == "rc4_cryptoapi":
        plain = DocumentRC4CryptoAPI.decrypt(
            password, book.salt, book.keySize, source, blocksize=1024
        )
    else:
        plain = DocumentXOR.decrypt(password, source, _marks(clear, len(stream)), [], 10)
    decrypted = bytearray(plain.getvalue())
    for start, end in clear:
        decrypted[start:end] = stream[start:end]
    biff.forget_password(decrypted)
    whole = io.BytesIO(data)
    with olefile.OleFileIO(whole, write_mode=True) as ole:
        ole.write_stream("Workbook", bytes(decrypted))
        return whole.getvalue()


def _marks(clear: list[tuple[int, int]], length: int) -> list[int]:
    """Say of each byte what XOR asks: 0 clear, -1 obscured, -2 obscured in the record of a sheet.

    Only that one is clear for just 4 bytes beyond its header.
    """
    marks = [0] * length
    for (start, end), (after, _) in pairwise([*clear, (length, length)]):
        marks[end:after] = [-2 if end - start == 8 else -1] * (after - end)
    return marks
