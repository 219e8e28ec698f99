"""Anything in, words out: for the terminal, as JSON; what people read is in Chinese."""

from __future__ import annotations

from pipeline.report.progress import Progress
from pipeline.report.words import cell, mark_words, sentence, source_words

__all__ = ["Progress", "cell", "mark_words", "sentence", "source_words"]
