"""One figure explained: its cells, the arithmetic, the line, the verdict, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from pipeline.model import Household, Outcome, Roster, Scheme, Source, Value, Verdict
from pipeline.report.scheme import target_words
from pipeline.report.terminal import console
from pipeline.report.words import source_words

_FEW = 6
"""So many operands are written out; of more only their number."""

Operand = tuple[str, Value, str, Source]
"""Name of the field, its value, its unit, its cell."""


def show_explanation(
    verdict: Verdict,
    operands: Sequence[Operand],
    below: Iterable[Verdict],
    scheme: Scheme,
    roster: Roster,
) -> None:
    """Print how a verdict came about."""
    out = console()
    target = verdict.target
    out.print(f"{target.id} {target.name}（{target.indicator}，{target.source}）", style="bold")
    out.print(f"对象：{verdict.subject.name}（{verdict.subject.code}）", markup=False)
    out.print(
        f"要求：{target_words(target, scheme)}" + (f"（{target.hedge}）" if target.hedge else "")
    )
    for name, value, unit, source in operands:
        out.print(f"  {name} {_word(value)}{unit}（{source_words(source)}）", markup=False)
    out.print(f"计算：{_figure(verdict, operands)}", markup=False)
    out.print(f"结论：{verdict.outcome.value}{_short(verdict)}", markup=False)
    for row in below:
        place = _place(row, roster)
        out.print(f"  · {row.subject.name}{place}：{_row(row)}", markup=False)
    out.print()


def _figure(verdict: Verdict, operands: Sequence[Operand]) -> str:
    """Write the formula with this subject's numbers."""
    target = verdict.target
    if verdict.total is not None:
        return f"{verdict.value}/{verdict.total} 达标，应达 {verdict.threshold}"
    words = _formula(verdict, [_word(value) for _, value, _, _ in operands])
    if verdict.reference is not None:
        share = _word(Decimal(str(verdict.threshold)) / verdict.reference)
        words += (
            f"；门槛 {share} × {target.reference} {_word(verdict.reference)}"
            f" = {_word(verdict.threshold)}"
        )
    return words + ("（预测）" if verdict.forecast else "")


def _formula(verdict: Verdict, numbers: Sequence[str]) -> str:
    target, value = verdict.target, _word(verdict.value)
    if target.per_member and len(numbers) > 1:
        return f"{numbers[0]} ÷ {numbers[1]} = {value}"
    if target.form == "ratio" and len(numbers) == 2:
        return f"{numbers[0]} ÷ {numbers[1]} = {value}"
    if target.form == "increase" and len(numbers) == 2:
        return f"{numbers[0]} - {numbers[1]} = {value}"
    if target.form == "sum" and numbers:
        return (
            f"{' + '.join(numbers) if len(numbers) <= _FEW else f'{len(numbers)} 行之和'} = {value}"
        )
    if target.form in ("each", "composite", "checklist"):
        return f"{value}/{_word(verdict.threshold)} 项达标"
    if verdict.top_up is not None:
        return f"{_word(verdict.own)} + 补足 {_word(verdict.top_up)} = {value}"
    return value


def _short(verdict: Verdict) -> str:
    value, line = verdict.value, verdict.threshold
    if verdict.outcome is not Outcome.UNMET or not isinstance(value, int | Decimal):
        return ""
    if not isinstance(line, int | Decimal) or isinstance(value, bool) or isinstance(line, bool):
        return ""
    return f"，差 {_word(Decimal(line) - Decimal(value))}"


def _row(verdict: Verdict) -> str:
    return f"{_word(verdict.value)}，{verdict.outcome.value}{_short(verdict)}"


def _place(verdict: Verdict, roster: Roster) -> str:
    household = roster.household.get(verdict.subject.code.split("|")[0])
    if not isinstance(household, Household) or verdict.subject.level not in {"household", "member"}:
        return ""
    return f"（{source_words(household.source())}）"


def _word(value: Value) -> str:
    if value is None:
        return "缺数据"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, int | Decimal):
        return str(value)
    shown = Decimal(value).quantize(Decimal("0.000001"), ROUND_HALF_UP).normalize()
    return f"{shown:f}"
