"""Garbage collection put off while millions of records are made or looked at.

None of them lies in a circle, and looking through them all again and again costs a fifth of the
time and makes it grow faster than the rows.
"""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager

_MUCH = 100_000
"""Things made since; of fewer, what lies in circles had better go."""


@contextmanager
def uncollected(*, lasting: bool = False) -> Iterator[None]:
    """Leave circles of garbage alone until the end; also a decorator.

    What is `lasting`, and much, isn't looked through until the program ends: not by the first
    collection after it, nor by those to come.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if lasting and gc.get_count()[0] > _MUCH:
            gc.freeze()
            atexit.register(gc.unfreeze)
        if was:
            gc.enable()
