"""A small office for each scheme: its roster, its papers, and one cell changed."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest

from pipeline import convert, render
from pipeline.config import BUILTIN, Workspace
from pipeline.errors import JuanzongError
from pipeline.facts import compute
from pipeline.measure import Mark, measure
from pipeline.model import (
    Cell,
    DocumentKind,
    Engine,
    Facts,
    PlannedDocument,
    Record,
    Roster,
    Scheme,
)
from pipeline.plan import Digests, plan
from pipeline.render.filters import percent, riqi, rounded, wan, yuan
from pipeline.roster import load_tables, read_roster
from pipeline.sample import write_sample
from pipeline.schemes import read_kinds, read_scheme
from tests.conftest import Sheet

SCHEMES = ("huadu-2016", "lianzhou-2013", "mazhang-2016", "futian-2016", "heyuan-2016")
HOUSEHOLDS = 60
_SOFT = "\ufffe"
"""What pdfium reads for a hyphen at the end of a line."""
_NUMBER = r"(—\s*\d+\s*—)?"
_PAGE_END = re.compile(rf"\s*((样例数据|系统默认|\s)+|{_NUMBER}\s*([a-z_.]+/\S+)?\s*{_NUMBER})\s*")


@cache
def kinds() -> dict[str, DocumentKind]:
    """Return the built-in kinds."""
    roots = Workspace(BUILTIN)
    engines: tuple[Engine, ...] = ("docx", "html")
    return read_kinds({engine: roots.template_roots(engine) for engine in engines})


def rules() -> dict[str, tuple[str, str]]:
    """Return every paper that we make or prefill: rule to scheme and kind."""
    read = {name: read_scheme(BUILTIN / "inputs" / name) for name in SCHEMES}
    return {
        rule.id: (name, rule.kind)
        for name, scheme in read.items()
        for rule in scheme.document
        if rule.origin != "received" and rule.kind in kinds()
    }


RULES = rules()


@dataclass(frozen=True)
class Office:
    """One scheme's rosters in a folder, read and judged once."""

    scheme: Scheme
    folder: Path
    as_of: date

    @cached_property
    def roster(self) -> Roster:
        return read_roster(self.folder, load_tables(self.scheme))

    @cached_property
    def facts(self) -> Facts:
        return compute(self.roster, self.scheme, self.as_of)

    @cached_property
    def _rows(self) -> dict[tuple[str, str], Record]:
        tables = self.roster.tables
        return {(name, row.key): row for name in tables for row in self.roster.rows(name)}

    def row(self, cell: Cell) -> Record:
        """Return the row a cell stands in."""
        return self._rows[cell.table, cell.key]

    def planned(self, *rules: str) -> Iterator[PlannedDocument]:
        """Plan the papers of these rules, also of those that are off by default."""
        documents = tuple(
            dataclasses.replace(rule, made=True)
            for rule in self.scheme.document
            if rule.id in rules
        )
        scheme = dataclasses.replace(self.scheme, document=documents)
        template = dict.fromkeys(kinds(), "")
        digests = Digests(template=template, engine={"docx": "", "html": ""})
        return plan(scheme, kinds(), self.roster, self.facts, digests)

    def filled(self, book: str, sheet: str, heading: str, value: object, into: Path) -> Office:
        """Return the same office with a column that says the same of two households a village."""

        def edit(rows: Sheet) -> None:
            column = next(
                (cell.column for cell in rows.sheet[rows.head] if cell.value == heading),
                rows.sheet.max_column + 1,
            )
            rows.sheet.cell(rows.head, column).value = heading
            for number in (1, 2):
                rows.sheet.cell(rows.head + number, column).value = value

        return self.changed(book, sheet, edit, into)

    def changed(self, book: str, sheet: str, edit: Callable[[Sheet], None], into: Path) -> Office:
        """Return the same office with a sheet edited."""
        for path in self.folder.iterdir():
            (into / path.name).write_bytes(path.read_bytes())
        path = next(into.glob(f"{book}*.xlsx"))
        workbook = openpyxl.load_workbook(path)
        edit(Sheet(workbook[sheet]))
        workbook.save(path)
        return Office(scheme=self.scheme, folder=into, as_of=self.as_of)


