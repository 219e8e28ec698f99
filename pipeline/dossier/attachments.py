"""An office's own papers and photos: which lie in a folder, and what its list says of them.

The list is `attachments.csv` in that folder, as Excel saves it. What it doesn't name is bound all
the same, by its file name; what it names and isn't there is bound as a sheet that says so.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from pipeline.errors import PaperError
from pipeline.model import Attachment

LIST = "attachments.csv"
HEADINGS = ("文件", "题名", "日期", "责任者", "类别", "文号", "文种", "签字", "盖章", "备注")
CLASSES = ("综合", "识别", "施策", "脱贫", "载体")
"""Of 精准扶贫 files, in the order of binding."""

_PHOTOS = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp", ".heic", ".heif"}
_DAY = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?")
_MOST_FILES = 2000


def folders_apart(folder: Path) -> frozenset[str]:
    """Return the folders of a town that are not one of the five classes: those of its villages."""
    if not folder.is_dir():
        return frozenset()
    return frozenset(
        path.name
        for path in folder.iterdir()
        if path.is_dir() and not any(filed in path.name for filed in CLASSES)
    )


def is_photo(name: str) -> bool:
    """Tell a photo by its name."""
    return PurePosixPath(name).suffix.lower() in _PHOTOS


def find_attachments(folder: Path, apart: frozenset[str] = frozenset()) -> tuple[Attachment, ...]:
    """Return what lies in a folder, in class order, then as listed, then by name.

    Args:
        folder: of one subject; may be absent.
        apart: names of folders in it that belong to other subjects.

    Raises:
        PaperError: when the list can't be read, or leads out of the folder.
    """
    if not folder.is_dir():
        return ()
    listed = _listed(folder)
    there = dict(_files(folder, apart))
    found = [
        _attachment(name, there.get(name, folder / name), listed.get(name, {}))
        for name in dict.fromkeys((*listed, *sorted(there)))
    ]
    return tuple(sorted(found, key=lambda one: CLASSES.index(one.filed)))


def _files(folder: Path, apart: frozenset[str]) -> Iterator[tuple[str, Path]]:
    """Yield the files below a folder; links lead elsewhere and are not followed."""
    count = 0
    for path in sorted(folder.rglob("*")):
        below = path.relative_to(folder)
        hidden = any(part.startswith((".", "~$")) for part in below.parts)
        if hidden or below.parts[0] in apart or path.name == LIST or path.is_symlink():
            continue
        if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            count += 1
            if count > _MOST_FILES:
                raise PaperError(f"附件多于 {_MOST_FILES} 个", where=str(folder))
            yield below.as_posix(), path


def _listed(folder: Path) -> dict[str, Mapping[str, str]]:
    path = folder / LIST
    if not path.is_file():
        return {}
    rows: dict[str, Mapping[str, str]] = {}
    for number, row in enumerate(csv.DictReader(_text(path).splitlines()), start=2):
        cells = {(key or "").strip(): (value or "").strip() for key, value in row.items() if key}
        if unknown := [key for key in cells if key not in HEADINGS]:
            raise PaperError(
                f"不认识的列“{unknown[0]}”", where=str(path), todo=f"改用：{'、'.join(HEADINGS)}"
            )
        name = cells.get("文件", "").replace("\\", "/")
        if not any(cells.values()):
            continue
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or ".." in parts or ":" in name:
            raise PaperError(f"第 {number} 行的“文件”不是这个文件夹里的文件名", where=str(path))
        if (filed := cells.get("类别", "")) and filed not in CLASSES:
            raise PaperError(
                f"第 {number} 行的类别“{filed}”",
                where=str(path),
                todo=f"改用：{'、'.join(CLASSES)}",
            )
        rows[PurePosixPath(name).as_posix()] = cells
    return rows


def _text(path: Path) -> str:
    """Read a list as Excel saves it: UTF-8 with a mark, or GB 18030."""
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise PaperError("附件清单的编码认不出", where=str(path), todo="另存为 CSV UTF-8")


def _attachment(name: str, path: Path, cells: Mapping[str, str]) -> Attachment:
    return Attachment(
        path=path,
        name=name,
        title=cells.get("题名") or PurePosixPath(name).stem,
        filed=cells.get("类别") or _class_of(PurePosixPath(name)),
        author=cells.get("责任者", ""),
        date=_day(cells.get("日期", "")),
        number=cells.get("文号", ""),
        kind=cells.get("文种", ""),
        signed=cells.get("签字", ""),
        sealed=cells.get("盖章", ""),
        note=cells.get("备注", ""),
    )


def _class_of(name: PurePosixPath) -> str:
    """Tell the class by a folder on the way (`02_识别`); else photos are 载体, papers 综合."""
    for part in name.parts[:-1]:
        for filed in CLASSES:
            if filed in part:
                return filed
    return "载体" if is_photo(name.name) else "综合"


def _day(words: str) -> str:
    """Write a date as 卷内目录 has it; what is no date is left out, and `--check` says so."""
    found = _DAY.fullmatch(words)
    if not found:
        return ""
    year, month, day = (int(part) for part in found.groups())
    return f"{year:04}{month:02}{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else ""
