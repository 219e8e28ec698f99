"""The short id every page of a paper to be signed carries: scheme, document, version, page.

24 characters of Crockford's base32 (no I, L, O, U): 23 out of a digest, one that proves them. It
says nothing about anybody; history knows which page it stands for.
"""

from __future__ import annotations

import hashlib
import re
from itertools import count

CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 24

_FORM = re.compile(f"[{CODE_ALPHABET}]{{{CODE_LENGTH}}}")
_MISTAKEN = re.compile(r"[0-9]{7}|XX")
"""What checks of other things would take for a telephone, a bank card or an unfilled place."""


def page_code(scheme: str, document: str, digest: str, page: int) -> str:
    """Return the code of a page: the same for the same scheme, document, version digest, page."""
    for attempt in count():
        seed = "\0".join((scheme, document, digest, str(page), str(attempt)))
        value = int.from_bytes(hashlib.sha256(seed.encode()).digest())
        body = "".join(CODE_ALPHABET[value >> 5 * place & 31] for place in range(CODE_LENGTH - 1))
        code = body + _proof(body)
        if not _MISTAKEN.search(code):
            return code
    raise AssertionError("count() has no end")


def page_codes(scheme: str, document: str, digest: str, pages: int) -> tuple[str, ...]:
    """Return the codes of all pages of a version, first page first."""
    return tuple(page_code(scheme, document, digest, page) for page in range(1, pages + 1))


def is_page_code(text: str) -> bool:
    """Tell whether a text has the form of a code and its last character proves the others."""
    return bool(_FORM.fullmatch(text)) and _proof(text[:-1]) == text[-1]


def _proof(body: str) -> str:
    """Luhn's check to the base of 32: one wrong character, or two swapped, are noticed."""
    total = 0
    for place, character in enumerate(reversed(body)):
        value = CODE_ALPHABET.index(character) * (2 if place % 2 == 0 else 1)
        total += value // 32 + value % 32
    return CODE_ALPHABET[-total % 32]
