"""How much a file from outside may ask for: looked up before anything unpacks it."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Collection, Iterator

from pipeline.errors import RosterError

FILE = 256 << 20
"""Bytes of one file."""
TEXT = 128 << 20
"""Bytes of exported text."""
TAGS = 4_000_000
"""Tags of a web page; a cell has two."""
UNPACKED = 512 << 20
"""Bytes of all parts of a zip together; 200 000 rows of 40 cells are about 350 MB."""
RATIO = 100
"""Unpacked to packed bytes, when there is much of it; sheets of an office reach about 30."""
MUCH = 32 << 20
PARTS = 10_000
CELLS = 16_000_000
"""Rows by columns of one sheet: what calamine allocates, filled or not."""

BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError)
"""How a damaged zip shows."""
_DECLARED = re.compile(rb"DOCTYPE")
"""What entities are declared in; on long parts a pattern finds a word faster than `in`."""

RESAVE = "在 Excel 或 WPS 里打开，另存为 .xlsx 后再放回来"


AGAIN = "重新拷贝一份，或让对方重新导出再发"


def damaged(name: str, why: str, todo: str = RESAVE) -> RosterError:
    """Return the error of a file that nobody can open."""
    return RosterError(f"打不开这个工作簿（{why}）", where=name, todo=todo)


def check_size(name: str, size: int) -> None:
    """Refuse a file that is empty or far beyond any roster.

    Raises:
        RosterError: for either.
    """
    if size == 0:
        raise damaged(name, "文件是空的", AGAIN)
    if size > FILE:
        raise RosterError(
            f"文件有 {size >> 20} MB，上限 {FILE >> 20} MB", where=name, todo="按镇街拆成几个工作簿"
        )


def check_text(name: str, data: bytes, *, page: bool) -> None:
    """Refuse text or a web page that is far longer than any roster.

    Raises:
        RosterError: when it is.
    """
    if len(data) > TEXT or (page and data.count(b"<") > TAGS):
        raise RosterError("文本太长", where=name, todo="按镇街拆成几个文件")


def check_zip(name: str, book: zipfile.ZipFile) -> None:
    """Refuse a zip whose directory announces more than a roster can be.

    Raises:
        RosterError: for too many parts, too many bytes, too high a ratio, or a password.
    """
    parts = book.infolist()
    packed = sum(part.compress_size for part in parts)
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > PARTS or unpacked > UNPACKED or (unpacked > MUCH and unpacked > RATIO * packed):
        raise damaged(
            name,
            f"像是压缩炸弹：{len(parts)} 个部件，{packed:,} 字节展开成 {unpacked:,} 字节",
            f"不要打开；{AGAIN}",
        )
    if any(part.flag_bits & 1 for part in parts):
        raise RosterError("压缩包有密码", where=name, todo="解开后把里面的工作簿放进来")


def parts(
    name: str, book: zipfile.ZipFile, without: Collection[str] = ()
) -> Iterator[tuple[str, bytes]]:
    """Unpack the parts, but for some, one by one, each no longer than the directory says.

    Raises:
        RosterError: for a part that is truncated, lies about its size, or declares entities.
    """
    for part in book.infolist():
        if part.filename in without:
            continue
        try:
            data = book.read(part)
        except BROKEN as error:
            raise damaged(name, f"部件 {part.filename} 已损坏") from error
        if _DECLARED.search(data) and b"<!DOCTYPE" in data:
            raise damaged(
                name,
                f"部件 {part.filename} 含有实体声明，不是 Excel 或 WPS 写出的",
                f"不要打开；{AGAIN}",
            )
        yield part.filename, data


def check_total(name: str, cells: int) -> None:
    """Refuse a workbook whose sheets together ask for too much.

    Raises:
        RosterError: beyond twice `CELLS`.
    """
    if cells > 2 * CELLS:
        raise RosterError(
            f"各工作表合计超过 {2 * CELLS // 10_000} 万格", where=name, todo="拆成几个工作簿"
        )


def check_extent(name: str, sheet: str, rows: int, columns: int) -> None:
    """Refuse a sheet whose cells lie so far apart that the grid between them can't be held.

    Raises:
        RosterError: beyond `CELLS`.
    """
    if rows * columns > CELLS:
        raise RosterError(
            f"工作表{f'“{sheet}”' if sheet else ''}伸到第 {rows} 行、第 {columns} 列，"
            f"超过 {CELLS // 10_000} 万格",
            where=name,
            todo="删去远离数据的单元格（选中多余的行、列，整行整列删除）后另存",
        )
