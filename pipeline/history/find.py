"""One version by what people write: document, number, the start of a digest, or its name."""

from __future__ import annotations

import re
from difflib import get_close_matches

from pipeline.errors import UsageError
from pipeline.history.questions import Questions
from pipeline.model import Version

_PREFIX = re.compile(r"[0-9a-f]{6,64}")
_MANY, _FEW = 6, 3
"""Papers that are named where more than one is meant, or none."""


def find(cache: Questions, ref: str) -> Version:
    """Find one version; see `History.version`.

    Raises:
        UsageError: when there is none, or more than one; names what is near.
    """
    document, _, number = ref.rpartition("@")
    if document and number.isdecimal():
        found = cache.numbered(document, int(number)) or cache.numbered(
            _called(cache, document), int(number)
        )
    elif _PREFIX.fullmatch(ref):
        found = cache.beginning(ref)
    else:
        found = list(cache.latest([ref]).values()) or cache.lying(ref)
        found = found or list(cache.latest([_called(cache, ref)]).values())
    if len(found) != 1:
        problem = f"有 {len(found)} 个版本以“{ref}”开头" if found else f"没有版本“{ref}”"
        raise UsageError(problem, todo="写成 文种/代码@号数，或指纹的更多位")
    return found[0]


def _called(cache: Questions, words: str) -> str:
    """Return the document that is called so: 督查验收报告/联丰村, or as it stands if unknown.

    Raises:
        UsageError: when more than one is, or there is one that is called nearly so.
    """
    kind, _, rest = words.partition("/")
    subject, _, period = rest.partition("/")
    if not kind or not subject:
        return words
    found = cache.named(kind, subject, period)
    exact = [one for one in found if one[1] == f"{subject}{kind}"] or found
    documents = list(dict.fromkeys(document for document, _ in exact))
    if len(documents) > 1:
        some = "、".join(documents[:_MANY])
        raise UsageError(f"“{words}”可指 {len(documents)} 份文书", todo=f"写其中一份：{some}")
    if not documents and not cache.of([words]):
        known = cache.documents()
        near = get_close_matches(words, known, n=_FEW) or [
            document
            for title in get_close_matches(f"{subject}{kind}", known.values(), n=_FEW)
            for document in known
            if known[document] == title
        ]
        if near:
            some = "、".join(f"{one}（{known[one]}）" for one in near[:_FEW])
            raise UsageError(f"没有文书“{words}”", todo=f"改用相近的：{some}")
    return documents[0] if documents else words
