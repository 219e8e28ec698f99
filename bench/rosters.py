"""Read and check a wide roster with us and read it with pandas and openpyxl, side by side.

    python bench/rosters.py [--rows 200000] [--rounds 1] [--inline]

One sheet of households, 40 columns of every type, a tenth of the cells empty. Both variants end
with the same typed values (text ids, Decimal money, dates, flags), which is asserted; ours also
looks the file over, accounts for every row and runs the rules. What calamine alone needs for
untyped cells stands between them: it is the fastest reader there is for Python. Words are shared
strings, as Excel and WPS save them; `--inline` writes them into the cells, as exports of systems
do.

Every variant runs in a fresh process; cpu and wall include its imports, peak memory is the
process's own. Of several rounds the least of each counts.
Then every rule runs over synthetic rosters of all tables, and over ten times as many.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
AS_OF = date(2016, 10, 31)
_INCOMES = ("wage", "operating", "property", "transfer")
COLUMNS = 40
HEADER = 2
"""Zero-based row of the headings: a title and an empty row stand above."""


def scheme_and_tables() -> tuple[Any, Any]:
    """Return a scheme with extra columns, and the one table the bench reads."""
    from pipeline.model import Column
    from pipeline.roster import load_tables
    from pipeline.schemes import read_scheme

    scheme = read_scheme(ROOT / "inputs/huadu-2016")
    own = len(load_tables(scheme)["households"].columns)
    extra = tuple(
        Column(id=f"x{number}", name=f"附加{number}", type="money", unit="元")
        for number in range(max(0, COLUMNS - own))
    )
    rules = tuple(rule for rule in scheme.rule if rule.code in {"L16"})
    scheme = dataclasses.replace(
        scheme, extra_field={"households": extra}, total=(), require={}, rule=rules
    )
    return scheme, {"households": load_tables(scheme)["households"]}


def write(path: Path, rows: int, *, inline: bool = False) -> None:
    """Write the roster as an office would: a title, headings, rows of every type."""
    import xlsxwriter

    _, tables = scheme_and_tables()
    columns = tables["households"].columns[:COLUMNS]
    noise = random.Random(1)
    with xlsxwriter.Workbook(path, {"constant_memory": inline}) as book:
        sheet = book.add_worksheet("贫困户")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write(0, 0, "贫困户名册（样例数据）")
        for index, column in enumerate(columns):
            sheet.write(HEADER, index, column.name)
        for number in range(rows):
            row = _row(number, noise)
            for index, column in enumerate(columns):
                given = row[column.id] if column.id in row else _cell(column, noise)
                style = day if isinstance(given, date) else None
                sheet.write(HEADER + 1 + number, index, given, style)


def _cell(column: Any, noise: random.Random) -> Any:
    """Make up a cell of a column that no sum needs; a tenth of them are empty."""
    if noise.random() < 0.1:
        return None
    if column.type in {"money", "decimal"}:
        return noise.randrange(0, 5_000_000) / 100
    if column.type == "integer":
        return noise.randrange(2010, 2017)
    if column.type == "flag":
        return noise.choice("是否")
    if column.type == "code":
        return noise.choice(list(column.codes))
    if column.type == "id":
        return f"6228{noise.randrange(10**15):015d}"
    return f"样例文字{noise.randrange(500)}"


def _row(number: int, noise: random.Random) -> dict[str, Any]:
    """Make up a household whose figures add up."""
    parts = {name: noise.randrange(0, 3_000_000) for name in _INCOMES}
    size, net = noise.randint(1, 6), sum(parts.values()) - 100_000
    village = f"440114{number // 20:06d}"
    return {
        **{name: cents / 100 for name, cents in parts.items()},
        "cost": 1000.0,
        "net_income": net / 100,
        "net_per_capita": float(
            (Decimal(net) / 100 / size).quantize(Decimal("0.01"), "ROUND_HALF_UP")
        ),
        "size": size,
        "village_code": village,
        "code": f"{village}{number % 10000:04d}",
        "head": f"样例{number:06d}",
        "phone": f"1540000{number % 10000:04d}",
        "labour": "有" if number % 2 else "无",
        "reached_on": date(2016, 1 + number % 10, 1 + number % 28),
    }


def theirs(path: Path) -> list[dict[str, Any]]:
    """Read with pandas and openpyxl, then give every cell the type of its column."""
    import pandas as pd

    _, tables = scheme_and_tables()
    columns = {column.name: column for column in tables["households"].columns}
    frame = pd.read_excel(
        path, sheet_name="贫困户", header=HEADER, dtype=str, na_filter=False, engine="openpyxl"
    )
    make: dict[str, Callable[[str], Any]] = {
        "money": Decimal,
        "decimal": Decimal,
        "integer": int,
        "date": lambda cell: date.fromisoformat(cell[:10]),
        "flag": lambda cell: cell == "是",
    }
    typed = {}
    for name in frame:
        convert = make.get(columns[name].type)
        cells = frame[name].tolist()
        typed[columns[name].id] = (
            [convert(cell) if cell else None for cell in cells]
            if convert
            else [cell or None for cell in cells]
        )
    return [dict(zip(typed, row, strict=True)) for row in zip(*typed.values(), strict=True)]


def calamine(path: Path) -> list[Any]:
    """Read the raw cells, and do nothing with them."""
    from python_calamine import CalamineWorkbook

    rows: list[Any] = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return rows[HEADER + 1 :]


def ours(path: Path) -> Sequence[Any]:
    """Read, account for every row, and run the rules the scheme has switched on."""
    from pipeline.checks import check
    from pipeline.roster import read_roster

    scheme, tables = scheme_and_tables()
    roster = read_roster(path.parent, tables)
    check(roster, scheme, AS_OF)
    return roster.households


def digest(records: Sequence[Any]) -> int:
    """Return a number that is the same for the same typed values."""
    _, tables = scheme_and_tables()
    names = [column.id for column in tables["households"].columns[:COLUMNS]]

    def value(record: Any, name: str) -> Any:
        found = record[name] if isinstance(record, dict) else record.value(name)
        return found if found != "" else None

    found = 0
    for record in records:
        found = zlib.crc32(repr([_plain(value(record, name)) for name in names]).encode(), found)
    return found


def _plain(value: Any) -> Any:
    return value.normalize() if isinstance(value, Decimal) else value


VARIANTS = {"pandas + openpyxl": theirs, "calamine, untyped": calamine, "ours, with checks": ours}


def rules(sizes: Sequence[int]) -> list[float]:
    """Return the seconds every rule together needs for rosters of so many households each.

    Of three turns the least counts; the turns alternate, so that a slow moment is everybody's.
    """
    from pipeline.checks import RULES, check
    from pipeline.model import Rule
    from pipeline.roster import load_tables, read_roster
    from pipeline.sample import write_sample
    from pipeline.schemes import read_scheme

    scheme = read_scheme(ROOT / "inputs/huadu-2016")
    scheme = dataclasses.replace(scheme, rule=tuple(Rule(code=code) for code in RULES), total=())
    tables, rosters = load_tables(scheme), []
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            write_sample(scheme, tables, Path(name), as_of=AS_OF, households=size)
            rosters.append(read_roster(Path(name), tables))
    turns = [[_seconds(check, roster, scheme, AS_OF) for roster in rosters] for _ in range(3)]
    return [min(spent) for spent in zip(*turns, strict=True)]


def _seconds(call: Callable[..., object], *given: object) -> float:
    start = time.process_time()
    call(*given)
    return time.process_time() - start


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--inline", action="store_true")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        _one(*options.one)
        return
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "roster.xlsx"
        _run("write inline" if options.inline else "write", f"{options.rows} {path}")
        _compare(path, options.rows, options.rounds)
    few, many = map(float, _run("rules", "5000 50000"))
    print(f"every rule: 5000 households {few:.2f} s, 50000 {many:.2f} s: {many / few:.1f} times")


def _one(variant: str, given: str) -> None:
    """Run one variant in this process and print cpu and wall seconds, peak MB, rows and digest."""
    if variant == "rules":
        print(*rules([int(size) for size in given.split()]))
        return
    if variant.startswith("write"):  # not in the parent: children begin with its peak
        rows, place = given.split(" ", 1)
        write(Path(place), int(rows), inline=variant.endswith("inline"))
        return
    start, began = time.process_time(), time.perf_counter()
    records = VARIANTS[variant](Path(given))
    spent, waited = time.process_time() - start, time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    found = 0 if variant.startswith("calamine") else digest(records)
    print(spent, waited, peak, len(records), found)


def _compare(path: Path, rows: int, rounds: int) -> None:
    print(f"{rows} rows, {path.stat().st_size // 1000} KB")
    print("| variant | cpu s | times pandas | wall s | times pandas | peak MB | rows |")
    print("|---|---|---|---|---|---|---|")
    base: tuple[float, float] | None = None
    digests = set()
    for variant in VARIANTS:
        runs = [tuple(map(float, _run(variant, str(path)))) for _ in range(rounds)]
        spent, waited, peak, read, found = map(min, zip(*runs, strict=True))
        base = base or (spent, waited)
        digests |= {found} - {0}
        print(
            f"| {variant} | {spent:.1f} | {base[0] / spent:.1f}x | {waited:.1f} "
            f"| {base[1] / waited:.1f}x | {peak:.0f} | {read:.0f} |"
        )
    print("the aim is 8 times pandas, and a peak below 1200 MB")
    if len(digests) != 1:
        raise SystemExit("the variants don't read the same values")


def _run(variant: str, given: str) -> list[str]:
    call = [sys.executable, __file__, "--one", variant, given]
    return subprocess.run(call, stdout=subprocess.PIPE, text=True, check=True).stdout.split()


if __name__ == "__main__":
    main()
