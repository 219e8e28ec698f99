"""print, scan: paper that goes out to be signed, and comes back."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli import options
from pipeline.errors import ExitCode, UsageError


@click.command()
@options.scheme
@click.argument("paths", nargs=-1, metavar="文件…", type=click.Path(path_type=Path))
@click.option(
    "--assign",
    nargs=2,
    multiple=True,
    metavar="编号 文书",
    help="待认领的一页归到哪份文书：编号照待认领清单，文书写 文种/代码[@版次][#页]（可多次）",
)
@options.place
@options.as_json
@options.acts
def scan(
    scheme: str,
    paths: tuple[Path, ...],
    assign: tuple[tuple[str, str], ...],
    folder: Path | None,
    as_json: bool,
    acting: options.Acting,
) -> int:
    """签好的纸回来了：认出每页是哪份文书、哪一版、哪一页，归到那一版。

    PDF、TIFF、JPEG、PNG、HEIC，次序随意，正倒随意；也可给文件夹。同一文件收第二次不起作用。

    例：juanzong scan huadu-2016 扫描件.pdf
    """
    from pipeline.report import scans as words
    from pipeline.report.as_json import dumps
    from pipeline.run import stages as run

    if not (paths or assign):
        raise UsageError("没有给扫描件", todo="写上文件，或用 --assign 认领")
    workspace = options.open_workspace(folder)
    how = acting.how()
    with run.open_history(workspace, scheme, "scan") as history:
        for page, document in assign:
            result = run.assign_page(
                workspace, scheme, page, document, history, at=how["at"], by=how["by"]
            )
        if paths:
            result = run.scan(workspace, scheme, paths, history, **how)
    given = (result.known, result.refused, result.letters, result.duplicates, result.inbox)
    if as_json:
        received = [(one.version.files[0].path, one.pages) for one in result.received]
        click.echo(dumps(words.scanned(received, *given)))
    else:
        pages = [page for one in result.received for page in one.pages]
        words.show_scanned(pages, *given, options.shown(result.folder))
    unfinished = any(not one.signed for one in result.letters)
    return ExitCode.FINDINGS if result.refused or result.inbox or unfinished else ExitCode.OK


@click.command("print")
@options.asks
@options.acts
@click.option("--copies", type=click.IntRange(1, 20), default=1, metavar="数", help="每种几份")
@click.option(
    "-o", "--output", "into", type=click.Path(path_type=Path), metavar="文件夹", help="存到这里"
)
def print_(asked: options.Asked, acting: options.Acting, copies: int, into: Path | None) -> None:
    """打印签字：每镇一个文件，交接单、隔页、文书，双面打印不串页，登记已打印。

    例：juanzong print huadu-2016 --kind 责任书 --copies 3
    """
    from pipeline.report.as_json import dumps
    from pipeline.report.scans import printed, show_printed
    from pipeline.run import stages as run

    how = acting.how()
    survey = asked.survey()
    with run.open_history(survey.workspace, asked.scheme, "print") as history:
        runs = run.print_papers(
            survey,
            asked.selection(survey),
            history,
            copies=copies,
            into=into,
            at=how["at"],
            by=how["by"],
        )
    rows = [(one.place, options.shown(one.path), one.papers, one.pages) for one in runs]
    if asked.as_json:
        click.echo(dumps(printed(rows, copies)))
    else:
        show_printed(rows, copies)


COMMANDS = (print_, scan)
