"""Answers about the past: what differs, from which cells, who changed it; coloured or HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from html import escape
from typing import Any

from rich.text import Text

from pipeline.model import Change, Event, Source, Version
from pipeline.report.as_json import change as change_shape
from pipeline.report.as_json import event as event_shape
from pipeline.report.as_json import place
from pipeline.report.as_json import version as version_shape
from pipeline.report.making import change_words
from pipeline.report.past import EVENTS
from pipeline.report.terminal import MOST, console, grid
from pipeline.report.words import source_words

_NEAR = 24
"""Letters of unchanged text that are shown beside a change."""
_CELLS = 8
"""Cells that are shown of one figure that changed."""
_DIGITS = 4

Operand = tuple[str, Any, Source]
"""Field, value and place of a cell."""
Shift = tuple[Change, Sequence[tuple[Operand | None, Operand | None]]]
"""A figure that changed and the cells that differ: before and after."""
Words = Sequence[tuple[str, str]]
"""`same`, `gone` or `new`, and the text."""


def show_trace(version: Version, path: str, value: Any, operands: Sequence[Operand]) -> None:
    """Show from which cells a figure came."""
    out = console()
    out.print(f"{_named(version)}　{path} = {_short_figure(value)}", markup=False)
    if not operands:
        out.print("不来自名册：出自方案（scheme.toml）或由系统填写", markup=False)
        return
    table = grid("工作簿·工作表·单元格", "字段", "值")
    for field, cell, source in operands[:MOST]:
        table.add_row(source_words(source), field, _said(cell))
    out.print(table)
    if len(operands) > MOST:
        out.print(f"…… 另有 {len(operands) - MOST} 格，用 --json 看全部")
    for line in _sums(operands):
        out.print(line, markup=False)


def _sums(operands: Sequence[Operand]) -> Iterator[str]:
    """Say how many cells there are of each field and what they come to, where that is more."""
    for field in dict.fromkeys(name for name, _, _ in operands):
        values = [value for name, value, _ in operands if name == field]
        numbers = [value for value in values if type(value) in (int, Decimal)]
        if len(values) > 1:
            total = f"，合计 {sum(numbers, Decimal(0)):,f}" if numbers else ""
            yield f"{field}：{len(values)} 格{total}"


def _short_figure(value: Any) -> str:
    """Write a part as what it is, a figure with no more digits than anybody reads."""
    if isinstance(value, Mapping | list):
        return f"（{len(value)} {'项' if isinstance(value, Mapping) else '行'}，用 --json 看全部）"
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return _said(value)
    brief = round(exact, _DIGITS)
    return str(value) if brief == exact or not exact.is_finite() else f"{brief:f}（约）"


def show_diff(old: Version, new: Version, shifts: Sequence[Shift], words: Words) -> None:
    """Show which figures and words differ between two versions."""
    out = console()
    out.print(f"{_named(old)} → {_named(new)}", style="bold", markup=False)
    _show_shifts(shifts)
    if not shifts:
        out.print("字段没有不同")
    text = Text("文字：")
    colour = out.is_terminal
    for how, part in words:
        if how == "same":
            text.append(_short(part))
        elif how == "gone":
            text.append(part if colour else f"[-{part}-]", style="red strike")
        else:
            text.append(part if colour else f"{{+{part}+}}", style="green")
    out.print(text if any(how != "same" for how, _ in words) else "文字没有不同")


def show_blame(lines: Iterable[tuple[Event, Version, Sequence[Shift]]]) -> None:
    """Show who changed what, oldest first."""
    out = console()
    none = True
    for event, version, shifts in lines:
        none = False
        what = EVENTS.get(event.what, event.what)
        reason = f"：{event.reason}" if event.reason else ""
        line = f"{event.at}  {event.operator}  {what}  {_named(version)}{reason}"
        out.print(line, style="bold", markup=False)
        _show_shifts(shifts)
    if none:
        out.print("这段时间没有变动")


def _show_shifts(shifts: Sequence[Shift]) -> None:
    out = console()
    for change, cells in shifts:
        out.print(f"  {change_words(change)}（{change.path}）", markup=False)
        for before, after in cells[:_CELLS]:
            out.print(f"    {_cell_words(before, after)}", markup=False)
        if len(cells) > _CELLS:
            out.print(f"    …… 另有 {len(cells) - _CELLS} 格，用 --json 看全部", markup=False)


def diff_page(old: Version, new: Version, shifts: Sequence[Shift], words: Words) -> str:
    """Write the difference of two versions as one HTML page that needs nothing else."""
    rows = "".join(
        f"<tr><td>{escape(change.of)}</td><td>{escape(change.label)}</td>"
        f"<td><del>{escape(change.old)}</del></td><td><ins>{escape(change.new)}</ins></td><td>"
        + "<br>".join(escape(_cell_words(before, after)) for before, after in cells)
        + "</td></tr>"
        for change, cells in shifts
    )
    tags = {"same": "span", "gone": "del", "new": "ins"}
    text = "".join(f"<{tags[how]}>{escape(part)}</{tags[how]}>" for how, part in words)
    return (
        '<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8">'
        f"<title>{escape(_named(old))} → {escape(_named(new))}</title><style>"
        "body{font-family:serif;max-width:60em;margin:2em auto;line-height:1.7}"
        "table{border-collapse:collapse}td,th{border:1px solid #999;padding:.2em .6em}"
        "del{background:#fdd;color:#900}ins{background:#dfd;color:#060;text-decoration:none}"
        f"</style><h1>{escape(_named(old))} → {escape(_named(new))}</h1>"
        "<h2>字段</h2><table><tr><th>对象</th><th>字段</th><th>原</th><th>现</th>"
        f"<th>名册单元格</th></tr>{rows}</table><h2>文字</h2><p>{text}</p></html>"
    )


def traced(version: Version, path: str, value: Any, operands: Sequence[Operand]) -> dict[str, Any]:
    """Return a figure and its cells."""
    return {
        "version": version_shape(version),
        "path": path,
        "value": value,
        "cells": [_operand(one) for one in operands],
    }


def differing(old: Version, new: Version, shifts: Sequence[Shift], words: Words) -> dict[str, Any]:
    """Return what differs between two versions."""
    return {
        "old": version_shape(old),
        "new": version_shape(new),
        "fields": [_shift(one) for one in shifts],
        "text": [{"how": how, "text": part} for how, part in words if how != "same"],
    }


def blamed(event: Event, version: Version, shifts: Sequence[Shift]) -> dict[str, Any]:
    """Return one step of a paper and what it changed."""
    return {**event_shape(event, [version]), "fields": [_shift(one) for one in shifts]}


def _shift(one: Shift) -> dict[str, Any]:
    change, cells = one
    return {
        **change_shape(change),
        "cells": [{"old": _operand(before), "new": _operand(after)} for before, after in cells],
    }


def _operand(one: Operand | None) -> dict[str, Any] | None:
    return {"field": one[0], "value": one[1], **place(one[2])} if one else None


def _cell_words(before: Operand | None, after: Operand | None) -> str:
    one = after or before
    assert one is not None
    was = _said(before[1]) if before else "（无）"
    now = _said(after[1]) if after else "（无）"
    return f"{source_words(one[2])} {one[0]} {was} → {now}"


def _said(value: Any) -> str:
    return "（空）" if value in (None, "") else str(value)


def _named(version: Version) -> str:
    return f"{version.title}第{version.number}版"


def _short(text: str) -> str:
    return text if len(text) <= 2 * _NEAR else f"{text[:_NEAR]} …… {text[-_NEAR:]}"
