"""One version by what people write: document, number, or the start of a digest."""

from __future__ import annotations

import re

from pipeline.errors import UsageError
from pipeline.history.questions import Questions
from pipeline.model import Version

_PREFIX = re.compile(r"[0-9a-f]{6,64}")


def find(cache: Questions, ref: str) -> Version:
    """Find one version; see `History.version`.

    Raises:
        UsageError: when there is none, or more than one.
    """
    document, _, number = ref.rpartition("@")
    if document and number.isdecimal():
        found = cache.numbered(document, int(number))
    elif _PREFIX.fullmatch(ref):
        found = cache.beginning(ref)
    else:
        found = list(cache.latest([ref]).values()) or cache.lying(ref)
    if len(found) != 1:
        problem = f"有 {len(found)} 个版本以“{ref}”开头" if found else f"没有版本“{ref}”"
        raise UsageError(problem, todo="写成 文种/代码@号数，或指纹的更多位")
    return found[0]
