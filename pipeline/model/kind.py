"""A paper the scheme asks for, who signs it, and the kind of paper it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.model.data import Data, Engine, Level, Where
from pipeline.model.record import Audience


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer(Data):
    """A place to sign: which party, which organ, which post. A name is never printed.

    `{county}`, `{town}`, `{village}`, `{unit}` in `organ` stand for the subject's own names,
    `{committee}` for the village's 村民委员会 (居民委员会 of a 社区), `{government}` for the town's
    人民政府 (办事处 of a 街道).
    """

    party: str
    organ: str
    post: str = ""
    where: Where = dataclasses.field(default_factory=dict)
    assumed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRule(Data):
    """A paper the scheme asks for: which kind, who issues and signs it, where it is filed."""

    id: str
    kind: str
    name: str
    issuer: str
    source: str
    status: Literal["explicit", "implied", "extra"] = "explicit"
    """`extra`: not asked for by the policy, switched on by default of the system or the office."""
    origin: Literal["made", "prefilled", "received"] = "made"
    made: bool = True
    level: Level = "county"
    to: str = ""
    frequency: str = ""
    variant: str = ""
    """Tells two papers of one kind about the same subject apart: `kind.variant/subject`."""
    every: Literal["", "month", "quarter", "year"] = ""
    """One paper for each period of the scheme up to the roster's day."""
    periods: tuple[str, ...] = ()
    """Of those only these."""
    latest: bool = False
    """Only the period the roster's day lies in: what such a paper shows is of that day."""
    of: str = ""
    """The document of the policy this paper is one more paper of: no document of its own."""
    where: Where = dataclasses.field(default_factory=dict)
    """Only subjects whose row fits."""
    rows: Mapping[str, Where] = dataclasses.field(default_factory=dict)
    """Of a roster table the paper lists, only the rows that fit."""
    listed: Where = dataclasses.field(default_factory=dict)
    """Only households whose row fits are listed; a subject without any gets no paper."""
    targets: tuple[str, ...] = ()
    """Targets the paper lists; all that speak of the subject when none are named."""
    due: str = ""
    dossier: Literal["", "综合", "识别", "施策", "脱贫", "载体"] = ""
    signers: tuple[Signer, ...] = ()
    content: tuple[str, ...] = ()
    clauses: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    """Lists of the policy's own points (duties, reporting …) the template prints as they are."""
    basis: tuple[str, ...] = ()
    settings: Mapping[str, str | int | bool] = dataclasses.field(default_factory=dict)
    defaults: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()


BoxUse = Literal["signature", "seal", "date"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignBox(Data):
    """A place on the finished page where a hand is to leave ink, found by the words beside it."""

    use: BoxUse
    at: str
    """Words that stand there, each time they do."""
    box: tuple[int, int, int, int]
    """Left, top, right, bottom in millimetres from the end of these words, at half their height."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentKind(Data):
    """A kind of paper: all of `templates/*/<id>/kind.toml`; knows no scheme."""

    id: str
    title: str
    family: Literal["责任书", "帮扶规划", "年度计划", "公示", "通报", "验收", "其他"]
    level: Level
    audience: Audience
    why: str
    """Why this engine: docx to be signed or edited, html to be posted or bound."""
    shows: Mapping[str, tuple[str, ...]]
    """Parts of the context to the fields shown of each."""
    must: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    """Words the finished paper can't lack, measured on the PDF, to the parts of the context that
    fill what stands under them, `causes.cause`; none where a hand does, or the word is all."""
    needs: tuple[str, ...] = ()
    """Parts of the context, `rankings` or `progress.now`, without which there is no such paper."""
    numbered: bool = False
    qr: bool = False
    """Every page carries a code, so that the signed paper finds its way back."""
    box: tuple[SignBox, ...] = ()
    """What is to be signed, stamped and dated by hand; a scan is complete when all hold ink."""
    engine: Engine = "html"
    """Set by `schemes` from the folder the kind was found in."""
    folder: Path = Path()
