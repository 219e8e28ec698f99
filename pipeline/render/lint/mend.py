"""Write readable signs into a template: one sign for one, everything else byte for byte."""

from __future__ import annotations

import io
import re
import zipfile

from pipeline.render.places import TEXT_PART, W, parsed, texts
from pipeline.render.signs import mended

_TEXT = re.compile(r"(<w:t(?: [^>]*)?>)([^<]+)(</w:t>)")
_LETTER = re.compile(r"&[^;]+;|.", re.DOTALL)
_ESCAPED = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


def mended_text(text: str) -> str:
    """Return an html template with readable signs in its tags."""
    return mended(text, quotes=True)


def mended_word(source: bytes) -> bytes:
    """Return a Word file with readable signs in its tags; the same bytes where none was bad."""
    with zipfile.ZipFile(io.BytesIO(source)) as package:
        members = [(info, package.read(info)) for info in package.infolist()]
    changed = [
        (info, _mended_part(data) if TEXT_PART.fullmatch(info.filename) else data)
        for info, data in members
    ]
    if changed == members:
        return source
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for info, data in changed:
            package.writestr(info, data)
    return out.getvalue()


def _mended_part(data: bytes) -> bytes:
    """Replace signs in the texts of a part, where they stand in its bytes."""
    root = parsed(data, "")
    words = {text: text.text or "" for text in root.iter(f"{W}t") if text.text}
    for paragraph in root.iter(f"{W}p"):
        own = [text for text in texts(paragraph) if text in words]
        whole = mended("".join(words[text] for text in own), quotes=False)
        for text in own:
            length = len(words[text])
            words[text], whole = whole[:length], whole[length:]
    raw = data.decode()
    if len(_TEXT.findall(raw)) != len(words):
        return data
    new = iter(words.values())
    return _TEXT.sub(lambda found: found[1] + _put(found[2], next(new)) + found[3], raw).encode()


def _put(raw: str, text: str) -> str:
    """Return the raw text with the letters that changed replaced."""
    units = _LETTER.findall(raw)
    if len(units) != len(text):
        return raw
    return "".join(
        unit if unit.startswith("&") or unit == letter else _ESCAPED.get(letter, letter)
        for unit, letter in zip(units, text, strict=True)
    )
