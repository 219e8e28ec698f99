"""Two finished papers in, what differs out: words, and pages side by side. It judges nothing.

`pages` draws and `text` reads PDFs: whoever knows the words already needn't load them.
"""

from __future__ import annotations

from pipeline.differ.words import Word, changed_words

__all__ = ["Word", "changed_words"]
