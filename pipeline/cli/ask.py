"""history diff, trace, blame, restore: questions to the past."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli import options
from pipeline.cli.passwords import Passwords
from pipeline.cli.past import asked
from pipeline.errors import OutputError

if TYPE_CHECKING:
    from pipeline.report.ask import Operand, Shift
    from pipeline.run import snapshots, traces

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("old", metavar="甲")
@click.argument("new", metavar="乙")
@click.option("--html", "page", type=_FILE, metavar="文件.html", help="另存一份网页")
@click.option("--pages", type=_FILE, metavar="文件.pdf", help="版面并排对照，.pdf 或 .png")
@options.place
@options.as_json
@click.pass_context
def diff(
    context: click.Context,
    old: str,
    new: str,
    page: Path | None,
    pages: Path | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """比较两个版本：哪个数字变了、出自哪个单元格，哪些字变了，版面哪里变了。

    \b
    例：juanzong history huadu-2016 diff acceptance_report/440114105202@1 \\
          acceptance_report/440114105202@2 --pages 对照.pdf
    """
    from pipeline.report import as_json as shapes
    from pipeline.report import ask as words
    from pipeline.run import ask as past

    workspace, scheme = asked(context, folder)
    found = past.diff(workspace, scheme, old, new, Passwords())
    given = (
        found.old,
        found.new,
        [_shift(one) for one in found.shifts],
        [(word.how, word.text) for word in found.words],
    )
    if as_json:
        click.echo(shapes.dumps(words.differing(*given)))
    else:
        words.show_diff(*given)
    if page is not None:
        _write(page, words.diff_page(*given).encode())
    if pages is not None:
        ending = pages.suffix.lower().removeprefix(".")
        _write(pages, past.pages(workspace, scheme, old, new, ending))


@click.command()
@click.argument("document", metavar="文书")
@click.argument("path", metavar="字段")
@options.place
@options.as_json
@click.pass_context
def trace(
    context: click.Context, document: str, path: str, folder: Path | None, as_json: bool
) -> None:
    """从文书上的一个数字追到名册快照里的单元格。

    字段写路径，或照 diff 写名称；文书也可写 文种/村名。

    \b
    例：juanzong history huadu-2016 trace acceptance_report/440114105202 households[0].disposable
        juanzong history huadu-2016 trace 督查验收报告/联丰村 户籍人口
    """
    from pipeline.report import as_json as shapes
    from pipeline.report import ask as words
    from pipeline.run import ask as past

    workspace, scheme = asked(context, folder)
    found = past.trace(workspace, scheme, document, path, Passwords())
    operands = [_operand(one) for one in found.operands]
    if as_json:
        click.echo(shapes.dumps(words.traced(found.version, found.path, found.value, operands)))
    else:
        words.show_trace(found.version, found.path, found.value, operands)


@click.command()
@click.argument("subject", metavar="对象")
@click.option("--since", type=options.DAY, metavar="日期", help="从这一天起")
@click.option("--until", type=options.DAY, metavar="日期", help="到这一天止")
@options.place
@options.as_json
@click.pass_context
def blame(
    context: click.Context,
    subject: str,
    since: dt.datetime | None,
    until: dt.datetime | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """一个村、一个镇或一户的文书，两个日期之间谁改了什么。

    例：juanzong history huadu-2016 blame 联丰村 --since 2016-11-01 --until 2016-11-30
    """
    from pipeline.report import as_json as shapes
    from pipeline.report import ask as words
    from pipeline.run import ask as past

    workspace, scheme = asked(context, folder)
    found = past.blame(
        workspace,
        scheme,
        subject,
        since=options.day(since),
        until=options.day(until),
        passwords=Passwords(),
    )
    lines = [(one.event, one.version, [_shift(each) for each in one.shifts]) for one in found]
    if as_json:
        click.echo(shapes.dumps([words.blamed(*line) for line in lines]))
    else:
        words.show_blame(lines)


@click.command()
@click.argument("version", metavar="版本")
@click.option("-o", "into", type=_FILE, required=True, metavar="文件夹", help="放到哪里")
@click.option("--rebuild", is_flag=True, help="由上下文重做一遍，证明与存着的逐字节相同")
@options.place
@options.as_json
@click.pass_context
def restore(
    context: click.Context,
    version: str,
    into: Path,
    rebuild: bool,
    folder: Path | None,
    as_json: bool,
) -> None:
    """把任何一个版本原样取回文件夹。

    例：juanzong history huadu-2016 restore acceptance_report/440114105202@1 -o 取回
    """
    from pipeline.report import as_json as shapes
    from pipeline.run.restore import restore as restored

    workspace, scheme = asked(context, folder)
    found = restored(workspace, scheme, version, into, rebuild=rebuild)
    if as_json:
        told = {
            **shapes.version(found.version),
            "rebuilt": found.rebuilt,
            "restored": [str(path) for path in found.paths],
        }
        click.echo(shapes.dumps(told))
        return
    proved = "，重做的与存着的逐字节相同" if found.rebuilt else ""
    click.echo(f"取回 {found.version.title}第{found.version.number}版{proved}：")
    for path in found.paths:
        click.echo(f"  {options.shown(path.resolve())}")


def _operand(one: traces.Operand) -> Operand:
    return one.field, "（已隐去）" if one.hidden else one.value, one.source


def _shift(one: snapshots.Shift) -> Shift:
    pairs = [
        (_operand(before) if before else None, _operand(after) if after else None)
        for before, after in one.cells
    ]
    return one.change, pairs


def _write(path: Path, data: bytes) -> None:
    from pipeline import files

    try:
        files.write_atomic(path, data)
    except OSError as error:
        raise OutputError(f"写不了 {path}（{error.strerror}）", todo="检查文件夹和权限") from error
    click.echo(f"已写：{options.shown(path.resolve())}", err=True)


QUESTIONS = (diff, trace, blame, restore)
"""Commands below `history`."""
