"""Identity numbers that are valid and that nobody holds: 449999 is no allocated county."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random

from stdnum.cn import ric

REGION = "449999"


class Identity:
    """Numbers in the order they are asked for; each is given once."""

    def __init__(self) -> None:
        self._given: Counter[tuple[date, str]] = Counter()

    def number(self, birth: date, sex: str) -> str:
        """Return the next 18-digit number of GB 11643 for a birthday and sex (1 odd, 2 even)."""
        order = 2 * self._given[birth, sex] + (1 if sex == "1" else 2)
        self._given[birth, sex] += 1
        body = f"{REGION}{birth:%Y%m%d}{order:03d}"
        return body + str(ric.calc_check_digit(f"{body}?"))


def disability_card(rng: Random, number: str) -> str:
    """Append category 1–7 and grade 1–4: the 20 characters of a 残疾人证."""
    return f"{number}{rng.randint(1, 7)}{rng.randint(1, 4)}"


def birthday(rng: Random, age: int, on: date) -> date:
    """Draw a day so that the person has this age, in full years, on the given day."""
    latest = date(on.year - age, on.month, min(on.day, 28))
    return latest - timedelta(days=rng.randrange(360))
