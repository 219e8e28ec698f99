"""The door of the room: record papers, ask for them, put them where people open them."""

from __future__ import annotations

from pipeline.history.issuing import Issuing
from pipeline.history.keeping import Keeping


class History(Issuing, Keeping):
    """All versions of one scheme's papers. Use it as a context manager."""
