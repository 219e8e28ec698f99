"""One template environment for both engines: sandboxed, escaping, strict about what is missing.

Templates come from other people's workspaces. They see plain data, can't change it, can't reach
Python behind it, and whatever goes wrong in them is told with file, line and remedy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

import jinja2
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedEnvironment

from pipeline.errors import FillError, TemplateError
from pipeline.render.filters import FILTERS

_GLOBALS = ("range", "dict", "namespace")
_RANDOM = ("random",)
UNISSUED: Mapping[str, str] = {"day": "", "number": "", "corrects": ""}
"""What templates see as `issue` in a draft: 成文日期, 发文字号 and what it corrects, all empty."""


class _Missing(jinja2.StrictUndefined):
    """A name the context doesn't have; any use of it stops the paper."""

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return str(self._undefined_hint)
        return f"上下文里没有“{self._undefined_name}”"


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, with `row.items` meaning the row's own field, never a method of dict."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Look a dotted name up in a mapping's keys only."""
        if isinstance(obj, Mapping):
            if attribute in obj:
                return obj[attribute]
            return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


@cache
def environment(*folders: Path) -> SandboxedEnvironment:
    """Return the environment that finds templates below the folders, the first one first.

    One per process and set of folders, so a template is compiled once; an edited file is read
    again. `random` and `lipsum` are gone: a paper is a function of its context.
    """
    made = _Environment(
        loader=jinja2.FileSystemLoader([str(folder) for folder in folders]),
        autoescape=True,
        undefined=_Missing,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
        cache_size=-1,
    )
    made.filters.update(FILTERS)
    for name in _RANDOM:
        del made.filters[name]
    for name in set(made.globals) - set(_GLOBALS):
        del made.globals[name]
    made.globals["issue"] = UNISSUED
    return made


@contextmanager
def faults(name: str, place: Callable[[int], str] = "第{}行".format) -> Iterator[None]:
    """Turn whatever goes wrong while compiling or filling template `name` into a TemplateError.

    Args:
        name: the template as the user knows it.
        place: says where a line of the compiled source lies for the user; a docx has paragraphs.

    Raises:
        TemplateError: with template, place and remedy; a `FillError` where the values are to blame.
    """
    try:
        yield
    except TemplateError:
        raise
    except jinja2.TemplateNotFound as fault:
        raise TemplateError(
            f"找不到模板“{fault.name}”", where=name, todo="检查模板文件夹和 extends、import 的路径"
        ) from fault
    except jinja2.TemplateSyntaxError as fault:
        where = f"{fault.name or name} {place(fault.lineno)}"
        raise TemplateError(
            f"模板写法有误：{fault.message}", where=where, todo="检查标记是否成对、是否用了半角符号"
        ) from fault
    except jinja2.UndefinedError as fault:
        raise TemplateError(
            str(fault.message), where=_where(fault, name, place), todo="核对字段名的拼写"
        ) from fault
    except SecurityError as fault:
        raise TemplateError(
            f"模板用了不允许的操作：{fault.message}",
            where=_where(fault, name, place),
            todo="只取用上下文里的数据",
        ) from fault
    except (ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as fault:
        raise FillError(
            f"模板算不下去：{fault}",
            where=_where(fault, name, place),
            todo="检查这一处用的值和过滤器",
        ) from fault


def _printable(value: Any) -> Any:
    """Let only text and whole numbers reach the paper: `None`, True or a list never do."""
    if isinstance(value, jinja2.Undefined) or hasattr(value, "__html__"):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError(f"{value!r} 不能直接印在纸上")
    return value


def _where(fault: Exception, name: str, place: Callable[[int], str]) -> str:
    """Find the deepest template line in the traceback; Jinja puts template lines into it."""
    trace: TracebackType | None = fault.__traceback__
    found = name
    while trace is not None:
        if "__jinja_exception__" in trace.tb_frame.f_globals:
            file = Path(trace.tb_frame.f_code.co_filename)
            shown = name if file.name.startswith("<") else f"{file.parent.name}/{file.name}"
            found = f"{shown} {place(trace.tb_lineno)}"
        trace = trace.tb_next
    return found
