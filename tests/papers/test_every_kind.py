"""Every kind, for every scheme that asks for it, made from the scheme's roster of samples.

The manifest is the proof's list: each word of `must` stands on the page, and after it what the
manifest says fills it; the values of the context are read off the finished PDF; and a cell of the
roster behind one of them, found as `juanzong explain` finds it, moves the PDF. `make test` makes
every kind once, `make test-all` every paper of every scheme. What the templates say of their
samples, word by word, is in `tests/golden`.

`python -m tests.papers.test_every_kind` writes `shown.toml` anew: which values each kind prints in
full, and which it prints in part, draws or only looks at. Read what changes in it.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.config import BUILTIN, Workspace
from pipeline.model import PlannedDocument, Record, Source
from pipeline.plan import cells, view_of
from pipeline.render import lint_kind
from tests.papers.conftest import (
    RULES,
    Office,
    found,
    kinds,
    marks,
    office_of,
    pdfs,
    spellings,
    words,
)

Offices = Callable[[str], Office]
Shown = dict[str, dict[str, list[str]]]
SHOWN = Path(__file__).with_name("shown.toml")
BEHIND = {
    "acceptance_notice": "totals.with_labour",
    "acceptance_overview": "totals.with_labour",
    "acceptance_report": "households[0].head",
    "announcement_county": "each_village[0].name",
    "annual_assessment": "targets[2].passed",
    "annual_plan": "helped[0].head",
    "briefing": "progress.now.spent",
    "circular_commend": "highest[0].rows[0].reported.spent",
    "circular_criticise": "lowest[0].rows[0].reported.spent",
    "circular_progress": "construction:total",
    "circular_quarterly": "progress.now.spent",
    "county_plan": "causes[0].cause",
    "department_plan": "causes[0].cause",
    "distribution_map": "totals.households",
    "exclusion_notice": "table.households[0].head",
    "exit_determination": "households[0].head",
    "fund_plan": "outlay:planned exits:size",
    "house_completion": "table.houses[0].subsidy",
    "household_plan": "members[0].name",
    "industry_plan": "causes[0].cause",
    "long_term_plan": "totals.with_labour",
    "org_chart": "table.leaders[0].name",
    "performance_evaluation": "causes[0].cause",
    "project_acceptance": "projects[0].total",
    "project_plan": "totals.with_labour",
    "publicity_exit": "households[0].head",
    "publicity_household": "households[0].head",
    "publicity_info": "payers:payer",
    "publicity_longterm": "households[0].head",
    "publicity_project_fund": "payers:payer",
    "responsibility_letter": "totals.with_labour",
    "spatial_plan": "village.population",
    "third_party_evaluation": "each_village[0].name",
    "town_plan": "causes[0].cause",
    "town_three_year_plan": "causes[0].cause",
    "unit_three_year_plan": "causes[0].cause",
    "unit_work_plan": "helped[0].head",
    "village_plan": "households[0].head",
}
"""A value of each kind's paper; a cell it was drawn from (of the field named last) changes."""
OTHER: Mapping[str, object] = {"有": "无", "无": "有", "因病": "因灾", "因灾": "因病"}
"""What stands instead of a word from a list; of any other a word or figure nobody wrote."""
ONCE = {
    "house_completion": "HY-D25",
    "village_plan": "MZ-D18",
    "project_plan": "LZ-D15",
    "responsibility_letter": "HD-D02",
    "publicity_household": "MZ-D08",
}
"""Whose paper `make test` makes of a kind, where not the first."""


def cases() -> Iterator[Any]:
    """Yield every rule; all but one of a kind are slow."""
    seen = {kind: ONCE.get(kind) for _, kind in RULES.values()}
    for rule, (_, kind) in RULES.items():
        seen[kind] = seen[kind] or rule
        yield pytest.param(rule, marks=() if seen[kind] == rule else pytest.mark.slow)


