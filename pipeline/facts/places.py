"""Who is judged at each level, and which subject lies in which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.model import LEVELS, Level, Record, Roster, Scheme, Subject

Row = tuple[Subject, Record | None]


def levels(scheme: Scheme) -> tuple[Level, ...]:
    """Return the levels of a scheme from the members up to its area."""
    return LEVELS[: LEVELS.index(scheme.area.level) + 1]


def subjects(level: str, roster: Roster, scheme: Scheme) -> list[Row]:
    """Return the subjects of a level with their rows; an area, and a unit's county, has none."""
    if level == scheme.area.level:
        return [(_area(scheme), None)]
    if level == "county":
        counties = {town.county_code: town.county for town in roster.towns if town.county_code}
        return [
            (Subject(level="county", code=code, name=name), None) for code, name in counties.items()
        ]
    if level == "unit":
        return [(Subject(level="unit", code=row.name, name=row.name), row) for row in roster.units]
    tables: dict[str, tuple[Sequence[Record], str, str]] = {
        "member": (roster.members, "", "name"),
        "household": (roster.households, "code", "head"),
        "village": (roster.villages, "code", "name"),
        "town": (roster.towns, "code", "name"),
    }
    rows, code, name = tables[level]
    return [
        (
            Subject(
                level=level,  # type: ignore[arg-type]
                code=getattr(row, code) if code else row.key,
                name=getattr(row, name),
            ),
            row,
        )
        for row in rows
    ]


def parents(level: str, roster: Roster, scheme: Scheme) -> Mapping[str, str]:
    """Return the code of each subject of a level to the code of the one it lies in."""
    if level == "member":
        return {member.key: member.household_code for member in roster.members}
    if level == "household":
        return {household.code: household.village_code for household in roster.households}
    if level == "village":
        return {village.code: village.town_code for village in roster.villages}
    if level == "town":
        up = scheme.area.level == "county"
        return {town.code: scheme.area.code if up else town.county_code for town in roster.towns}
    return {town.county_code: scheme.area.code for town in roster.towns}


def above(village: str, roster: Roster, scheme: Scheme) -> Iterator[tuple[str, str]]:
    """Yield (level, code) of a village and of all it is part of: town, county, area, its unit."""
    yield ("village", village)
    yield (scheme.area.level, scheme.area.code)
    record = roster.village.get(village)
    if record is None:
        return
    if record.unit:
        yield ("unit", record.unit)
    yield ("town", record.town_code)
    town = roster.town.get(record.town_code)
    if town is not None and scheme.area.level != "county":
        yield ("county", town.county_code)


def _area(scheme: Scheme) -> Subject:
    return Subject(level=scheme.area.level, code=scheme.area.code, name=scheme.area.name)
