"""The cells a ranking or a report leads to add up to what the paper says."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from pipeline.config import BUILTIN
from pipeline.facts import compute
from pipeline.model import Cell, Record, Roster
from pipeline.plan import cells, figure, view_of
from pipeline.plan.parts import PARTS
from pipeline.plan.view import View
from pipeline.roster import load_tables, read_mapping, read_roster
from pipeline.schemes import read_scheme


@pytest.fixture(scope="module")
def circular() -> View:
    """Return what the quarterly circular of Lianzhou may look at."""
    scheme = read_scheme(BUILTIN / "inputs/lianzhou-2013")
    folder = max(scheme.folder.glob("20??-??-??"))
    tables = load_tables(scheme)
    roster = read_roster(folder, tables, read_mapping(scheme.folder, tables))
    facts = compute(roster, scheme, scheme.until)
    return view_of(
        scheme,
        roster,
        facts,
        document="circular_quarterly/441882/2014Q3",
        level="county",
        code="441882",
        period="2014Q3",
    )


def row_of(roster: Roster, cell: Cell) -> Record:
    return roster.by_key[cell.table][cell.key]


def sums(view: View, path: str) -> Counter[str]:
    """Add up the cells of a figure, field by field."""
    found: Counter[str] = Counter()
    for cell in cells(view, path):
        found[cell.field] += Decimal(str(row_of(view.roster, cell).value(cell.field)))
    return found


def test_the_rates_of_a_ranking_are_those_of_its_cells(circular: View) -> None:
    shown = {"rankings": PARTS["rankings"](circular)}
    for number in range(len(shown["rankings"][0]["rows"])):
        row = f"rankings[0].rows[{number}]"
        reached = sums(circular, f"{row}.rates[0]")
        assert set(reached) == {"reached", "households"}
        rate = Decimal(figure(shown, f"{row}.rates[0]"))
        assert reached["reached"] * 100 / reached["households"] == pytest.approx(rate)
        assert sums(circular, f"{row}.score") > reached
        village = {row_of(circular.roster, cell).value("village_code")
                   for cell in cells(circular, f"{row}.place")}  # fmt: skip
        towns = {circular.roster.village[str(code)].town_code for code in village}
        assert towns == {figure(shown, f"{row}.code")}


def test_what_a_scheme_says_of_a_ranking_has_no_cells(circular: View) -> None:
    for path in ("rankings[0].lists[0].action", "rankings[0].name", "rankings[0].rows[0].name"):
        assert cells(circular, path) == ()
    assert cells(circular, "rankings[0].lists[0].names") == cells(circular, "rankings[0].rows")


def test_reports_of_a_period_lead_to_its_last_months(circular: View) -> None:
    shown = {"progress": PARTS["progress"](circular), "series": PARTS["series"](circular)}
    for path in ("progress.now", "progress.before", "progress.below[3]", "progress.lower[5]"):
        told = figure(shown, path)
        for name in ("visits", "reached", "spent"):
            assert sums(circular, f"{path}.{name}")[name] == told[name], path
    rate = sums(circular, "series[2].spent_rate")
    assert rate["spent"] * 100 / rate["allocated"] == pytest.approx(
        Decimal(figure(shown, "series[2].spent_rate"))
    )


def test_sums_of_projects_lead_to_those_of_the_place_or_kind(circular: View) -> None:
    shown = {"construction": PARTS["construction"](circular)}
    for path in ("construction.below[0]", "construction.kinds[1]"):
        assert sum(
            row_of(circular.roster, cell).value("total") or 0
            for cell in cells(circular, f"{path}.money")
            if cell.field == "total"
        ) == figure(shown, f"{path}.money")


def test_a_table_is_asked_for_as_the_paper_names_it(circular: View) -> None:
    for path in ("inspections[0].result", "table.inspections[0].result"):
        [cell] = cells(circular, path)
        assert (cell.table, cell.field) == ("inspections", "result")
