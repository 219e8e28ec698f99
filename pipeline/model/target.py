"""Parameters and targets: the figures a policy sets, and the closed forms they are judged by."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from pipeline.model.data import Data, Level, Op, Where

Form = Literal[
    "threshold",
    "ratio_to_reference",
    "ratio",
    "increase",
    "top_up",
    "count",
    "sum",
    "each",
    "present",
    "checklist",
    "date_by",
    "days",
    "composite",
    "share",
    "relapse",
    "text",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated(Data):
    """A value and the day from which it holds."""

    since: date
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter(Data):
    """A figure of the policy: dated values, a unit, and the line it stands in."""

    id: str
    name: str
    unit: str
    source: str
    values: tuple[Dated, ...]

    def on(self, day: date) -> Decimal | None:
        """Return the value in force on a day, None before the first."""
        held = [dated for dated in self.values if dated.since <= day]
        return max(held, key=lambda dated: dated.since).value if held else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch(Data):
    """For subjects like this, these targets decide."""

    all_of: tuple[str, ...]
    where: Where = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Data):
    """A target of the policy bound to one closed form; what its keys mean depends on the form.

    threshold           `field` (per active member if `per_member`) `op` `parameter`
    ratio_to_reference  `field` `op` `parameter` × the year's figure of the series `reference`
    ratio               `field` / `over` `op` `parameter`
    increase            `field` - `over` `op` `parameter`
    top_up              `field` raised to `parameter` where `enforced`; the shortfall is reported
    count               rows of `table` that belong to the subject and fit `counted` (different
                        values of `distinct`, where given): `op` `parameter`, or at least `least`
    sum                 Σ `field` of those rows `op` `parameter`
    each                every one of those rows fits `must`
    days                in every one of those rows `over` - `field` + 1 days `op` `parameter`
    present             `field` is filled
    checklist           every field of `fields` is 是
    date_by             `field` not after `deadline`, and not before `since`
    composite           the targets of the first `branch` that fits; lower ones as a group
    share               of the subjects of target `of` below, `share` pass (ceil, cumulative);
                        or the share `parameter` has on the day of the roster
    relapse             target `of` was met in an earlier snapshot and isn't now
    text                nothing to compute: a ledger line

    A row of a table that belongs to nobody but the area has the level of the area.
    """

    id: str
    indicator: str
    name: str
    level: Level
    form: Form
    source: str
    field: str = ""
    over: str = ""
    fields: tuple[str, ...] = ()
    per_member: bool = False
    op: Op = ">="
    parameter: str = ""
    reference: str = ""
    """A measure of the table of statistics; of the year the roster is of."""
    table: str = ""
    counted: Where = dataclasses.field(default_factory=dict)
    must: Where = dataclasses.field(default_factory=dict)
    distinct: str = ""
    least: int = 1
    unit: str = ""
    """Of what is counted; a threshold's unit is its parameter's."""
    of: str = ""
    branch: tuple[Branch, ...] = ()
    share: Decimal = Decimal(1)
    where: Where = dataclasses.field(default_factory=dict)
    enforced: Where = dataclasses.field(default_factory=dict)
    """For subjects outside this condition the figure is printed and no verdict is given."""
    scope: str = ""
    """Whom it is about, as a paper prints it: 有劳动力贫困户."""
    hedge: str = ""
    since: date | None = None
    deadline: date | None = None
    defaults: tuple[str, ...] = ()
    """Ids of the assumptions (A-HD3 …) a paper must admit when it prints this target."""
    note: str = ""
