"""Real towns and villages from the scheme's list of divisions, and how many households go where."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pipeline.errors import SchemeError, UsageError
from pipeline.model import SamplePlan

T = TypeVar("T")

MOST = 100_000
"""Households; more would not fit the rows of one sheet."""

_KIND = "村委会"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A village and its town, with their codes of 12 and 9 digits."""

    code: str
    name: str
    town_code: str
    town: str


def read_places(folder: Path, plan: SamplePlan, wanted: int) -> tuple[Place, ...]:
    """Read the villages of the list, without those left out, thinned evenly to `wanted`.

    Raises:
        SchemeError: for a list that can't be read, a code to leave out that isn't in it, or too
            few villages.
    """
    path = folder / plan.divisions
    places = [
        Place(
            code=row["village_code"],
            name=row["village"].removesuffix(_KIND) + "村",
            town_code=row["town_code"],
            town=row["town"],
        )
        for row in read_list(path, ("village_code", "village", "town_code", "town", "kind"))
        if row["kind"] == _KIND
    ]
    unknown = sorted(set(plan.leave_out) - {place.code for place in places})
    if unknown:
        raise SchemeError(
            f"sample_plan.leave_out 里的 {'、'.join(unknown)} 不是名单里的村",
            where=str(path),
            todo="改正代码",
        )
    kept = [place for place in places if place.code not in plan.leave_out]
    if len(kept) < wanted:
        raise SchemeError(
            f"名单里只有 {len(kept)} 个村，要 {wanted} 个", where=str(path), todo="补全名单"
        )
    return tuple(_thinned(kept, wanted))


def read_list(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Read a UTF-8 CSV that has at least these columns.

    Raises:
        SchemeError: for a missing file, another encoding, or a missing column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            missing = [name for name in columns if name not in (reader.fieldnames or ())]
            if missing:
                raise SchemeError(f"缺少列 {'、'.join(missing)}", where=str(path), todo="补上该列")
            return [{name: row[name] or "" for name in columns} for row in reader]
    except (OSError, UnicodeDecodeError) as error:
        raise SchemeError(f"读不了：{error}", where=str(path), todo="检查文件") from error


def scaled(plan: SamplePlan, households: int | None) -> tuple[Mapping[str, int], int]:
    """Return the households of each labour class and the number of villages.

    Fewer households than villages go into villages as full as the plan's own.

    Raises:
        UsageError: for less than one household or more than `MOST`.
    """
    planned = sum(plan.households.values())
    wanted = planned if households is None else households
    if not 1 <= wanted <= MOST:
        raise UsageError(f"户数应当在 1 到 {MOST} 之间，不能是 {wanted}", todo="改正户数")
    classes = dict(
        zip(plan.households, shares(wanted, list(plan.households.values())), strict=True)
    )
    villages = plan.villages
    if wanted < villages:
        villages = -(-wanted * plan.villages // planned)
    return classes, villages


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """Divide a whole number by weights, the largest remainders first; the sum is exact."""
    parts = [divmod(total * weight, sum(weights)) for weight in weights]
    whole = [part for part, _ in parts]
    by_rest = sorted(range(len(parts)), key=lambda place: -parts[place][1])
    for place in by_rest[: total - sum(whole)]:
        whole[place] += 1
    return whole


def _thinned(items: Sequence[T], wanted: int) -> Iterator[T]:
    return (items[index * len(items) // wanted] for index in range(wanted))
