"""What was recorded, on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from rich.cells import cell_len

from pipeline.model import STATES, Event, Holding, Issue, LifeState, LogLine, Version
from pipeline.report.making import REASONS
from pipeline.report.terminal import console, grid

EVENTS = {
    "recorded": "记录",
    "adopted": "收回手改稿",
    "numbered": "取号",
    "issued": "印发",
    "printed": "打印",
    "frozen": "定卷",
    "signed": "签署",
    "withdrawn": "撤回",
}
"""What can happen to a version, in words."""

_ORIGINS = {"made": "系统制作", "bound": "装订", "edited": "手改后收回", "received": "收到的签字件"}


def show_log(lines: Iterable[LogLine]) -> None:
    """Show the log, oldest first; what one run did in a row is one line."""
    rows = [
        (
            _numbers(line),
            line.at,
            line.operator,
            EVENTS.get(line.what, line.what),
            str(line.about),
            _example(line),
            line.reason,
        )
        for line in _joined(lines)
    ]
    if not rows:
        console().print("没有符合的记录")
        return
    rows.insert(0, ("序号", "时间（UTC）", "经办", "事项", "份数", "文书", "说明"))
    # A table of rich takes a second for two thousand lines.
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    console().out("\n".join(_row(row, widths) for row in rows), highlight=False)


def _joined(lines: Iterable[LogLine]) -> list[LogLine]:
    """Join the events of one run: it logs a batch at a time, all with the time it began."""
    joined: list[LogLine] = []
    for line in lines:
        before = joined[-1] if joined else None
        if before and before.last + 1 == line.first and _run(before) == _run(line):
            joined[-1] = replace(before, last=line.last, about=before.about + line.about)
        else:
            joined.append(line)
    return joined


def _run(line: LogLine) -> tuple[str, str, str, str]:
    return line.at, line.operator, line.what, line.reason


def _numbers(line: LogLine) -> str:
    return f"{line.first}—{line.last}" if line.last > line.first else str(line.first)


def _example(line: LogLine) -> str:
    first = f"{line.example.title}第{line.example.number}版"
    return f"{first} 等 {line.about} 份" if line.about > 1 else first


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell + " " * (width - cell_len(cell)) for cell, width in zip(cells, widths, strict=True)
    )
    return "  ".join(padded).rstrip()


def show_version(
    version: Version, state: LifeState, events: Sequence[Event], workbooks: Sequence[str]
) -> None:
    """Show one version with its provenance."""
    out = console()
    table = grid("项", "内容")
    for name, value in (
        ("文书", version.title),
        ("编号", f"{version.document}@{version.number}"),
        ("版本指纹", version.manifest),
        ("状态", STATES[state]),
        *(_issued(version.issue) if version.issue else ()),
        (
            "来历",
            _ORIGINS[version.origin],
        ),
        ("制作原因", REASONS.get(version.because, version.because)),
        ("数据截止", version.as_of.isoformat()),
        ("名册", "、".join(workbooks)),
        ("名册指纹", version.snapshot[:16] or "（不依据名册）"),
        ("上下文指纹", version.context[:16]),
        ("模板指纹", version.template[:16]),
        ("排版程序指纹", version.engine[:16]),
        ("页数", str(version.pages)),
        ("上一版", version.parent[:16] or "（首版）"),
        *(("文件", f"{entry.path}  {entry.sha256[:16]}") for entry in version.files),
        *(("事件", _happened(event)) for event in events),
    ):
        table.add_row(name, value)
    out.print(table)


def _issued(issue: Issue) -> Iterator[tuple[str, str]]:
    """Yield what a version was issued as, line by line."""
    yield "成文日期", issue.day.isoformat()
    if issue.number:
        yield "发文字号", issue.number
    if issue.corrects:
        yield "更正", issue.corrects


def _happened(event: Event) -> str:
    why = f"  {event.reason}" if event.reason else ""
    return f"{event.at}  {event.operator}  {EVENTS.get(event.what, event.what)}{why}"


def show_stats(rows: Sequence[Holding], outputs: str) -> None:
    """Show what the history holds, by kind of paper."""
    table = grid("文书", "份数>", "版本>", "页数>", "最新版>", "各版共占>", "例")
    for one in rows:
        table.add_row(
            PurePosixPath(one.example).stem,
            str(one.documents),
            str(one.versions),
            str(one.pages),
            _megabytes(one.size),
            _megabytes(one.whole),
            f"{outputs}/{one.example}",
        )
    if len(rows) > 1:
        table.add_section()
        table.add_row(
            "合计",
            str(sum(one.documents for one in rows)),
            str(sum(one.versions for one in rows)),
            str(sum(one.pages for one in rows)),
            _megabytes(sum(one.size for one in rows)),
            _megabytes(sum(one.whole for one in rows)),
        )
    console().print(table)


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
