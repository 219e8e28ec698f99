"""Organs, towns, helper units and villages: who is in charge, and the villages' own income."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random

from pipeline.model import Scheme
from pipeline.sample.names import Names, Phones
from pipeline.sample.places import Place, read_list
from pipeline.sample.workbook import Row

ORGAN_COLUMNS = ("full", "short", "mark", "role", "phone", "address")
UNIT_COLUMNS = ("name", "town")

_TOWN_PHONES = 100
_VILLAGE_PHONES = 10_000
_FEW_VILLAGES = 20
"""Below this no village is left without a unit: it would be too large a part."""


def organ_rows(scheme: Scheme, names: Names, listed: str) -> list[Row]:
    """Make the rows of 机关 from the scheme's list, each with an invented head.

    Raises:
        SchemeError: for a list that can't be read.
    """
    return [
        {**row, "head": names.official()}
        for row in read_list(scheme.folder / listed, ORGAN_COLUMNS)
    ]


def town_rows(places: Sequence[Place], names: Names, prefix: str) -> list[Row]:
    """Make the rows of 镇街 for the towns of these villages."""
    towns = {place.town_code: place for place in places}
    return [
        {
            "code": code,
            "name": place.town,
            "kind": next((kind for kind in ("街道", "乡") if place.town.endswith(kind)), "镇"),
            "county": place.county,
            "county_code": place.county_code,
            "secretary": names.official(),
            "mayor": names.official(),
            "phone": f"{prefix}-{_TOWN_PHONES + order:08d}",
        }
        for order, (code, place) in enumerate(towns.items(), start=1)
    ]


def assigned_units(
    scheme: Scheme, places: Sequence[Place], rng: Random, weak: frozenset[str], listed: str
) -> Mapping[str, str]:
    """Give each village a helper unit by its code: its town's own units first, else in turn.

    A village whose group says its unit (or that it has none) keeps it; of the others one weak
    village is left without.

    Raises:
        SchemeError: for a list that can't be read.
    """
    rows = read_list(scheme.folder / listed, UNIT_COLUMNS)
    common = [row["name"] for row in rows if not row["town"]]
    rng.shuffle(common)
    given: dict[str, str] = {}
    paired = set()
    left = [place for place in places if "unit" not in place.given]
    given |= {place.code: str(place.given["unit"]) for place in places if "unit" in place.given}
    for order, place in enumerate(left):
        own = [row["name"] for row in rows if row["town"] == place.town]
        units = own or common
        given[place.code] = units[order % len(units)]
        if own:
            paired.add(place.code)
    free = sorted({place.code for place in left} & weak - paired)
    if len(left) >= _FEW_VILLAGES and free and len(left) == len(places):
        given[rng.choice(free)] = ""
    return given


def office(town: Mapping[str, str]) -> str:
    """Return the full name of a town's government."""
    return f"{town['name']}{'办事处' if town['kind'] == '街道' else '人民政府'}"


def unit_rows(assigned: Mapping[str, str], names: Names, phones: Phones) -> list[Row]:
    """Make the rows of 帮扶单位 for the units that have a village."""
    return [
        {
            "name": unit,
            "leader": names.official(),
            "deputy": names.official(),
            "contact": names.official(),
            "phone": phones.mobile(),
        }
        for unit in dict.fromkeys(unit for unit in assigned.values() if unit)
    ]


def weak_villages(places: Sequence[Place], rng: Random) -> frozenset[str]:
    """Draw the codes of the three villages in ten that count as 经济薄弱村."""
    codes = [place.code for place in places]
    return frozenset(rng.sample(codes, (3 * len(codes) + 5) // 10))


def village_rows(
    places: Sequence[Place],
    names: Names,
    rng: Random,
    *,
    weak: frozenset[str],
    units: Mapping[str, str],
    line: Decimal,
    prefix: str,
) -> list[Row]:
    """Make the rows of 行政村; `line` is what the policy wants a village to earn, in 元."""
    incomes = _collective_incomes(places, rng, weak, line)
    return [
        {
            "code": place.code,
            "name": place.name,
            "town_code": place.town_code,
            "weak": place.code in weak,
            "collective_income": incomes[place.code],
            "population": rng.randint(780, 6200),
            "secretary": names.official(),
            "phone": f"{prefix}-{_VILLAGE_PHONES + order:08d}",
            "account": f"0000{place.code}{order:04d}",
            "unit": units[place.code],
            **place.given,
        }
        for order, place in enumerate(places, start=1)
    ]


def _collective_incomes(
    places: Sequence[Place], rng: Random, weak: frozenset[str], line: Decimal
) -> Mapping[str, Decimal]:
    """Draw incomes: every fifth weak village has got over the line, every sixteenth other is below.

    One of the others stands exactly on it.
    """
    found: dict[str, Decimal] = {}
    seen = {True: 0, False: 0}
    for place in places:
        is_weak = place.code in weak
        order = seen[is_weak]
        seen[is_weak] += 1
        if is_weak:
            low, high = (100, 140) if order % 5 == 4 else (27, 99)
        elif order == 1:
            low, high = 100, 100
        else:
            low, high = (67, 99) if order % 16 == 9 else (102, 399)
        cents = 0 if low == high else rng.randint(0, 299_999)
        found[place.code] = line * rng.randint(low, high) / 100 + Decimal(cents) / 100
    return found
