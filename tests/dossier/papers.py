"""Papers to bind: drawn by hand with pikepdf, or printed by WeasyPrint."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name

from pipeline import files, fonts
from pipeline.dossier import catalogue, page_count
from pipeline.model import CatalogueEntry, Part

fonts.use_closed_set()

STYLE = (
    "<meta charset=utf-8><style>@page{size:A4;margin:37mm 26mm 35mm 28mm}"
    'body{font:16pt/28.95pt "Liberation Serif",FandolFang,"Noto Serif CJK SC"}'
    "h2{break-before:page}</style>"
)
BAR = b"0 0 0 rg 200 300 100 100 re S"


def printed(body: str) -> bytes:
    import weasyprint

    return bytes(weasyprint.HTML(string=STYLE + body).write_pdf())


def archival(body: str) -> bytes:
    """A paper that is PDF/A-2u."""
    import weasyprint

    return bytes(weasyprint.HTML(string=STYLE + body).write_pdf(pdf_variant="pdf/a-2u"))


def drawn(*contents: bytes, **page_keys: object) -> bytes:
    """One A4 page for each content stream."""
    pdf = pikepdf.new()
    for content in contents:
        page = pdf.add_blank_page(page_size=(595.276, 841.89))
        page.obj.Contents = pdf.make_stream(content)
        for key, value in page_keys.items():
            page.obj[f"/{key}"] = value
    return saved(pdf)


def saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    stream = BytesIO()
    pdf.save(stream, deterministic_id="encryption" not in options, **options)
    return stream.getvalue()


def helvetica() -> Dictionary:
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)


def front(*addresses: str) -> bytes:
    """Cover, catalogue with links to these addresses, 备考表."""
    pdf = pikepdf.open(BytesIO(drawn(BAR, BAR, BAR)))
    pdf.pages[1].obj.Annots = Array(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Link,
            Rect=Array([100, 700 - 20 * i, 200, 710 - 20 * i]),
            A=Dictionary(S=Name.URI, URI=pikepdf.String(address)),
        )
        for i, address in enumerate(addresses)
    )
    return saved(pdf)


def parts(papers: Sequence[bytes], classes: Sequence[str] = ()) -> tuple[Part, ...]:
    lines = catalogue(
        CatalogueEntry(
            order=0,
            number="",
            author="梯面镇",
            title=f"责任书之{number}",
            date="",
            first_page=0,
            pages=page_count(pdf),
        )
        for number, pdf in enumerate(papers, start=1)
    )
    named = classes or ["综合"] * len(papers)
    return tuple(
        Part(title=line.title, bookmark=name, pdf=pdf, sha256=files.digest(pdf), entry=line)
        for line, name, pdf in zip(lines, named, papers, strict=True)
    )
