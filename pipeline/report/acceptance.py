"""The acceptance as a workbook: every target of every subject, shortfalls, money, ranks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from pipeline.model import Facts, Outcome, Scheme, Source, Value, Verdict
from pipeline.report.scheme import target_words
from pipeline.report.words import source_words

Line = tuple[str, str, str, Verdict]
"""County, town and village the subject lies in, and the verdict."""

LEVELS = {
    "prefecture": "市", "county": "县区", "town": "镇街", "village": "村", "household": "户",
    "member": "人", "unit": "单位",
}  # fmt: skip
_HEADS = (
    "层级", "县区", "镇街", "行政村", "对象", "对象代码", "目标", "指标", "名称", "要求",
    "数值", "门槛", "达标数", "应达标", "总数", "差额", "结论", "弱化用语", "预测", "依据单元格",
)  # fmt: skip
_WIDTHS = (6, 10, 12, 14, 14, 20, 9, 7, 26, 26, 14, 14, 8, 8, 8, 12, 9, 9, 6, 60)
_SHEETS = {
    "镇街以上": ("prefecture", "county", "town", "unit"),
    "村": ("village",),
    "户": ("household",),
}
_OUTCOME = _HEADS.index("结论")
_FEW = 6


def workbook(
    scheme: Scheme,
    facts: Facts,
    lines: Iterable[Line],
    sources: Callable[[Verdict], Sequence[Source]],
) -> bytes:
    """Return the workbook; the same facts give the same bytes."""
    buffer = BytesIO()
    # Row by row: 河源's 29,800 households are a million cells.
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True})
    day = facts.as_of
    book.set_properties({"created": dt.datetime(day.year, day.month, day.day)})  # noqa: DTZ001
    looks = {
        "head": book.add_format({"bold": True, "bg_color": "#DDEBF7", "text_wrap": True}),
        "text": book.add_format({"num_format": "@"}),
        "UNMET": book.add_format({"bg_color": "#FFC7CE"}),
        "MISSING": book.add_format({"bg_color": "#FFEB9C"}),
    }
    every = list(lines)
    failing = [line for line in every if _fails(line[3])]
    for name, levels in _SHEETS.items():
        rows = [line for line in every if line[3].subject.level in levels]
        _sheet(book, name, rows, scheme, sources, looks)
    _sheet(book, "未达标和缺数据", failing, scheme, sources, looks)
    _plain(book, "资金", _money(facts), looks)
    _plain(book, "排名", _ranks(scheme, facts), looks)
    book.close()
    return buffer.getvalue()


def shortfall(verdict: Verdict) -> Decimal | None:
    """Return by how much a figure misses its line; how many are missing in a group; None if not."""
    if verdict.outcome is not Outcome.UNMET:
        return None
    value, line = verdict.value, verdict.threshold
    if isinstance(value, bool) or isinstance(line, bool):
        return None
    if not isinstance(value, int | Decimal) or not isinstance(line, int | Decimal):
        return None
    return abs(Decimal(line) - Decimal(value))


def _fails(verdict: Verdict) -> bool:
    return verdict.outcome in (Outcome.UNMET, Outcome.MISSING)


def _sheet(
    book: Any,
    name: str,
    lines: Iterable[Line],
    scheme: Scheme,
    sources: Callable[[Verdict], Sequence[Source]],
    looks: Mapping[str, Any],
) -> None:
    page = book.add_worksheet(name)
    _head(page, _HEADS, _WIDTHS, looks)
    row = 0
    for row, (*places, verdict) in enumerate(lines, start=1):
        level = LEVELS[verdict.subject.level]
        for column, value in enumerate((level, *places, *_cells(verdict, scheme, sources))):
            look = looks.get(verdict.outcome.name) if column == _OUTCOME else None
            _write(page, row, column, value, look)
    page.autofilter(0, 0, max(1, row), len(_HEADS) - 1)


def _cells(
    verdict: Verdict, scheme: Scheme, sources: Callable[[Verdict], Sequence[Source]]
) -> tuple[Value, ...]:
    target, group = verdict.target, verdict.total is not None
    places = [source_words(source) for source in sources(verdict)]
    shown = "；".join(places[:_FEW]) + (f"；等{len(places)}处" if len(places) > _FEW else "")
    return (
        verdict.subject.name,
        verdict.subject.code,
        target.id,
        target.indicator,
        target.name,
        target_words(target, scheme),
        None if group else verdict.value,
        None if group else verdict.threshold,
        verdict.value if group else None,
        verdict.threshold if group else None,
        verdict.total,
        shortfall(verdict),
        verdict.outcome.value,
        target.hedge,
        "预测" if verdict.forecast else "",
        shown,
    )


def _money(facts: Facts) -> Iterator[tuple[Value, ...]]:
    yield (
        "编号",
        "资金",
        "基数",
        "标准（元）",
        "合计（元）",
        "分担或分期",
        "金额（元）",
        "与原文相符",
    )
    for one in facts.funds:
        held = "" if one.fund.stated is None else ("是" if one.holds else "否")
        yield (one.fund.id, one.fund.name, one.count, one.each, one.total, "", None, held)
        for payer, amount in one.shares:
            yield (one.fund.id, "", None, None, None, payer, amount, "")
        for year, amount in one.instalments:
            yield (one.fund.id, "", None, None, None, f"{year}年", amount, "")


def _ranks(scheme: Scheme, facts: Facts) -> Iterator[tuple[Value, ...]]:
    yield ("排名", "期间", "名次", "对象", "得分", "上期名次", "名单", "分项")
    names = {ranking.id: ranking for ranking in scheme.ranking}
    for (name, period), places in facts.rankings.items():
        items = names[name].item
        for one in places:
            rates = "；".join(
                f"{item.name} {rate * 100:.2f}%" if item.scale == 1 else f"{item.name} {rate:.4f}"
                for item, rate in zip(items, one.rates, strict=True)
                if rate is not None
            )
            yield (
                names[name].name, period, one.place, one.name, one.score, one.before,
                "、".join(one.lists), rates,
            )  # fmt: skip


def _plain(
    book: Any, name: str, rows: Iterable[tuple[Value, ...]], looks: Mapping[str, Any]
) -> None:
    page = book.add_worksheet(name)
    for row, values in enumerate(rows):
        if row == 0:
            _head(page, [str(value) for value in values], [18] * len(values), looks)
            continue
        for column, value in enumerate(values):
            _write(page, row, column, value, None)


def _head(page: Any, words: Sequence[str], widths: Sequence[int], looks: Mapping[str, Any]) -> None:
    for column, word in enumerate(words):
        page.set_column(column, column, widths[column])
        page.write_string(0, column, word, looks["head"])
    page.freeze_panes(1, 0)


def _write(page: Any, row: int, column: int, value: Value, look: Any) -> None:
    """Write numbers as numbers, everything else as text: no word becomes a formula."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_string(row, column, "是" if value else "否", look)
    elif isinstance(value, int | Decimal):
        page.write_number(row, column, float(value), look)
    else:
        page.write_string(row, column, str(value), look)
