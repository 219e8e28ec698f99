"""The life of papers as tables and sentences: issued papers, numbers, changes, cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from rich.console import Console

from pipeline.model import Numbered, Series, Skipped, Version
from pipeline.report.making import show_skipped
from pipeline.report.terminal import MOST, console, grid


def show_issued(
    issued: Sequence[Version],
    already: Sequence[Version],
    skipped: Sequence[Skipped],
    outputs: str,
) -> None:
    """Show what was issued: number, day and place of each paper."""
    out = console()
    if issued:
        table = grid("文书", "版次>", "发文字号", "成文日期", "更正", "文件")
        for version in issued[:MOST]:
            if version.issue:
                table.add_row(
                    version.title,
                    str(version.number),
                    version.issue.number,
                    version.issue.day.isoformat(),
                    version.issue.corrects,
                    f"{outputs}/{version.files[-1].path}",
                )
        out.print(table)
    if len(issued) > MOST:
        out.print(f"…… 共 {len(issued)} 份，用 --json 看全部")
    show_skipped(out, skipped)
    out.print(f"印发 {len(issued)} 份，早已印发 {len(already)} 份，跳过 {len(skipped)} 份")


def warn_old_data(day: dt.date, as_of: dt.date) -> None:
    """Say on stderr that the day nobody chose lies years after that of the data."""
    years = (day - as_of).days // 365
    if years:
        Console(stderr=True, highlight=False, soft_wrap=True).print(
            f"注意：成文日期写 {day}，数据截止日期却是 {as_of}，隔了 {years} 年；"
            f"要写别的日子，加 --date，如 --date {as_of + dt.timedelta(days=3)}；"
            "已经印发的先 juanzong withdraw，重新制作再印发",
            markup=False,
        )


def show_ledger(ledger: Iterable[tuple[Series, Sequence[Numbered]]]) -> None:
    """Show every number of each series, with what became of it."""
    out = console()
    empty = True
    for series, lines in ledger:
        empty = False
        title = f"{series.organ}　{series.mark}〔{series.year}〕　自{series.start}号起"
        table = grid("发文字号", "状态", "文书", "取号时间（UTC）", "经办", "说明", title=title)
        for line in lines:
            table.add_row(line.text, line.state, line.title, line.at, line.operator, line.why)
        out.print(table)
    if empty:
        out.print("方案没有发文字号系列（scheme.toml 的 [[series]]）")


def warn_lost(name: str, version: Version, lost: Sequence[tuple[str, Sequence[str]]]) -> None:
    """Name on stderr the figures that no longer stand in an edited text."""
    out = Console(stderr=True, highlight=False, soft_wrap=True)
    title = f"{version.title}第{version.number}版"
    out.print(f"{name}（改自 {title}）：下列数字在正文里少了或改了：", markup=False)
    for said, labels in lost:
        out.print(f"  {said}：{'、'.join(labels)}", markup=False)


def show_adopted(versions: Sequence[Version], skipped: Sequence[Skipped]) -> None:
    """Show what was taken in."""
    out = console()
    for version in versions:
        out.print(f"已收回：{version.title}第{version.number}版，{version.pages}页", markup=False)
    show_skipped(out, skipped)
    out.print(f"收回 {len(versions)} 份，没有收回 {len(skipped)} 份")
