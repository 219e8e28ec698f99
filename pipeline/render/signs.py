"""Tags written with the signs of a Chinese keyboard, found and mended sign for sign.

Only signs that make a tag unreadable are touched, never the words inside quotes or comments, and
every sign is replaced by one sign, so that nothing in a file moves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_TAG = re.compile(
    r"[{｛][{｛].*?[}｝][}｝]|[{｛][%％].*?[%％][}｝]|[{｛][#＃].*?[#＃][}｝]", re.DOTALL
)
_HALF = re.compile("｛｛|｝｝|｛[%％]|[%％]｝")
_SIGNS = {0xFF01 + number: 0x21 + number for number in range(94)} | {0x3000: 0x20}
_QUOTES = {"“": '"', "”": '"', "‘": "'", "’": "'", "＂": '"', "＇": "'"}
_SINGLE = re.compile(r"(?<!\{)\{\s*([^\W\d][\w.]*)\s*\}(?!\})")


def mended(text: str, *, quotes: bool) -> str:
    """Return the text with readable tags, of the same length.

    Args:
        text: words of a paragraph, or of a whole text file.
        quotes: also mend “ ” and ‘ ’; docxtpl reads those in Word files.
    """
    return _TAG.sub(lambda tag: _mended_tag(tag[0], quotes), text)


def bad_signs(text: str, *, quotes: bool) -> Iterator[tuple[int, str, bool]]:
    """Yield each tag with a bad sign: where it begins, the tag, whether `mended` mends it."""
    for tag in _TAG.finditer(text):
        if _mended_tag(tag[0], quotes) != tag[0]:
            yield tag.start(), tag[0], True
    for half in _HALF.finditer(_TAG.sub(lambda tag: " " * len(tag[0]), text)):
        yield half.start(), half[0], False


def single_braces(text: str) -> Iterator[tuple[int, str]]:
    """Yield names in single braces, as other programs write them: where, what."""
    for found in _SINGLE.finditer(_TAG.sub(lambda tag: " " * len(tag[0]), text)):
        yield found.start(), found[0]


def _mended_tag(tag: str, quotes: bool) -> str:
    signs = [letter.translate(_SIGNS) for letter in (tag[:2], tag[-2:])]
    inner = tag[2:-2]
    if signs[0] == "{#":
        return f"{signs[0]}{inner}{signs[1]}"
    return f"{signs[0]}{_mended_code(inner, quotes)}{signs[1]}"


def _mended_code(code: str, quotes: bool) -> str:
    """Translate signs outside of quoted words."""
    out: list[str] = []
    within = ""
    for letter in code:
        plain = _QUOTES.get(letter, letter)
        is_quote = plain in {'"', "'"}
        if is_quote and within in {"", plain}:
            within = "" if within else plain
            out.append(plain if quotes or letter in "＂＇" else letter)
        else:
            out.append(letter if within else letter.translate(_SIGNS))
    return "".join(out)
