"""The values of one paper before they are filled in: nothing that can't stand on a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline import fonts
from pipeline.errors import FillError

PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
"""Characters whose meaning only their sender knows; our own marks while filling are of these."""
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\ufffe\uffff]")
_BREAK = re.compile("\r\n?")


def checked(context: Mapping[str, Any], template: str) -> dict[str, Any]:
    """Return the context with every line break written as one newline.

    Raises:
        FillError: for a control character, a private one, or one that no font has; names the
            field. LibreOffice would leave it out, and nobody would see it.
    """
    missing = frozenset(fonts.uncovered("".join(text for _, text in _texts(context, ""))))
    for path, text in _texts(context, ""):
        if found := _FORBIDDEN.search(text):
            raise _wrong(
                template, f"{path} 含有不能出现在文档里的控制字符", found[0], "删去这个字符"
            )
        if found := PRIVATE.search(text):
            raise _wrong(template, f"{path} 里有自造字，不知道它是什么字：", found[0], "换成规范字")
        if absent := sorted(missing & set(text)):
            codes = "、".join(f"{letter}（U+{ord(letter):04X}）" for letter in absent)
            raise FillError(
                f"字体里没有这些字：{codes}，在 {path}",
                where=template,
                todo="换成规范字，或安装含有这些字的字体（juanzong doctor）",
            )
    return {str(name): _unified(value) for name, value in context.items()}


def _unified(value: Any) -> Any:
    if isinstance(value, str):
        return _BREAK.sub("\n", value) if "\r" in value else value
    if isinstance(value, Mapping):
        return {name: _unified(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_unified(item) for item in value]
    return value


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield every text of a context with the path of its field."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _texts(item, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _texts(item, f"{path}[{number}]")


def _wrong(template: str, what: str, letter: str, todo: str) -> FillError:
    return FillError(f"{what} U+{ord(letter):04X}", where=template, todo=f"在名册里{todo}")
