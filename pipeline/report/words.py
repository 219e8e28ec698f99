"""Findings and places as sentences."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path

from pipeline.model import Finding, Source

SEVERITIES = {"error": "错误", "warning": "提醒", "info": "信息"}


def sentence(finding: Finding) -> str:
    """Say what is wrong in one sentence."""
    return rule(finding.code)["say"].format_map(defaultdict(str, finding.details))


def mark_words(code: str, page: int, value: str, expected: str) -> str:
    """Say what measuring a page found."""
    where = f"第{page}页" if page else ""
    wanted = f"，应为{expected}" if expected else ""
    return f"{where}{rule(code)['say']}（{code}）：{value}{wanted}"


def todo(finding: Finding) -> str:
    """Say what to do about it."""
    return rule(finding.code)["todo"]


def basis(finding: Finding) -> str:
    """Say where the rule comes from."""
    return rule(finding.code)["source"].format_map(defaultdict(str, finding.details))


def rule(code: str) -> dict[str, str]:
    """Return title, say, todo and source of a code."""
    return _rules()[code]


def cell(source: Source) -> str:
    """Return `C17`, `第17行` or nothing."""
    if source.column and source.row:
        return f"{source.column}{source.row}"
    return f"第{source.row}行" if source.row else ""


def source_words(source: Source) -> str:
    """Return `02 贫困户名册.xlsx·家庭成员·F17`."""
    return "·".join(part for part in (source.file, source.sheet, cell(source)) if part)


@cache
def _rules() -> dict[str, dict[str, str]]:
    text = (Path(__file__).parent / "rules.toml").read_text(encoding="utf-8")
    read: dict[str, dict[str, str]] = tomllib.loads(text)
    return read
