"""Every kind, filled with its sample: the ruler finds nothing, the text and the look are as before.

`python -m tests.render.test_golden` writes the texts and pictures anew; look at them before you
commit them.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageFilter

from pipeline.config import BUILTIN, Workspace
from pipeline.measure import gauge
from pipeline.model import ENGINES, DocumentKind
from pipeline.render import read_sample
from pipeline.run.templates import preview_templates
from pipeline.schemes import read_kinds

GOLDEN = Path(__file__).parents[1] / "golden"
PICTURE_DPI = 40
DIFFERENT = 0.02
"""Share of a page's darkness two pictures may differ by, both blurred: fonts hint differently."""


def kinds() -> dict[str, DocumentKind]:
    workspace = Workspace(BUILTIN)
    return read_kinds({engine: workspace.template_roots(engine) for engine in ENGINES})


def one_of_each_family() -> dict[str, str]:
    """Return family to its first kind."""
    found: dict[str, str] = {}
    for kind in sorted(kinds().values(), key=lambda kind: kind.id):
        found.setdefault(kind.family, kind.id)
    return found


@pytest.fixture(scope="module")
def previews(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    return made(tmp_path_factory.mktemp("previews"))


def made(folder: Path) -> dict[str, bytes]:
    """Return every kind's preview as PDF."""
    found = {}
    for one in preview_templates(Workspace(BUILTIN), [], folder):
        assert not one.fault, f"{one.kind}: {one.fault}"
        found[one.kind] = next(path for path in one.paths if path.suffix == ".pdf").read_bytes()
    return found


def text_of(pdf: bytes) -> str:
    """Return the words of each page, a line each."""
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]
    lines = [line.rstrip() for page in pages for line in page.splitlines()]
    return "\n".join(line for line in lines if line) + "\n"


def picture_of(pdf: bytes) -> Image.Image:
    page = pypdfium2.PdfDocument(pdf)[0]
    picture: Image.Image = page.render(scale=PICTURE_DPI / 72, grayscale=True).to_pil()
    return picture


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_the_ruler_finds_nothing_wrong(previews: Mapping[str, bytes], kind: str) -> None:
    found = kinds()[kind]
    sample = read_sample(found) or {}
    phones = [str(row.get("phone", "")) for row in sample.get("channels", ())]
    measured = gauge(
        previews[kind], name=kind, public=found.audience == "public", allowed_phones=phones
    )
    assert [one for one in measured.measurements if one.conclusion == "不合格"] == []


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_the_text_is_as_it_was(previews: Mapping[str, bytes], kind: str) -> None:
    assert text_of(previews[kind]) == (GOLDEN / f"{kind}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("family", sorted(one_of_each_family()))
def test_the_first_page_looks_as_it_did(previews: Mapping[str, bytes], family: str) -> None:
    kind = one_of_each_family()[family]
    before, now = Image.open(GOLDEN / f"{kind}.png"), picture_of(previews[kind])
    assert now.size == before.size
    old, new = (
        np.asarray(one.filter(ImageFilter.GaussianBlur(2)), dtype=float) for one in (before, now)
    )
    assert np.abs(old - new).mean() / 255 < DIFFERENT


def main() -> None:
    """Write the texts and pictures anew."""
    with tempfile.TemporaryDirectory() as name:
        pdfs = made(Path(name))
    for path in [*GOLDEN.glob("*.txt"), *GOLDEN.glob("*.png")]:
        path.unlink()
    GOLDEN.mkdir(exist_ok=True)
    for kind, pdf in pdfs.items():
        (GOLDEN / f"{kind}.txt").write_text(text_of(pdf), encoding="utf-8")
    for kind in one_of_each_family().values():
        buffer = io.BytesIO()
        picture_of(pdfs[kind]).save(buffer, "PNG", optimize=True)
        (GOLDEN / f"{kind}.png").write_bytes(buffer.getvalue())


if __name__ == "__main__":
    sys.exit(main())
