"""Faults of templates, and previews, in words and as JSON."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.model import Spot, TemplateFault
from pipeline.report.terminal import console
from pipeline.report.words import SEVERITIES


def show_faults(faults: Sequence[TemplateFault], files: int, mended: Sequence[str]) -> None:
    """Show every fault under its file, then what was mended."""
    out = console()
    for file in dict.fromkeys(fault.spot.file for fault in faults):
        out.print(file, style="bold", markup=False)
        for fault in (one for one in faults if one.spot.file == file):
            head = f"  [{fault.code}] {SEVERITIES[fault.severity]}　{place(fault.spot)}"
            out.print(f"{head}{sentence(fault)}", markup=False)
            out.print(f"      → {todo(fault)}", markup=False)
    for path in mended:
        out.print(f"已改正：{path}", markup=False)
    errors = sum(fault.severity == "error" for fault in faults)
    others = len(faults) - errors
    counted = f"错误 {errors}，提醒 {others}" if faults else "没有发现问题"
    out.print(f"查了 {files} 个模板：{counted}")


def faults_json(
    faults: Sequence[TemplateFault], files: Sequence[str], mended: Sequence[str]
) -> dict[str, Any]:
    """Return what lint found."""
    return {
        "files": list(files),
        "faults": [
            {
                "code": fault.code,
                "severity": fault.severity,
                "message": sentence(fault),
                "todo": todo(fault),
                "fixable": fault.fixable,
                "file": fault.spot.file,
                "part": fault.spot.part,
                "paragraph": fault.spot.paragraph,
                "table": fault.spot.table,
                "row": fault.spot.row,
                "column": fault.spot.column,
                "line": fault.spot.line,
                "near": fault.spot.near,
            }
            for fault in faults
        ],
        "fixed": list(mended),
    }


def place(spot: Spot) -> str:
    """Say where a fault stands: 第3行, or 正文第12段（表1第2行第3列）“…”; nothing for a file."""
    if spot.line:
        return f"第{spot.line}行　"
    paragraph = f"第{spot.paragraph}段" if spot.paragraph else ""
    cell = f"（表{spot.table}第{spot.row}行第{spot.column}列）" if spot.table else ""
    near = f"“{spot.near}”" if spot.near and spot.paragraph else ""
    words = f"{spot.part}{paragraph}{cell}{near}"
    return f"{words}　" if words else ""


def sentence(fault: TemplateFault) -> str:
    """Say what is wrong."""
    return _says()[fault.code]["say"].format_map(_Given(fault))


def todo(fault: TemplateFault) -> str:
    """Say what to do about it."""
    return _says()[fault.code]["todo"].format_map(_Given(fault))


class _Given(dict[str, str]):
    """What a sentence needs of a fault; empty where it has none."""

    def __init__(self, fault: TemplateFault) -> None:
        super().__init__({"near": fault.spot.near, **fault.details})

    def __missing__(self, key: str) -> str:
        return ""


@cache
def _says() -> Mapping[str, Mapping[str, str]]:
    text = (Path(__file__).parent / "templates.toml").read_text(encoding="utf-8")
    read: dict[str, dict[str, str]] = tomllib.loads(text)
    return read
