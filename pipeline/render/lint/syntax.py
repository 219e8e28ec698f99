"""Every syntax fault of a template: a tag that can't be read is left out and reading goes on."""

from __future__ import annotations

import re

from jinja2 import Environment, TemplateSyntaxError, nodes

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_MOST = 30


def recovered(
    text: str, environment: Environment
) -> tuple[nodes.Template | None, list[tuple[int, str]]]:
    """Parse a template; return its tree, if one is to be had, and its faults: line, what is wrong.

    The tree lacks the tags that couldn't be read.
    """
    found: list[tuple[int, str]] = []
    while (fault := _fault(text, environment)) is not None:
        found.append(fault)
        shorter = _without(text, fault, environment)
        if shorter is None or len(found) == _MOST:
            return None, found
        text = shorter
    return environment.parse(text), found


def _without(text: str, fault: tuple[int, str], environment: Environment) -> str | None:
    """Blank the tag that is to blame; None when leaving one out mends nothing."""
    for tag in _TAG.finditer(text):
        first = text.count("\n", 0, tag.start()) + 1
        if first <= fault[0] <= first + tag[0].count("\n"):
            blank = re.sub(r"[^\n]", " ", tag[0])
            shorter = text[: tag.start()] + blank + text[tag.end() :]
            now = _fault(shorter, environment)
            if now is None or (now != fault and now[0] >= fault[0]):
                return shorter
    return None


def _fault(text: str, environment: Environment) -> tuple[int, str] | None:
    try:
        environment.parse(text)
    except TemplateSyntaxError as error:
        return error.lineno, error.message or ""
    return None
