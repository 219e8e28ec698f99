"""What dossiers lack: on a terminal, as JSON, as a workbook."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from pipeline.model import Gap
from pipeline.report.terminal import console, grid

_HEADS = ("卷宗", "类别", "文件", "问题", "说明", "责任者", "性质", "依据")
_WIDTHS = (44, 8, 44, 18, 40, 40, 8, 8)
_MOST = 40
Row = tuple[str, int, int, Sequence[Gap]]
"""Title of a dossier, papers needed, papers held, gaps."""


def show_gaps(rows: Sequence[Row]) -> None:
    """Show how each dossier stands, then the gaps."""
    out = console()
    table = grid("卷宗", "应有>", "已有>", "缺件>", "签章日期>", "程序>", "其他>", "建议补充>")
    for title, needed, held, gaps in rows:
        codes = [gap.code for gap in gaps if gap.needed]
        counts = [codes.count(code) for code in ("D06", "D04", "D01")]
        counts += [len(codes) - sum(counts), len(gaps) - len(codes)]
        table.add_row(title, str(needed), str(held), *(str(count or "") for count in counts))
    out.print(table)
    list_gaps(rows, _MOST, "用 --json 或 --xlsx 看全部")


def list_gaps(rows: Sequence[Row], most: int, how: str) -> None:
    """List gaps, at most so many and how to see the rest; then how many dossiers are whole."""
    out = console()
    listed = [(title, gap) for title, _, _, gaps in rows for gap in gaps]
    for title, gap in listed[:most]:
        detail = f"（{gap.detail}）" if gap.detail else ""
        out.print(
            f"  {title} [{gap.filed}] {gap.title}：{gap.problem}{detail}，{gap.who}", markup=False
        )
    if len(listed) > most:
        out.print(f"  …… 另有 {len(listed) - most} 项，{how}")
    whole = sum(not any(gap.needed for gap in gaps) for _, _, _, gaps in rows)
    out.print(f"核对 {len(rows)} 卷：齐全 {whole} 卷，有缺 {len(rows) - whole} 卷")


def gaps_json(code: str, title: str, needed: int, held: int, gaps: Sequence[Gap]) -> dict[str, Any]:
    """Return how a dossier stands."""
    return {
        "subject": code,
        "title": title,
        "needed": needed,
        "held": held,
        "complete": not any(gap.needed for gap in gaps),
        "gaps": [
            {
                "code": gap.code,
                "class": gap.filed,
                "title": gap.title,
                "problem": gap.problem,
                "detail": gap.detail,
                "who": gap.who,
                "needed": gap.needed,
            }
            for gap in gaps
        ],
    }


def gaps_workbook(rows: Sequence[Row]) -> bytes:
    """Return a workbook with one line a gap; text stays text, whatever it begins with."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("缺件清单")
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    for column, (head, width) in enumerate(zip(_HEADS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width, wrapped)
        sheet.write_string(0, column, head, bold)
    line = 0
    for title, _, _, gaps in rows:
        for gap in gaps:
            line += 1
            kind = "必补" if gap.needed else "建议"
            cells = (title, gap.filed, gap.title, gap.problem, gap.detail, gap.who, kind, gap.code)
            for column, cell in enumerate(cells):
                sheet.write_string(line, column, cell)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(line, 1), len(_HEADS) - 1)
    book.close()
    return buffer.getvalue()
