"""What people call the figures of a context, and who may see them: parts.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def fields() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    """Return part → field → (label, audience), from parts.toml."""
    raw = tomllib.loads((Path(__file__).parent / "parts.toml").read_text(encoding="utf-8"))
    return {
        part: {name: (words[0], words[1]) for name, words in named.items()}
        for part, named in raw.items()
    }


def label(path: str) -> str:
    """Return what people call the figure at a path of a context."""
    part, _, rest = path.partition(".")
    part = part.partition("[")[0]
    name = rest.partition(".")[0].partition("[")[0]
    known = fields().get(part, {})
    return known.get(name or "*", known.get("*", (path, "")))[0]
