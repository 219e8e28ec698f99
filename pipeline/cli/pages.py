"""measure: finished pages, anybody's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pipeline.cli import options
from pipeline.errors import ExitCode, OutputError, UsageError

_BOX = click.Tuple([float, float, float, float])


@click.command()
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="文件.pdf…",
    type=click.Path(path_type=Path),
)
@options.as_json
@click.option(
    "--overlay",
    "into",
    type=click.Path(path_type=Path),
    metavar="文件.pdf",
    help="另存一份：画上版心和22行28字的格，标出不合格处；多个文件时各存一份",
)
@click.option("--public", is_flag=True, help="是公开件：也查个人信息")
@click.option(
    "--exempt",
    multiple=True,
    type=_BOX,
    metavar="左 上 右 下",
    help="这一块可以在版心以外（毫米，从纸的左上角量；可多次）",
)
@click.option("--pdfa", is_flag=True, help="只查是不是合格的 PDF/A（veraPDF，须装 Java）")
@options.jobs
def measure(
    files: tuple[Path, ...],
    pdfa: bool,
    as_json: bool,
    into: Path | None,
    public: bool,
    exempt: tuple[tuple[float, float, float, float], ...],
    jobs: int | None,
) -> int:
    """对照 GB/T 9704-2012 测量任何 PDF：版式、字体、缺字、文字规范。

    \b
    例：juanzong measure 通知.pdf
        juanzong measure 通知.pdf --overlay 通知-标注.pdf
        juanzong measure 卷宗.pdf --pdfa
    """
    from pipeline import config
    from pipeline.model import Box
    from pipeline.report import as_json as shapes
    from pipeline.report.measured import show_measured
    from pipeline.run import stages as run

    if pdfa:
        return _archival(files, as_json)
    boxes = [Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)) for x0, y0, x1, y1 in exempt]
    targets = _targets(files, into)
    results = run.gauge(
        files, public=public, exempt=boxes, drawn=into is not None, jobs=config.jobs(jobs)
    )
    shown: list[dict[str, Any]] = []
    codes = {ExitCode.OK}
    for at, (path, measured, drawing) in enumerate(results):
        if isinstance(measured, Exception):
            codes.add(ExitCode.INPUT)
            shown.append({"file": str(path), "error": measured.what})
            click.echo(f"错误：{path}：{measured}", err=True)
            continue
        if not measured.fits:
            codes.add(ExitCode.FINDINGS)
        if as_json:
            shown.append(shapes.measured(str(path), measured))
        else:
            show_measured(path.name, measured)
        if into is not None:
            _write(targets[at], drawing)
    if as_json:
        click.echo(shapes.dumps(shown))
    return max(codes)


def _targets(files: tuple[Path, ...], into: Path | None) -> list[Path]:
    """Return where each marked copy goes; never onto a file that is measured."""
    if into is None:
        return []
    if len(files) == 1:
        targets = [into]
    else:
        ending = into.suffix or ".pdf"
        targets = [
            into.with_name(f"{into.stem}-{at}-{path.stem}{ending}")
            for at, path in enumerate(files, start=1)
        ]
    measured = {path.resolve() for path in files}
    for target in targets:
        if target.resolve() in measured:
            raise UsageError(f"--overlay 会盖掉要测量的文件 {target}", todo="换一个文件名")
    return targets


def _archival(files: tuple[Path, ...], as_json: bool) -> int:
    """Say of each file which PDF/A it claims to be and what contradicts that."""
    from pipeline.report import as_json as shapes
    from pipeline.run import stages as run

    found = run.archival(files)
    if as_json:
        said = [
            {"file": str(path), "pdfa": one.flavour, "faults": list(one.faults)}
            for path, one in zip(files, found, strict=True)
        ]
        click.echo(shapes.dumps(said))
    else:
        for path, one in zip(files, found, strict=True):
            state = f"PDF/A-{one.flavour}，" if one.flavour else ""
            click.echo(f"{path.name}：{state}{'；'.join(one.faults) or '合格'}")
    return ExitCode.FINDINGS if any(one.faults for one in found) else ExitCode.OK


def _write(path: Path, data: bytes) -> None:
    from pipeline import files

    try:
        files.write_atomic(path, data)
    except OSError as error:
        raise OutputError(f"写不了 {path}（{error.strerror}）", todo="检查文件夹和权限") from error
    click.echo(f"已标注：{options.shown(path.resolve())}", err=True)


COMMANDS = (measure,)
