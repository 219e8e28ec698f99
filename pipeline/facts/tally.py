"""How many: households, persons and labour classes by village, town and county; owns the frames."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd

from pipeline.model import Outcome, Roster, Scheme

Key = tuple[str, str]


def tally(
    roster: Roster, scheme: Scheme, exits: Mapping[str, Outcome]
) -> dict[Key, dict[str, int | Decimal]]:
    """Count by (level, code).

    `exits` is the outcome of each household that says whether it has left poverty. Gives
    households, with_labour, without_labour, persons, met, unmet, missing for every village,
    town, county and the area, and villages and weak for what villages lie in.
    """
    villages = pd.DataFrame(
        [
            {"village": village.code, "town": village.town_code, "weak": village.weak is True}
            for village in roster.villages
        ],
        columns=["village", "town", "weak"],
    )
    households = pd.DataFrame(
        [
            {
                "village": household.village_code,
                "persons": len(roster.members_of.get(household.code, ())),
                "with_labour": household.labour == "有",
                "without_labour": household.labour == "无",
                "outcome": exits[household.code].name.lower(),
            }
            for household in roster.households
        ],
        columns=["village", "persons", "with_labour", "without_labour", "outcome"],
    )
    for outcome in (Outcome.MET, Outcome.UNMET, Outcome.MISSING):
        households[outcome.name.lower()] = households["outcome"] == outcome.name.lower()
    households["households"] = 1
    counted = ["households", "persons", "with_labour", "without_labour", "met", "unmet", "missing"]
    by_village = (
        households.groupby("village")[counted].sum().reindex(villages["village"], fill_value=0)
    )
    joined = villages.merge(by_village, left_on="village", right_index=True)
    joined["villages"] = 1
    wide = [*counted, "villages", "weak"]
    found = {
        **{("village", str(code)): _plain(row) for code, row in by_village.iterrows()},
        **_by("town", joined, wide),
        (scheme.area.level, scheme.area.code): _plain(joined[wide].sum()),
    }
    if scheme.area.level != "county":
        joined["county"] = [_county(roster, code) for code in joined["town"]]
        found |= _by("county", joined, wide)
    return found


def _by(level: str, frame: pd.DataFrame, names: list[str]) -> dict[Key, dict[str, int | Decimal]]:
    sums = frame.groupby(level)[names].sum()
    return {(level, str(code)): _plain(row) for code, row in sums.iterrows()}


def _county(roster: Roster, town: str) -> str:
    return roster.town[town].county_code if town in roster.town else ""


def _plain(row: pd.Series[int]) -> dict[str, int | Decimal]:
    return {str(name): int(value) for name, value in row.items()}