@cache
def office_of(scheme_id: str, root: Path) -> Office:
    """Write a scheme's rosters of samples below a folder."""
    scheme = read_scheme(BUILTIN / "inputs" / scheme_id)
    assert scheme.sample_plan is not None
    folder = root / scheme_id
    folder.mkdir()
    as_of = scheme.sample_plan.as_of
    tables = load_tables(scheme)
    write_sample(scheme, tables, folder, as_of=as_of, households=HOUSEHOLDS)
    return Office(scheme=scheme, folder=folder, as_of=as_of)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Office]:
    """Return what gives the office of a scheme, written when first asked for."""
    root = tmp_path_factory.mktemp("offices")
    return lambda scheme: office_of(scheme, root)


def pdfs(papers: list[PlannedDocument]) -> list[bytes]:
    """Render papers; Word ones together, because LibreOffice starts slowly."""
    made = [(paper, _rendered(paper)) for paper in papers]
    word_files = [data for paper, data in made if paper.kind.engine == "docx"]
    converted = iter(convert.to_pdf(word_files) if word_files else ())
    found = [next(converted) if paper.kind.engine == "docx" else data for paper, data in made]
    assert not [one for one in found if isinstance(one, JuanzongError)]
    return [one for one in found if isinstance(one, bytes)]


def _rendered(paper: PlannedDocument) -> bytes:
    if paper.kind.engine == "docx":
        return render.render_docx(paper.kind.folder / "template.docx", paper.context)
    return render.render_html(
        Workspace(BUILTIN).template_roots("html"), paper.kind.id, paper.context
    )


def marks(paper: PlannedDocument, pdf: bytes, phones: tuple[str, ...] = ()) -> list[Mark]:
    """Measure a paper as `make` does; what is returned keeps it in the house."""
    found = measure(
        pdf,
        public=paper.kind.audience == "public",
        sample=True,
        must=tuple(paper.kind.must),
        allowed_phones=phones,
    )
    return [mark for mark in found if mark.severity == "error"]


def words(pdf: bytes) -> str:
    """Return the text of a PDF without blanks, and without what stands at the ends of its pages."""
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]
    lines = (line for page in pages for line in page.splitlines() if not _PAGE_END.fullmatch(line))
    return re.sub(r"\s", "", "".join(lines)).replace(_SOFT, "-")


def figures(value: Any) -> Iterator[str]:
    """Yield every word and figure of a context."""
    if isinstance(value, dict):
        for one in value.values():
            yield from figures(one)
    elif isinstance(value, list):
        for one in value:
            yield from figures(one)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def found(value: Any, path: list[str]) -> Iterator[str]:
    """Yield the leaves of a context below a path; lists are gone through."""
    if isinstance(value, list):
        for one in value:
            yield from found(one, path)
    elif isinstance(value, dict):
        for name in path[:1] or list(value):
            yield from found(value.get(name), path[1:])
    elif value is not None and not isinstance(value, bool) and value != "":
        yield str(value)


@cache
def spellings(value: str) -> tuple[str, ...]:
    """Return how a template may print a value: as it is, in 元, 万元, percent, or as a day."""
    said = [value]
    try:
        Decimal(value)
        said += [yuan(value), wan(value), percent(value), rounded(value)]
    except ArithmeticError:
        if len(value) == 10 and value[4] == value[7] == "-":
            year, month, day = (int(part) for part in value.split("-"))
            said += [riqi(value), value[:7].replace("-", "."), f"{month}月{day}日"]
            said += [f"{year}年{month}月"]
    return tuple("".join(one.split()) for one in said)
