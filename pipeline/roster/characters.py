"""The characters of a cell: composed, spaced and punctuated one way, private ones made public."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache
from pathlib import Path

_PUBLIC = {
    int(private, 16): chr(int(public, 16))
    for private, public in json.loads(
        (Path(__file__).parent / "gbk_pua.json").read_text(encoding="utf-8")
    ).items()
}
"""Private-use code points that GBK fonts gave a shape, to what Unicode calls them since."""
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
"""How OOXML writes a character that XML can't hold; `_x000D_` is a carriage return."""
_SPACE = re.compile("[\\s\u200b-\u200f\u2060\ufeff\x00-\x1f\x7f]+")
_LOOSE = re.compile(r"[\s*＊★:：_]")
_HAN = "[\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_GAP = re.compile(f"(?<={_HAN}) (?={_HAN})")
_DOT = re.compile(f"(?<={_HAN}) ?[·•‧∙・．･・.⋅●] ?(?={_HAN})")


def clean(raw: object) -> str:
    """Return the words of a cell: composed, without outer or repeated white space."""
    if isinstance(raw, str):
        if spotless(raw):
            return raw  # nothing to clean: nearly every cell of nearly every roster
    elif isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    text = str(raw)
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: _unescaped(found[1]), text)
    if _PRIVATE.search(text):
        text = text.translate(_PUBLIC)
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()


def spotless(text: str) -> bool:
    """Tell that there is nothing to clean; what is true of joined words is true of each."""
    return text.isalnum() and (text.isascii() or unicodedata.is_normalized("NFC", text))


def private(text: str) -> str:
    """Return the first private-use character that has no public form, or nothing."""
    found = _PRIVATE.search(text)
    return found[0] if found else ""


def name(text: str) -> str:
    """Write a name one way: no spaces between Han characters, `·` between its parts."""
    if text.isalnum():
        return text
    return _GAP.sub("", _DOT.sub("·", text))


@lru_cache(4096)
def folded(text: str) -> str:
    """Return a word as headings and sheet names are compared: half width, no spaces or marks."""
    return _LOOSE.sub("", unicodedata.normalize("NFKC", text)).lower()


def _unescaped(code: str) -> str:
    point = int(code, 16)
    return " " if 0xD800 <= point < 0xE000 else chr(point)
