"""The standard as data: what is asked, how far it may be missed, of which papers."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.model import Box, Severity

NO_FAULT = "未发现问题"
"""The figure of a search for faults that found none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that is asked: G06.body, the size of the body."""

    id: str
    name: str
    target: str = ""
    aim: float | None = None
    within: float | None = None
    least: float | None = None
    most: float | None = None
    unit: str = ""
    severity: Severity = "error"
    plain: bool = False
    """Asked of every paper, also one without a red head."""

    @property
    def code(self) -> str:
        """Return its rule: G06."""
        return self.id.partition(".")[0]

    def fits(self, value: float, aim: float | None = None) -> bool:
        """Tell whether a figure is what is asked; `aim` where it depends on the form."""
        wanted = self.aim if aim is None else aim
        if wanted is not None:
            return abs(value - wanted) <= (self.within or 0) + 1e-6
        return (self.least is None or value >= self.least - 1e-6) and (
            self.most is None or value <= self.most + 1e-6
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What a rule measured in one place."""

    item: str
    page: int
    value: str
    fits: bool
    boxes: tuple[Box, ...] = ()
    aim: float | None = None
    off: float = 0.0
    """How far from what is asked; the farthest of those that fit is shown."""


def number(
    item: str, value: float, page: int, boxes: Iterable[Box] = (), *, aim: float | None = None
) -> Figure:
    """Return a measured number, judged."""
    asked = items()[item]
    wanted = asked.aim if aim is None else aim
    digits = 2 if asked.unit == "mm" and (asked.aim or 9) < 1 else 1
    return Figure(
        item=item,
        page=page,
        value=f"{value:.{digits}f}".removesuffix(".0") + f" {asked.unit}",
        fits=asked.fits(value, aim),
        boxes=tuple(boxes),
        aim=aim,
        off=abs(value - wanted) if wanted is not None else value,
    )


@cache
def items() -> Mapping[str, Item]:
    """Return everything that is asked, by id."""
    return {name: Item(id=name, **given) for name, given in standard()["items"].items()}


@cache
def patterns() -> Mapping[str, re.Pattern[str]]:
    """Return what wrong forms look like, by item."""
    return {name: re.compile(text) for name, text in standard()["patterns"].items()}


@cache
def type_area() -> Box:
    """Return the 版心."""
    sheet = standard()["sheet"]
    return Box(sheet["left"], sheet["top"], sheet["right"], sheet["bottom"])


@cache
def standard() -> Mapping[str, Any]:
    """Read the file."""
    text = Path(__file__).with_name("standard.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
