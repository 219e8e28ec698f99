"""Convert the same letters in one LibreOffice call and in one call each, side by side.

    python bench/convert.py [--papers 20] [--rounds 2]

Both ways go through our own door, so profile, limits and normalising are the same; the ratio is
the median of the rounds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
KIND = ROOT / "templates/docx/responsibility_letter"


def letters(papers: int) -> list[bytes]:
    """Fill that many letters, each with its own number."""
    from pipeline.render import render_docx

    context = json.loads((KIND / "sample.json").read_text(encoding="utf-8"))
    made = []
    for number in range(papers):
        context["document"]["id"] = f"responsibility_letter/{number:09}"
        made.append(render_docx(KIND / "template.docx", context))
    return made


def seconds(batches: list[list[bytes]]) -> float:
    """Convert the batches one after the other; a document that fails ends the benchmark."""
    from pipeline.convert import to_pdf

    start = time.perf_counter()
    for batch in batches:
        for pdf in to_pdf(batch):
            if not isinstance(pdf, bytes):
                raise pdf
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    made = letters(options.papers)
    seconds([made[:1]])
    each, whole = [], []
    for _ in range(options.rounds):
        each.append(seconds([[letter] for letter in made]))
        whole.append(seconds([made]))
    ratio = statistics.median(slow / fast for slow, fast in zip(each, whole, strict=True))
    print("| variant | wall ms a paper | times one call each |\n|---|---|---|")
    for name, taken, times in (("one call each", each, 1.0), ("one call", whole, ratio)):
        print(f"| {name} | {statistics.median(taken) / len(made) * 1000:.0f} | {times:.1f}x |")


if __name__ == "__main__":
    main()
