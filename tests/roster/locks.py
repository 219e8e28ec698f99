"""Lock workbooks with a password the way Excel, WPS and LibreOffice have done over the years."""

from __future__ import annotations

import hashlib
import io
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from msoffcrypto.format.ooxml import OOXMLFile
from msoffcrypto.method.ecma376_standard import ECMA376Standard
from msoffcrypto.method.rc4 import DocumentRC4
from msoffcrypto.method.rc4_cryptoapi import DocumentRC4CryptoAPI
from msoffcrypto.method.xor_obfuscation import DocumentXOR

from pipeline.roster import biff
from pipeline.roster.ole import Compound
from tests.roster import writers

SALT = bytes(range(16))
VERIFIER = bytes(range(16, 32))


def agile(data: bytes, password: str) -> bytes:
    """Lock an .xlsx as Excel 2010 and later do."""
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(password, out)
    return out.getvalue()


def standard(data: bytes, password: str) -> bytes:
    """Lock an .xlsx as Excel 2007 does: AES-128 in ECB."""
    key = ECMA376Standard.makekey_from_password(password, 0x660E, 0x8004, 24, 128, 16, SALT)
    aes = Cipher(algorithms.AES(bytes(key)), modes.ECB())

    def locked(plain: bytes) -> bytes:
        return aes.encryptor().update(plain.ljust(-(-len(plain) // 16) * 16, b"\0"))

    info = struct.pack("<HHI", 4, 2, 0x24) + _header(0x660E)
    info += struct.pack("<I16s16sI", 16, SALT, locked(VERIFIER), 20)
    info += locked(hashlib.sha1(VERIFIER).digest())
    package = struct.pack("<Q", len(data)) + locked(data.ljust(4096, b"\0"))
    return writers.compound({"EncryptionInfo": info, "EncryptedPackage": package})


def rc4(data: bytes, password: str) -> bytes:
    """Lock an .xls as Excel 97 to 2000 do."""

    def cipher(plain: bytes) -> bytes:
        return DocumentRC4.decrypt(password, SALT, io.BytesIO(plain), blocksize=1024).getvalue()

    proof = cipher(VERIFIER + hashlib.md5(VERIFIER).digest())
    stream = _with_password(data, struct.pack("<HHH", 1, 1, 1) + SALT + proof)
    return _xls(stream, cipher(stream))


def rc4_cryptoapi(data: bytes, password: str) -> bytes:
    """Lock an .xls as Excel 2002 and later do."""

    def cipher(plain: bytes) -> bytes:
        source = io.BytesIO(plain)
        return DocumentRC4CryptoAPI.decrypt(password, SALT, 128, source, blocksize=1024).getvalue()

    proof = cipher(VERIFIER + hashlib.sha1(VERIFIER).digest())
    info = struct.pack("<HHHI", 1, 2, 2, 4) + _header(0x6801)
    info += struct.pack("<I16s16sI20s", 16, SALT, proof[:16], 20, proof[16:])
    stream = _with_password(data, info)
    return _xls(stream, cipher(stream))


def xor(data: bytes, password: str) -> bytes:
    """Lock an .xls as Excel 95 and some exporters do."""
    check = next(code for code in range(1 << 16) if DocumentXOR.verifypw(password, code))
    stream = _with_password(data, struct.pack("<HHH", 0, 0, check))
    array = DocumentXOR.create_xor_array_method1(password)
    out = bytearray(stream)
    at = 0
    while at + 4 <= len(stream):
        size = struct.unpack_from("<H", stream, at + 2)[0]
        for offset in range(size):
            byte = stream[at + 4 + offset]
            turned = (byte << 5 | byte >> 3) & 0xFF
            out[at + 4 + offset] = turned ^ array[(at + 4 + size + offset) % 16]
        at += 4 + size
    return _xls(stream, bytes(out))


def _header(algorithm: int) -> bytes:
    body = struct.pack("<8I", 4, 0, algorithm, 0x8004, 128, 24, 0, 0) + "x\0".encode("utf-16-le")
    return struct.pack("<I", len(body)) + body


def _with_password(data: bytes, info: bytes) -> bytes:
    """Return the workbook stream with the record of a password after its first."""
    stream = bytearray(Compound(data).stream("Workbook"))
    record = writers.record(0x2F, info)
    at = 0
    while stream[at : at + 2] != b"\x0a\0":
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == 0x85:
            start = struct.unpack_from("<I", stream, at + 4)[0]
            struct.pack_into("<I", stream, at + 4, start + len(record))
        at += 4 + size
    first = 4 + struct.unpack_from("<H", stream, 2)[0]
    end = stream.rindex(b"\x0a\0\0\0") + 4  # the padding after it mustn't end in half a header
    return bytes(stream[:first] + record + stream[first:end] + bytes(4096))


def _xls(stream: bytes, locked: bytes) -> bytes:
    out = bytearray(locked)
    for start, end in biff.clear(stream):
        out[start:end] = stream[start:end]
    return writers.compound({"Workbook": bytes(out)})
