"""The reasons to stop, each with its exit code, and what a wrong word may have meant.

JuanzongError
├── UsageError      2  the command line asks for something that isn't there
├── RosterError     4  a workbook, sheet, column or file can't be read
├── PaperError      4  a PDF somebody gave us can't be read
├── SchemeError     5  scheme.toml or kind.toml is wrong
├── TemplateError   5  a template has a fault
│   └── FillError   5  a template can't be filled with these values; with others it may
├── ToolError       6  LibreOffice, a font or another outside program fails
├── OutputError     7  a result can't be written
└── HistoryError    8  the store or the log is damaged or held by somebody

A problem *in the data* is never an exception: it is a `Finding` and travels with its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from enum import IntEnum

_OFFERED = 5
"""Names that are offered at most: Chinese ones are short, and many are equally near."""


class ExitCode(IntEnum):
    """What the shell gets to see; stable."""

    OK = 0
    CRASH = 1
    USAGE = 2
    FINDINGS = 3
    INPUT = 4
    SCHEME = 5
    TOOL = 6
    OUTPUT = 7
    HISTORY = 8


class JuanzongError(Exception):
    """An expected reason to stop: what is wrong, where, and what to do."""

    exit_code = ExitCode.CRASH

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.todo = todo

    def __reduce__(self) -> tuple[object, ...]:
        return (_restore, (type(self), self.what, self.where, self.todo))

    def __str__(self) -> str:
        place = f"{self.where}：" if self.where else ""
        remedy = f"\n  请{self.todo}" if self.todo else ""
        return f"{place}{self.what}{remedy}"


def _restore(kind: type[JuanzongError], what: str, where: str, todo: str) -> JuanzongError:
    """Rebuild an error that crossed a process boundary."""
    return kind(what, where=where, todo=todo)


class UsageError(JuanzongError):
    """Raised when the command line names something that does not exist."""

    exit_code = ExitCode.USAGE


def perhaps(word: str, names: Iterable[str]) -> str:
    """Return the words that offer the names nearest to a wrong one; nothing where none is near.

    Names that hold the word come first.
    """
    known = list(dict.fromkeys(names))
    near = [name for name in known if word and word in name]
    near += get_close_matches(word, known, n=_OFFERED, cutoff=0.5)
    offered = list(dict.fromkeys(near))[:_OFFERED]
    return f"，是不是{'、'.join(f'“{name}”' for name in offered)}？" if offered else ""


class RosterError(JuanzongError):
    """Raised when a roster can't be read at all."""

    exit_code = ExitCode.INPUT


class PaperError(JuanzongError):
    """Raised when a PDF somebody gave us can't be read."""

    exit_code = ExitCode.INPUT


class SchemeError(JuanzongError):
    """Raised when a scheme or the manifest of a kind is wrong."""

    exit_code = ExitCode.SCHEME


class TemplateError(JuanzongError):
    """Raised when a template can't be compiled or filled."""

    exit_code = ExitCode.SCHEME


class FillError(TemplateError):
    """Raised when the values of one paper can't be put into its template."""


class ToolError(JuanzongError):
    """Raised when an outside program is missing, fails or hangs."""

    exit_code = ExitCode.TOOL


class OutputError(JuanzongError):
    """Raised when a result can't be written or isn't fit to leave the house."""

    exit_code = ExitCode.OUTPUT


class HistoryError(JuanzongError):
    """Raised when the store or the log can't be trusted or is held by another run."""

    exit_code = ExitCode.HISTORY
