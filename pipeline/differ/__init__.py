"""Two finished papers in, what differs out: words, and pages side by side. It judges nothing."""

from __future__ import annotations

from pipeline.differ.pages import side_by_side
from pipeline.differ.words import Word, changed_words, words_of

__all__ = ["Word", "changed_words", "side_by_side", "words_of"]
