"""A scheme as a person would read it: figures, targets, dates, papers, each with its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from rich.console import Console

from pipeline.model import DocumentKind, DocumentRule, Due, FundRule, Scheme, Target
from pipeline.report.terminal import console, grid

_STATUS = {"explicit": "原文写明", "implied": "原文所需", "extra": "系统默认"}
_OPS = {">=": "不低于", ">": "高于", "<=": "不高于", "<": "低于", "=": "等于"}
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
    _money(out, scheme)
    _rankings(out, scheme)
    _measures(out, scheme)
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
    if target.form == "share":
        return f"{_share(target, scheme)}（{scheme.target_of(target.of).name}）"
    if target.parameter:
        parameter = scheme.parameter_of(target.parameter)
        value = parameter.on(target.deadline or scheme.until)
        figure = f"{value:f} {parameter.unit}" if value is not None else "（未到时间）"
        if target.form == "ratio_to_reference":
            figure = f"{target.reference}的 {_percent(value)}"
        elif target.form == "ratio":
            figure = _percent(value)
        return f"{_FORMS.get(target.form, '')}{_OPS[target.op]} {figure}"
    if target.form in ("count", "sum"):
        return f"不少于 {target.least} {target.unit}"
    if target.form == "composite":
        return "；".join("、".join(branch.all_of) for branch in target.branch)
    if target.form == "increase":
        return "比上年增加" if not target.over else "比基期增加"
    if target.form == "relapse":
        return f"不返贫（{scheme.target_of(target.of).name}）"
    return {
        "date_by": "按期",
        "present": "有",
        "checklist": "全部为是",
        "each": "每一行都符合",
    }.get(target.form, target.note)


_FORMS = {"increase": "增加", "days": "每次", "sum": "合计"}


def _share(target: Target, scheme: Scheme) -> str:
    if not target.parameter:
        return _percent(target.share)
    steps = scheme.parameter_of(target.parameter).values
    return "、".join(f"{dated.since.year}年 {_percent(dated.value)}" for dated in steps)


def _percent(value: Decimal | None) -> str:
    return "" if value is None else f"{(value * 100).normalize():f}%"


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
            unit = " 万" if total.scale == 10_000 else ""
            table.add_row(total.name, f"{total.value:f}{unit}", total.source)
        out.print(table)
    if scheme.identity:
        table = grid("等式", "总数", "分项", "出处", title="应当相等")
        names = {total.id: total.name for total in scheme.total}
        for identity in scheme.identity:
            parts = " + ".join(names[name] for name in identity.parts)
            table.add_row(identity.name, names[identity.total], parts, identity.source)
        out.print(table)


def _dates(out: Console, scheme: Scheme) -> None:
    if scheme.due:
        table = grid("事项", "责任", "何时", "出处", title="期限（含首尾）")
        for due in scheme.due:
            table.add_row(due.what, due.who, due_words(due, scheme), due.source)
        out.print(table)


def due_words(due: Due, scheme: Scheme) -> str:
    """Say when a duty is due: 每季后20日内, 2016-11-15 至 2016-12-15."""
    if due.days:
        days = scheme.parameter_of(due.days).on(scheme.until)
        return f"自起始日起 {days} 天"
    if due.every:
        times = f" {due.times} 次" if due.times > 1 else ""
        within = f"后 {due.within} 日内" if due.within else ""
        return f"每{_EVERY[due.every]}{times}{within}"
    if due.days_of_year:
        return f"每年 {'、'.join(due.days_of_year)}"
    return " 至 ".join(str(day) for day in (due.since, due.until) if day)


_EVERY = {"month": "月", "quarter": "季", "year": "年"}


def _money(out: Console, scheme: Scheme) -> None:
    if scheme.fund:
        table = grid("编号", "资金", "来源", "怎么算", "出处", title="资金")
        for fund in scheme.fund:
            table.add_row(fund.id, fund.name, fund.payer, fund_words(fund, scheme), fund.source)
        out.print(table)


def fund_words(fund: FundRule, scheme: Scheme) -> str:
    """Say how a fund is reckoned: 贫困户家庭人口 × 20000 元/人；省级 60%、佛山市 30%."""
    words = [fund.rule] if fund.rule else []
    if fund.base:
        each = scheme.parameter_of(fund.each) if fund.each else None
        rate = f" × {each.on(scheme.until)} {each.unit}" if each else ""
        words.append(f"{fund.base.name}{rate}")
    elif fund.amount:
        amount = scheme.parameter_of(fund.amount)
        words.append(f"{amount.on(scheme.until)} {amount.unit}")
    if fund.share:
        words.append("、".join(f"{part.payer} {_percent(part.ratio)}" for part in fund.share))
    if fund.instalment:
        words.append("、".join(f"{part.year}年 {_percent(part.ratio)}" for part in fund.instalment))
    return "；".join(words)


def _rankings(out: Console, scheme: Scheme) -> None:
    if scheme.ranking:
        table = grid("编号", "排名", "分项（权重）", "名单", "出处", title="排名")
        for ranking in scheme.ranking:
            table.add_row(
                ranking.id,
                ranking.name,
                "、".join(f"{item.name} {item.weight:f}" for item in ranking.item),
                "、".join(
                    f"{'前' if cut.end == 'top' else '后'}{cut.places} {cut.name}"
                    for cut in ranking.list
                ),
                ranking.source,
            )
        out.print(table)


def _measures(out: Console, scheme: Scheme) -> None:
    if scheme.measure:
        table = grid("编号", "措施", "牵头", "责任", "配合", "出处", title="措施")
        for measure in scheme.measure:
            table.add_row(
                measure.id, measure.name, "、".join(measure.lead), "、".join(measure.responsible),
                "、".join(measure.support), measure.source,
            )  # fmt: skip
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
