"""history log, show, stats: what was recorded."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli import options
from pipeline.cli.passwords import Passwords

if TYPE_CHECKING:
    from pipeline.config import Workspace
    from pipeline.model import LifeState


@click.group()
@options.scheme
@options.place
@click.pass_context
def history(context: click.Context, scheme: str, folder: Path | None) -> None:
    """版本历史：谁在何时做了什么，版本之间有何不同，数字出自何处，核验、移交、清理。

    例：juanzong history huadu-2016 log
    """
    context.obj = (folder, scheme)


@history.command()
@options.kind
@options.town
@options.village
@options.household
@options.period
@click.option("--state", multiple=True, metavar="状态", help="只要现在是这个状态的：草稿、已印发……")
@click.option("--user", multiple=True, metavar="姓名", help="只要这个经办人的（可多次）")
@click.option("--since", type=options.DAY, metavar="日期", help="只要这一天起的")
@click.option("--series", is_flag=True, help="改列发文字号：每个号给了谁，空号为什么空")
@options.place
@options.as_json
@click.pass_context
def log(
    context: click.Context,
    /,
    state: tuple[str, ...],
    since: dt.datetime | None,
    series: bool,
    folder: Path | None,
    as_json: bool,
    **words: tuple[str, ...],
) -> None:
    """列出发生过的事：何时、何人、哪些文书。

    例：juanzong history huadu-2016 log --state 已印发 --since 2016-11-01
    """
    from pipeline.run import log as past

    workspace, scheme = asked(context, folder)
    if series:
        _show_series(past.ledger(workspace, scheme), as_json=as_json)
        return
    states = tuple(_state(word) for word in state)
    wanted = past.Wanted(state=states, since=options.day(since), **words)
    if as_json:
        from pipeline.report import as_json as shapes

        lines, about = past.mentions(workspace, scheme, wanted, Passwords())
        click.echo(shapes.dumps([shapes.logged(line, about[line.first]) for line in lines]))
    else:
        from pipeline.report.past import show_log

        show_log(past.log(workspace, scheme, wanted, Passwords()))


def _show_series(ledger: Any, *, as_json: bool) -> None:
    from pipeline.report import as_json as shapes
    from pipeline.report import life

    if as_json:
        click.echo(shapes.dumps([shapes.numbered(*one) for one in ledger]))
    else:
        life.show_ledger(ledger)


@history.command()
@click.argument("document", metavar="文书")
@options.place
@options.as_json
@click.pass_context
def show(context: click.Context, document: str, folder: Path | None, as_json: bool) -> None:
    """看一个版本的来历：数据、模板、文件、事件。

    文书写成 文种/代码、文种/代码@版次、版本指纹开头六位以上，或 outputs 里的路径；
    文种和代码也可写名称：督查验收报告/联丰村。
    """
    from pipeline.report import as_json as shapes
    from pipeline.report.past import show_version
    from pipeline.run import past

    workspace, scheme = asked(context, folder)
    shown = past.show(workspace, scheme, document)
    if as_json:
        value = {
            **shapes.version(shown.version),
            "state": shown.state,
            "events": [shapes.event(event, ()) for event in shown.events],
            "workbooks": list(shown.workbooks),
            "context": shown.context,
        }
        click.echo(shapes.dumps(value))
    else:
        show_version(shown.version, shown.state, shown.events, shown.workbooks)


@history.command()
@options.place
@options.as_json
@click.pass_context
def stats(context: click.Context, folder: Path | None, as_json: bool) -> None:
    """现存的文书：各种多少份、多少页、多大、在哪里。"""
    from pipeline.report import as_json as shapes
    from pipeline.report.past import show_stats
    from pipeline.run import past

    workspace, scheme = asked(context, folder)
    rows = past.stats(workspace, scheme)
    if as_json:
        click.echo(shapes.dumps([shapes.holding(one) for one in rows]))
    else:
        show_stats(rows, options.shown(workspace.outputs(scheme)))


def _state(word: str) -> LifeState:
    """Understand a state by its id or its word."""
    from pipeline.errors import UsageError
    from pipeline.model import STATES

    for state, name in STATES.items():
        if word in (state, name):
            return state
    raise UsageError(f"没有状态“{word}”", todo=f"改用：{'、'.join(STATES.values())}")


def asked(context: click.Context, folder: Path | None) -> tuple[Workspace, str]:
    """Return workspace and scheme; `-C` may stand before or after the subcommand."""
    before, scheme = context.obj
    return options.open_workspace(folder or before), scheme
