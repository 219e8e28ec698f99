"""Draw `docs/gallery/`: a page of each family of papers for each scheme, and a sheet of them all.

Real papers of sample rosters, as `juanzong make` makes them; a family a scheme doesn't ask for has
no picture. Run it (`make gallery`) when a template has changed what a page looks like.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from pipeline import convert, render
from pipeline.config import BUILTIN, Workspace
from pipeline.facts import compute
from pipeline.fonts import font_files
from pipeline.model import DocumentKind, Engine, PlannedDocument
from pipeline.plan import Digests, plan
from pipeline.roster import load_tables, read_roster
from pipeline.sample import write_sample
from pipeline.schemes import read_kinds, read_scheme

GALLERY = Path(__file__).parent / "gallery"
HOUSEHOLDS = 60
DPI = 72
COLOURS = 16
"""Shades of grey and of the red of heads and seals."""
THUMB = 172
"""Width of a page on the contact sheet, in pixels."""
FAMILIES = ("责任书", "帮扶规划", "年度计划", "公示", "通报", "验收")


SHOWN: Mapping[str, str] = {
    "huadu-2016": "HD-D02 HD-D10/2 HD-D06 HD-X01 - HD-D25Z",
    "lianzhou-2013": "- LZ-D13 LZ-D14 LZ-D07 LZ-D19/2 LZ-D33",
    "mazhang-2016": "MZ-D36 MZ-D20 MZ-D19/2 MZ-D12 MZ-D43 MZ-D40",
    "futian-2016": "FT-D02 FT-D03/2 FT-D13 FT-D11 FT-D20 FT-D12",
    "heyuan-2016": "- HY-D02/3 HY-D04 HY-D15 HY-X02 HY-D25",
}
"""Scheme to a paper and page of each family, in their order; a dash where it asks for none."""


def papers(scheme_id: str, folder: Path) -> dict[str, PlannedDocument]:
    """Return the fullest paper of each rule of a scheme, of a small roster of samples."""
    scheme = read_scheme(BUILTIN / "inputs" / scheme_id)
    assert scheme.sample_plan is not None
    as_of, tables = scheme.sample_plan.as_of, load_tables(scheme)
    write_sample(scheme, tables, folder, as_of=as_of, households=HOUSEHOLDS)
    roster = read_roster(folder, tables)
    kinds = all_kinds()
    digests = Digests(template=dict.fromkeys(kinds, ""), engine={"docx": "", "html": ""})
    found: dict[str, PlannedDocument] = {}
    for paper in plan(scheme, kinds, roster, compute(roster, scheme, as_of), digests):
        best = found.setdefault(paper.rule.id, paper)
        if len(str(paper.context)) > len(str(best.context)):
            found[paper.rule.id] = paper
    return found


def all_kinds() -> Mapping[str, DocumentKind]:
    """Return the built-in kinds."""
    engines: tuple[Engine, ...] = ("docx", "html")
    return read_kinds({engine: Workspace(BUILTIN).template_roots(engine) for engine in engines})


def printed(paper: PlannedDocument) -> bytes:
    """Return a paper as PDF."""
    if paper.kind.engine == "html":
        roots = Workspace(BUILTIN).template_roots("html")
        return render.render_html(roots, paper.kind.id, paper.context)
    (pdf,) = convert.to_pdf(
        [render.render_docx(paper.kind.folder / "template.docx", paper.context)]
    )
    if not isinstance(pdf, bytes):
        raise pdf
    return pdf


def drawn(pdf: bytes, number: int) -> Image.Image:
    """Return a page in few colours, so that it stays small."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[min(number, len(document)) - 1]
    picture: Image.Image = page.render(scale=DPI / 72).to_pil().convert("RGB")
    return small(picture)


def small(picture: Image.Image) -> Image.Image:
    """Return a picture in few colours, the rare ones among them."""
    return picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)


def sheet(pictures: Mapping[tuple[str, str], Image.Image]) -> Image.Image:
    """Return all pages on one sheet: a row a scheme, a column a family, each page framed."""
    height, gap, left, top = THUMB * 297 // 210, 12, 96, 34
    size = (left + len(FAMILIES) * (THUMB + gap), top + len(SHOWN) * (height + gap))
    whole = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(whole)
    named = {path.name: path for path in font_files()}
    face = ImageFont.truetype(str(named["NotoSansCJK-Regular.ttc"]), 15)
    for column, family in enumerate(FAMILIES):
        pen.text((left + column * (THUMB + gap), 8), family, "black", face)
    for row, scheme in enumerate(SHOWN):
        y = top + row * (height + gap)
        pen.text((6, y), scheme.replace("-", "\n"), "black", face)
        for column, family in enumerate(FAMILIES):
            x = left + column * (THUMB + gap)
            if page := pictures.get((scheme, family)):
                less = page.convert("RGB").resize((THUMB, height), Image.Resampling.LANCZOS)
                whole.paste(less, (x, y))
                pen.rectangle((x, y, x + THUMB, y + height), outline="grey")
            else:
                pen.text((x + 45, y + height // 2), "方案没有要求", "grey", face)
    return small(whole)


def main() -> None:
    """Draw every page and the sheet."""
    GALLERY.mkdir(exist_ok=True)
    for path in GALLERY.glob("*.png"):
        path.unlink()
    pictures = {}
    for scheme, pages in SHOWN.items():
        with tempfile.TemporaryDirectory() as folder:
            made = papers(scheme, Path(folder))
            for family, page in zip(FAMILIES, pages.split(), strict=True):
                rule, _, number = page.partition("/")
                if paper := made.get(rule):
                    picture = drawn(printed(paper), int(number or 1))
                    picture.save(GALLERY / f"{scheme}.{paper.kind.id}.png", optimize=True)
                    pictures[scheme, family] = picture
    sheet(pictures).save(GALLERY / "contact.png", optimize=True)


if __name__ == "__main__":
    sys.exit(main())
