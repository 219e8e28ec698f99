"""What CSS can't say about whole pages: the imprint on an even one, wide tables turned upright."""

from __future__ import annotations

from typing import Any

IMPRINT = "imprint"
"""Id of the element that must begin on an even page, the back of a leaf."""
TURNED = "turned"
"""Name of the pages that are set lying and leave standing."""
OVERLEAF = f"#{IMPRINT} {{ break-before: page }}"
"""Sends the imprint to the next page."""


def needs_overleaf(document: Any) -> bool:
    """Say whether the imprint came to lie on the front of a leaf."""
    found = [number for number, page in enumerate(document.pages, 1) if IMPRINT in page.anchors]
    return bool(found) and found[0] % 2 == 1


def turn(document: Any, pdf: Any) -> None:
    """Turn lying pages to the left, so that the head of a table lies at the sheet's left edge.

    The content is turned, not the sheet: every page of a paper prints and binds the same way.
    """
    references = pdf.page_references
    for page, reference in zip(document.pages, references, strict=True):
        if page._page_box.page_type.name != TURNED:
            continue
        entry = pdf.objects[int(reference.split()[0])]
        _, _, width, height = entry["MediaBox"]
        entry["MediaBox"] = type(entry["MediaBox"])([0, 0, height, width])
        stream = pdf.objects[int(entry["Contents"].split()[0])]
        stream.stream.insert(0, f"0 1 -1 0 {height:g} 0 cm".encode())
