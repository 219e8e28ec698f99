"""How far a long run is: a bar on a terminal, one line for each stage elsewhere; to stderr."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console

T = TypeVar("T")


class Progress:
    """Tells a person what is going on. A silent one says nothing."""

    def __init__(self, *, silent: bool = False) -> None:
        self._console = Console(stderr=True, highlight=False, quiet=silent)

    def say(self, words: str) -> None:
        """Print one line."""
        self._console.print(words, markup=False)

    def watch(self, things: Iterable[T], stage: str, total: int) -> Iterator[T]:
        """Yield the things and show how many of the total are done."""
        if not self._console.is_terminal or self._console.quiet:
            done = 0
            for thing in things:
                yield thing
                done += 1
            if total:
                self.say(f"{stage}：{done}/{total}")
            return
        # Here, not above: it takes a while to load, and who asks the past watches no bar.
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        with Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
        ) as bar:
            task = bar.add_task(stage, total=total)
            for thing in things:
                yield thing
                bar.advance(task)