@cache
def shown() -> Mapping[str, Shown]:
    """Return kind to the paths it prints in full, and to those it doesn't, by part."""
    found: Mapping[str, Shown] = tomllib.loads(SHOWN.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("rule", list(cases()))
def test_a_paper_holds_what_it_owes_and_moves_with_its_roster(
    office: Offices, tmp_path: Path, rule: str
) -> None:
    scheme, kind = RULES[rule]
    assert faults(kind) == []
    here = arranged(office(scheme), kind, tmp_path)
    paper = fullest(here, rule)
    assert paper.folder[0] == ("公开" if kinds()[kind].audience == "public" else "内部")
    other = changed(here, paper, tmp_path)
    (pdf, moved) = pdfs([paper, other])
    phones = tuple(str(one.get("phone")) for one in paper.context.get("channels", ()))
    assert marks(paper, pdf, phones) == []
    text = words(pdf)
    assert unfilled(paper, text) == []
    assert unseen(paper, text) == []
    assert words(moved) != text


@cache
def faults(kind: str) -> list[object]:
    """Return what `juanzong templates lint` finds in a kind."""
    made = kinds()[kind]
    return list(lint_kind(made, Workspace(BUILTIN).template_roots(made.engine)))


def fullest(office: Office, rule: str) -> PlannedDocument:
    """Return the paper of a rule that has most to tell."""
    return max(office.planned(rule), key=lambda one: len(str(one.context)))


def arranged(office: Office, kind: str, tmp_path: Path) -> Office:
    """Return the office, with what a kind needs and the samples don't hold in its roster."""
    wanted = {
        "exclusion_notice": ("建档立卡核查结果", "不符合"),
        "publicity_exit": ("脱贫标志", "预脱贫"),
    }
    if kind not in wanted:
        return office
    into = tmp_path / "arranged"
    into.mkdir()
    return office.filled("02", "贫困户", *wanted[kind], into)


def unfilled(paper: PlannedDocument, text: str) -> list[str]:
    """Return the words a paper owes that aren't there, or after which nothing of the data is."""
    lacking = []
    for word, filling in paper.kind.must.items():
        _, stands, after = text.partition(word)
        values = [value for path in filling for value in found(paper.context, path.split("."))]
        told = any(is_told(value, stands + after) for value in values)
        if not stands or (filling and not told):
            lacking.append(word)
    return lacking


def unseen(paper: PlannedDocument, text: str) -> list[str]:
    """Return the values that should stand in a paper and don't, and paths nobody knows."""
    known = shown()[paper.kind.id]
    prints, others = (set(paths(known.get(part, {}))) for part in ("prints", "uses"))
    return [
        f"{path}: {value}"
        for path, value in leaves(paper.context)
        if path not in others and not (path in prints and is_told(value, text))
    ]


def paths(parts: Mapping[str, list[str]]) -> Iterator[str]:
    for part, fields in parts.items():
        yield from (f"{part}.{field}" if field else part for field in fields)


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield path and words of each value of a context; the lists' places aren't told."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from leaves(one, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one, path)
    elif value is not None and not isinstance(value, bool) and value != "":
        yield path, str(value)


def is_told(value: str, text: str) -> bool:
    """Tell whether a value stands in a text, be it over the edge of a page."""
    return any(said in text or _over_an_edge(said, text) for said in spellings(value))


def _over_an_edge(said: str, text: str) -> bool:
    """What stands on the pages' edges, or a chart beside the words, may be read in between."""
    cuts = range(4, len(said) - 3)
    return any(said[:cut] in text and said[cut:] in text.partition(said[:cut])[2] for cut in cuts)


def changed(office: Office, paper: PlannedDocument, tmp_path: Path) -> PlannedDocument:
    """Return a paper made again after one cell behind a value of it was changed."""
    for number, (record, field) in enumerate(behind(office, paper)):
        for turn, value in enumerate(others(record.value(field))):
            into = tmp_path / f"changed {number} {turn}"
            into.mkdir()
            there = edited(office, record.source(field), value, into)
            again = [one for one in there.planned(paper.rule.id) if one.document == paper.document]
            if again and again[0].context_digest != paper.context_digest:
                return again[0]
    raise AssertionError(f"{paper.document}: no cell behind {BEHIND[paper.kind.id]} moves it")


def edited(office: Office, place: Source, value: object, into: Path) -> Office:
    """Return the office with one cell changed, its books in another folder."""
    for path in office.folder.iterdir():
        (into / path.name).write_bytes(path.read_bytes())
    path = into / Path(place.file).name
    book = openpyxl.load_workbook(path)
    book[place.sheet][f"{place.column}{place.row}"].value = value
    book.save(path)
    return dataclasses.replace(office, folder=into)


def behind(office: Office, paper: PlannedDocument) -> Iterator[tuple[Record, str]]:
    """Yield the first filled cell of each value named in `BEHIND`: its row and field."""
    view = view_of(
        office.scheme,
        office.roster,
        office.facts,
        document=paper.document,
        level=paper.subject.level,
        code=paper.subject.code,
        period=paper.period,
    )
    for path, _, field in (said.partition(":") for said in BEHIND[paper.kind.id].split()):
        drawn = (one for one in cells(view, path) if field in ("", one.field))
        rows = ((office.row(one), one.field) for one in drawn)
        yield from islice((one for one in rows if one[0].value(one[1]) is not None), 1)


def others(value: object) -> tuple[object, ...]:
    """Return other values of the same sort, far from it: what is ranked changes its place."""
    if isinstance(value, bool):
        return ("否" if value else "是",)
    if isinstance(value, int | Decimal):
        return (int(value) + 1,) if 0 < value <= 1000 else (int(value) + 7_000_000, 12)
    return (OTHER.get(str(value), "改过的字样"),)


def main() -> None:
    """Write anew which values each kind prints."""
    seen: dict[str, dict[str, bool]] = defaultdict(dict)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        papers = []
        for rule, (scheme, kind) in RULES.items():
            folder = root / rule
            folder.mkdir()
            papers.append(fullest(arranged(office_of(scheme, root), kind, folder), rule))
        for paper, pdf in zip(papers, pdfs(papers), strict=True):
            text, kind = words(pdf), seen[paper.kind.id]
            for path, value in leaves(paper.context):
                kind[path] = kind.get(path, True) and is_told(value, text)
    SHOWN.write_text("".join(_written(kind, seen[kind]) for kind in sorted(seen)), "utf-8")


def _written(kind: str, told: Mapping[str, bool]) -> str:
    lines = []
    for name, wanted in (("prints", True), ("uses", False)):
        parts: dict[str, list[str]] = {}
        for path in sorted(path for path, whole in told.items() if whole is wanted):
            part, _, field = path.partition(".")
            parts.setdefault(part, []).append(field)
        rows = [f"{part} = {json.dumps(fields)}\n" for part, fields in parts.items()]
        lines += [f"[{kind}.{name}]\n", *rows, "\n"]
    return "".join(lines)


if __name__ == "__main__":
    sys.exit(main())
