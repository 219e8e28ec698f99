"""What every answer on a terminal is made with: the console, tables."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table as Grid

MOST = 20
"""Lines of a list that are shown on a terminal."""


def console() -> Console:
    """Return the console results go to. Off a terminal nothing is wrapped: grep must work."""
    plain = Console(highlight=False, soft_wrap=True)
    return plain if plain.is_terminal else Console(highlight=False, soft_wrap=True, width=240)


def grid(*heads: str, title: str = "") -> Grid:
    """Begin a table; a head that ends in `>` is set flush right."""
    table = Grid(title=title or None, title_justify="left", header_style="bold")
    for head in heads:
        table.add_column(head.rstrip(">"), justify="right" if head.endswith(">") else "left")
    return table
