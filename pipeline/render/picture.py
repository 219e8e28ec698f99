"""A PDF in, a picture of each page out: for looking at, not for measuring."""

from __future__ import annotations

import io

DPI = 100


def pictures(pdf: bytes) -> list[bytes]:
    """Return each page as PNG at 100 dots an inch."""
    import pypdfium2

    made = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            out = io.BytesIO()
            page.render(scale=DPI / 72).to_pil().save(out, "PNG")
            made.append(out.getvalue())
    return made
