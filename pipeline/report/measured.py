"""A PDF against GB/T 9704 as a table, with what to do about it."""

from __future__ import annotations

from itertools import groupby

from pipeline.model import Measured
from pipeline.report import words
from pipeline.report.terminal import console, grid

_STYLES = {"合格": "green", "不合格": "bold red", "不适用": "dim"}


def show_measured(name: str, measured: Measured) -> None:
    """Show each rule with figure, target, tolerance, page and conclusion, then the fonts."""
    out = console()
    form = f"{measured.form}格式" if measured.form else "没有红头，只看通用规则"
    table = grid("规则", "项目", "实测", "标准", "容差", "页>", "结论", title=f"{name}　{form}")
    asked = {line.code for line in measured.measurements if line.conclusion != "不适用"}
    unasked: dict[str, dict[str, None]] = {}
    for line in measured.measurements:
        if line.conclusion == "不适用":
            title = f"{line.code} {words.rule(line.code)['title']}"
            said = line.name if line.code in asked else title
            unasked.setdefault(line.value, {})[said] = None
    for line in measured.measurements:
        if line.conclusion == "不适用":
            continue
        table.add_row(
            line.code,
            line.name,
            line.value,
            line.target,
            line.tolerance,
            pages(line.pages),
            line.conclusion,
            style=_STYLES[line.conclusion] if line.conclusion == "不合格" else None,
        )
    out.print(table)
    table = grid("字体", "嵌入", "子集", "字数>", "页", "核对")
    for font in measured.fonts:
        table.add_row(
            font.name,
            "是" if font.embedded else "否",
            "是" if font.subset else "否",
            str(font.characters),
            pages(font.pages),
            "逐字核对" if font.known else "字体库没有",
        )
    out.print(table)
    for why, untouched in unasked.items():
        out.print(f"没有看（{why}）：{'、'.join(untouched)}", style="dim", markup=False)
    looked_at = {line.item for line in measured.measurements if line.conclusion != "不适用"}
    failed = [line for line in measured.measurements if line.conclusion == "不合格"]
    for code, lines in groupby(failed, key=lambda line: line.code):
        names = "、".join(dict.fromkeys(line.name for line in lines))
        rule = words.rule(code)
        out.print(f"[{code}] {names} → {rule['todo']}（依据：{rule['source']}）", markup=False)
    count = f"不合格 {len(failed)} 处" if failed else "没有不合格的地方"
    out.print(f"共 {measured.pages} 页，看了 {len(looked_at)} 项，{count}")


def pages(numbers: tuple[int, ...]) -> str:
    """Return `1—3、5`."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return "、".join(f"{run[0]}—{run[-1]}" if len(run) > 1 else str(run[0]) for run in found)
