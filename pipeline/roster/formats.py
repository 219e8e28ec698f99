"""What a file really is, told by its first bytes and its parts, never by its name."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Literal, TypeAlias

from pipeline.errors import RosterError
from pipeline.roster.limits import AGAIN, RESAVE, check_size, check_zip, damaged
from pipeline.roster.ole import MAGIC, Broken, Compound

Format = Literal["xlsx", "xlsb", "ods", "xls", "xml", "html", "text"]
Passwords: TypeAlias = Callable[[str], Iterator[str]]
"""The passwords to try on a file, by its name: each is asked for only when the last was wrong."""

ENDINGS = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et", ".ett", ".csv", ".tsv", ".txt"}
PLAIN = {".csv", ".tsv", ".txt"}
_TEXT = {*PLAIN, ".xls", ".et"}
"""Endings that systems give to exported text and web pages."""
_OTHERS = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"II*\0", "图片"),
    (b"MM\0*", "图片"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"{\\rtf", "Word 文档（RTF）"),
)
_OLE = (
    ("WordDocument", "Word 文档"),
    ("PowerPoint Document", "演示文稿"),
    ("__properties_version1.0", "邮件"),
)
CLEAR = "用密码打开，在“另存为”的“工具 → 常规选项”里清空密码，保存后再放回来"
_MANIFEST = "META-INF/manifest.xml"
_ZIP = (("word/", "Word 文档"), ("ppt/", "演示文稿"))
_ODF = (("text", "文字文档"), ("presentation", "演示文稿"))


def recognise(name: str, data: bytes) -> Format:
    """Return what the bytes of a file are.

    Raises:
        RosterError: when they aren't a roster at all, are locked with a password, or are damaged.
    """
    check_size(name, len(data))
    if data.startswith(MAGIC):
        return _ole(name, data)
    if data.startswith(b"PK\x03\x04"):
        return _zip(name, data)
    for magic, kind in _OTHERS:
        if data.startswith(magic):
            raise _other(name, kind)
    if data.startswith((b"\x09\x08", b"\x09\x04", b"\x09\x02")):
        raise damaged(name, "Excel 5.0 以前的格式，或文件不完整")
    if not name.lower().endswith(tuple(_TEXT)):
        raise damaged(name, "里面不是工作簿，可能是改了扩展名")
    head = data[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"mime-version", b"content-type: multipart")):
        raise damaged(name, "单个文件网页（MHT）")
    markup = head.replace(b"\0", b"").lstrip(b"\xff\xfe")
    if b"urn:schemas-microsoft-com:office:spreadsheet" in markup and b"<workbook" in markup:
        return "xml"
    if markup.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta", b"<?xml")):
        return "html"
    return "text"


def _ole(name: str, data: bytes) -> Format:
    try:
        compound = Compound(data)
    except Broken as error:
        raise damaged(name, str(error)) from error
    if {"EncryptedPackage", "EncryptionInfo"} & compound.entries.keys():
        raise locked(name)
    if {"Workbook", "Book"} & compound.entries.keys():
        return "xls"
    for stream, kind in _OLE:
        if stream in compound.entries:
            raise _other(name, kind)
    raise damaged(name, "里面没有工作簿")


def _zip(name: str, data: bytes) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            check_zip(name, book)
            inside = set(book.namelist())
            kind = book.read("mimetype")[:200].decode("latin-1") if "mimetype" in inside else ""
            manifest = book.read(_MANIFEST) if _MANIFEST in inside else b""
    except (zipfile.BadZipFile, KeyError, NotImplementedError, OSError) as error:
        raise damaged(name, "文件不完整", AGAIN) from error
    if b"encryption-data" in manifest:
        raise locked(name)
    if kind.endswith("opendocument.spreadsheet") and "content.xml" in inside:
        return "ods"
    inside = {part.lower() for part in inside}  # some exporters write Xl/Workbook.xml
    if "xl/workbook.bin" in inside:
        return "xlsb"
    if "xl/workbook.xml" in inside:
        return "xlsx"
    for ending, kind_name in _ODF:
        if kind.endswith(f"opendocument.{ending}"):
            raise _other(name, kind_name)
    for folder, kind_name in _ZIP:
        if any(part.startswith(folder) for part in inside):
            raise _other(name, kind_name)
    raise _other(name, "压缩包")


class Locked(RosterError):
    """Raised for a workbook that needs a password."""


def locked(name: str) -> Locked:
    """Return the error of a workbook that needs a password."""
    return Locked(
        "这个工作簿加了打开密码",
        where=name,
        todo=f"在终端里运行，提示时输入密码；或先设好环境变量 JUANZONG_PASSWORD；\n  或{CLEAR}",
    )


def _other(name: str, kind: str) -> RosterError:
    todo = "解压后把里面的工作簿放进来" if kind == "压缩包" else f"把表格复制到工作簿里，或{RESAVE}"
    return RosterError(f"打不开这个工作簿（这是{kind}，不是工作簿）", where=name, todo=todo)
