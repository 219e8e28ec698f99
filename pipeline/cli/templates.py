"""templates lint, templates preview."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli import options
from pipeline.errors import ExitCode

if TYPE_CHECKING:
    from pipeline.run.templates import Preview

_KINDS = click.argument("kinds", nargs=-1, metavar="[文书]...")


@click.group()
def templates() -> None:
    """模板：检查写法，用样例预览。"""


@templates.command()
@_KINDS
@click.option(
    "--file",
    "loose",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="文件",
    help="检查任意一个 .docx（可多次）",
)
@click.option("--fix", is_flag=True, help="把标记里的全角符号改成半角，其余不动")
@options.place
@options.as_json
def lint(
    kinds: tuple[str, ...], loose: tuple[Path, ...], fix: bool, folder: Path | None, as_json: bool
) -> int:
    """检查模板：一次列出全部毛病，各指到段落、表格或行。

    例：juanzong templates lint 责任书 --fix
    """
    from pipeline.report import as_json as shapes
    from pipeline.report import templates as words
    from pipeline.run import stages as run

    only_files = bool(loose) and not kinds
    workspace = None if only_files else options.open_workspace(folder)
    found = run.lint_templates(workspace, kinds, loose, fix=fix)
    mended = [options.shown(path) for path in found.mended]
    if as_json:
        click.echo(shapes.dumps(words.faults_json(found.faults, found.files, mended)))
    else:
        words.show_faults(found.faults, len(found.files), mended)
    errors = any(fault.severity == "error" for fault in found.faults)
    return ExitCode.FINDINGS if errors else ExitCode.OK


@templates.command()
@_KINDS
@click.option(
    "-o", "into", type=click.Path(path_type=Path), metavar="文件夹", help="默认 outputs/preview"
)
@click.option("--watch", is_flag=True, help="模板一改就重做，按 Ctrl-C 结束")
@options.place
@options.as_json
def preview(
    kinds: tuple[str, ...], into: Path | None, watch: bool, folder: Path | None, as_json: bool
) -> int:
    """用样例数据填一份看样子：docx、PDF 和每页的图片。

    例：juanzong templates preview 责任书 --watch
    """
    from pipeline.report import as_json as shapes
    from pipeline.run import stages as run

    workspace = options.open_workspace(folder)
    if watch:
        _show(run.watch_templates(workspace, kinds, into))
    made = list(run.preview_templates(workspace, kinds, into))
    if as_json:
        rows = [
            {
                "kind": one.kind,
                "title": one.title,
                "files": [options.shown(path) for path in one.paths],
                "fault": one.fault,
            }
            for one in made
        ]
        click.echo(shapes.dumps(rows))
    else:
        _show(made)
    return ExitCode.FINDINGS if any(one.fault for one in made) else ExitCode.OK


def _show(previews: Iterable[Preview]) -> None:
    for one in previews:
        for path in one.paths:
            click.echo(options.shown(path))
        if one.fault:
            click.echo(f"{one.title}：{one.fault}" if one.title else one.fault, err=True)
