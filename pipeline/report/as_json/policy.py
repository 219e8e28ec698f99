"""Kinds, schemes and the standard, as plain JSON."""

from __future__ import annotations

import dataclasses
from typing import Any

from pipeline.model import DocumentKind, Measured, Scheme
from pipeline.report import words


def kind(one: DocumentKind) -> dict[str, Any]:
    """Return a kind of paper as its manifest has it."""
    read = dataclasses.asdict(one)
    del read["folder"]
    return read


def scheme(one: Scheme) -> dict[str, Any]:
    """Return a scheme as it was read."""
    read = dataclasses.asdict(one)
    del read["folder"]
    return read


def measured(file: str, one: Measured) -> dict[str, Any]:
    """Return a PDF against GB/T 9704: each figure with its conclusion, and the fonts."""
    return {
        "file": file,
        "form": one.form,
        "pages": one.pages,
        "fits": one.fits,
        "measurements": [
            {
                "code": line.code,
                "item": line.item,
                "name": line.name,
                "value": line.value,
                "target": line.target,
                "tolerance": line.tolerance,
                "pages": list(line.pages),
                "conclusion": line.conclusion,
                "severity": line.severity,
                "todo": words.rule(line.code)["todo"],
                "basis": words.rule(line.code)["source"],
            }
            for line in one.measurements
        ],
        "fonts": [dataclasses.asdict(font) for font in one.fonts],
    }
