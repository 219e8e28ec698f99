"""Scanned pages enter, which printed page each one is leaves, and whether its boxes hold ink.

Owns zxing-cpp and Pillow; knows nothing of history: whoever asks says what a code stands for.
"""

from __future__ import annotations

from pipeline.scans.open import count_pages
from pipeline.scans.printed import Printed
from pipeline.scans.read import (
    ALIKE,
    Ask,
    place_page,
    read_pages,
    signed_pdf,
    thumbnails,
)

__all__ = [
    "ALIKE",
    "Ask",
    "Printed",
    "count_pages",
    "place_page",
    "read_pages",
    "signed_pdf",
    "thumbnails",
]
