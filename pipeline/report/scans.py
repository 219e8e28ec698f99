"""Paper that came back, in words: on a terminal, as JSON, and the page of what wasn't read."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.model import Change, Letter, ScannedPage, Version
from pipeline.report.terminal import console, grid

STATUS: Mapping[str, str] = {
    "filed": "已归位",
    "blank": "空白页",
    "unread": "没有读到二维码",
    "foreign": "二维码不是本方案发出的",
    "several": "一页上有几份文书的二维码",
    "different": "内容与二维码所指的页不符",
}
_USES = {"signature": "签名处", "seal": "盖章处", "date": "日期处"}
_MOST = 20


def letter_words(letter: Letter) -> str:
    """Say how a letter stands."""
    said = []
    if letter.missing:
        said.append(f"缺第{'、'.join(map(str, letter.missing))}页")
    for (number, use), count in Counter(letter.bare).items():
        said.append(f"第{number}页 {count} 个{_USES[use]}没有墨迹")
    if letter.signed:
        said.insert(0, "页齐，签名、盖章、日期处都有墨迹")
    if letter.draft:
        said.append("签的是未印发的草稿")
    if letter.superseded:
        said.append(f"打印后已有第{letter.superseded}版")
    return "；".join(said)


def show_scanned(
    pages: Sequence[ScannedPage],
    known: Sequence[str],
    refused: Sequence[tuple[str, str]],
    letters: Sequence[Letter],
    duplicates: Sequence[tuple[str, Version, int]],
    inbox: Sequence[tuple[str, ScannedPage]],
    folder: str,
) -> None:
    """Show what was received now, then how every letter stands, then what a person must look at."""
    out = console()
    counted = Counter(page.status for page in pages)
    if pages:
        parts = "，".join(f"{STATUS[status]} {count}" for status, count in counted.most_common())
        out.print(f"收到 {len(pages)} 页：{parts}", markup=False)
    for name in known:
        out.print(f"以前收过，没有变化：{name}", markup=False)
    for name, why in refused:
        out.print(f"读不了，未收：{name}：{why}", markup=False)
    if letters:
        table = grid("文书", "版次>", "页>", "状态")
        for letter in letters:
            back = f"{len(letter.pages)}/{letter.version.pages}"
            number = str(letter.version.number)
            table.add_row(letter.version.title, number, back, letter_words(letter))
        out.print(table)
    for name, version, shows in duplicates[:_MOST]:
        words = f"重复：{name} 又是 {version.title} 第{version.number}版第{shows}页"
        out.print(words, markup=False)
    if len(duplicates) > _MOST:
        out.print(f"…… 另有 {len(duplicates) - _MOST} 页重复", markup=False)
    for name, page in inbox[:_MOST]:
        out.print(f"待认领：{name} {STATUS[page.status]}", markup=False)
    if inbox:
        out.print(f"待认领 {len(inbox)} 页，看 {folder}/待认领.html", markup=False)
        out.print("  认领：juanzong scan 方案 --assign 编号 文书[@版次][#页]", markup=False)
    signed = sum(letter.signed for letter in letters)
    fresh = sum(letter.fresh for letter in letters)
    out.print(f"签回 {signed} 份（本次 {fresh} 份），未齐 {len(letters) - signed} 份")


def scanned(
    received: Iterable[tuple[str, Sequence[ScannedPage]]],
    known: Sequence[str],
    refused: Sequence[tuple[str, str]],
    letters: Sequence[Letter],
    duplicates: Sequence[tuple[str, Version, int]],
    inbox: Sequence[tuple[str, ScannedPage]],
) -> dict[str, Any]:
    """Return the same as plain JSON."""
    return {
        "received": [
            {"file": name, "pages": [_page(page) for page in pages]} for name, pages in received
        ],
        "known": list(known),
        "refused": [{"file": name, "reason": why} for name, why in refused],
        "letters": [
            {
                "document": letter.version.document,
                "number": letter.version.number,
                "title": letter.version.title,
                "pages": list(letter.pages),
                "missing": list(letter.missing),
                "without_ink": [{"page": page, "box": use} for page, use in letter.bare],
                "superseded_by": letter.superseded or None,
                "draft": letter.draft,
                "signed": letter.signed,
                "fresh": letter.fresh,
            }
            for letter in letters
        ],
        "duplicates": [
            {"page": name, "document": one.document, "number": one.number, "shows": page}
            for name, one, page in duplicates
        ],
        "inbox": [{"page": name, **_page(page)} for name, page in inbox],
    }


def _page(page: ScannedPage) -> dict[str, Any]:
    return {
        "number": page.number,
        "status": page.status,
        "code": page.code,
        "version": page.version,
        "shows": page.page,
        "likeness": page.likeness,
        "boxes": [{"use": box.use, "ink": box.ink} for box in page.boxes],
        "assigned": page.assigned,
    }


def inbox_page(rows: Iterable[tuple[str, str, ScannedPage]]) -> str:
    """Return an HTML page with a thumbnail of each page that waits to be assigned.

    Args:
        rows: name of the page, name of the file it came in, and the page.
    """
    figures = "\n".join(
        f'<figure><img src="{name}.jpg" alt=""><figcaption><b>{name}</b><br>'
        f"{html.escape(file)} 第{page.number}页<br>{STATUS[page.status]}</figcaption></figure>"
        for name, file, page in rows
    )
    return f"""<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>待认领的扫描页</title>
