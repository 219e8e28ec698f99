"""The papers a scheme asks for, and what we make of each: made, prefilled, received, not yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.model import DocumentKind, DocumentRule, Scheme
from pipeline.report.terminal import console, grid

STATES = {"made": "制作", "prefilled": "预填", "received": "归档", "lacking": "未做"}
"""What we make of a paper; `lacking` has no template yet."""
LEVELS = {
    "prefecture": "地级市", "county": "县区", "town": "镇街", "village": "行政村",
    "household": "户", "member": "人", "unit": "帮扶单位", "project": "项目",
}  # fmt: skip
_STATUS = {"explicit": "原文写明", "implied": "原文所需", "extra": "系统默认"}
_PERIODS = {"month": "〈月〉", "quarter": "〈季度〉", "year": "〈年〉"}
_PLACES = ("〈县区〉", "〈镇街〉", "〈村〉", "〈户〉")
_DEPTH = {"county": 1, "town": 2, "village": 3, "household": 4, "member": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One paper of a scheme, and what becomes of it."""

    rule: DocumentRule
    family: str
    state: str
    """A key of `STATES`."""
    file: str
    """Where its files lie below `outputs/<scheme>/`; empty for what we don't make."""

    @property
    def own(self) -> bool:
        """Tell whether it is a document of the policy: no default, no further paper of one."""
        return self.rule.status != "extra" and not self.rule.of


def asked(scheme: Scheme, kinds: Mapping[str, DocumentKind]) -> tuple[Asked, ...]:
    """Return every paper of a scheme: the policy's in its order, the system's defaults last."""
    rows = (_asked(rule, scheme, kinds) for rule in scheme.document)
    return tuple(sorted(rows, key=lambda one: one.rule.status == "extra"))


def _asked(rule: DocumentRule, scheme: Scheme, kinds: Mapping[str, DocumentKind]) -> Asked:
    kind = kinds.get(rule.kind)
    if rule.origin == "received":
        state = "received"
    else:
        state = rule.origin if kind else "lacking"
    return Asked(
        rule=rule,
        family=kind.family if kind else "其他",
        state=state,
        file=_file(rule, scheme, kind) if kind and state != "received" else "",
    )


def _file(rule: DocumentRule, scheme: Scheme, kind: DocumentKind) -> str:
    tree = "公开" if kind.audience == "public" else "内部"
    places = [scheme.area.name]
    if rule.level == "unit":
        places += ["帮扶单位", "〈单位〉"]
    else:
        first = 0 if scheme.area.level == "prefecture" else 1
        places += _PLACES[first : _DEPTH.get(rule.level, 0)]
    endings = "docx、pdf" if kind.engine == "docx" else "pdf"
    return f"{tree}/{'/'.join(places)}/{rule.name}{_PERIODS.get(rule.every, '')}.{endings}"


def counted(rows: tuple[Asked, ...]) -> dict[str, int]:
    """Count the documents of the policy by what we make of them."""
    return {state: sum(one.own and one.state == state for one in rows) for state in STATES}


def show_asked(scheme: Scheme, rows: tuple[Asked, ...]) -> None:
    """Print every paper of a scheme with its source and what we make of it."""
    table = grid("编号", "文书", "类", "层级", "发文", "频次", "我们", "由来", "出处")
    for one in rows:
        rule = one.rule
        table.add_row(
            rule.id, rule.name, one.family, LEVELS[rule.level], rule.issuer, rule.frequency,
            STATES[one.state] + ("" if rule.made else "（默认不做）"),
            f"属 {rule.of}" if rule.of else _STATUS[rule.status], rule.source,
        )  # fmt: skip
    out = console()
    out.print(table)
    own = counted(rows)
    extra = sum(one.rule.status == "extra" for one in rows)
    words = "、".join(f"{STATES[state]} {count}" for state, count in own.items() if count)
    more = f"；另有系统默认 {extra} 份" if extra else ""
    out.print(f"{scheme.name}：政策要的文书 {sum(own.values())} 份（{words}）{more}")


def as_json(scheme: Scheme, rows: tuple[Asked, ...]) -> dict[str, Any]:
    """Return every paper of a scheme, and how many documents the policy asks for."""
    own = counted(rows)
    return {
        "scheme": scheme.id,
        "asked": sum(own.values()),
        "counts": own,
        "documents": [
            {
                "id": one.rule.id,
                "of": one.rule.of,
                "name": one.rule.name,
                "kind": one.rule.kind,
                "family": one.family,
                "level": one.rule.level,
                "issuer": one.rule.issuer,
                "frequency": one.rule.frequency,
                "status": one.rule.status,
                "state": one.state,
                "made": one.rule.made,
                "file": one.file,
                "source": one.rule.source,
            }
            for one in rows
        ],
    }


def markdown(scheme: Scheme, rows: tuple[Asked, ...]) -> Iterator[str]:
    """Yield the lines of a scheme's table for docs/coverage.md."""
    own = counted(rows)
    yield f"## {scheme.name}（{scheme.id}）"
    yield ""
    words = "，".join(f"{STATES[state]} {count}" for state, count in own.items() if count)
    yield f"政策要的文书 {sum(own.values())} 份：{words}。"
    yield ""
    yield "| 编号 | 文书 | 种类 | 类 | 层级 | 我们 | 文件（`outputs/<方案>/` 下） | 由来 | 出处 |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for one in rows:
        rule = one.rule
        status = f"属 {rule.of}" if rule.of else _STATUS[rule.status]
        state = STATES[one.state] + ("" if rule.made else "（默认不做）")
        yield (
            f"| {rule.id} | {rule.name} | `{rule.kind}` | {one.family} | {LEVELS[rule.level]} "
            f"| {state} | {one.file} | {status} | {rule.source} |"
        )
    yield ""
