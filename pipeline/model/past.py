"""What the history answers when it is asked for many things at once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A version by name."""

    document: str
    number: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """What happened at one moment: one event, or several of the same run in a row."""

    first: int
    """Number of the first event."""
    last: int
    at: str
    operator: str
    what: str
    reason: str
    about: int
    """How many of the versions asked for."""
    example: Mention
    """The first of them."""
    digest: str
    """Of the first event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What the history holds of one kind of paper."""

    kind: str
    documents: int
    versions: int
    pages: int
    """Of the newest versions."""
    size: int
    """Bytes of the files of the newest versions."""
    whole: int
    """Bytes of the files of all versions, each content counted once."""
    example: str
    """A path below outputs/<scheme>."""
