"""Where the passwords of locked workbooks come from: the environment, and whoever sits there."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import click

VARIABLE = "JUANZONG_PASSWORD"
_TIMES = 3


class Passwords:
    """The passwords to try on a workbook: the variable's, those that opened others, then asked."""

    def __init__(self) -> None:
        self._known = [word] if (word := os.environ.get(VARIABLE)) else []

    def __call__(self, name: str) -> Iterator[str]:
        """Yield passwords for a file of this name; the next one is only wanted if one was wrong."""
        yield from list(self._known)
        for time in range(_TIMES if sys.stdin.isatty() else 0):
            again = "密码不对，再试一次：" if time else ""
            word = click.prompt(
                f"{again}{name} 的打开密码",
                hide_input=True,
                err=True,
                default="",
                show_default=False,
            )
            if not word:
                return
            self._known.append(word)
            yield word
            self._known.remove(word)
