"""Read a 公文 with us and with what one would write first, side by side.

    python bench/measure.py [--pages 40] [--rounds 3]

pypdf: the text of every page (`extract_text`). boxes: pypdf's visitor with the place, size and
font of each piece of text, which is what checking a layout needs at least. ours: text, fonts,
places, pixels and all rules. make: the quick door `make` uses. Every variant runs in a fresh
process, round by round; the ratio is the median of the rounds.
"""

from __future__ import annotations

import argparse
import io
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

Read = Callable[[bytes], object]


def pypdf_text() -> Read:
    """Extract the text only."""
    import pypdf

    return lambda pdf: [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def pypdf_boxes() -> Read:
    """Extract each piece of text with its place, font and size."""
    import pypdf

    def read(pdf: bytes) -> object:
        found: list[tuple[Any, ...]] = []

        def visit(text: str, _: Any, place: Any, font: Any, size: float) -> None:
            found.append((text, place[4], place[5], font and font.get("/BaseFont"), size))

        for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
            page.extract_text(visitor_text=visit)
        return found

    return read


def ours() -> Read:
    """Measure: everything `juanzong measure` says."""
    from pipeline.measure import gauge

    return gauge


def quick() -> Read:
    """Measure as `make` does."""
    from pipeline.measure import measure

    return lambda pdf: measure(pdf, public=True, sample=False, must=())


VARIANTS = {"pypdf": pypdf_text, "boxes": pypdf_boxes, "ours": ours, "make": quick}


def paper(pages: int) -> bytes:
    """Print a 公文 of about so many pages."""
    from tests.measure.gongwen import PARTS, gongwen

    return gongwen(more=PARTS["body"] * (pages * 11 // 2))


def one(variant: str, path: Path) -> None:
    """Time one variant in this process; the first reading isn't counted."""
    pdf = path.read_bytes()
    read = VARIANTS[variant]()
    read(pdf)
    start = time.process_time()
    read(pdf)
    print(time.process_time() - start)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(options.one[0], Path(options.one[1]))
        return
    import tempfile

    import pypdfium2

    pdf = paper(options.pages)
    with pypdfium2.PdfDocument(pdf) as document:
        pages = len(document)
    times: dict[str, list[float]] = {name: [] for name in VARIANTS}
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        for _ in range(options.rounds):
            for name, taken in times.items():
                call = [sys.executable, __file__, "--one", name, file.name]
                done = subprocess.run(call, capture_output=True, text=True, check=True, cwd=ROOT)
                taken.append(float(done.stdout))
    print(f"{pages} pages\n\n| variant | cpu ms a page | pages a second | times boxes |")
    print("|---|---|---|---|")
    for name, taken in times.items():
        ratios = [base / own for base, own in zip(times["boxes"], taken, strict=True)]
        spent = statistics.median(taken)
        print(
            f"| {name} | {spent / pages * 1000:.1f} | {pages / spent:.0f} "
            f"| {statistics.median(ratios):.1f}x |"
        )


if __name__ == "__main__":
    main()
