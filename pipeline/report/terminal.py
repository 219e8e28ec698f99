"""Results as tables and sentences on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import PurePosixPath

from rich.console import Console
from rich.table import Table as Grid

from pipeline.model import (
    STATES,
    Because,
    Change,
    Count,
    Event,
    Finding,
    FundFigure,
    Kept,
    LifeState,
    Made,
    Outcome,
    PlannedDocument,
    Skipped,
    Value,
    Verdict,
    Version,
)
from pipeline.report import words

MOST = 20
"""Lines of a list that are shown on a terminal."""
_REASONS = {
    "new": "新增",
    "data": "数据有变",
    "template": "模板有变",
    "engine": "排版程序或字体有变",
    "edited": "已手改",
    "lost": "输出丢失",
    "withdrawn": "已撤回，重新起草",
}
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
_IGNORED = {
    "title": "标题",
    "header": "表头",
    "repeated": "重复表头",
    "group": "分组",
    "note": "注",
    "total": "合计",
    "blank": "空行",
}


def console() -> Console:
    """Return the console results go to. Off a terminal nothing is wrapped: grep must work."""
    plain = Console(highlight=False, soft_wrap=True)
    return plain if plain.is_terminal else Console(highlight=False, soft_wrap=True, width=240)


def grid(*heads: str, title: str = "") -> Grid:
    """Begin a table; a head that ends in `>` is set flush right."""
    table = Grid(title=title or None, title_justify="left", header_style="bold")
    for head in heads:
        table.add_column(head.rstrip(">"), justify="right" if head.endswith(">") else "left")
    return table


def show_check(
    counts: Sequence[Count],
    findings: Sequence[Finding],
    unchecked: Mapping[str, Sequence[str]],
    names: Mapping[str, str],
    quiet: bool,
    *,
    notices: Sequence[Finding] = (),
    towns: Mapping[str, int],
) -> None:
    """Show the account of the rows, then the findings by rule and place, then what wasn't checked.

    `unchecked` gives the rules that lack columns the names of these; `towns` the number of
    findings of each town, most first.
    """
    out = console()
    if not quiet:
        table = grid("工作簿", "工作表", "总行数>", "接收>", "退回>", "其他行>")
        for count in counts:
            others = "、".join(f"{_IGNORED[one.reason]}{one.rows}" for one in count.ignored)
            table.add_row(
                count.file,
                names.get(count.table, count.sheet),
                str(count.rows),
                str(count.accepted),
                str(count.rejected),
                others,
            )
        out.print(table)
    for code, number in Counter(one.code for one in findings).most_common():
        shown = [one for one in findings if one.code == code]
        severity = words.SEVERITIES[shown[0].severity]
        head = f"[{code}] {words.rule(code)['title']}：{number} 处（{severity}）"
        out.print(head, markup=False, style="bold")
        for one in shown[:MOST]:
            out.print(f"  {words.source_words(one.source)}  {words.sentence(one)}", markup=False)
        if number > MOST:
            out.print(f"  …… 另有 {number - MOST} 处，用 --json 看全部", markup=False)
        out.print(f"  → {words.todo(shown[0])}（依据：{words.basis(shown[0])}）", markup=False)
    errors = sum(one.severity == "error" for one in findings)
    warnings = sum(one.severity == "warning" for one in findings)
    if notices and not quiet:
        out.print(f"读名册时的提示 {len(notices)} 条：", style="bold")
        for one in notices[:MOST]:
            out.print(f"  {words.source_words(one.source)}  {words.sentence(one)}", markup=False)
        if len(notices) > MOST:
            out.print(f"  …… 另有 {len(notices) - MOST} 条，用 --json 看全部", markup=False)
    if len(towns) > 1:
        out.print("各镇街（多的在前）：" + "、".join(f"{name} {n}" for name, n in towns.items()))
    if unchecked:
        lacking = "；".join(f"{code}（缺列 {'、'.join(cols)}）" for code, cols in unchecked.items())
        out.print(f"未检查 {len(unchecked)} 条：{lacking}", markup=False)
    out.print(f"检查完毕：错误 {errors}，提醒 {warnings}" if findings else "检查完毕：没有发现问题")


def show_acceptance(
    rows: Iterable[tuple[str, str, Mapping[str, int], Verdict | None, Sequence[Verdict]]],
    area: Iterable[Verdict],
) -> None:
    """Show one line a village: households, passed, failed, conclusion, and what fails."""
    out = console()
    table = grid("镇街", "行政村", "贫困户>", "达标>", "未达标>", "缺数据>", "结论", "未达标项")
    ends: Counter[str] = Counter()
    for town, name, tally, conclusion, verdicts in rows:
        ends[conclusion.outcome.value if conclusion else "—"] += 1
        failing = [
            f"{one.target.name}{_score(one)}"
            for one in verdicts
            if one.outcome is Outcome.UNMET and one is not conclusion
        ]
        table.add_row(
            town,
            name,
            str(tally["households"]),
            str(tally["met"]),
            str(tally["unmet"]),
            str(tally["missing"]),
            conclusion.outcome.value if conclusion else "—",
            "；".join(failing),
        )
    out.print(table)
    out.print("　".join(f"{name} {number} 村" for name, number in sorted(ends.items())))
    table = grid("指标", "范围", "完成>", "应完成>", "共>", "结论")
    for one in area:
        if one.outcome is not Outcome.INAPPLICABLE:
            whole = str(one.total) if one.total is not None else ""
            table.add_row(
                one.target.name, one.target.scope, _number(one.value), _number(one.threshold),
                whole, one.outcome.value + ("（预测）" if one.forecast else ""),
            )  # fmt: skip
    out.print(table)


def _number(value: Value) -> str:
    """Write a figure without needless digits: at most two decimals."""
    if not isinstance(value, int | Decimal) or isinstance(value, bool):
        return "" if value is None else str(value)
    return f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, Decimal) else f"{value:,}"


def show_funds(funds: Sequence[FundFigure]) -> None:
    """Show what the funds of the policy come to, by payer and by year."""
    if not funds:
        return
    table = grid("资金", "怎么算", "合计（元）>", "分担、分期（元）", "与原文")
    for one in funds:
        base = one.fund.base
        count = (
            f"{base.name} {_number(one.count)}{base.unit}" if base and one.count is not None else ""
        )
        rate = f" × {_number(one.each)}" if base and one.each is not None and one.each != 1 else ""
        parts = [f"{payer} {_number(amount)}" for payer, amount in one.shares]
        parts += [f"{year}年 {_number(amount)}" for year, amount in one.instalments]
        stated = "" if one.fund.stated is None else ("相符" if one.holds else "不符")
        table.add_row(one.fund.name, count + rate, _number(one.total), "；".join(parts), stated)
    console().print(table)


def _score(verdict: Verdict) -> str:
    return f" {verdict.value}/{verdict.total}" if verdict.total is not None else ""


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
    by_reason = Counter(_REASONS[paper.because.reason] for paper in due)
    parts = "、".join(f"{reason} {number}" for reason, number in by_reason.items())
    out.print(f"要制作 {len(due)} 份{f'（{parts}）' if parts else ''}，无需改动 {len(kept)} 份")
    if lacking:
        out.print(f"方案要求、尚无模板的文书 {len(lacking)} 项：{'、'.join(lacking)}")


def reason_words(because: Because) -> str:
    """Say why a paper is due, and that it would correct one that is in force."""
    if because.reason == "edited" and because.changes:
        return "已手改，数据有变"
    words = _REASONS[because.reason]
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
        out.print(f"装订 {len(bound)} 卷，无需改动 {len(kept)} 卷，跳过 {len(skipped)} 卷")


def show_skipped(out: Console, skipped: Sequence[Skipped]) -> None:
    """Show the papers that were skipped, each with its reason."""
    if not skipped:
        return
    out.print(f"跳过 {len(skipped)} 份：", style="bold")
    for one in skipped[:MOST]:
        out.print(f"  {one.title}：{one.reason}", markup=False)
    if len(skipped) > MOST:
        out.print(f"  …… 另有 {len(skipped) - MOST} 份，用 --json 看全部")


def show_columns(
    rows: Iterable[
        tuple[str, str, str, tuple[int, int], bool, tuple[str, str, str, str, str, str]]
    ],
) -> None:
    """Show how each column was understood; what wasn't comes with the nearest guess."""
    table = grid("工作簿", "工作表", "名册表", "表头行", "列", "表头", "字段", "单位", "像")
    for file, sheet, name, (first, last), guessed, column in rows:
        letters, heading, field, field_id, unit, near = column
        head = f"{first}—{last}" if last > first else str(first or "")
        of = f"{name}（按表头认出）" if guessed else name or "（不是名册表）"
        known = f"{field}（{field_id}）" if field_id else "没认出" if heading else ""
        table.add_row(file, sheet, of, head, letters, heading, known, unit, near)
    console().print(table)


