"""A thousand damaged pages: none is taken for another, and nearly all are read."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.model import ScannedPage
from pipeline.scans import Printed, read_pages
from tests.conftest import World
from tests.scans.office import letters, signed
from tests.scans.scanner import HEAVY, LIGHT, MEDIUM, PHOTO, Damage, draw, scan, sign

ONE_BIT = replace(LIGHT, bits=1, colour=False)


@pytest.fixture(scope="module")
def pages(printed: World) -> dict[str, Printed]:
    every = letters(printed)
    return {
        code: page
        for letter in every
        for code, page in zip(letter.version.codes, letter.pages, strict=True)
    }


def read(
    pages: dict[str, Printed], damage: Damage, seed: int, folder: Path
) -> tuple[str, ScannedPage]:
    """Sign, scan and read one page; return the code it was printed with and what was read."""
    dice = random.Random(seed)
    code = dice.choice(list(pages))
    picture = scan(signed(pages[code], damage.dpi, seed), damage, seed, turn=dice.randrange(4))
    path = folder / f"{seed}.{'tif' if damage.bits == 1 else 'png'}"
    picture.save(path, compress_level=0)
    (found,) = read_pages(path, [1], pages.get)
    path.unlink()
    return code, found


def judged(
    pages: dict[str, Printed], damages: Sequence[Damage], folder: Path
) -> Counter[tuple[Damage, str]]:
    counted: Counter[tuple[Damage, str]] = Counter()
    for seed, damage in enumerate(damages):
        code, found = read(pages, damage, seed, folder)
        counted[damage, found.status] += 1
        if found.status == "filed":
            page = pages[code]
            assert (found.code, found.version, found.page) == (code, page.version, page.number)
            assert all(box.ink for box in found.boxes), (seed, damage, found.boxes)
        else:
            assert found.status in {"unread", "different"}
    return counted


def at(damage: Damage, dpi: int) -> Damage:
    return replace(damage, dpi=dpi)


def test_a_few_dozen_damaged_pages_are_all_read(pages: dict[str, Printed], tmp_path: Path) -> None:
    damages = [
        *(at(damage, dpi) for damage in (LIGHT, MEDIUM) for dpi in (150, 200, 300)),
        *(at(ONE_BIT, dpi) for dpi in (200, 300)),
        PHOTO,
    ] * 3
    counted = judged(pages, damages, tmp_path)
    assert sum(count for (_, status), count in counted.items() if status == "filed") == 27


def test_empty_boxes_hold_no_ink_whatever_the_scanner(
    pages: dict[str, Printed], tmp_path: Path
) -> None:
    to_sign = [page for page in pages.values() if page.places]
    for seed, damage in enumerate((LIGHT, MEDIUM, HEAVY, PHOTO, at(MEDIUM, 150), ONE_BIT)):
        page = to_sign[seed % len(to_sign)]
        (found,) = _bare(page, damage, seed, tmp_path, pages)
        assert found.status == "filed"
        assert not any(box.ink for box in found.boxes), damage


def _bare(
    page: Printed, damage: Damage, seed: int, folder: Path, pages: dict[str, Printed]
) -> list[ScannedPage]:
    picture = scan(draw(page.pdf, page.number, damage.dpi), damage, seed)
    picture.save(folder / f"{seed}.png", compress_level=0)
    return read_pages(folder / f"{seed}.png", [1], pages.get)


def test_a_seal_over_the_code_is_seen_through(pages: dict[str, Printed], tmp_path: Path) -> None:
    code, page = next(iter(pages.items()))
    seal = ("seal", (93.0, 272.0, 117.0, 291.0))
    picture = scan(sign(draw(page.pdf, page.number, 200), [seal], 1), LIGHT, 1)
    picture.save(tmp_path / "seal.png")
    (found,) = read_pages(tmp_path / "seal.png", [1], pages.get)
    assert found.code == code


@pytest.mark.slow
def test_of_a_thousand_pages_none_is_filed_wrong_and_few_wait(
    pages: dict[str, Printed], tmp_path: Path
) -> None:
    fine, coarse, bad = at(MEDIUM, 200), at(MEDIUM, 150), at(HEAVY, 150)
    damages = [fine] * 450 + [coarse] * 350 + [at(MEDIUM, 300)] * 80 + [PHOTO] * 60 + [bad] * 60
    random.Random(1).shuffle(damages)
    counted = judged(pages, damages, tmp_path)
    assert counted[fine, "filed"] >= 0.995 * 450
    assert counted[coarse, "filed"] >= 0.97 * 350
