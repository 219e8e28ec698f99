"""All facts of a roster beside reading the same workbooks with calamine and nothing else.

Prints how many times the bare reading the facts take (at most 20), and whether ten times the
households take ten times the time.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import python_calamine

from pipeline.config import BUILTIN
from pipeline.facts import compute
from pipeline.roster import load_tables, read_roster
from pipeline.sample import write_sample
from pipeline.schemes import read_scheme


def main() -> None:
    """Measure two sizes of a scheme."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--households", type=int, default=20_000)
    parser.add_argument("--scheme", default="mazhang-2016")
    asked = parser.parse_args()
    scheme = read_scheme(BUILTIN / "inputs" / asked.scheme)
    tables = load_tables(scheme)
    assert scheme.sample_plan is not None
    day = scheme.sample_plan.as_of
    print(f"{asked.scheme}: {len(scheme.target)} targets")
    print(f"{'households':>10} {'calamine s':>11} {'facts s':>8} {'ratio':>6} {'µs/household':>13}")
    each = []
    for number in (asked.households // 10, asked.households):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_sample(scheme, tables, folder, as_of=day, households=number)
            bare = cpu(lambda folder=folder: read(folder))
            roster = read_roster(folder, tables)
        gc.collect()
        ours = cpu(lambda roster=roster: compute(roster, scheme, day))
        each.append(ours / number)
        print(
            f"{number:>10} {bare:>11.2f} {ours:>8.2f} {ours / bare:>5.1f}x {each[-1] * 1e6:>13.0f}"
        )
    print(f"ten times the households: {10 * each[1] / each[0]:.1f} times the time")


def read(folder: Path) -> None:
    """Read every cell of every workbook."""
    for path in sorted(folder.glob("*.xlsx")):
        book = python_calamine.CalamineWorkbook.from_path(path)
        for sheet in book.sheet_names:
            book.get_sheet_by_name(sheet).to_python()


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds of one run."""
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
