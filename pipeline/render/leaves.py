"""What CSS can't say about whole pages: the imprint on an even one, wide tables turned upright."""

from __future__ import annotations

from typing import Any

IMPRINT = "imprint"
"""Id of the element that must begin on an even page, the back of a leaf."""
TURNED = "turned"
"""Name of the pages that are set lying and leave standing."""


def overleaf(document: Any) -> str:
    """Return the style that sends an imprint on the front of a leaf to a back; else nothing.

    Where a blank page comes before it, neither that page nor the imprint's bears a number.
    """
    for number, page in enumerate(document.pages, 1):
        place = page.anchors.get(IMPRINT)
        if place is None or number % 2 == 0:
            continue
        alone = place[1] <= page._page_box.content_box_y() + 1
        return f"#{IMPRINT} {{ break-before: left; page: {'plain' if alone else 'auto'} }}"
    return ""


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
