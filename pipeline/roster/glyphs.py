"""Characters of a roster that no font here can draw: told with their cell before a page is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline import fonts
from pipeline.model import Column, Value


class Letters:
    """The letters of many texts, looked up when there are new ones."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._known = 0
        self._missing = False

    def add(self, letters: Iterable[str]) -> None:
        """Take the letters of a text in."""
        self._seen.update(letters)

    def undrawn(self) -> bool:
        """Tell whether no font can draw one of them."""
        if len(self._seen) > self._known:
            self._known = len(self._seen)
            self._missing = bool(fonts.uncovered("".join(self._seen)))
        return self._missing


def undrawn(
    columns: Sequence[Column], values: Mapping[str, Sequence[Value]]
) -> Iterator[tuple[Column, int, str, str]]:
    """Yield column, place in it, text and code points of each text no font can draw.

    A record is read all the same: its figures count, and only the papers that show it can't be
    made.
    """
    for column in columns:
        texts = [one for one in values[column.id] if type(one) is str]
        missing = frozenset(fonts.uncovered("".join(texts)))
        if not missing:
            continue
        for at, text in enumerate(values[column.id]):
            if type(text) is str and (found := sorted(missing & set(text))):
                yield column, at, text, "、".join(f"U+{ord(letter):04X}" for letter in found)
