"""A small workspace on real towns and villages, and ways to change one cell of it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from pipeline.config import BUILTIN
from pipeline.model import Roster, Scheme
from pipeline.roster import load_tables, read_roster
from pipeline.sample import write_sample
from pipeline.schemes import read_scheme

AS_OF = date(2016, 10, 31)
SCHEME = "huadu-2016"
PAPERS = ("responsibility_letter", "publicity_household", "acceptance_report")
"""The kinds the small workspace makes: one in Word, one public, one with many rows."""
OTHER = re.compile(
    rf'^kind = "(?!{"|".join(PAPERS)})\w+"\n(?=(?:name|variant) = )(?!(?:[^\[\n].*\n)*made = )',
    re.MULTILINE,
)
"""Where a document of another kind says its kind, and isn't off by itself."""


@dataclass(frozen=True)
class World:
    """A workspace in a temporary folder."""

    root: Path

    @property
    def snapshot(self) -> Path:
        return self.root / "inputs" / SCHEME / AS_OF.isoformat()

    @property
    def outputs(self) -> Path:
        return self.root / "outputs" / SCHEME

    def scheme(self) -> Scheme:
        return read_scheme(self.root / "inputs" / SCHEME)

    def roster(self) -> Roster:
        return read_roster(self.snapshot, load_tables(self.scheme()))

    def change(self, book: str, sheet: str, edit: Callable[[Sheet], None]) -> None:
        """Edit a sheet the way an office does."""
        path = next(self.snapshot.glob(f"{book}*.xlsx"))
        workbook = openpyxl.load_workbook(path)
        edit(Sheet(workbook[sheet]))
        workbook.save(path)

    def edit_scheme(self, old: str, new: str) -> None:
        path = self.root / "inputs" / SCHEME / "scheme.toml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


class Sheet:
    """A worksheet by its own headings, whatever stands above and around them."""

    def __init__(self, sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        self.sheet = sheet
        self.head = max(range(1, 6), key=lambda row: sum(bool(cell.value) for cell in sheet[row]))

    def column(self, heading: str) -> int:
        for cell in self.sheet[self.head]:
            if str(cell.value or "").split("（")[0] == heading:
                return int(cell.column)
        raise AssertionError(f"no column {heading} in {[c.value for c in self.sheet[self.head]]}")

    def get(self, number: int, heading: str) -> object:
        """Return a cell of the nth record, from 1."""
        return self.sheet.cell(self.head + number, self.column(heading)).value

    def set(self, number: int, heading: str, value: object) -> None:
        self.sheet.cell(self.head + number, self.column(heading)).value = value

    def find(self, heading: str, value: object) -> int:
        """Return the number of the record that has the value."""
        column = self.column(heading)
        for row in range(self.head + 1, self.sheet.max_row + 1):
            if self.sheet.cell(row, column).value == value:
                return row - self.head
        raise AssertionError(f"no {heading} {value}")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a workspace of 30 households; not to be changed."""
    root = tmp_path_factory.mktemp("world")
    folder = root / "inputs" / SCHEME
    folder.mkdir(parents=True)
    for name in ("scheme.toml", "divisions.csv", "organs.csv", "units.csv"):
        shutil.copy(BUILTIN / "inputs" / SCHEME / name, folder / name)
    world = World(root)
    text = (folder / "scheme.toml").read_text(encoding="utf-8")
    for old, new in (
        ("value = 182", "value = 6"),
        ("villages = 182", "villages = 6"),
        ("value = 2228", "value = 30"),
        ("value = 1091", "value = 15"),
        ("value = 1137", "value = 15"),
    ):
        assert old in text
        text = text.replace(old, new)
    text = OTHER.sub(r"\g<0>made = false\n", text)
    (folder / "scheme.toml").write_text(text, encoding="utf-8")
    scheme = world.scheme()
    world.snapshot.mkdir()
    write_sample(scheme, load_tables(scheme), world.snapshot, as_of=AS_OF, households=30, seed=7)
    return world


@pytest.fixture
def world(small: World, tmp_path: Path) -> World:
    """Return a copy of the small workspace that a test may change."""
    shutil.copytree(small.root, tmp_path / "w")
    return World(tmp_path / "w")
