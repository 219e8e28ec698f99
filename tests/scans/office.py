"""An office that has printed its letters, and hands that sign them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from pipeline.config import Workspace
from pipeline.model import Version
from pipeline.run.past import open_history
from pipeline.scans import Printed
from pipeline.schemes import read_kinds
from tests.conftest import SCHEME, World
from tests.scans.scanner import draw, sign

KIND = "responsibility_letter"


def juanzong(world: World, *words: str, code: int = 0) -> Any:
    """Run the command in a workspace and return its JSON; its exit code must be `code`."""
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *words, "--json", "-C", str(world.root)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout)


@dataclass(frozen=True)
class Letter:
    """A recorded letter and its pages as they were printed."""

    version: Version
    pages: tuple[Printed, ...]


def letters(world: World) -> list[Letter]:
    """Return the newest version of each letter."""
    kind = read_kinds({"docx": [Path(__file__).parents[2] / "templates/docx"]})[KIND]
    with open_history(Workspace(world.root), SCHEME, "test") as history:
        newest = {one.document: one for one in history.versions(kind=KIND)}
        return [
            Letter(
                version,
                tuple(
                    Printed(version.manifest, number, history.file(version, "pdf"), kind.box)
                    for number in range(1, version.pages + 1)
                ),
            )
            for version in newest.values()
        ]


def signed(page: Printed, dpi: int, seed: int, leave_out: int | None = None) -> Image.Image:
    """Print a page and fill its boxes, all but one if asked."""
    boxes = [
        (use, (box.left, box.top, box.right, box.bottom))
        for place, (use, box) in enumerate(page.places)
        if place != leave_out
    ]
    return sign(draw(page.pdf, page.number, dpi), boxes, seed)


def every_page(letters: list[Letter]) -> Iterator[Printed]:
    for letter in letters:
        yield from letter.pages
