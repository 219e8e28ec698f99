"""The streams of an OLE compound file: what .xls, old .doc and password-protected files are."""

from __future__ import annotations

import struct

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA
"""Sector numbers from here on are marks (free, end, table), not sectors."""


class Broken(ValueError):
    """Raised when a compound file's tables lead nowhere."""


class Compound:
    """A compound file, checked for loops and sectors that aren't there.

    Source: MS-CFB.
    """

    def __init__(self, data: bytes) -> None:
        """Read the tables of the file.

        Raises:
            Broken: when they are damaged.
        """
        try:
            self._read(data)
        except struct.error as error:
            raise Broken("文件不完整") from error

    def _read(self, data: bytes) -> None:
        self._data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        directory, _, self._cutoff, mini, _, more, tables = struct.unpack_from("<7I", data, 48)
        if shift not in {9, 12} or mini_shift != 6:
            raise Broken("文件头有误")
        self._size = 1 << shift
        self._fat: list[int] = []
        listed = list(struct.unpack_from("<109I", data, 76))
        seen = 0
        while more < _END and seen < tables:
            block = self._sector(more)
            numbers = struct.unpack(f"<{self._size // 4}I", block)
            listed += numbers[:-1]
            more = numbers[-1]
            seen += 1
        for number in listed:
            if number < _END:
                self._fat += struct.unpack(f"<{self._size // 4}I", self._sector(number))
        self.entries: dict[str, tuple[int, int]] = {}
        names = self._chain(directory)
        root = (_END, 0)
        for at in range(0, len(names) - 127, 128):
            length, kind = struct.unpack_from("<HB", names, at + 64)
            start, size = struct.unpack_from("<II", names, at + 116)
            name = names[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            if kind == 5:
                root = (start, size)
            elif kind:
                self.entries.setdefault(name, (start, size))
        self._small = self._chain(root[0])[: root[1]]
        raw = self._chain(mini)
        self._mini = struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])

    def stream(self, name: str) -> bytes:
        """Return the bytes of a stream of the file.

        Raises:
            Broken: when its chain is damaged.
        """
        start, size = self.entries[name]
        if size >= self._cutoff:
            return self._chain(start)[:size]
        blocks: list[bytes] = []
        while start < _END and len(blocks) * 64 < size:
            if start >= len(self._mini):
                raise Broken("数据流断裂")
            blocks.append(self._small[start * 64 : start * 64 + 64])
            start = self._mini[start]
        return b"".join(blocks)[:size]

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self._size
        block = self._data[at : at + self._size]
        if not block or (len(block) < self._size and at + self._size < len(self._data)):
            raise Broken("文件不完整")
        return block.ljust(self._size, b"\0")

    def _chain(self, number: int) -> bytes:
        blocks: list[bytes] = []
        while number < _END:
            if number >= len(self._fat) or len(blocks) > len(self._fat):
                raise Broken("数据流断裂")
            blocks.append(self._sector(number))
            number = self._fat[number]
        return b"".join(blocks)
