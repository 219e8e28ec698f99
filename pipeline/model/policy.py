"""A scheme and its kinds of paper: everything a policy fixes, as data.

These classes are the grammar of `scheme.toml` and `kind.toml`; `schemes` reads them. An unknown
key is an error, so a misspelt threshold can't be ignored.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

from pipeline.model.data import Data, Level, Where
from pipeline.model.finding import Severity
from pipeline.model.kind import DocumentRule
from pipeline.model.record import Column


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

    threshold  `field` (per active member if `per_member`) `op` `parameter`
    top_up     `field` raised to `parameter` where `enforced`; the shortfall is reported
    count      rows of `table` that belong to the subject, at least `least`
    present    `field` is filled
    checklist  every field of `fields` is 是
    date_by    `field` not after `deadline`
    composite  the targets of the first `branch` that fits the subject; lower ones as a group
    share      of the subjects of target `of` below, at least `share` pass (ceil, cumulative)
    text       nothing to compute: a ledger line
    """

    id: str
    indicator: str
    name: str
    level: Level
    form: Literal[
        "threshold",
        "top_up",
        "count",
        "present",
        "checklist",
        "date_by",
        "composite",
        "share",
        "text",
    ]
    source: str
    field: str = ""
    fields: tuple[str, ...] = ()
    per_member: bool = False
    op: Literal[">=", ">", "<=", "<"] = ">="
    parameter: str = ""
    table: str = ""
    least: int = 1
    unit: str = ""
    """Of what `least` counts; a threshold's unit is its parameter's."""
    of: str = ""
    branch: tuple[Branch, ...] = ()
    share: Decimal = Decimal(1)
    where: Where = dataclasses.field(default_factory=dict)
    enforced: Where = dataclasses.field(default_factory=dict)
    """For subjects outside this condition the figure is printed and no verdict is given."""
    scope: str = ""
    """Whom it is about, as a paper prints it: 有劳动力贫困户."""
    hedge: str = ""
    deadline: date | None = None
    defaults: tuple[str, ...] = ()
    """Ids of the assumptions (A-HD3 …) a paper must admit when it prints this target."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Data):
    """A check switched on for this scheme."""

    code: str
    severity: Severity = "error"
    settings: Mapping[str, str | int | Decimal | bool | tuple[str, ...]] = dataclasses.field(
        default_factory=dict
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(Data):
    """One criterion of who is identified as poor: a field of a household or of its members.

    A household needs one `include` of each group and no `exclude`; `priority` and `look` are
    recorded and decide nothing. A field that is empty meets no criterion.
    """

    group: str
    """四看, 五优先, 六进, 七不进."""
    name: str
    kind: Literal["include", "exclude", "priority", "look"]
    field: str
    source: str
    op: Literal["=", "!=", ">=", ">", "<=", "<", "filled"] = "="
    value: str | int | Decimal | bool | tuple[str, ...] = True
    table: Literal["households", "members"] = "households"
    """Of members, one that fits is enough."""
    severity: Severity = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Total(Data):
    """A total the policy states: rows of `table` that satisfy `where` must be `value`."""

    id: str
    name: str
    table: str
    value: int
    source: str
    where: Where = dataclasses.field(default_factory=dict)
    severity: Severity = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption(Data):
    """A default where the policy is silent or contradicts itself; printed in the 说明 when used."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Data):
    """A measure with its units in the printed order."""

    id: str
    name: str
    source: str
    lead: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    content: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FundRule(Data):
    """Where money comes from and who approves it."""

    id: str
    name: str
    source: str
    payer: str = ""
    payee: str = ""
    applicant: tuple[str, ...] = ()
    approver: tuple[str, ...] = ()
    supervisor: tuple[str, ...] = ()
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due(Data):
    """A date or window of the timetable, both ends included."""

    id: str
    what: str
    who: str
    until: date
    source: str
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Area(Data):
    """The area the scheme governs."""

    code: str
    name: str
    full: str
    level: Level
    parent: str
    province: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis(Data):
    """A paper the scheme rests on."""

    title: str
    number: str = ""
    issued: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive(Data):
    """What a dossier's cover says; blanks are left to the archive."""

    fonds: str = ""
    year: int = 0
    retention: str = ""
    category: str = ""
    subject: str = ""
    """The 问题 of a dossier's title: 精准扶贫."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePlan(Data):
    """How many synthetic rows `juanzong sample` makes, and from which list of real places."""

    divisions: str
    as_of: date
    seed: int
    villages: int
    leave_out: tuple[str, ...] = ()
    households: Mapping[str, int] = dataclasses.field(default_factory=dict)
    """Labour class to number of households."""
    organs: str = "organs.csv"
    units: str = "units.csv"
    """Helper units; one with a town helps only there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme(Data):
    """One policy: all of `inputs/<id>/scheme.toml`."""

    id: str
    name: str
    title: str
    """The campaign as the head of a paper names it."""
    year: int
    since: date
    until: date
    area: Area
    basis: tuple[Basis, ...]
    classifier: str = "个"
    """Guangdong counts villages in 条."""
    sample: bool = False
    jump: Decimal = Decimal("0.5")
    """Share of last year's figure from which a change wants a reason (`check --against`)."""
    archive: Archive = Archive()
    terms: Mapping[str, str] = dataclasses.field(default_factory=dict)
    parameter: tuple[Parameter, ...] = ()
    target: tuple[Target, ...] = ()
    rule: tuple[Rule, ...] = ()
    identification: tuple[Criterion, ...] = ()
    total: tuple[Total, ...] = ()
    assumption: tuple[Assumption, ...] = ()
    measure: tuple[Measure, ...] = ()
    fund: tuple[FundRule, ...] = ()
    due: tuple[Due, ...] = ()
    document: tuple[DocumentRule, ...] = ()
    extra_field: Mapping[str, tuple[Column, ...]] = dataclasses.field(default_factory=dict)
    """Roster table id to the columns this scheme adds to it."""
    require: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    """Roster table id to columns this scheme can't do without."""
    sample_plan: SamplePlan | None = None
    folder: Path = Path()
    """Where the scheme was read from; set by `schemes`."""

    def parameter_of(self, name: str) -> Parameter:
        """Return a parameter by id. Its existence was checked when the scheme was read."""
        return next(parameter for parameter in self.parameter if parameter.id == name)

    def target_of(self, name: str) -> Target:
        """Return a target by id. Its existence was checked when the scheme was read."""
        return next(target for target in self.target if target.id == name)
