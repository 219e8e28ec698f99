"""The words of a finished paper as they stand on its pages."""

from __future__ import annotations

import pypdfium2

from pipeline.errors import OutputError

_PADDING = str.maketrans("", "", "\x00\ufffe\x02")
"""What PDFium puts in for padding and for a hyphen at the end of a line."""


def words_of(pdf: bytes) -> str:
    """Return the words of a PDF, page after page.

    Raises:
        OutputError: when it is no readable PDF.
    """
    try:
        with pypdfium2.PdfDocument(pdf) as document:
            pages = [page.get_textpage().get_text_range(errors="replace") for page in document]
    except pypdfium2.PdfiumError as error:
        raise OutputError(f"读不出这个 PDF（{error}）") from error
    return "\n".join(pages).translate(_PADDING)