def show_log(lines: Iterable[tuple[Event, Sequence[Version]]]) -> None:
    """Show the log, oldest first."""
    out = console()
    table = grid("序号>", "时间（UTC）", "经办", "事项", "份数>", "文书", "说明")
    for event, about in lines:
        titles = "、".join(f"{version.title} 第{version.number}版" for version in about[:2])
        more = f" 等 {len(about)} 份" if len(about) > 2 else ""
        table.add_row(
            str(event.sequence),
            event.at,
            event.operator,
            EVENTS.get(event.what, event.what),
            str(len(about)),
            titles + more,
            event.reason,
        )
    out.print(table)


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
        ("状态", f"{STATES[state]}{issued_words(version, state) if version.issue else ''}"),
        *((("更正", version.issue.corrects),) if version.issue and version.issue.corrects else ()),
        (
            "来历",
            {"made": "系统制作", "bound": "装订", "edited": "手改后收回"}.get(
                version.origin, version.origin
            ),
        ),
        ("制作原因", _REASONS.get(version.because, version.because)),
        ("数据截止", version.as_of.isoformat()),
        ("名册", "、".join(workbooks)),
        ("页数", str(version.pages)),
        ("上一版", version.parent[:16] or "（首版）"),
        *(("文件", f"{entry.path}  {entry.sha256[:16]}") for entry in version.files),
        *(("事件", _happened(event)) for event in events),
    ):
        table.add_row(name, value)
    out.print(table)


def _happened(event: Event) -> str:
    why = f"  {event.reason}" if event.reason else ""
    return f"{event.at}  {event.operator}  {EVENTS.get(event.what, event.what)}{why}"


def show_stats(rows: Iterable[tuple[str, int, int, int, int, str]], outputs: str) -> None:
    """Show what the history holds, by kind of paper."""
    table = grid("文书", "份数>", "版本>", "页数>", "大小>", "例")
    for _, documents, versions, pages, size, example in rows:
        table.add_row(
            PurePosixPath(example).stem,
            str(documents),
            str(versions),
            str(pages),
            f"{size / 1_000_000:.1f} MB",
            f"{outputs}/{example}",
        )
    console().print(table)
