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

from pipeline.model.data import Data, Where
from pipeline.model.finding import Severity
from pipeline.model.kind import DocumentRule
from pipeline.model.money import FundRule
from pipeline.model.ranking import Ranking
from pipeline.model.record import Column
from pipeline.model.sample import SamplePlan
from pipeline.model.series import Series
from pipeline.model.target import Parameter, Target
from pipeline.model.timetable import Due


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
    """A total the policy states: rows of `table` that satisfy `where`, or Σ of their `field`.

    With `scale` (10000 for 万) the roster is compared at the precision the policy prints.
    """

    id: str
    name: str
    table: str
    value: Decimal
    source: str
    where: Where = dataclasses.field(default_factory=dict)
    field: str = ""
    scale: Decimal = Decimal(1)
    severity: Severity = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity(Data):
    """A sum that must hold in the roster: a total is what its parts, other totals, add up to."""

    id: str
    name: str
    source: str
    total: str
    parts: tuple[str, ...]
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
    group: str = ""
    lead: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    where: Where = dataclasses.field(default_factory=dict)
    """The households it is for; without it, for no household in particular."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area(Data):
    """The area the scheme governs; where a helper governs it, `helped` is the area it helps."""

    code: str
    name: str
    full: str
    level: Literal["county", "prefecture"]
    parent: str
    province: str
    helped: str = ""
    helped_code: str = ""


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
class Scheme(Data):
    """One policy: all of `inputs/<id>/scheme.toml`."""

    id: str
    name: str
    title: str
    """The campaign as the head of a paper names it."""
    year: int
    since: date
    until: date
    issued: date | None = None
    """The day of the policy paper; what was over by then is told for information only."""
    area: Area
    basis: tuple[Basis, ...]
    base_year: int = 0
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
    identity: tuple[Identity, ...] = ()
    assumption: tuple[Assumption, ...] = ()
    measure: tuple[Measure, ...] = ()
    fund: tuple[FundRule, ...] = ()
    due: tuple[Due, ...] = ()
    ranking: tuple[Ranking, ...] = ()
    document: tuple[DocumentRule, ...] = ()
    series: tuple[Series, ...] = ()
    """发文字号 this office gives; papers of other organs get theirs from elsewhere."""
    tables: tuple[str, ...] = ()
    """Roster tables this scheme keeps besides the core ones."""
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
