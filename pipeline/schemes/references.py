"""What a scheme refers to has to be there, and what it defines once only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pipeline.model import LEVELS, Scheme

_NEEDS = {
    "threshold": ("field", "parameter"),
    "ratio_to_reference": ("field", "parameter", "reference"),
    "ratio": ("field", "over", "parameter"),
    "increase": ("field",),
    "top_up": ("field", "parameter"),
    "count": ("table",),
    "sum": ("table", "field"),
    "each": ("table", "must"),
    "present": ("field",),
    "checklist": ("fields",),
    "date_by": ("field",),
    "days": ("table", "field", "over", "parameter"),
    "composite": ("branch",),
    "share": ("of",),
    "relapse": ("of",),
}
"""The keys a form can't do without."""


def dangling(scheme: Scheme) -> Iterator[str]:
    """Yield what is wrong with the references of a scheme, each as one clause."""
    yield from _targets(scheme)
    yield from _defaults(scheme)
    yield from _papers(scheme)
    yield from _others(scheme)
    yield from _twice(scheme)


def _targets(scheme: Scheme) -> Iterator[str]:
    parameters, targets = _ids(scheme.parameter), _ids(scheme.target)
    levels = {*LEVELS[: LEVELS.index(scheme.area.level) + 1], "unit"}
    for target in scheme.target:
        if target.form != "text" and target.level not in levels:
            yield f"目标 {target.id} 的层级 {target.level} 不在方案的范围之内"
        for key in _NEEDS.get(target.form, ()):
            if not getattr(target, key):
                yield f"目标 {target.id}（{target.form}）缺少 {key}"
        if target.parameter and target.parameter not in parameters:
            yield f"目标 {target.id} 用到没有定义的参数 {target.parameter}"
        needed = {name for branch in target.branch for name in branch.all_of}
        needed |= {target.of} if target.of else set()
        for name in sorted(needed - targets):
            yield f"目标 {target.id} 用到没有定义的目标 {name}"


def _defaults(scheme: Scheme) -> Iterator[str]:
    known = _ids(scheme.assumption)
    users: dict[str, Iterable[Any]] = {
        "目标": scheme.target,
        "文书": scheme.document,
        "资金": scheme.fund,
        "排名": scheme.ranking,
        "期限": scheme.due,
    }
    for what, rows in users.items():
        for row in rows:
            for name in sorted(set(row.defaults) - known):
                yield f"{what} {row.id} 用到没有定义的默认口径 {name}"


def _papers(scheme: Scheme) -> Iterator[str]:
    targets, days = _ids(scheme.target), _ids(scheme.due)
    papers, rankings = _ids(scheme.document), _ids(scheme.ranking)
    for document in scheme.document:
        if document.due and document.due not in days:
            yield f"文书 {document.id} 用到没有定义的期限 {document.due}"
        if document.of and document.of not in papers:
            yield f"文书 {document.id} 属于没有定义的文书 {document.of}"
        said = {name: str(word) for name, word in document.settings.items()}
        named = {said.get(name, "") for name in ("steps", "conclusion", "exits")}
        for name in sorted({*document.targets, *named} - {""} - targets):
            yield f"文书 {document.id} 用到没有定义的目标 {name}"
        for name in sorted(set(said.get("ranking", "").split()) - rankings):
            yield f"文书 {document.id} 用到没有定义的排名 {name}"
    made = [
        (rule.kind, rule.variant, rule.level)
        for rule in scheme.document
        if rule.made and rule.origin != "received"
    ]
    for kind, variant, level in sorted({one for one in made if made.count(one) > 1}):
        name = f"{kind}.{variant}" if variant else kind
        yield f"有两项 {level} 一级的文书都是 {name}，用 variant 区分"


def _others(scheme: Scheme) -> Iterator[str]:
    parameters, targets = _ids(scheme.parameter), _ids(scheme.target)
    papers, totals = _ids(scheme.document), _ids(scheme.total)
    for due in scheme.due:
        if due.days and due.days not in parameters:
            yield f"期限 {due.id} 用到没有定义的参数 {due.days}"
        if due.document and due.document not in papers:
            yield f"期限 {due.id} 用到没有定义的文书 {due.document}"
    for fund in scheme.fund:
        for name in sorted({fund.each, fund.amount} - {""} - parameters):
            yield f"资金 {fund.id} 用到没有定义的参数 {name}"
        if fund.top_up and fund.top_up not in targets:
            yield f"资金 {fund.id} 用到没有定义的目标 {fund.top_up}"
        for parts in (fund.share, fund.instalment):
            if parts and sum(part.ratio for part in parts) != 1:
                yield f"资金 {fund.id} 的比例之和不是 1"
    for ranking in scheme.ranking:
        for item in ranking.item:
            if item.target and item.target not in targets:
                yield f"排名 {ranking.id} 用到没有定义的目标 {item.target}"
    for identity in scheme.identity:
        for name in sorted({identity.total, *identity.parts} - totals):
            yield f"等式 {identity.id} 用到没有定义的总数 {name}"


def _twice(scheme: Scheme) -> Iterator[str]:
    for what, rows in (
        ("参数", scheme.parameter),
        ("目标", scheme.target),
        ("文书", scheme.document),
        ("期限", scheme.due),
        ("资金", scheme.fund),
        ("默认口径", scheme.assumption),
    ):
        ids = [row.id for row in rows]
        for name in sorted({name for name in ids if ids.count(name) > 1}):
            yield f"{what} {name} 定义了不止一次"


def _ids(rows: Iterable[object]) -> set[str]:
    return {str(getattr(row, "id", "")) for row in rows}
