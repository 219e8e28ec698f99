"""A letter that was signed by hand lies in the dossier as it came back, and can be searched."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import numpy as np
import pikepdf
import pypdf
import pypdfium2
import pytest

from pipeline.measure import measure_pdfa
from pipeline.scans import read_pages
from tests.conftest import SCHEME, World
from tests.dossier.papers import saved
from tests.dossier.signer import appended
from tests.dossier.signer import signed as electronically
from tests.scans.office import KIND, Letter, juanzong, letters, signed
from tests.scans.scanner import LIGHT, pile, scan

DPI = 200


@pytest.fixture(scope="module")
def archive(printed: World, tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Letter]:
    """A workspace where one town's letter was issued, printed, signed, scanned and bound."""
    root = tmp_path_factory.mktemp("signed") / "w"
    shutil.copytree(printed.root, root)
    office = World(root)
    town = office.roster().towns[0].name
    juanzong(
        office,
        "issue",
        SCHEME,
        "--kind",
        KIND,
        "--town",
        town,
        "--date",
        "2016-11-10",
        "--by",
        "王五",
    )
    juanzong(office, "print", SCHEME, "--town", town)
    (letter,) = (one for one in letters(office) if one.version.issue)
    pages = [scan(signed(page, DPI, 5), LIGHT, page.number, turn=2) for page in letter.pages]
    juanzong(office, "scan", SCHEME, str(pile(pages, DPI, root / "签回.pdf")))
    juanzong(office, "bind", SCHEME, "--level", "镇", "--town", town)
    return office, letter


def test_a_letter_signed_electronically_travels_inside_as_it_came(
    archive: tuple[World, Letter], tmp_path: Path
) -> None:
    shutil.copytree(archive[0].root, tmp_path / "w")
    office = World(tmp_path / "w")
    letter = next(one for one in letters(office) if not one.version.issue)
    plain = pile([signed(page, 150, 5) for page in letter.pages], 150, tmp_path / "签.pdf")
    file = tmp_path / "改过.pdf"
    with pikepdf.open(plain) as book:  # Pillow's own numbering of objects is not quite PDF
        file.write_bytes(appended(electronically(saved(book))))
    juanzong(office, "scan", SCHEME, str(file))
    asked = ("bind", SCHEME, "--level", "镇", "--town", office.roster().towns[1].name)
    (made,) = juanzong(office, *asked)["bound"]
    shown = juanzong(office, "history", SCHEME, "show", made["document"])
    (entry,) = shown["context"]["dossier"]["entries"]
    assert entry["note"] == "草稿；电子签名后有增补，原件附后"
    book = (office.outputs / shown["files"][0]["path"]).read_bytes()
    ((kept,),) = pypdf.PdfReader(io.BytesIO(book)).attachments.values()
    assert kept == file.read_bytes()
    assert measure_pdfa([book])[0].flavour == "3u"
    (found,) = juanzong(office, *asked, "--check", code=3)
    assert "未印发" in str(found["gaps"])


def bound(archive: tuple[World, Letter]) -> bytes:
    (path,) = archive[0].outputs.rglob("卷宗.pdf")
    return path.read_bytes()


def copy_of(archive: tuple[World, Letter]) -> Path:
    return next(archive[0].outputs.glob("**/*签署件*.pdf"))


def test_the_dossiers_pages_are_the_signed_ones(archive: tuple[World, Letter]) -> None:
    office, letter = archive
    shown = juanzong(office, "history", SCHEME, "show", f"dossier/{letter.version.subject}")
    (entry,) = shown["context"]["dossier"]["entries"]
    assert (entry["note"], entry["date"], entry["pages"]) == ("签署件", "20161110", 3)
    assert shown["context"]["dossier"]["draft"] is False
    pdf = bound(archive)
    known = dict(zip(letter.version.codes, letter.pages, strict=True))
    (office.root / "卷宗.pdf").write_bytes(pdf)
    pages = read_pages(office.root / "卷宗.pdf", range(3, 6), known.get)
    assert [(page.status, page.page) for page in pages] == [
        ("filed", 1),
        ("filed", 2),
        ("filed", 3),
    ]
    assert all(box.ink for page in pages for box in page.boxes)
    assert sum(len(page.boxes) for page in pages) > 4


def test_the_signed_pages_can_be_searched_where_the_words_stand(
    archive: tuple[World, Letter],
) -> None:
    letter = archive[1]
    pages = pypdf.PdfReader(io.BytesIO(bound(archive))).pages[2:5]
    printed = pypdf.PdfReader(io.BytesIO(letter.pages[0].pdf)).pages
    for page, print_ in zip(pages, printed, strict=True):
        words = ["".join(one.extract_text().split()) for one in (page, print_)]
        assert set(words[1]) <= set(words[0])
    assert "脱贫攻坚责任书" in pages[0].extract_text()
    with (
        pypdfium2.PdfDocument(bound(archive)) as book,
        pypdfium2.PdfDocument(letter.pages[0].pdf) as print_,
    ):
        for one, other in zip((book[2], book[4]), (print_[0], print_[2]), strict=True):
            found, meant = (middle(page, "责任") for page in (one, other))
            assert np.hypot(found[0] - meant[0], found[1] - meant[1]) < 3, "points"


def middle(page: pypdfium2.PdfPage, words: str) -> tuple[float, float]:
    text = page.get_textpage()
    place, count = text.search(words).get_next()
    boxes = [text.get_charbox(one, loose=True) for one in range(place, place + count)]
    return (boxes[0][0] + boxes[-1][2]) / 2, (boxes[0][1] + boxes[0][3]) / 2


def test_dossier_and_signed_copy_are_archival(archive: tuple[World, Letter]) -> None:
    copy = copy_of(archive).read_bytes()
    book, own = measure_pdfa([bound(archive), copy])
    assert (book.flavour, book.faults) == ("2u", ())
    assert own.flavour
    assert own.faults == ()


def test_the_copy_is_small_and_the_original_is_kept_as_it_came(
    archive: tuple[World, Letter],
) -> None:
    office, letter = archive
    assert len(copy_of(archive).read_bytes()) < letter.version.pages * 300_000
    (kept,) = (office.outputs / "内部/签署件/原件").iterdir()
    assert kept.read_bytes() == (office.root / "签回.pdf").read_bytes()
    with pikepdf.open(copy_of(archive)) as book:
        assert "/StructTreeRoot" not in book.Root
        assert not any("/StructParents" in page.obj for page in book.pages)


def test_bound_once_more_nothing_changes(archive: tuple[World, Letter]) -> None:
    office, _ = archive
    town = office.roster().towns[0].name
    assert juanzong(office, "bind", SCHEME, "--level", "镇", "--town", town)["bound"] == []
    (found,) = juanzong(office, "bind", SCHEME, "--level", "镇", "--town", town, "--check")
    assert (found["complete"], found["gaps"]) == (True, [])
