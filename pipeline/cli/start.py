"""init, doctor, sample, schemes, kinds."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from pipeline.cli import options
from pipeline.errors import ExitCode, JuanzongError


@click.command()
@click.argument("folder", metavar="文件夹", type=click.Path(path_type=Path))
@click.option(
    "--scheme", default="huadu-2016", show_default=True, metavar="方案", help="带上哪个样例方案"
)
def init(folder: Path, scheme: str) -> None:
    """新建工作区，带一个样例方案。

    例：juanzong init 我的工作区 --scheme huadu-2016
    """
    from pipeline.run import stages as run

    for path in run.init(folder, scheme):
        click.echo(path)
    click.echo(f"下一步：juanzong make {scheme} -C {folder}", err=True)


@click.command()
@options.place
@options.as_json
def doctor(folder: Path | None, as_json: bool) -> int:
    """检查本机：字体、LibreOffice、模板、名册，缺什么、怎么补。

    例：juanzong doctor
    """
    from pipeline import config
    from pipeline.report import as_json as shapes
    from pipeline.report.terminal import console, grid
    from pipeline.run import stages as run

    try:
        workspace = config.workspace(folder)
    except JuanzongError:
        workspace = None
    checked = run.doctor(workspace)
    if as_json:
        rows = [
            {"what": one.what, "fine": one.fine, "found": one.found, "remedy": one.remedy}
            for one in checked
        ]
        click.echo(shapes.dumps(rows))
    else:
        table = grid("", "项目", "现状", "怎么补")
        for one in checked:
            table.add_row("✓" if one.fine else "✗", one.what, one.found, one.remedy)
        console().print(table)
    return ExitCode.OK if all(one.fine for one in checked) else ExitCode.TOOL


@click.command()
@options.scheme
@click.option(
    "-o", "into", required=True, type=click.Path(path_type=Path), metavar="文件夹", help="写到哪里"
)
@click.option("--households", type=click.IntRange(1), metavar="户数", help="多少户，默认按方案")
@click.option("--seed", type=int, metavar="种子", help="同一种子生成相同的字节")
@options.cut_off
@options.place
def sample(
    scheme: str,
    into: Path,
    households: int | None,
    seed: int | None,
    as_of: dt.datetime | None,
    folder: Path | None,
) -> None:
    """生成任意规模的样例名册（虚构人员，真实村镇）。

    例：juanzong sample huadu-2016 -o 试用 --households 200
    """
    from pipeline.run import stages as run

    paths = run.sample(
        options.open_workspace(folder),
        scheme,
        into,
        as_of=options.day(as_of),
        households=households,
        seed=seed,
    )
    for path in paths:
        click.echo(path)


@click.group(invoke_without_command=True)
@options.place
@click.pass_context
def schemes(context: click.Context, folder: Path | None) -> None:
    """列出工作区的方案；show 看一个方案的参数、目标、期限、文书和出处。

    例：juanzong schemes show huadu-2016
    """
    from pipeline.report import scheme as words
    from pipeline.run import stages as run

    context.obj = folder
    if context.invoked_subcommand is None:
        words.show_schemes(run.schemes(options.open_workspace(folder)))


@schemes.command("show")
@options.scheme
@options.place
@options.as_json
@click.pass_context
def show_scheme(context: click.Context, scheme: str, folder: Path | None, as_json: bool) -> None:
    """看一个方案：参数、目标、总数、期限、文书、默认口径，各附出处。"""
    from pipeline.report import as_json as shapes
    from pipeline.report import scheme as words
    from pipeline.run import stages as run

    read, kinds = run.scheme(options.open_workspace(folder or context.obj), scheme)
    if as_json:
        click.echo(shapes.dumps(shapes.scheme(read)))
    else:
        words.show_scheme(read, kinds)


@click.command()
@click.option("--scheme", metavar="方案", help="列出这个方案要的每份文书：出处、做不做、做成什么")
@options.place
@options.as_json
def kinds(scheme: str | None, folder: Path | None, as_json: bool) -> None:
    """列出有模板的文书种类；加 --scheme 列出一个方案要的每份文书和我们怎么办。

    例：juanzong kinds --scheme huadu-2016
    """
    from pipeline.report import as_json as shapes
    from pipeline.report import papers
    from pipeline.report import scheme as words
    from pipeline.run import stages as run

    workspace = options.open_workspace(folder)
    if scheme is None:
        found = run.kinds(workspace)
        if as_json:
            click.echo(shapes.dumps([shapes.kind(one) for one in found]))
        else:
            words.show_kinds(found)
        return
    read, known = run.scheme(workspace, scheme)
    rows = papers.asked(read, known)
    if as_json:
        click.echo(shapes.dumps(papers.as_json(read, rows)))
    else:
        papers.show_asked(read, rows)


COMMANDS = (init, doctor, sample, schemes, kinds)
