"""How many: households, persons and labour classes by village, town and county; owns the frames."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd

from pipeline.model import Outcome, Roster, Scheme, Verdict

Key = tuple[str, str]


def tally(
    roster: Roster, scheme: Scheme, exits: Mapping[str, Verdict]
) -> dict[Key, dict[str, int | Decimal]]:
    """Count by (level, code).

    `exits` is the verdict of each household that says whether it has left poverty. Gives
    households, with_labour, without_labour, persons, met, unmet, missing for every village,
    town and the county, and villages and weak for towns and the county.
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
                "outcome": exits[household.code].outcome.name.lower(),
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
    by_town = joined.groupby("town")[wide].sum()
    county = joined[wide].sum()
    return {
        **{("village", str(code)): _plain(row) for code, row in by_village.iterrows()},
        **{("town", str(code)): _plain(row) for code, row in by_town.iterrows()},
        ("county", scheme.area.code): _plain(county),
    }


def _plain(row: pd.Series[int]) -> dict[str, int | Decimal]:
    return {str(name): int(value) for name, value in row.items()}
