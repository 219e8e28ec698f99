"""history verify, head, rebuild, export, import, prune: keeping what was recorded."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli import options
from pipeline.cli.past import asked, history
from pipeline.errors import ExitCode

if TYPE_CHECKING:
    from pipeline.history import Form

_FOLDER = click.Path(path_type=Path)


@history.command()
@click.option("--full", is_flag=True, help="从头读起，不接着上次中断处")
@click.option("--since", default="", metavar="号数|日期", help="此前的内容只看在不在，不重读")
@click.option("--paper", default="", metavar="号数:指纹", help="与印在备考表上的日志头核对")
@click.option(
    "--checkpoint",
    type=click.Path(path_type=Path, exists=True),
    metavar="文件|文件夹",
    help="与 head --save 另存在别处的检查点核对",
)
@options.place
@options.as_json
@click.pass_context
def verify(
    context: click.Context,
    full: bool,
    since: str,
    paper: str,
    checkpoint: Path | None,
    folder: Path | None,
    as_json: bool,
) -> int:
    """核验日志、检查点、清单、存储、输出和缓存是否相符，指出每一处不符。

    中断后再运行，从断处接着读。
    """
    from pipeline.report import as_json as shapes
    from pipeline.report import keeping
    from pipeline.run import keep as past

    workspace, scheme = asked(context, folder)
    faults, counts = past.verify(
        workspace,
        scheme,
        at=options.moment(None),
        full=full,
        since=since,
        paper=paper,
        checkpoint=checkpoint,
    )
    if as_json:
        click.echo(shapes.dumps(shapes.verified(faults, counts)))
    else:
        keeping.show_verified(faults, counts)
    if any(fault.what != "output" for fault in faults):
        return ExitCode.HISTORY
    return ExitCode.OUTPUT if faults else ExitCode.OK


@history.command()
@click.option("--save", type=_FOLDER, metavar="文件夹", help="把最新的检查点和公钥另存到别处")
@options.place
@options.as_json
@click.pass_context
def head(context: click.Context, save: Path | None, folder: Path | None, as_json: bool) -> None:
    """日志头：印在备考表上，日后用 verify --paper 核对。"""
    from pipeline.report import as_json as shapes
    from pipeline.run import keep as past

    workspace, scheme = asked(context, folder)
    event, anchor = past.head(workspace, scheme, save=save)
    if save:
        then = f"juanzong history {scheme} verify --checkpoint {options.shown(save.resolve())}"
        click.echo(f"已另存最新的检查点和公钥，日后核对：{then}", err=True)
    if as_json:
        click.echo(shapes.dumps({"head": anchor, "digest": event.digest if event else ""}))
    else:
        click.echo(anchor or "（日志还是空的）")


@history.command()
@click.option("--accept-loss", default="", metavar="原因", help="日志的末尾找不回来了，仍要用下去")
@options.by
@options.place
@click.pass_context
def rebuild(context: click.Context, accept_loss: str, by: str | None, folder: Path | None) -> None:
    """由清单和日志重建缓存；缓存删了也不丢任何东西。"""
    from pipeline import config
    from pipeline.run import keep as past

    workspace, scheme = asked(context, folder)
    versions = past.rebuild(
        workspace,
        scheme,
        accept=accept_loss,
        at=options.moment(None),
        by=config.operator(by),
    )
    click.echo(f"缓存已重建：版本 {versions}", err=True)


@history.command()
@click.option(
    "--keep", type=click.IntRange(1), default=1, metavar="数", help="每份文书留最新几版，默认 1"
)
@click.option("--before", type=options.DAY, metavar="日期", help="只清理此日以前记录的")
@click.option("--yes", is_flag=True, help="照计划清理；不加只看计划")
@options.by
@options.place
@options.as_json
@click.pass_context
def prune(
    context: click.Context,
    keep: int,
    before: dt.datetime | None,
    yes: bool,
    by: str | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """清理被取代的草稿，先看计划；已印发、签署、打印、手改的一概不动。

    日志和版本清单照留，清理本身也记入日志。
    """
    from pipeline import config
    from pipeline.report import as_json as shapes
    from pipeline.report import keeping
    from pipeline.run import keep as past

    workspace, scheme = asked(context, folder)
    plan = past.prune(
        workspace,
        scheme,
        keep=keep,
        before=str(options.day(before) or ""),
        do=yes,
        at=options.moment(None),
        by=config.operator(by),
    )
    given = (plan.versions, len(plan.blobs), plan.size, plan.kept, yes)
    if as_json:
        click.echo(shapes.dumps(shapes.pruned(*given)))
    else:
        keeping.show_pruned(*given)


@history.command()
@click.option("--ocfl", "form", flag_value="ocfl", help="OCFL 1.1，每村一个对象")
@click.option("--bagit", "form", flag_value="bagit", help="BagIt，每村一个包")
@click.argument("into", metavar="文件夹", type=_FOLDER)
@options.place
@click.pass_context
def export(context: click.Context, form: Form | None, into: Path, folder: Path | None) -> None:
    """移交：每村一个 OCFL 对象或 BagIt 包，含全部版本，另有日志和名册。

    例：juanzong history huadu-2016 export --ocfl 移交
    """
    from pipeline.run import keep as past

    if form is None:
        raise click.UsageError("请写明 --ocfl 或 --bagit")
    workspace, scheme = asked(context, folder)
    packages = past.export(workspace, scheme, into, form)
    click.echo(f"已移交 {len(packages)} 个包：{options.shown(into.resolve())}", err=True)


@history.command("import")
@click.argument("source", metavar="文件夹", type=click.Path(path_type=Path, exists=True))
@options.place
@click.pass_context
def take(context: click.Context, source: Path, folder: Path | None) -> None:
    """接收移交来的历史，放进空工作区：逐字节核对，什么都不少。"""
    from pipeline.run import keep as past

    workspace, scheme = asked(context, folder)
    events, versions = past.take(workspace, scheme, source)
    click.echo(f"已接收：事件 {events}，版本 {versions}", err=True)


COMMANDS = (history,)
