"""Read a 公文 with us and with what one would write first, side by side.

    python bench/measure.py [--pages 40] [--rounds 3]

pypdf: the text of every page. naive: that, the box of each character, each shape and each page as
pixels, which is what checking a layout needs. ours: all of `juanzong measure`. make: the quick
door of `make`. Every variant runs in a fresh process, round by round; the ratio is the median.
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


def naive() -> Read:
    """Text by pypdf, then each character's box by pypdfium2's own helpers, and all pixels."""
    import pypdfium2

    text = pypdf_text()

    def read(pdf: bytes) -> object:
        found: list[Any] = [text(pdf)]
        with pypdfium2.PdfDocument(pdf) as document:
            for page in document:
                words = page.get_textpage()
                found += [
                    (words.get_text_range(index, 1), words.get_charbox(index))
                    for index in range(words.count_chars())
                ]
                found += [shape.get_bounds() for shape in page.get_objects()]
                page.render(scale=200 / 72).to_numpy().any()
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


VARIANTS = {"pypdf": pypdf_text, "naive": naive, "ours": ours, "make": quick}


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
    print(f"{pages} pages\n\n| variant | cpu ms a page | pages a second | times naive |")
    print("|---|---|---|---|")
    for name, taken in times.items():
        ratios = [base / own for base, own in zip(times["naive"], taken, strict=True)]
        spent = statistics.median(taken)
        print(
            f"| {name} | {spent / pages * 1000:.1f} | {pages / spent:.0f} "
            f"| {statistics.median(ratios):.1f}x |"
        )


if __name__ == "__main__":
    main()