<style>
body {{ font-family: sans-serif; margin: 2em; }}
figure {{ display: inline-block; margin: 0 1.5em 1.5em 0; vertical-align: top; width: 260px; }}
img {{ max-width: 260px; border: 1px solid #999; }}
</style>
<h1>待认领的扫描页</h1>
<p>看清是哪份文书，运行 <code>juanzong scan 方案 --assign 编号 文书[@版次][#页]</code>。</p>
{figures}
</html>
"""


def show_printed(rows: Sequence[tuple[str, str, Sequence[Version], int]], copies: int) -> None:
    """Show the files to print: place, path, papers and pages of each."""
    table = grid("镇街", "文书>", "页数>", "文件")
    for place, path, papers, pages in rows:
        table.add_row(place, f"{len(papers)}×{copies}", str(pages), path)
    out = console()
    out.print(table)
    out.print("双面打印；签字盖章后扫描，用 juanzong scan 收回")


def printed(
    rows: Sequence[tuple[str, str, Sequence[Version], int]], copies: int
) -> list[dict[str, Any]]:
    """Return the same as plain JSON."""
    return [
        {
            "place": place,
            "file": path,
            "copies": copies,
            "pages": pages,
            "papers": [{"document": one.document, "number": one.number} for one in papers],
        }
        for place, path, papers, pages in rows
    ]


def show_stale(rows: Sequence[tuple[Version, Sequence[Change]]]) -> None:
    """Show the signed letters whose data have changed since, with each figure."""
    out = console()
    for version, changes in rows:
        out.print(f"{version.title}（第{version.number}版已签）", markup=False, style="bold")
        for change in changes[:_MOST]:
            of = f"{change.of}·" if change.of else ""
            out.print(f"  {of}{change.label}：{change.old} → {change.new}", markup=False)
        if len(changes) > _MOST:
            out.print(f"  …… 另有 {len(changes) - _MOST} 处", markup=False)
    pages = sum(version.pages for version, _ in rows)
    out.print(f"要重签 {len(rows)} 份，{pages} 页" if rows else "签过的文书数据都没有变")


def stale(rows: Sequence[tuple[Version, Sequence[Change]]]) -> list[dict[str, Any]]:
    """Return the same as plain JSON."""
    return [
        {
            "document": version.document,
            "number": version.number,
            "title": version.title,
            "pages": version.pages,
            "changes": [
                {
                    "path": change.path,
                    "label": change.label,
                    "of": change.of,
                    "old": change.old,
                    "new": change.new,
                }
                for change in changes
            ],
        }
        for version, changes in rows
    ]
