"""The reach found by pattern is never less than the real one, and little more."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.roster.extent import extent, number
from pipeline.roster.sheet import letters

rows = st.one_of(st.integers(1, 300), st.integers(1, 1_048_576))
columns = st.one_of(st.integers(1, 60), st.integers(1, 800), st.integers(1, 16_384))


@given(st.lists(st.tuples(rows, columns, st.booleans()), min_size=1, max_size=12))
def test_reach_is_that_of_the_cells_with_content(cells: list[tuple[int, int, bool]]) -> None:
    data = "".join(
        f'<c r="{letters(column - 1)}{row}"' + ("><v>1</v></c>" if filled else ' s="1"/>')
        for row, column, filled in cells
    )
    high = max([0, *(row for row, _, filled in cells if filled)])
    wide = max([0, *(column for _, column, filled in cells if filled)])
    found = extent("册.xlsx", data.encode())
    assert high <= found[0] <= max(9, high * 1.11)
    assert wide <= found[1] <= max(8, wide + 7)


@given(columns)
def test_letters_and_numbers_are_inverse(column: int) -> None:
    assert number(letters(column - 1).encode()) == column
