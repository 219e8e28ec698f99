"""What would be made and why, what was made and bound, on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console

from pipeline.model import (
    STATES,
    Because,
    Change,
    Kept,
    LifeState,
    Made,
    PlannedDocument,
    Skipped,
    Version,
)
from pipeline.report.terminal import MOST, console, grid

REASONS = {
    "new": "新增",
    "data": "数据有变",
    "template": "模板有变",
    "engine": "排版程序或字体有变",
    "edited": "已手改",
    "lost": "输出丢失",
    "withdrawn": "已撤回，重新起草",
}
"""Why a version was made, in words."""


def show_plan(
    due: Sequence[PlannedDocument],
    kept: Sequence[Kept],
    skipped: Sequence[Skipped],
    lacking: Sequence[str],
    changes: Sequence[Change],
    stale: Sequence[tuple[Version, LifeState, Sequence[Change]]] = (),
) -> None:
    """Show what would be made and why, and which papers in force no longer show the data."""
    out = console()
    if changes:
        out.print("名册有变：", style="bold")
        for change in changes[:MOST]:
            out.print(f"  {change_words(change)}（{change.path}）", markup=False)
        if len(changes) > MOST:
            out.print(f"  …… 另有 {len(changes) - MOST} 处")
    if due:
        table = grid("文书", "对象", "原因", "变化")
        for paper in due[: MOST * 2]:
            because = "；".join(change_words(change) for change in paper.because.changes[:4])
            more = len(paper.because.changes) - 4
            because += f"；另 {more} 处" if more > 0 else ""
            table.add_row(paper.rule.name, paper.subject.name, reason_words(paper.because), because)
        out.print(table)
        if len(due) > MOST * 2:
            out.print(f"…… 共 {len(due)} 份，用 --json 看全部")
    if stale:
        out.print(f"数据已变的已印发文书 {len(stale)} 份：", style="bold")
        for version, state, changed in stale[:MOST]:
            why = "；".join(change_words(change) for change in changed[:4])
            out.print(f"  {version.title}{issued_words(version, state)}：{why}", markup=False)
        if len(stale) > MOST:
            out.print(f"  …… 另有 {len(stale) - MOST} 份，用 --json 看全部", markup=False)
    show_skipped(out, skipped)
    by_reason = Counter(REASONS[paper.because.reason] for paper in due)
    parts = "、".join(f"{reason} {number}" for reason, number in by_reason.items())
    out.print(f"要制作 {len(due)} 份{f'（{parts}）' if parts else ''}，无需改动 {len(kept)} 份")
    if lacking:
        out.print(f"方案要求、尚无模板的文书 {len(lacking)} 项：{'、'.join(lacking)}")


def show_made(
    made: Sequence[Made],
    kept: Sequence[Kept],
    skipped: Sequence[Skipped],
    restored: int,
    outputs: str,
) -> None:
    """Show what a run made, by kind of paper."""
    out = console()
    if made:
        table = grid("文书", "份数>", "页数>", "例")
        for name in dict.fromkeys(paper.planned.rule.name for paper in made):
            of = [paper for paper in made if paper.planned.rule.name == name]
            pages = sum(paper.version.pages for paper in of)
            table.add_row(name, str(len(of)), str(pages), f"{outputs}/{of[0].path}")
        out.print(table)
    show_skipped(out, skipped)
    if restored:
        out.print(f"从存储补回输出文件 {restored} 个")
    if not made and not skipped:
        out.print(f"没有变化，无需制作（{len(kept)} 份都是最新）")
    else:
        out.print(f"制作 {len(made)} 份，无需改动 {len(kept)} 份，跳过 {len(skipped)} 份")


def show_bound(
    bound: Sequence[Version], kept: Sequence[Version], skipped: Sequence[Skipped], outputs: str
) -> None:
    """Show what was bound."""
    out = console()
    if bound:
        pages = sum(version.pages for version in bound)
        out.print(f"装订卷宗 {len(bound)} 卷，共 {pages} 页，例：")
        for version in bound[:3]:
            out.print(f"  {outputs}/{version.files[0].path}", markup=False)
    show_skipped(out, skipped)
    if not bound and not skipped:
        out.print(f"没有变化，无需装订（{len(kept)} 卷都是最新）")
    else:
        out.print(f"装订 {len(bound)} 卷，无需改动 {len(kept)} 卷，跳过 {len(skipped)} 份")


def show_skipped(out: Console, skipped: Sequence[Skipped]) -> None:
    """Show the papers that were skipped, each with its reason."""
    if not skipped:
        return
    out.print(f"跳过 {len(skipped)} 份：", style="bold")
    for one in skipped[:MOST]:
        out.print(f"  {one.title}：{one.reason}", markup=False)
    if len(skipped) > MOST:
        out.print(f"  …… 另有 {len(skipped) - MOST} 份，用 --json 看全部")


def reason_words(because: Because) -> str:
    """Say why a paper is due, and that it would correct one that is in force."""
    if because.reason == "edited" and because.changes:
        return "已手改，数据有变"
    words = REASONS[because.reason]
    return f"{words}，将更正已印发件" if because.supersedes else words


def issued_words(version: Version, state: LifeState) -> str:
    """Say what a version was issued as: （第2版，已印发，花扶贫办〔2016〕16号，2016-11-03）."""
    issued = version.issue
    told = [issued.number, issued.day.isoformat()] if issued else []
    return (
        f"（{'，'.join(part for part in (f'第{version.number}版', STATES[state], *told) if part)}）"
    )


def change_words(change: Change) -> str:
    """Say whose figure changed, from what, to what."""
    return f"{change.of + ' ' if change.of else ''}{change.label} {change.old} → {change.new}"
