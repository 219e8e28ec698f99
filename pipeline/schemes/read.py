"""Read a scheme or a kind, and name every wrong key with its line."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from pipeline.errors import SchemeError
from pipeline.model import COMPARE, DocumentKind, Engine, Scheme
from pipeline.schemes.references import dangling

T = TypeVar("T", Scheme, DocumentKind)

_SAYS = {
    "missing": "缺少这个键",
    "unexpected_keyword_argument": "不认识的键",
    "missing_keyword_only_argument": "缺少这个键",
    "literal_error": "不在允许的取值之中",
    "date_from_datetime_parsing": "不是日期",
    "date_type": "不是日期",
    "decimal_parsing": "不是数",
    "decimal_type": "不是数",
    "int_parsing": "不是整数",
    "int_type": "不是整数",
    "string_type": "应当是文字（加引号）",
    "bool_type": "应当是 true 或 false",
    "bool_parsing": "应当是 true 或 false",
    "tuple_type": "应当是列表",
    "dict_type": "应当是表",
    "mapping_type": "应当是表",
    "dataclass_type": "应当是表",
}


def read_scheme(folder: Path) -> Scheme:
    """Read `scheme.toml` of a folder.

    Raises:
        SchemeError: for an unreadable file, an unknown key, a wrong type, or a reference to a
            parameter, target or due date that isn't there; every fault in one message.
    """
    path = folder / "scheme.toml"
    scheme = dataclasses.replace(_read(path, Scheme, bounds), folder=folder)
    problems = list(dangling(scheme))
    if problems:
        raise SchemeError("；".join(problems), where=str(path), todo="改正上述引用")
    return scheme


def read_kinds(roots: Mapping[Engine, Sequence[Path]]) -> dict[str, DocumentKind]:
    """Read every kind below the template roots, by id; an earlier root hides a later one.

    Raises:
        SchemeError: for a faulty kind.toml, or one whose id isn't its folder's name.
    """
    kinds: dict[str, DocumentKind] = {}
    for engine, folders in roots.items():
        for root in folders:
            for path in sorted(root.glob("*/kind.toml")):
                kind = _read(path, DocumentKind)
                if kind.id != path.parent.name:
                    raise SchemeError(
                        f"id “{kind.id}” 与文件夹名“{path.parent.name}”不同",
                        where=str(path),
                        todo="把两者改成一样",
                    )
                kinds.setdefault(
                    kind.id, dataclasses.replace(kind, engine=engine, folder=path.parent)
                )
    return kinds


def bounds(raw: Any, figures: Mapping[str, Decimal] | None = None) -> Any:
    """Put the figure of a parameter where a bound names it: `{ "<=" = "loan_most" }`.

    The value in force last is meant; a bound that names no parameter is left to be found fault
    with.
    """
    if figures is None:
        figures = {
            one["id"]: one["values"][-1]["value"]
            for one in raw.get("parameter", ())
            if isinstance(one, dict) and one.get("values")
        }
    if isinstance(raw, list):
        return [bounds(one, figures) for one in raw]
    if not isinstance(raw, dict):
        return raw
    if raw and set(raw) <= set(COMPARE):
        return {
            op: figures.get(one, one) if isinstance(one, str) else one for op, one in raw.items()
        }
    return {name: bounds(one, figures) for name, one in raw.items()}


def _read(path: Path, into: type[T], prepared: Callable[[Any], Any] = lambda raw: raw) -> T:
    try:
        text = path.read_text(encoding="utf-8")
        raw = tomllib.loads(text, parse_float=Decimal)
    except (OSError, UnicodeDecodeError) as error:
        raise SchemeError(f"读不了：{error}", where=str(path), todo="检查文件") from error
    except tomllib.TOMLDecodeError as error:
        raise SchemeError(f"不是合法的 TOML：{error}", where=str(path), todo="改正语法") from error
    try:
        read: T = TypeAdapter(into).validate_python(prepared(raw))
    except ValidationError as error:
        faults = "\n".join(f"  · {line}" for line in _explain(error, text))
        raise SchemeError(f"有错误的键\n{faults}", where=str(path), todo="逐条改正") from error
    return read


def _explain(error: ValidationError, text: str) -> Iterator[str]:
    for fault in error.errors(include_url=False):
        place = [part for part in fault["loc"] if not str(part).startswith("function-")]
        says = _SAYS.get(fault["type"], fault["msg"])
        if fault["type"] == "literal_error":
            says = f"{says}：{fault['ctx']['expected'].replace(' or ', '、').replace(chr(39), '')}"
        given = fault["input"]
        shown = f"，写的是 {given!r}" if isinstance(given, str | int | Decimal) else ""
        line = _line(text, place)
        yield (
            f"第{line}行 {_path(place)}：{says}{shown}"
            if line
            else f"{_path(place)}：{says}{shown}"
        )


def _path(place: Sequence[Any]) -> str:
    words = ""
    for part in place:
        words += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if words else str(part)
    return words


def _line(text: str, place: Sequence[Any]) -> int:
    """Find the line a key stands in: the nth `[[table]]`, then the key below it."""
    lines = text.splitlines()
    start = 0
    for part, following in zip(place, [*place[1:], None], strict=True):
        if isinstance(part, int):
            continue
        if isinstance(following, int):
            heads = _lines(lines, rf"\s*\[\[(\w+\.)*{re.escape(str(part))}\]\]", start)
            if following < len(heads):
                start = heads[following]
                continue
        keys = _lines(lines, rf'\s*\[?"?{re.escape(str(part))}"?\s*[\]=.]', start)
        start = keys[0] if keys else start
        if isinstance(following, int):
            break  # a list written in one line: what is wrong stands in that line
    return start + 1 if start else 0


def _lines(lines: Sequence[str], pattern: str, start: int) -> list[int]:
    return [number for number in range(start, len(lines)) if re.match(pattern, lines[number])]
