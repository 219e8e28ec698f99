"""What keeping the past found and did, in the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.model import Fault, Version
from pipeline.report.terminal import console, grid


def show_pruned(versions: Sequence[Version], blobs: int, size: int, kept: int, done: bool) -> None:
    """Show which superseded drafts go, by kind, and what that frees."""
    out = console()
    table = grid("文书", "版本>", "例")
    of_title: dict[str, list[Version]] = {}
    for version in versions:
        of_title.setdefault(version.kind, []).append(version)
    for every in of_title.values():
        one = every[0]
        table.add_row(one.title, str(len(every)), f"{one.document}@{one.number}")
    if versions:
        out.print(table)
    says = "已清理" if done else "可清理"
    out.print(
        f"{says}草稿 {len(versions)} 版，存储对象 {blobs} 个，{size / 1_000_000:.1f} MB；"
        f"被取代而照留的 {kept} 版" + ("" if done else "。加 --yes 才清理"),
        highlight=False,
    )


def show_verified(faults: Sequence[Fault], counts: Mapping[str, int]) -> None:
    """Show what was examined, and everything that is wrong by name."""
    out = console()
    kinds = {
        "event": "日志",
        "checkpoint": "检查点",
        "manifest": "清单",
        "blob": "存储",
        "output": "输出",
        "cache": "缓存",
    }
    for fault in faults:
        out.print(f"[{kinds[fault.what]}] {fault.name}：{fault.problem}", markup=False)
    says = {
        "events": "事件",
        "checkpoints": "检查点",
        "unsigned": "尚未签名的事件",
        "set_back": "时间早于上一号的事件（次序以号数为准）",
        "versions": "版本",
        "pruned": "已清理的草稿",
        "blobs": "存储对象",
        "outputs": "输出文件",
        "orphans": "无主对象（中断留下的，无害）",
    }
    always = {"events", "checkpoints", "versions", "blobs", "outputs"}
    seen = "，".join(
        f"{word} {counts[name]}" for name, word in says.items() if name in always or counts[name]
    )
    out.print(f"核验完毕：{seen}；" + (f"有问题 {len(faults)} 处" if faults else "全部相符"))
