"""发文字号 out of the log: which are taken, which comes next, and what became of each. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.errors import UsageError
from pipeline.model import Event, Numbered, NumberState, Series, Version, spelled, states

NUMBERED = "numbered"
"""The event that gives numbers: `reason` lists them in the order of its versions."""
SEPARATOR = "、"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A paper that is to have a number."""

    draft: Version
    series: Series | None
    """The series of its issuer, None where the scheme has none."""
    text: str = ""
    """The number the registry gave; empty for the next of the series."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A number that was given: to which paper, by whom, and what the paper did with it."""

    document: str
    title: str
    at: str
    operator: str
    state: NumberState
    why: str = ""


def taken(events: Iterable[Event], versions: Iterable[Version]) -> dict[str, Taken]:
    """Return every number that was given.

    Args:
        events: The log, oldest first.
        versions: All versions of the documents that ever were given one.

    Returns:
        Number to what is known of it.
    """
    log = list(events)
    known = {version.manifest: version for version in versions}
    life = states(known.values(), log)
    gone = [event for event in log if event.what == "withdrawn"]
    reasons = {name: event.reason for event in gone for name in event.versions}
    borne = {one.issue.number: one for one in known.values() if one.issue and one.issue.number}
    found: dict[str, Taken] = {}
    for event in log:
        if event.what != NUMBERED:
            continue
        for name, text in zip(event.versions, event.reason.split(SEPARATOR), strict=True):
            bearer = borne.get(text)
            state: NumberState = "已用" if bearer else "预留"
            if bearer and life[bearer.manifest] == "withdrawn":
                state = "已撤回"
            found[text] = Taken(
                document=known[name].document,
                title=known[name].title,
                at=event.at,
                operator=event.operator,
                state=state,
                why=reasons.get(bearer.manifest, "") if bearer else "已取号，还没有印发",
            )
    return found


def assign(wanted: Sequence[Wanted], known: Mapping[str, Taken]) -> tuple[str, ...]:
    """Choose a number for each paper: the one asked for, the one it holds already, or the next.

    Raises:
        UsageError: when a number asked for isn't free, or there is no series to take one from.
    """
    given: dict[str, str] = {}
    chosen = []
    for one in wanted:
        text = _asked(one, known, given) if one.text else _next(one, known, given)
        given[text] = one.draft.document
        chosen.append(text)
    return tuple(chosen)


def ledger(series: Series, known: Mapping[str, Taken]) -> tuple[Numbered, ...]:
    """Return every number of a series from its start to the highest known, each explained."""
    external = {one.number: one.title for one in series.external}
    void = {one.number: one.reason for one in series.void}
    ours = {order: one for text, one in known.items() if (order := series.order(text)) is not None}
    last = max([series.start - 1, *external, *void, *ours])
    lines = []
    for order in range(min([series.start, *external, *void, *ours]), last + 1):
        text = series.text(order)
        if order in ours:
            one = ours[order]
            lines.append(
                Numbered(
                    text=text,
                    state=one.state,
                    document=one.document,
                    title=one.title,
                    at=one.at,
                    operator=one.operator,
                    why=one.why,
                )
            )
        elif order in external:
            lines.append(Numbered(text=text, state="外部登记", title=external[order]))
        elif order in void:
            lines.append(Numbered(text=text, state="作废", why=void[order]))
        else:
            after = "被登记处指定的后号跳过，下一件取这个号"
            before = "在起始号之前，不由本系列给出"
            lines.append(
                Numbered(text=text, state="空号", why=after if order >= series.start else before)
            )
    return tuple(lines)


def _asked(one: Wanted, known: Mapping[str, Taken], given: Mapping[str, str]) -> str:
    text = one.text
    if text.isdecimal() and one.series:
        text = one.series.text(int(text))
    try:
        text = spelled(text)
    except ValueError:
        raise UsageError(
            f"“{one.text}”不是发文字号", todo="写成 代字〔年份〕序号号，如 花扶贫办〔2016〕16号"
        ) from None
    order = one.series.order(text) if one.series else None
    if one.series and order is not None:
        _refuse_registered(one.series, order)
    holder = known.get(text)
    if text in given or (holder and not _open(holder, one.draft.document)):
        title = holder.title if holder else given[text]
        raise UsageError(f"{text}已经给了《{title}》", todo="换一个号")
    return text


def _refuse_registered(series: Series, order: int) -> None:
    for external in series.external:
        if external.number == order:
            raise UsageError(f"{series.text(order)}已登记给《{external.title}》", todo="换一个号")
    for void in series.void:
        if void.number == order:
            raise UsageError(f"{series.text(order)}已作废：{void.reason}", todo="换一个号")


def _next(wish: Wanted, known: Mapping[str, Taken], given: Mapping[str, str]) -> str:
    series = wish.series
    held = next(
        (
            text
            for text, holder in known.items()
            if _open(holder, wish.draft.document)
            and text not in given
            and (series is None or series.order(text) is not None)
        ),
        "",
    )
    if held:
        return held
    if series is None:
        raise UsageError(
            f"《{wish.draft.title}》的发文单位在方案里没有这一年的发文字号系列",
            todo="用 --number 写登记处给的字号，或在 scheme.toml 里加 [[series]]",
        )
    barred = {one.number for one in series.external} | {one.number for one in series.void}
    order = series.start
    while order in barred or series.text(order) in known or series.text(order) in given:
        order += 1
    return series.text(order)


def _open(holder: Taken, document: str) -> bool:
    """Tell whether a number was given to this document and not used yet."""
    return holder.state == "预留" and holder.document == document
