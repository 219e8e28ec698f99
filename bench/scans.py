"""Read a pile of scanned letters with us and with what one would write first, side by side.

    python bench/scans.py [--pages 24] [--dpi 200] [--rounds 3]

naive: each page drawn at 200 dpi and handed to zxing, which says which code it carries and nothing
else. twice: the same, drawn at 400 dpi, which is what people do to miss fewer codes. ours: code,
how the sheet lies, whether it is the page that was printed, and whether its boxes hold ink. Every
variant runs in a fresh process, round by round; figures are of CPU time, the ratio is the median.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

Read = Callable[[Path, Path], int]


def _loop(dpi: int) -> Read:
    import pypdfium2
    import zxingcpp

    def read(scans: Path, _: Path) -> int:
        with pypdfium2.PdfDocument(scans) as document:
            return sum(
                bool(zxingcpp.read_barcodes(page.render(scale=dpi / 72).to_numpy()))
                for page in document
            )

    return read


def naive() -> Read:
    return _loop(200)


def twice() -> Read:
    return _loop(400)


def ours() -> Read:
    import pypdfium2

    from pipeline.model import SignBox, page_codes
    from pipeline.scans import Printed, count_pages, read_pages

    def read(scans: Path, printed: Path) -> int:
        pdf = printed.read_bytes()
        with pypdfium2.PdfDocument(pdf) as document:
            codes = page_codes("bench", "paper/1", "0" * 64, len(document))
        boxes = (SignBox(use="signature", at="抄送", box=(1, -9, 33, 5)),)
        known = {
            code: Printed("0" * 64, number, pdf, boxes)
            for number, code in enumerate(codes, start=1)
        }
        pages = read_pages(scans, range(1, count_pages(scans) + 1), known.get)
        return sum(page.status == "filed" for page in pages)

    return read


VARIANTS = {"naive": naive, "twice": twice, "ours": ours}


def make(folder: Path, pages: int, dpi: int) -> None:
    """Print a paper with codes, and scan it with medium damage."""
    import pypdfium2

    from pipeline.model import page_codes
    from pipeline.render import stamp_codes
    from tests.measure.gongwen import PARTS, gongwen
    from tests.scans.scanner import MEDIUM, draw, pile, scan

    plain = gongwen(more=PARTS["body"] * (pages * 11 // 2))
    with pypdfium2.PdfDocument(plain) as document:
        count = len(document)
    (folder / "printed.pdf").write_bytes(
        stamp_codes(plain, page_codes("bench", "paper/1", "0" * 64, count))
    )
    damage = replace(MEDIUM, dpi=dpi)
    pictures = [
        scan(draw(folder / "printed.pdf", number, dpi), damage, number, turn=number % 4)
        for number in range(1, count + 1)
    ]
    pile(pictures, dpi, folder / "scans.pdf")


def one(variant: str, folder: Path) -> None:
    """Time one variant in this process."""
    read = VARIANTS[variant]()
    start = time.process_time()
    found = read(folder / "scans.pdf", folder / "printed.pdf")
    print(time.process_time() - start, found)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=24)
    parser.add_argument("--dpi", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(options.one[0], Path(options.one[1]))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, options.pages, options.dpi)
        from pipeline.scans import count_pages

        pages = count_pages(folder / "scans.pdf")
        times: dict[str, list[float]] = {variant: [] for variant in VARIANTS}
        found: dict[str, str] = {}
        for _ in range(options.rounds):
            for variant, taken in times.items():
                call = [sys.executable, __file__, "--one", variant, name]
                done = subprocess.run(call, capture_output=True, text=True, check=True, cwd=ROOT)
                spent, found[variant] = done.stdout.split()
                taken.append(float(spent))
    print(f"{pages} pages at {options.dpi} dpi, medium damage\n")
    print("| variant | pages read | cpu ms a page | pages a second and core | of naive's time |")
    print("|---|---|---|---|---|")
    for variant, taken in times.items():
        spent = statistics.median(taken)
        ratio = statistics.median(
            own / base for own, base in zip(taken, times["naive"], strict=True)
        )
        print(
            f"| {variant} | {found[variant]} | {spent / pages * 1000:.0f} "
            f"| {pages / spent:.1f} | {ratio:.2f} |"
        )


if __name__ == "__main__":
    main()
