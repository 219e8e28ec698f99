"""The words of two finished papers held against each other."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

_WORD = re.compile(r"[A-Za-z0-9.,%/-]+|\S")
_ENDS = frozenset("。；")
_Sentences: TypeAlias = Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Word:
    """A run of words that both papers have, or only one of them."""

    how: Literal["same", "gone", "new"]
    text: str


def changed_words(old: str, new: str) -> Iterator[Word]:
    """Yield the words of two papers, those of the old one where they differ first.

    Line breaks and spaces only part words: they move when a figure grows by a digit.
    """
    first, second = _sentences(old), _sentences(new)
    for how, a0, a1, b0, b1 in _steps(first, second):
        if how == "equal":
            yield Word("same", _joined(first[a0:a1]))
        else:
            yield from _words(first[a0:a1], second[b0:b1])


def _words(old: _Sentences, new: _Sentences) -> Iterator[Word]:
    first, second = ([word for sentence in side for word in sentence] for side in (old, new))
    for how, a0, a1, b0, b1 in _steps(first, second):
        if how == "equal":
            yield Word("same", _joined([tuple(first[a0:a1])]))
            continue
        if a1 > a0:
            yield Word("gone", _joined([tuple(first[a0:a1])]))
        if b1 > b0:
            yield Word("new", _joined([tuple(second[b0:b1])]))


def _sentences(text: str) -> _Sentences:
    """Cut a text into sentences of words: a Chinese character each, a figure as a whole."""
    found: list[list[str]] = [[]]
    for word in _WORD.findall(text):
        found[-1].append(word)
        if word in _ENDS:
            found.append([])
    return [tuple(sentence) for sentence in found]


def _steps(old: Sequence[Any], new: Sequence[Any]) -> Sequence[tuple[str, int, int, int, int]]:
    return difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _joined(sentences: _Sentences) -> str:
    """Write words as they are read: a space only where two figures would run together."""
    text = ""
    for word in (word for sentence in sentences for word in sentence):
        text += f" {word}" if text[-1:].isascii() and text and word.isascii() else word
    return text
