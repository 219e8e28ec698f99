"""Click's own words in Chinese, and where a wrong word was meant to be another.

Click asks gettext, which wants a compiled catalogue and goes by the language of the environment.
Ours is always Chinese, so Click's modules are given this table in gettext's place.
"""

from __future__ import annotations

from collections.abc import Sequence

import click
from click import core, decorators, exceptions, formatting, parser, termui, types

WORDS = {
    "Usage:": "用法:",
    "Options": "选项",
    "Commands": "命令",
    "Show this message and exit.": "显示这份说明",
    "default: {default}": "默认：{default}",
    "required": "必填",
    "Try '{command} {option}' for help.": "要看说明：{command} {option}",
    "Error: {message}": "错误：{message}",
    "Error: invalid input": "错误：请答 y 或 n",
    "Missing command.": "还没有写要用哪一条命令",
    "Got unexpected extra argument ({args})": "多了“{args}”，这里用不着",
    "Got unexpected extra arguments ({args})": "多了“{args}”，这里用不着",
    "Option {name!r} does not take a value.": "选项 {name} 后面不写值",
    "Option {name!r} requires an argument.": "选项 {name} 后面要写值",
    "Option {name!r} requires {nargs} arguments.": "选项 {name} 后面要写 {nargs} 个值",
    "Argument {name!r} takes {nargs} values.": "“{name}”要写 {nargs} 个值",
    "Takes {nargs} values but 1 was given.": "要写 {nargs} 个值，只写了 1 个",
    "Takes {nargs} values but {len} were given.": "要写 {nargs} 个值，写了 {len} 个",
    "{value!r} is not {choice}.": "没有“{value}”，只有 {choice}",
    "{value!r} is not one of {choices}.": "没有“{value}”，只有 {choices}",
    "{value!r} does not match the format {format}.": "“{value}”不是日期，要写成 2016-10-31 这样",
    "{value!r} does not match the formats {formats}.": "“{value}”不是日期，要写成 2016-10-31 这样",
    "{value!r} is not a valid {number_type}.": "“{value}”不是数",
    "{value} is not in the range {range}.": "{value} 超出范围 {range}",
    "{name} {filename!r} does not exist.": "没有“{filename}”",
    "{name} {filename!r} is a file.": "“{filename}”是文件，这里要文件夹",
    "{name} {filename!r} is a directory.": "“{filename}”是文件夹，这里要文件",
    "{name} {filename!r} is not readable.": "“{filename}”不能读，请检查权限",
    "{name} {filename!r} is not writable.": "“{filename}”不能写，请检查权限",
}
"""Click's sentences, as its code spells them, and ours."""


def speak_chinese(command: click.Command) -> None:
    """Make Click, and the usage line of a command and those below it, speak Chinese."""
    for module in (core, decorators, exceptions, formatting, parser, termui, types):
        vars(module).update(_=_ours, ngettext=_ours_counted)
    _name_places(command)


def _ours(words: str) -> str:
    return WORDS.get(words, words)


def _ours_counted(one: str, more: str, number: int) -> str:
    return _ours(one if number == 1 else more)


def _name_places(command: click.Command) -> None:
    command.options_metavar = "[选项]"
    if isinstance(command, click.Group):
        command.subcommand_metavar = "命令 [参数]…"
        for below in command.commands.values():
            _name_places(below)


def told(error: click.ClickException) -> click.ClickException:
    """Return an error of usage without words Click glues together in English.

    A word that stands for nothing comes with the nearest that does, or with where it belongs.
    """
    context = getattr(error, "ctx", None)
    if context is None:
        return error
    if isinstance(error, click.MissingParameter) and error.param is not None:
        words = f"还没有写 {_named(error.param, context)}"
    elif isinstance(error, click.BadParameter) and error.param is not None:
        words = f"{_named(error.param, context)}：{error.message}"
    elif isinstance(error, click.NoSuchOption):
        words = _no_option(error.option_name, error.possibilities or (), context)
    elif isinstance(error, click.NoSuchCommand):
        words = _no_command(error.command_name, error.possibilities or (), context)
    else:
        return error
    return click.UsageError(words, context)


def _named(param: click.Parameter, context: click.Context) -> str:
    return param.make_metavar(context) if isinstance(param, click.Argument) else param.opts[0]


def _no_option(name: str, near: Sequence[str], context: click.Context) -> str:
    command = context.command
    if isinstance(command, click.Group) and any(
        name in param.opts for below in command.commands.values() for param in below.params
    ):
        return f"{name} 要写在命令之后：{context.command_path} 命令 … {name} …"
    if name == "-C":
        return f"{context.command_path} 不用工作区，不写 {name}"
    return f"没有选项 {name}{_rather(near)}"


def _no_command(name: str, near: Sequence[str], context: click.Context) -> str:
    command, scheme = context.command, context.params.get("scheme")
    if isinstance(command, click.Group) and scheme in command.commands:
        return f"方案写在前面，命令写在后面：{context.command_path} 方案 {scheme} …"
    return f"没有命令 {name}{_rather(near)}"


def _rather(near: Sequence[str]) -> str:
    """Offer the nearest word; those that are near come nearest first."""
    return f"，是不是 {near[0]}？" if near else ""
