"""scheme.toml and kind.toml in, `Scheme` and `DocumentKind` out; owns pydantic and the TOML."""

from __future__ import annotations

from pipeline.schemes.read import read_kinds, read_scheme

__all__ = ["read_kinds", "read_scheme"]
