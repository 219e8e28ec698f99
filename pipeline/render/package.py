"""A zip package written member by member: bytes compressed earlier are copied as they are.

The standard library can't write a member that is already deflated, and stamps the clock into
every header. The format is PKWARE APPNOTE 6.3, the small part of it that OPC packages use.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

_DATE = (1 << 5) | 1
"""1980-01-01, the first day a zip can name."""
_UTF8 = 0x800
_DEFLATED = 8
_VERSION = 20


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a package: its name, its raw deflate stream, its bytes."""

    name: str
    packed: bytes
    data: bytes


def deflated(data: bytes) -> bytes:
    """Return the raw deflate stream of the bytes."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def write_package(members: Iterable[Member]) -> bytes:
    """Return a zip of the members in their order, with fixed dates: same members, same bytes."""
    body = bytearray()
    directory = bytearray()
    count = 0
    for member in members:
        name = member.name.encode()
        facts = struct.pack(
            "<HHHHHIIIHH",
            _VERSION,
            _UTF8,
            _DEFLATED,
            0,
            _DATE,
            zlib.crc32(member.data),
            len(member.packed),
            len(member.data),
            len(name),
            0,
        )
        directory += b"PK\x01\x02" + struct.pack("<H", _VERSION) + facts
        directory += struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name
        body += b"PK\x03\x04" + facts + name + member.packed
        count += 1
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory + b"PK\x05\x06" + end)
