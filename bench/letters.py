"""Fill the same letters with us and with a plain docxtpl loop, side by side.

    python bench/letters.py [--papers 200] [--rounds 5]

Every variant runs in a fresh process, round by round; the ratio is the median of the rounds.
Files are written to memory where the machine has such a folder: creating one on a disk costs
between a thirtieth and a whole millisecond for identical code.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
KIND = ROOT / "templates/docx/responsibility_letter"
MEMORY = Path("/dev/shm")

Fill = Callable[[dict[str, Any], Path], None]


def stamp(context: dict[str, Any]) -> dict[str, str]:
    """Return what a letter carries of its version."""
    return {"document": context["document"]["id"], "version": "0123456789"}


def theirs() -> Fill:
    """Open, render and save with docxtpl, one object a paper, as its manual shows."""
    from docxtpl import DocxTemplate

    from pipeline.render.environment import environment

    def fill(context: dict[str, Any], path: Path) -> None:
        paper = DocxTemplate(KIND / "template.docx")
        paper.render(context | {"stamp": stamp(context)}, environment(), autoescape=True)
        paper.save(path)

    return fill


def ours() -> Fill:
    """Render with the compiled template, checks and stamp included."""
    from pipeline.render import render_docx

    def fill(context: dict[str, Any], path: Path) -> None:
        path.write_bytes(render_docx(KIND / "template.docx", context, stamp(context)))

    return fill


VARIANTS = {"docxtpl": theirs, "ours": ours}


def one(variant: str, papers: int) -> None:
    """Time one variant in this process; the first, compiling paper isn't counted."""
    context = json.loads((KIND / "sample.json").read_text(encoding="utf-8"))
    fill = VARIANTS[variant]()
    folder = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=folder) as name:
        fill(context, Path(name) / "first.docx")
        start = time.process_time()
        for number in range(papers):
            context["document"]["id"] = f"responsibility_letter/{number:09}"
            fill(context, Path(name) / f"{number}.docx")
        print((time.process_time() - start) / papers * 1000)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one", choices=VARIANTS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(options.one, options.papers)
        return
    times: dict[str, list[float]] = {name: [] for name in VARIANTS}
    for _ in range(options.rounds):
        for name, taken in times.items():
            call = [sys.executable, __file__, "--one", name, "--papers", str(options.papers)]
            done = subprocess.run(call, capture_output=True, text=True, check=True, cwd=ROOT)
            taken.append(float(done.stdout))
    print("| variant | cpu ms a paper | times docxtpl |\n|---|---|---|")
    for name, taken in times.items():
        ratios = [base / own for base, own in zip(times["docxtpl"], taken, strict=True)]
        print(f"| {name} | {statistics.median(taken):.2f} | {statistics.median(ratios):.1f}x |")


if __name__ == "__main__":
    main()
