"""What a dossier ought to hold, what it holds, and so what is missing or not in order."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.dossier.signature import Signature
from pipeline.model import Gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A paper that lies in the dossier."""

    title: str
    filed: str
    who: str
    """Who answers for it."""
    date: str = ""
    """YYYYMMDD; empty when it has none."""
    issued: bool = True
    signed: bool = True
    sealed: bool = True
    signature: Signature | None = None
    """Its electronic one, where that isn't whole."""
    lost: str = ""
    """Why it can't be bound."""
    photo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A paper the scheme asks for, and what stands in its place."""

    title: str
    filed: str
    who: str
    needed: bool
    """Asked for in so many words; else it is advised."""
    held: tuple[Held, ...] = ()


def gaps(slots: Sequence[Slot], others: Sequence[Held]) -> tuple[Gap, ...]:
    """Return what is missing and what is not in order, class by class as given.

    Args:
        slots: what the scheme asks for.
        others: what lies in the dossier besides.
    """
    found = [gap for slot in slots for gap in _slot(slot)]
    found += [gap for held in others for gap in _held(held)]
    everything = [*(held for slot in slots for held in slot.held), *others]
    return (*found, *_out_of_order(everything), *_without_photo(everything))


def _slot(slot: Slot) -> Iterator[Gap]:
    if not slot.held:
        yield Gap(
            code="D06",
            filed=slot.filed,
            title=slot.title,
            problem="缺件" if slot.needed else "建议补充",
            who=slot.who,
            needed=slot.needed,
        )
    for held in slot.held:
        yield from _held(held)


def _held(held: Held) -> Iterator[Gap]:
    if held.lost:
        yield _gap("D08", held, "装订不了", held.lost)
        return
    if held.photo:
        return
    if not held.issued:
        yield _gap("D10", held, "未印发", "还是草稿")
        return
    lacks = [
        word
        for word, there in (
            ("无日期", held.date),
            ("未签字", held.signed),
            ("未盖章", held.sealed),
        )
        if not there
    ]
    if lacks:
        yield _gap("D04", held, "、".join(lacks), "")
    if held.signature:
        yield _gap("D04", held, held.signature.words, held.signature.todo)


def _gap(code: str, held: Held, problem: str, detail: str) -> Gap:
    return Gap(
        code=code,
        filed=held.filed,
        title=held.title,
        problem=problem,
        detail=detail,
        who=held.who,
        needed=True,
    )


def _out_of_order(everything: Sequence[Held]) -> Iterator[Gap]:
    """Compare the first dated paper of each step with that of the step before it."""
    for chain in _rules()["chain"]:
        before: Held | None = None
        for words in chain["steps"]:
            found = [
                held
                for held in everything
                if held.date
                and not held.photo
                and chain["class"] in ("", held.filed)
                and any(word in held.title for word in words)
            ]
            if not found:
                continue
            first = min(found, key=lambda held: held.date)
            if before is not None and first is not before and first.date < before.date:
                detail = f"{_day(first.date)}，早于《{before.title}》{_day(before.date)}"
                yield _gap("D01", first, "程序倒置", detail)
            before = first


def _without_photo(everything: Sequence[Held]) -> Iterator[Gap]:
    for rule in _rules()["photo"]:
        for word in rule["words"]:
            posted = [held for held in everything if word in held.title and not held.photo]
            shown = any(held.photo and word in held.title for held in everything)
            if posted and not shown:
                yield _gap("D07", posted[0], "缺照片", f"没有题名含“{word}”的照片")


def _day(date: str) -> str:
    return f"{date[:4]}-{date[4:6]}-{date[6:]}"


@cache
def _rules() -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / "procedure.toml").read_text(encoding="utf-8"))
