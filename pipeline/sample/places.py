"""Real towns and villages from the scheme's list of divisions, and how many households go where."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import TypeVar

from pipeline.errors import SchemeError, UsageError
from pipeline.model import SamplePlan, VillageGroup

T = TypeVar("T")

MOST = 100_000
"""Households; more would not fit the rows of one sheet."""

_COLUMNS = ("county_code", "county", "town_code", "town", "village_code", "village", "kind")
_COMMITTEES = {
    "村委会": ("村民委员会", "村委会"),
    "居委会": ("社区居民委员会", "居民委员会", "社区居委会", "居委会"),
}
_KINDS = {"村委会": "村", "居委会": "社区"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A village, its town and county, with their codes of 12, 9 and 6 digits."""

    code: str
    name: str
    town_code: str
    town: str
    county_code: str = ""
    county: str = ""
    given: Mapping[str, str | bool] = field(default_factory=dict)
    """Fields of the table of villages that its group sets."""
    households: bool = True
    """Whether poor households live there."""


def read_places(folder: Path, plan: SamplePlan, wanted: int, rng: Random) -> tuple[Place, ...]:
    """Read the villages of the list: those of the plan's groups, or `wanted` spread evenly.

    Fewer than the plan's own number come from all groups in proportion.

    Raises:
        SchemeError: for a list that can't be read, a code or name that isn't in it, or too few
            villages.
    """
    path = folder / plan.divisions
    listed = list(_listed(path, plan))
    unknown = sorted(set(plan.leave_out) - {place.code for place in listed})
    if unknown:
        raise SchemeError(
            f"sample_plan.leave_out 里的 {'、'.join(unknown)} 不是名单里的村",
            where=str(path),
            todo="改正代码",
        )
    kept = [place for place in listed if place.code not in plan.leave_out]
    groups = plan.group or (VillageGroup(villages=wanted),)
    chosen: dict[str, Place] = {}
    for group, number in zip(groups, _portions(groups, wanted), strict=True):
        free = [place for place in kept if place.code not in chosen]
        chosen |= {place.code: place for place in _chosen(group, number, free, path, rng)}
    return tuple(chosen[place.code] for place in kept if place.code in chosen)


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


def _listed(path: Path, plan: SamplePlan) -> Iterator[Place]:
    for row in read_list(path, _COLUMNS):
        if row["kind"] in plan.kinds:
            yield Place(
                code=row["village_code"],
                name=_name(row),
                town_code=row["town_code"],
                town=row["town"],
                county_code=row["county_code"],
                county=row["county"],
            )


def _name(row: Mapping[str, str]) -> str:
    """Return a village's usual name: 广东省…阳明镇东山社区居民委员会 → 东山社区."""
    name = row["village"].rpartition(row["town"])[2] or row["village"]
    for ending in _COMMITTEES[row["kind"]]:
        if name.endswith(ending):
            name = name.removesuffix(ending)
            break
    last = _KINDS[row["kind"]]
    return name if name.endswith(last) else name + last


def _portions(groups: Sequence[VillageGroup], wanted: int) -> list[int]:
    sizes = [group.villages for group in groups]
    if wanted >= sum(sizes):
        return sizes
    return [max(1, number) for number in shares(wanted, sizes)]


def _chosen(
    group: VillageGroup, number: int, free: Sequence[Place], path: Path, rng: Random
) -> list[Place]:
    """Return the villages of a group: those with a name first, then by town, spread evenly."""
    named = [_named(name, free, path) for name in group.names][:number]
    rest = [place for place in free if place not in named]
    if group.towns and number == group.villages:
        for town, count in group.towns.items():
            here = [place for place in rest if place.town == town]
            named += _thinned(here, count - sum(one.town == town for one in named), path, town)
    else:
        allowed = [place for place in rest if not group.towns or place.town in group.towns]
        named += _thinned(allowed, number - len(named), path, "名单里")
    order = {place.code: index for index, place in enumerate(free)}
    named.sort(key=lambda place: order[place.code])
    split = {field_: _dealt(parts, len(named), rng) for field_, parts in group.split.items()}
    return [
        replace(
            place,
            given={**group.set, **{name: values[index] for name, values in split.items()}},
            households=group.households,
        )
        for index, place in enumerate(named)
    ]


def _dealt(parts: Mapping[str, int], number: int, rng: Random) -> list[str]:
    """Deal values to so many places, each as often as it has to be."""
    counts = shares(number, list(parts.values()))
    values = [value for value, count in zip(parts, counts, strict=True) for _ in range(count)]
    rng.shuffle(values)
    return values


def _named(words: str, free: Sequence[Place], path: Path) -> Place:
    town, _, name = words.rpartition("/")
    for place in free:
        if place.name in {name, f"{name}村", f"{name}社区"} and place.town.startswith(town):
            return place
    raise SchemeError(f"名单里没有村“{words}”", where=str(path), todo="改正 sample_plan 里的村名")


def _thinned(items: Sequence[Place], wanted: int, path: Path, where: str) -> list[Place]:
    if len(items) < wanted:
        raise SchemeError(
            f"{where}只有 {len(items)} 个村，要 {wanted} 个", where=str(path), todo="补全名单"
        )
    return [items[index * len(items) // wanted] for index in range(max(0, wanted))]
