"""Words inside XML: what a cell or a note may hold."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

_FORBIDDEN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_MOST = 32_000
"""Characters; Excel takes 32 767 in a cell or a note."""


def clean(text: str) -> str:
    """Return text that XML can hold and Excel takes."""
    return _FORBIDDEN.sub("�", text.replace("\r", ""))[:_MOST]


def inside(text: str) -> str:
    """Return text as it stands between tags: `_x0041_` is said so that it isn't read as A."""
    return escape(_ESCAPE.sub("_x005F_", clean(text)))
