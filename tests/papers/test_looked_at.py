"""A kind shows only what its template looks at: a field too many makes papers stale for nothing.

Each html template is filled with its sample, with targets of every form, and with the fullest paper
of every rule of every scheme, by a context that remembers which fields were asked for. In Word
templates the names are read.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from pipeline.config import BUILTIN, Workspace
from pipeline.errors import FillError
from pipeline.model import Outcome
from pipeline.render.html import fill
from tests.papers.conftest import RULES, Office, kinds

Offices = Callable[[str], Office]
HTML = sorted(kind.id for kind in kinds().values() if kind.engine == "html")
WORD = sorted(kind.id for kind in kinds().values() if kind.engine == "docx")
ROOTS = Workspace(BUILTIN).template_roots("html")
FORMS = ("threshold", "ratio", "increase", "present", "checklist", "date_by", "share")
FIGURES = ("asked", "percent", "threshold", "total", "passed", "own", "top_up", "line", "share")
_TAGS = re.compile(r"\{[{%].*?[}%]\}")
_MARKUP = re.compile("<[^>]*>")


class Asked(dict[str, Any]):
    """A part of a context that notes which of its fields a template asks for."""

    def __init__(self, value: dict[str, Any], part: str, noted: set[str]) -> None:
        super().__init__({name: asking(one, part, noted) for name, one in value.items()})
        self.part, self.noted = part, noted

    def __getitem__(self, name: str) -> Any:
        self.noted.add(f"{self.part}.{name}")
        return super().__getitem__(name)

    def __iter__(self) -> Iterator[str]:
        """A copy asks for every field: with this, it does so one by one."""
        return super().__iter__()


def asking(value: Any, part: str, noted: set[str]) -> Any:
    if isinstance(value, dict):
        return Asked(value, part, noted)
    if isinstance(value, list):
        return [asking(one, part, noted) for one in value]
    return value


def samples(kind: str) -> Iterator[dict[str, Any]]:
    """Yield a kind's sample, then it with every target of one form and with some figures only."""
    text = (kinds()[kind].folder / "sample.json").read_text(encoding="utf-8")
    yield json.loads(text)
    for form in FORMS:
        for figures in (FIGURES, FIGURES[1:], FIGURES[2:], FIGURES[3:], FIGURES[4:], ()):
            sample = json.loads(text)
            rows = [
                *sample.get("targets", ()),
                *sample.get("criteria", ()),
                *sample.get("failing", ()),
            ]
            for row in rows:
                row |= {"form": form, "outcome": Outcome.UNMET.value}
                row |= {name: "12" if name in figures else None for name in FIGURES if name in row}
            for one in sample.get("money", ()):
                one["payer"] = ""
            for item in (item for one in sample.get("checklists", ()) for item in one["items"]):
                item["has"] = "无"
            if rows:
                yield sample


@pytest.fixture(scope="module")
def papers(office: Offices) -> Mapping[str, list[dict[str, Any]]]:
    """Return kind to the contexts of the fullest paper of each rule of each scheme."""
    found: dict[str, list[dict[str, Any]]] = {}
    for rule, (scheme, kind) in RULES.items():
        best = max(
            office(scheme).planned(rule), key=lambda one: len(str(one.context)), default=None
        )
        if best is not None:
            found.setdefault(kind, []).append(best.context)
    return found


@pytest.mark.parametrize("kind", HTML)
def test_every_field_a_page_shows_is_looked_at(
    papers: Mapping[str, list[dict[str, Any]]], kind: str
) -> None:
    noted: set[str] = set()
    for number, sample in enumerate([*samples(kind), *papers.get(kind, ())]):
        try:
            fill(ROOTS, kind, {name: asking(one, name, noted) for name, one in sample.items()})
        except FillError:
            assert number, "the sample itself must be filled"
    shown = {
        f"{part.removeprefix('table.')}.{field}"
        for part, fields in kinds()[kind].shows.items()
        for field in fields
    }
    assert sorted(shown - noted) == []


@pytest.mark.parametrize("kind", WORD)
def test_every_field_a_form_shows_is_named_in_it(kind: str) -> None:
    with zipfile.ZipFile(kinds()[kind].folder / "template.docx") as package:
        parts = [package.read(name).decode() for name in package.namelist() if name[-4:] == ".xml"]
    tags = " ".join(_TAGS.findall(_MARKUP.sub("", "".join(parts))))
    shown = {field for fields in kinds()[kind].shows.values() for field in fields}
    assert sorted(field for field in shown if not re.search(rf"\b{field}\b", tags)) == []
