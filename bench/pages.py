"""Print the same acceptance reports with us and with WeasyPrint as its manual shows, side by side.

    python bench/pages.py [--papers 12] [--rounds 3]

Every variant runs in a fresh process, round by round; the ratio is the median of the rounds. The
naive variant gets the same markup and stylesheets, made ready beforehand.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
HTML = ROOT / "templates/html"
KIND = "acceptance_report"

Print = Callable[[dict[str, Any]], bytes]


def theirs() -> Print:
    """Print with a new document, stylesheets and font configuration each time."""
    from pipeline import fonts

    fonts.use_closed_set()
    import weasyprint

    from pipeline.render.html import fill, role_sheet

    def paper(context: dict[str, Any]) -> bytes:
        sheets = [
            weasyprint.CSS(string=role_sheet()),
            weasyprint.CSS(HTML / "_gongwen/gongwen.css"),
            weasyprint.CSS(HTML / KIND / "style.css"),
        ]
        markup = fill([HTML], KIND, context)
        pdf: bytes = weasyprint.HTML(string=markup, base_url=str(HTML)).write_pdf(
            stylesheets=sheets
        )
        return pdf

    return paper


def ours() -> Print:
    """Print through our door: checks, Chinese line breaking and small fonts included."""
    from pipeline.render import render_html

    return lambda context: render_html([HTML], KIND, context)


VARIANTS = {"weasyprint": theirs, "ours": ours}


def one(variant: str, papers: int) -> None:
    """Time one variant in this process; the first paper isn't counted."""
    context = json.loads((HTML / KIND / "sample.json").read_text(encoding="utf-8"))
    paper = VARIANTS[variant]()
    size = len(paper(context))
    start = time.process_time()
    for number in range(papers):
        context["subject"]["name"] = f"第{number}村"
        paper(context)
    print((time.process_time() - start) / papers * 1000, size)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", choices=VARIANTS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(options.one, options.papers)
        return
    times: dict[str, list[float]] = {name: [] for name in VARIANTS}
    sizes: dict[str, int] = {}
    for _ in range(options.rounds):
        for name, taken in times.items():
            call = [sys.executable, __file__, "--one", name, "--papers", str(options.papers)]
            done = subprocess.run(call, capture_output=True, text=True, check=True, cwd=ROOT)
            taken.append(float(done.stdout.split()[0]))
            sizes[name] = int(done.stdout.split()[1])
    print("| variant | cpu ms a paper | times WeasyPrint | KB |\n|---|---|---|---|")
    for name, taken in times.items():
        ratios = [base / own for base, own in zip(times["weasyprint"], taken, strict=True)]
        print(
            f"| {name} | {statistics.median(taken):.0f} | {statistics.median(ratios):.1f}x "
            f"| {sizes[name] // 1000} |"
        )


if __name__ == "__main__":
    main()
