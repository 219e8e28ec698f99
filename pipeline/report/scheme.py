"""A scheme as a person would read it: figures, targets, dates, papers, each with its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console

from pipeline.model import DocumentKind, DocumentRule, Scheme, Target
from pipeline.report.terminal import console, grid

_STATUS = {"explicit": "原文写明", "implied": "原文所需", "extra": "系统默认"}
_OPS = {">=": "不低于", ">": "高于", "<=": "不高于", "<": "低于"}
_AUDIENCES = {"public": "公开", "internal": "内部", "restricted": "受限"}


def show_schemes(schemes: Iterable[tuple[Scheme, Sequence[str]]]) -> None:
    """List the schemes of a workspace with the cut-off days of their rosters."""
    table = grid("方案", "名称", "地区", "起止", "名册截止")
    for scheme, days in schemes:
        table.add_row(
            scheme.id, scheme.name, scheme.area.full, f"{scheme.since}—{scheme.until}",
            "、".join(days) or "（无）",
        )  # fmt: skip
    console().print(table)


def show_scheme(scheme: Scheme, kinds: Mapping[str, DocumentKind]) -> None:
    """Print one scheme."""
    out = console()
    out.print(f"{scheme.name}（{scheme.id}）", style="bold")
    out.print(f"地区 {scheme.area.full}，{scheme.since} 至 {scheme.until}")
    for basis in scheme.basis:
        out.print(f"依据 《{basis.title}》{basis.number}")
    _parameters(out, scheme)
    _targets(out, scheme)
    _totals(out, scheme)
    _dates(out, scheme)
    _papers(out, scheme, kinds)
    _assumptions(out, scheme)


def show_kinds(kinds: Iterable[DocumentKind]) -> None:
    """List the kinds of paper there are templates for."""
    table = grid("文书", "标题", "类", "层级", "公开范围", "格式", "为什么用这种格式")
    for kind in kinds:
        table.add_row(
            kind.id, kind.title, kind.family, kind.level, _AUDIENCES[kind.audience], kind.engine,
            kind.why,
        )  # fmt: skip
    console().print(table)


def target_words(target: Target, scheme: Scheme) -> str:
    """Say what a target asks for: 不低于 10000 元/人·年."""
    if target.parameter:
        parameter = scheme.parameter_of(target.parameter)
        value = parameter.on(target.deadline or scheme.until)
        return f"{_OPS[target.op]} {value} {parameter.unit}"
    if target.form == "count":
        return f"不少于 {target.least} {target.unit}"
    if target.form == "share":
        return f"{target.share * 100:f}%（{scheme.target_of(target.of).name}）"
    if target.form == "composite":
        return "；".join("、".join(branch.all_of) for branch in target.branch)
    return {"date_by": "按期", "present": "有", "checklist": "全部为是"}.get(
        target.form, target.note
    )


def _parameters(out: Console, scheme: Scheme) -> None:
    table = grid("参数", "值", "单位", "自", "出处", title="参数")
    for parameter in scheme.parameter:
        for dated in parameter.values:
            table.add_row(
                parameter.name, f"{dated.value:f}", parameter.unit, str(dated.since),
                parameter.source,
            )  # fmt: skip
    out.print(table)


def _targets(out: Console, scheme: Scheme) -> None:
    table = grid("编号", "目标", "范围", "要求", "期限", "弱化", "出处", title="目标")
    for target in scheme.target:
        table.add_row(
            target.id, target.name, target.scope, target_words(target, scheme),
            str(target.deadline or ""), target.hedge, target.source,
        )  # fmt: skip
    out.print(table)


def _totals(out: Console, scheme: Scheme) -> None:
    if scheme.total:
        table = grid("总数", "应为>", "出处", title="原文写明的总数")
        for total in scheme.total:
            table.add_row(total.name, str(total.value), total.source)
        out.print(table)


def _dates(out: Console, scheme: Scheme) -> None:
    if scheme.due:
        table = grid("事项", "责任", "自", "至", "出处", title="期限（含首尾）")
        for due in scheme.due:
            table.add_row(due.what, due.who, str(due.since or ""), str(due.until), due.source)
        out.print(table)


def _papers(out: Console, scheme: Scheme, kinds: Mapping[str, DocumentKind]) -> None:
    table = grid("编号", "文书", "发文", "频次", "由来", "模板", "推定", "出处", title="文书")
    for rule in scheme.document:
        table.add_row(
            rule.id, rule.name, rule.issuer, rule.frequency, _STATUS[rule.status],
            _template(rule, kinds), "、".join(rule.assumed), rule.source,
        )  # fmt: skip
    out.print(table)


def _template(rule: DocumentRule, kinds: Mapping[str, DocumentKind]) -> str:
    if rule.origin == "received":
        return "外来归档"
    return kinds[rule.kind].engine if rule.kind in kinds else "—"


def _assumptions(out: Console, scheme: Scheme) -> None:
    if scheme.assumption:
        table = grid("编号", "默认口径", title="原文未写或相互矛盾之处")
        for assumption in scheme.assumption:
            table.add_row(assumption.id, assumption.text)
        out.print(table)
