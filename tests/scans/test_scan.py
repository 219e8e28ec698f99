"""Signed paper comes back, from the command line: filed, listed, asked about, never guessed."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from pipeline.files import file_digest
from pipeline.scans import read_pages
from tests.conftest import SCHEME, World
from tests.scans.office import KIND, Letter, juanzong, letters, signed
from tests.scans.scanner import LIGHT, PHOTO, blank, draw, jpeg, pile, scan

DPI = 200


def scans_of(letter: Letter, seed: int = 1, leave_out: int | None = None) -> list[Image.Image]:
    return [
        scan(signed(page, DPI, seed, leave_out), LIGHT, seed + page.number) for page in letter.pages
    ]


def files_below(folder: Path) -> dict[Path, tuple[str, int]]:
    return {
        path: (file_digest(path), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() and "cache.sqlite" not in path.name and path.suffix != ".lock"
    }


def test_a_shuffled_pile_with_blank_backs_signs_each_letter(office: World, tmp_path: Path) -> None:
    every = letters(office)[:2]
    pages = [page for letter in every for page in scans_of(letter)]
    pages += [blank(DPI, seed) for seed in range(3)]
    random.Random(3).shuffle(pages)
    file = pile(pages, DPI, tmp_path / "签回.pdf")
    said = juanzong(office, "scan", SCHEME, str(file))
    assert [one["signed"] for one in said["letters"]] == [True, True]
    assert said["inbox"] == said["duplicates"] == []
    statuses = [page["status"] for page in said["received"][0]["pages"]]
    assert statuses.count("blank") == 3
    for letter in every:
        shown = juanzong(
            office, "history", SCHEME, "show", f"{letter.version.document}@{letter.version.number}"
        )
        assert [event["what"] for event in shown["events"]] == ["recorded", "signed"]
        path = next(path for path in office.outputs.rglob("*签署件*.pdf"))
        with pypdfium2.PdfDocument(path) as document:
            assert len(document) == letter.version.pages
    original = office.outputs / said["received"][0]["file"]
    assert original.read_bytes() == file.read_bytes()
    verified = juanzong(office, "history", SCHEME, "verify")
    assert verified["faults"] == []


def test_the_signed_file_shows_the_scan_upright_and_can_be_searched(
    office: World, tmp_path: Path
) -> None:
    letter = letters(office)[0]
    pages = [page.rotate(180, expand=True) for page in scans_of(letter)]
    juanzong(office, "scan", SCHEME, str(pile(pages, DPI, tmp_path / "倒.tif")))
    (path,) = office.outputs.rglob("*签署件*.pdf")
    with pypdfium2.PdfDocument(path) as document:
        words = "".join(page.get_textpage().get_text_range() for page in document)
        assert "责任期限" in words
        assert "样例数据" in words
    known = dict(zip(letter.version.codes, letter.pages, strict=True))
    shown = read_pages(path, range(1, letter.version.pages + 1), known.get)
    assert [page.page for page in shown] == list(range(1, letter.version.pages + 1))
    assert all(page.likeness > 60 for page in shown)
    upright = [[float(value) for value in page.place] for page in shown]
    assert all(one[0] > 0 and abs(one[1]) < 0.1 and abs(one[3]) < 0.1 for one in upright)


def test_the_same_file_twice_changes_nothing(office: World, tmp_path: Path) -> None:
    file = pile(scans_of(letters(office)[0]), DPI, tmp_path / "签回.pdf")
    juanzong(office, "scan", SCHEME, str(file))
    before = files_below(office.outputs)
    said = juanzong(office, "scan", SCHEME, str(file))
    assert said["known"] == [str(file)]
    assert said["letters"][0]["fresh"] is False
    assert files_below(office.outputs) == before


def test_a_missing_page_is_named_and_comes_later(office: World, tmp_path: Path) -> None:
    pages = scans_of(letters(office)[0])
    first = pile([pages[0], *pages[2:]], DPI, tmp_path / "一.pdf")
    said = juanzong(office, "scan", SCHEME, str(first), code=3)
    assert said["letters"][0]["missing"] == [2]
    assert not said["letters"][0]["signed"]
    (tmp_path / "二.jpg").write_bytes(jpeg(pages[1]))
    said = juanzong(office, "scan", SCHEME, str(tmp_path / "二.jpg"))
    assert said["letters"][0]["signed"]


def test_a_box_without_ink_keeps_the_letter_unsigned(office: World, tmp_path: Path) -> None:
    letter = letters(office)[0]
    last = next(page for page in letter.pages if page.places)
    empty = next(place for place, (use, _) in enumerate(last.places) if use == "signature")
    file = pile(scans_of(letter, leave_out=empty), DPI, tmp_path / "缺签.pdf")
    said = juanzong(office, "scan", SCHEME, str(file), code=3)
    assert said["letters"][0]["without_ink"] == [{"page": last.number, "box": "signature"}]
    again = pile(scans_of(letter, seed=9), DPI, tmp_path / "补签.pdf")
    said = juanzong(office, "scan", SCHEME, str(again))
    assert said["letters"][0]["signed"]
    assert len(said["duplicates"]) == letter.version.pages


def test_a_page_without_a_code_is_never_given_its_neighbours(office: World, tmp_path: Path) -> None:
    letter = letters(office)[0]
    pages = scans_of(letter)
    bare = pages[1].copy()
    bare.paste((255, 255, 255), (0, int(bare.height * 0.9), *bare.size))
    file = pile([pages[0], bare, *pages[2:]], DPI, tmp_path / "破.pdf")
    said = juanzong(office, "scan", SCHEME, str(file), code=3)
    assert said["letters"][0]["missing"] == [2]
    (waiting,) = said["inbox"]
    assert waiting["status"] == "unread"
    inbox = office.outputs / "内部/签署件/待认领"
    assert f"{waiting['page']}.jpg" in (inbox / "待认领.html").read_text("utf-8")
    with Image.open(inbox / f"{waiting['page']}.jpg") as picture:
        assert picture.height > 500
    said = juanzong(office, "scan", SCHEME, "--assign", waiting["page"], letter.version.document)
    assert said["letters"][0]["signed"]
    assert said["inbox"] == []
    assert not list(inbox.iterdir())


def test_a_wrong_page_under_a_right_code_is_noticed(office: World, tmp_path: Path) -> None:
    letter = letters(office)[0]
    first, second = (scan(draw(page.pdf, page.number, DPI), LIGHT, 1) for page in letter.pages[:2])
    foot = (0, int(first.height * 0.9), *first.size)
    second.paste(first.crop(foot), foot[:2])
    said = juanzong(office, "scan", SCHEME, str(pile([second], DPI, tmp_path / "混.pdf")), code=3)
    assert said["letters"] == []
    assert said["inbox"][0]["status"] == "different"


def test_codes_of_others_and_two_pages_on_one_sheet_wait_for_a_person(
    office: World, tmp_path: Path
) -> None:
    import segno

    letter = letters(office)[0]
    one, two = (draw(page.pdf, page.number, DPI) for page in letter.pages[:2])
    both = Image.new("RGB", (one.width * 2, one.height), "white")
    both.paste(one, (0, 0))
    both.paste(two, (one.width, 0))
    stream = io.BytesIO()
    segno.make("https://example.org/").save(stream, kind="png", scale=6)
    other = Image.new("RGB", one.size, "white")
    other.paste(Image.open(stream).convert("RGB"), (400, 400))
    file = pile([both, other], DPI, tmp_path / "两页.tif")
    said = juanzong(office, "scan", SCHEME, str(file), code=3)
    assert [page["status"] for page in said["inbox"]] == ["several", "foreign"]


def test_a_letter_made_again_since_is_filed_as_what_it_was(office: World, tmp_path: Path) -> None:
    letter = letters(office)[0]
    office.edit_scheme("负总责", "负全责")
    juanzong(office, "make", SCHEME, "--kind", KIND)
    file = pile(scans_of(letter), DPI, tmp_path / "旧版.pdf")
    said = juanzong(office, "scan", SCHEME, str(file))
    assert said["letters"][0]["number"] == 1
    assert said["letters"][0]["superseded_by"] == 2


@pytest.mark.parametrize("ending", [".pdf", ".jpg", ".heic"])
def test_what_is_no_scan_is_refused_in_words(office: World, tmp_path: Path, ending: str) -> None:
    pages = scans_of(letters(office)[0])[:1]
    whole = pile(pages, DPI, tmp_path / "whole.pdf").read_bytes()
    for name, data in (("空", b""), ("乱", b"\x00\x01" * 400), ("断", whole[: len(whole) // 3])):
        (tmp_path / f"{name}{ending}").write_bytes(data)
    said = juanzong(
        office, "scan", SCHEME, *(str(tmp_path / f"{name}{ending}") for name in "空乱断"), code=3
    )
    assert len(said["refused"]) == 3
    assert said["received"] == []


def test_pictures_are_known_by_their_bytes_and_a_folder_is_read_whole(
    office: World, tmp_path: Path
) -> None:
    letter = letters(office)[0]
    first, second, *_ = scans_of(letter)
    (tmp_path / "图.pdf").write_bytes(jpeg(first))
    second.save(tmp_path / "图.png")
    said = juanzong(office, "scan", SCHEME, str(tmp_path), code=3)
    assert said["letters"][0]["pages"] == [1, 2]


@pytest.mark.skipif(not shutil.which("heif-enc"), reason="Debian: libheif-examples")
def test_photos_of_a_telephone_sign_a_letter(office: World, tmp_path: Path) -> None:
    letter = letters(office)[0]
    for page in letter.pages:
        photo = scan(signed(page, PHOTO.dpi, 4), PHOTO, page.number)
        photo.save(tmp_path / "photo.png")
        name = tmp_path / f"IMG_{page.number}.HEIC"
        made = ["heif-enc", "-q", "50", "-o", str(name), str(tmp_path / "photo.png")]
        subprocess.run(made, check=True, capture_output=True)
    (tmp_path / "photo.png").unlink()
    said = juanzong(office, "scan", SCHEME, str(tmp_path))
    assert [one["signed"] for one in said["letters"]] == [True]
    assert len(said["received"]) == letter.version.pages


def test_letters_whose_data_changed_after_signing_are_to_be_signed_again(
    office: World, tmp_path: Path
) -> None:
    every = letters(office)
    letter = every[0]
    assert juanzong(office, "plan", SCHEME, "--stale-signed") == []
    juanzong(office, "scan", SCHEME, str(pile(scans_of(letter), DPI, tmp_path / "签回.pdf")))
    assert juanzong(office, "plan", SCHEME, "--stale-signed") == []
    office.edit_scheme("负总责", "负全责")
    (found,) = juanzong(office, "plan", SCHEME, "--stale-signed", code=3)
    assert found["document"] == letter.version.document
    assert found["number"] == letter.version.number
    assert [change for change in found["changes"] if "负全责" in change["new"]]


def test_a_towns_print_run_holds_its_own_papers_ready_for_both_sides(
    office: World, tmp_path: Path
) -> None:
    every = letters(office)
    runs = juanzong(office, "print", SCHEME, "--copies", "3", "-o", str(tmp_path / "打印"))
    assert len(runs) == len(every)
    for run, letter in zip(runs, every, strict=True):
        assert run["papers"] == [{"document": letter.version.document, "number": 1}]
        with pypdfium2.PdfDocument(tmp_path / "打印" / f"{run['place']}.pdf") as document:
            words = [page.get_textpage().get_text_range() for page in document]
        ends = ["".join(page.split()[-6:]) for page in words]
        assert [end for end in ends if end in letter.version.codes] == [*letter.version.codes] * 3
        assert "交接单" in words[0]
        assert "样例数据" in words[0]
        assert all(at % 2 == 0 for at, end in enumerate(ends) if end == letter.version.codes[0])
    shown = juanzong(office, "history", SCHEME, "show", every[0].version.document)
    assert [event["what"] for event in shown["events"]] == ["recorded", "printed"]


def test_the_same_print_run_is_the_same_bytes(office: World, tmp_path: Path) -> None:
    town = office.roster().towns[0].name
    for name in "甲乙":
        juanzong(office, "print", SCHEME, "--town", town, "-o", str(tmp_path / name))
    one, two = (next((tmp_path / name).iterdir()).read_bytes() for name in "甲乙")
    assert one == two
