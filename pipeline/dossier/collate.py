"""Put papers behind each other for a printer that prints on both sides."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from io import BytesIO

import pikepdf

from pipeline.dossier.catalogue import open_paper


def collate(parts: Sequence[tuple[str, bytes]]) -> bytes:
    """Return one PDF of papers in order, each beginning on the front of a sheet.

    The same papers give the same bytes. A blank back follows a paper with an odd number of pages.

    Args:
        parts: what each is called, for the message when it is damaged, and its PDF; the same
            bytes may come more than once and are kept once.

    Raises:
        OutputError: names the paper that can't be read.
    """
    with ExitStack() as held:
        book = held.enter_context(pikepdf.new())
        names = {data: name for name, data in parts}
        opened = {data: held.enter_context(open_paper(data, name)) for data, name in names.items()}
        for _, data in parts:
            paper = opened[data]
            book.pages.extend(paper.pages)
            if len(paper.pages) % 2:
                box = tuple(float(value) for value in paper.pages[-1].mediabox)
                book.add_blank_page(page_size=(box[2] - box[0], box[3] - box[1]))
        stream = BytesIO()
        book.save(
            stream,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return stream.getvalue()
