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
    from pipeline import run
    from pipeline.report import scans as words
    from pipeline.report.as_json import dumps

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


COMMANDS = (scan,)
