"""How an area stands against its targets, and its funds, on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from pipeline.model import FundFigure, Outcome, Value, Verdict
from pipeline.report.terminal import console, grid


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


def _number(value: Value) -> str:
    """Write a figure without needless digits: at most two decimals."""
    if not isinstance(value, int | Decimal) or isinstance(value, bool):
        return "" if value is None else str(value)
    return f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, Decimal) else f"{value:,}"


def _score(verdict: Verdict) -> str:
    return f" {verdict.value}/{verdict.total}" if verdict.total is not None else ""
