"""What was read and what is wrong with it, on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pipeline.model import Count, Finding
from pipeline.report import words
from pipeline.report.terminal import MOST, console, grid

_IGNORED = {
    "title": "标题",
    "header": "表头",
    "repeated": "重复表头",
    "group": "分组",
    "note": "注",
    "total": "合计",
    "blank": "空行",
}


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
        shown = sorted((one for one in findings if one.code == code), key=_gravest)
        head = f"[{code}] {words.rule(code)['title']}：{number} 处（{_severities(shown)}）"
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


def _gravest(finding: Finding) -> int:
    return list(words.SEVERITIES).index(finding.severity)


def _severities(findings: Sequence[Finding]) -> str:
    """Say how grave the findings of a rule are: one word, or how many are of which."""
    counts = Counter(words.SEVERITIES[one.severity] for one in findings)
    if len(counts) == 1:
        return next(iter(counts))
    return "、".join(f"{word} {number}" for word, number in counts.items())
