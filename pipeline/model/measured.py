"""What a reading of a PDF against GB/T 9704 says: figures, conclusions, fonts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.model.finding import Severity

Form = Literal["", "文件", "纪要", "令", "信函"]
"""Form of a 公文 by its red head; empty without one."""
Conclusion = Literal["合格", "不合格", "不适用"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in millimetres from the sheet's top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Return its width."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Return its height."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Return the x of its vertical axis."""
        return (self.left + self.right) / 2

    def holds(self, other: Box, slack: float = 0.5) -> bool:
        """Tell whether another box lies inside."""
        return (
            other.left >= self.left - slack
            and other.right <= self.right + slack
            and other.top >= self.top - slack
            and other.bottom <= self.bottom + slack
        )

    def meets(self, other: Box) -> bool:
        """Tell whether the two overlap."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What one rule says of one thing: figure, target, tolerance, pages, conclusion."""

    code: str
    """G06: `report` has its words."""
    item: str
    """G06.body."""
    name: str
    value: str
    """Of what is 不适用, why it wasn't measured."""
    target: str
    tolerance: str
    pages: tuple[int, ...]
    """Where the figure was taken, from 1; empty when the whole paper is meant."""
    conclusion: Conclusion
    severity: Severity
    boxes: tuple[tuple[int, Box], ...]
    """Page and place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FontUse:
    """A font of a file and what was drawn with it."""

    name: str
    """Without its subset tag; `Type 3` for one the file draws itself."""
    embedded: bool
    subset: bool
    characters: int
    """How many different ones."""
    pages: tuple[int, ...]
    known: bool
    """Whether the house has it, so that its glyphs could be checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A paper against the standard."""

    form: Form
    pages: int
    measurements: tuple[Measurement, ...]
    fonts: tuple[FontUse, ...]
    matrices: tuple[tuple[float, float, float, float, float, float], ...]
    """Of each page: from millimetres on the sheet to its own points."""

    @property
    def fits(self) -> bool:
        """Tell whether nothing is 不合格."""
        return all(one.conclusion != "不合格" for one in self.measurements)
