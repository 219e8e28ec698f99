"""Questions to a history of 100,000 versions: the CPU of the real commands.

Run: python -m bench.asking [VERSIONS]

The store of a real workspace, where one village's report was made twice with a cell corrected
between, is filled up with small made-up versions, 64 to an event as `make` records them. The
naive way, printed beside, reads log and manifests from the disk each time; where the two
versions' rosters differ, it reads the workbooks of both.
"""

from __future__ import annotations

import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from unittest.mock import patch

import openpyxl
from rich.console import Console
from rich.table import Table

from pipeline.files import canonical, digest
from pipeline.history import History, NewFile, NewVersion
from pipeline.history.manifest import decode

SCHEME, KIND = "huadu-2016", "acceptance_report"
BATCH = 64
DOCUMENTS = 3_000
ROUNDS = 3
SECONDS = 0.5
"""What a question may cost."""


def command(*words: str) -> float:
    """Run the real command; return the seconds of CPU it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "pipeline", *words], check=True, stdout=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def workspace(root: Path) -> str:
    """Make the report of one village, correct a household's income, make it again."""
    command("init", str(root), "--scheme", SCHEME)
    book = next((root / "inputs" / SCHEME).glob("*/02*.xlsx"))
    workbook = openpyxl.load_workbook(book)
    sheet = workbook["贫困户"]
    heads = next(row for row in sheet.iter_rows() if any(cell.value == "户编号" for cell in row))
    columns = {str(cell.value).partition("（")[0]: cell.column for cell in heads}
    row = heads[0].row + 1
    village = str(sheet.cell(row, columns["行政村代码"]).value)
    made = ("make", SCHEME, "--kind", KIND, "--village", village, "-q", "-C", str(root))
    command(*made)
    sheet.cell(row, columns["年可支配收入"]).value = 98_765
    workbook.save(book)
    command(*made)
    return f"{KIND}/{village}"


def fill(store: Path, count: int) -> None:
    """Record made-up versions; nothing need survive a power cut here."""
    noise = random.Random(1)
    with patch("os.fsync"), History.open(store) as history:
        for start in range(0, count, BATCH):
            history.record(
                [_paper(number, noise) for number in range(start, min(start + BATCH, count))],
                at=f"2016-{start * 12 // count + 1:02d}-03T02:00:{start // BATCH % 60:02d}Z",
                operator=("王五", "赵六")[start // BATCH % 2],
            )


def _paper(number: int, noise: random.Random) -> NewVersion:
    subject = f"{number % DOCUMENTS:012d}"
    context = {"household": {"size": noise.randrange(9)}}
    return NewVersion(
        document=f"household_plan/{subject}",
        title=f"村{subject[-3:]}张三帮扶计划",
        kind="household_plan",
        level="household",
        subject=subject,
        period="",
        origin="made",
        digest=digest(canonical({"number": number})),
        context=context,
        template="0" * 64,
        engine="1" * 64,
        snapshot="",
        as_of=date(2016, 10, 31),
        pages=1,
        files=(NewFile(path=f"内部/梯面镇/{subject}.pdf", data=noise.randbytes(1)),),
    )


def naive(store: Path) -> int:
    """Read all events and manifests, as a log without a cache would."""
    with History.open(store) as history:
        versions = {name for event in history.log() for name in event.versions}
    return sum(
        bool(decode((store / "sha256" / name[:2] / name).read_bytes(), manifest=name).title)
        for name in versions
    )


def _unnoted(root: Path, *words: str) -> float:
    """Ask where nothing was noted of what figures were drawn from."""
    (root / "outputs" / SCHEME / "store" / "traces.sqlite").unlink(missing_ok=True)
    return command(*words)


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main(count: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "w"
        report = workspace(root)
        store = root / "outputs" / SCHEME / "store"
        start = time.perf_counter()
        fill(store, count)
        print(f"{count} versions recorded in {time.perf_counter() - start:.0f} s, unsynced")
        asked = ("history", SCHEME)
        at = ("-C", str(root))
        questions = {
            "log": (*asked, "log", *at),
            "log --user --since": (*asked, "log", "--user", "王五", "--since", "2016-06-01", *at),
            "log --state": (*asked, "log", "--state", "草稿", *at),
            "log --kind": (*asked, "log", "--kind", KIND, *at),
            "show": (*asked, "show", report, *at),
            "diff": (*asked, "diff", f"{report}@1", f"{report}@2", *at),
            "stats": (*asked, "stats", *at),
            "blame": (*asked, "blame", report.partition("/")[2], *at),
        }
        beside = _cpu(lambda: naive(store))
        table = Table(title=f"a history of {count} versions, CPU of the whole command")
        for heading in ("", "seconds", f"of {SECONDS} s", "× naive"):
            table.add_column(heading, justify="right" if heading else "left")
        table.add_row("--help", f"{command('--help'):.3f}", "", "")
        for name, words in questions.items():
            seconds = statistics.median(command(*words) for _ in range(ROUNDS))
            table.add_row(
                name, f"{seconds:.3f}", f"{seconds / SECONDS:.2f}", f"{seconds / beside:.2f}"
            )
        read = statistics.median(_unnoted(root, *questions["diff"]) for _ in range(ROUNDS))
        table.add_row("naive diff: read both rosters", f"{read:.3f}", f"{read / SECONDS:.2f}", "")
        table.add_row("naive: read log and manifests", f"{beside:.3f}", "", "1.00")
        Console().print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
