"""Recording versions against writing the same files naively, and against making them.

Run: python -m bench.history [VERSIONS [VILLAGES]]

What `make` really does is timed on the plans of the households of a few villages: rendering is
all it waits for but the recording and publishing, which also wait for the disk.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from pipeline.files import canonical, digest
from pipeline.history import History, NewFile, NewVersion, verify

AT = "2016-11-03T02:00:00Z"
SCHEME, KIND, ALL = "huadu-2016", "household_plan", 2228
"""What is made for real, and how many of them there are."""
CORES = os.cpu_count() or 1
PDF, DOCX = 40_000, 25_000
"""Bytes of a letter's files, about what the renderers make."""


def papers(count: int, *, seed: int) -> list[NewVersion]:
    """Make up letters whose bytes don't repeat."""
    noise = random.Random(seed)
    return [_paper(number, noise) for number in range(count)]


def _paper(number: int, noise: random.Random) -> NewVersion:
    subject = f"{number:012d}"
    context = {"households": [{"head": "张三", "size": noise.randrange(9)} for _ in range(20)]}
    base = f"内部/梯面镇/村{number % 40:02d}/告知书-{subject}"
    return NewVersion(
        document=f"notice/{subject}",
        title="告知书",
        kind="notice",
        level="household",
        subject=subject,
        period="",
        origin="made",
        digest=digest(canonical({"number": number, **context})),
        context=context,
        template="0" * 64,
        engine="1" * 64,
        snapshot="",
        as_of=date(2016, 10, 31),
        pages=1,
        files=(
            NewFile(path=f"{base}.pdf", data=noise.randbytes(PDF)),
            NewFile(path=f"{base}.docx", data=noise.randbytes(DOCX)),
        ),
    )


def naive(folder: Path, entries: list[NewVersion], *, sync: bool = False) -> None:
    """Write files and a JSON beside them the usual way: in place, no digests, no log."""
    for entry in entries:
        for file in entry.files:
            path = folder / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, file.data, sync=sync)
        context = json.dumps(entry.context, ensure_ascii=False)
        _write(path.with_suffix(".json"), context.encode(), sync=sync)


def _write(path: Path, data: bytes, *, sync: bool) -> None:
    with path.open("wb") as stream:
        stream.write(data)
        if sync:
            stream.flush()
            os.fsync(stream.fileno())


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def blobs(outputs: Path) -> list[Path]:
    """Return the files of the store that hold contents."""
    return [path for path in (outputs / "store" / "sha256").glob("*/*") if path.is_file()]


def hash_all(outputs: Path) -> None:
    """Hash everything that `verify` hashes, and do nothing else."""
    for path in outputs.rglob("*"):
        if path.is_file() and path.suffix not in (".sqlite", ".lock"):
            digest(path.read_bytes())


def made(root: Path, villages: int) -> tuple[int, float, float]:
    """Make the plans of the households of some villages; return papers, seconds, those kept by.

    The last is what recording, publishing and noting what figures came from took of the seconds.
    """
    from pipeline.config import workspace
    from pipeline.plan import select
    from pipeline.report import Progress
    from pipeline.run.make import make
    from pipeline.run.papers import papers as planned
    from pipeline.run.papers import plan_papers
    from pipeline.run.past import open_history
    from pipeline.run.start import init
    from pipeline.run.survey import survey

    init(root, SCHEME)
    read = survey(workspace(root), SCHEME)
    names = tuple(village.code for village in read.roster.villages[:villages])
    selection = select(read.scheme, read.kinds, read.roster, kind=(KIND,), village=names)
    with open_history(read.workspace, SCHEME, "bench") as history:
        due = planned(read, plan_papers(read, selection), history, strict=False)
        watch = Watch()
        for owner, name in (
            (history, "snapshot"),
            (history, "record"),
            (history, "publish"),
            (history.traces, "put"),
        ):
            setattr(owner, name, watch.around(getattr(owner, name)))
        whole = timed(
            lambda: make(
                read, due, history, jobs=CORES, at=AT, by="bench", progress=Progress(silent=True)
            )
        )
    return len(due.due), whole, watch.seconds


class Watch:
    """Adds up the time that calls take."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def around(self, work: Callable[..., Any]) -> Callable[..., Any]:
        """Return the same work, timed."""

        def worked(*args: Any, **named: Any) -> Any:
            start = time.perf_counter()
            try:
                return work(*args, **named)
            finally:
                self.seconds += time.perf_counter() - start

        return worked


def main(count: int, villages: int) -> None:
    """Print the table."""
    first, second = papers(count, seed=1), papers(count, seed=2)
    with tempfile.TemporaryDirectory() as place:
        plain, kept = Path(place) / "plain", Path(place) / "kept"
        usual = timed(lambda: naive(plain, first))
        with History.open(kept / "store") as history:
            rows = {
                "naive file writes": usual,
                "naive, each file synced": timed(lambda: naive(plain / "2", first, sync=True)),
                "record, one event": timed(lambda: history.record(first, at=AT, operator="bench")),
                "record second versions": timed(
                    lambda: history.record(second, at=AT, operator="bench")
                ),
            }
            documents = [entry.document for entry in first]
            versions = history.latest(documents)
            rows["publish to outputs"] = timed(lambda: history.publish(versions.values()))
            rows["publish again (all there)"] = timed(lambda: history.publish(versions.values()))
            rows["latest of all documents"] = timed(lambda: history.latest(documents))
            rows["rebuild the cache"] = timed(history.rebuild)
        rows["verify everything"] = timed(lambda: verify(kept / "store", kept))
        rows["sha256 of the same files"] = timed(lambda: hash_all(kept))
        faults, _ = verify(kept / "store", kept)
        distinct = sum(
            {digest(path.read_bytes()): path.stat().st_size for path in blobs(kept)}.values()
        )
        whole = sum(path.stat().st_size for path in (kept / "store").rglob("*") if path.is_file())
    table = Table(title=f"{count} versions of {(PDF + DOCX) // 1000} KB in two files")
    for heading in ("", "seconds", "versions/s", "× naive"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, seconds in rows.items():
        table.add_row(name, f"{seconds:.3f}", f"{count / seconds:.0f}", f"{seconds / usual:.1f}")
    Console().print(table)
    speed = rows["sha256 of the same files"] / rows["verify everything"]
    with tempfile.TemporaryDirectory() as place:
        papers_made, seconds, keeping = made(Path(place) / "w", villages)
    say = Console(soft_wrap=True).print
    say(f"faults found: {len(faults)}")
    say(f"verify reads at {speed:.2f} of sha256's own speed (wanted: 0.5)")
    say(f"store is {whole / distinct:.3f} × its distinct bytes (wanted: at most 1.1)")
    each = keeping / papers_made
    say(
        f"{papers_made} plans of households made in {seconds:.1f} s with {CORES} processes:"
        f" recorded, published and noted in {each * 1000:.0f} ms each,"
        f" {keeping / (seconds - keeping):.1%} of the time of rendering (wanted: under 25%);"
        f" all {ALL} would be recorded in {each * ALL:.0f} s"
    )


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:]]
    main(*(asked + [500, 8][len(asked) :]))
