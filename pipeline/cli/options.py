"""Options that several commands share, and the objects they stand for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from pipeline.config import Workspace
    from pipeline.plan import Selection
    from pipeline.run import Survey

Command = TypeVar("Command", bound=Callable[..., Any])

DAY = click.DateTime(formats=["%Y-%m-%d"])

scheme = click.argument("scheme", metavar="方案")
as_json = click.option("--json", "as_json", is_flag=True, help="输出 JSON")
quiet = click.option("-q", "--quiet", is_flag=True, help="不显示进度")


def place(command: Command) -> Command:
    """Add `-C`: the workspace."""
    return click.option(
        "-C",
        "folder",
        type=click.Path(path_type=Path),
        metavar="文件夹",
        help="工作区，默认当前文件夹",
    )(command)


def which(command: Command) -> Command:
    """Add `--kind`, `--town`, `--village`."""
    for option in (
        click.option(
            "--village", multiple=True, metavar="村", help="只要这个村（村名或12位代码，可多次）"
        ),
        click.option(
            "--town", multiple=True, metavar="镇街", help="只要这个镇街（名称或代码，可多次）"
        ),
        click.option(
            "--kind", multiple=True, metavar="文书", help="只要这种文书（中文名或 id，可多次）"
        ),
    ):
        command = option(command)
    return command


def cut_off(command: Command) -> Command:
    """Add `--as-of`: the cut-off day of the data."""
    return click.option(
        "--as-of", type=DAY, metavar="日期", help="数据截止日期（名册文件夹名），默认最新"
    )(command)


def today(command: Command) -> Command:
    """Add `--on` and `--by`: the day and the person an event is logged under."""
    for option in (
        click.option("--by", metavar="姓名", help="经办人，默认 JUANZONG_BY 或当前账户"),
        click.option(
            "--on", type=DAY, metavar="日期", help="当作今天的日期，只用于登记，不影响文书内容"
        ),
    ):
        command = option(command)
    return command


def jobs(command: Command) -> Command:
    """Add `--jobs`: how many processes."""
    return click.option(
        "--jobs", type=click.IntRange(1), metavar="数", help="并行进程数，默认每核一个"
    )(command)


def day(value: dt.datetime | None) -> dt.date | None:
    """Return the day of an option."""
    return value.date() if value else None


def moment(on: dt.datetime | None) -> str:
    """Return when something happens, UTC: now, or this time of day on `--on`."""
    now = dt.datetime.now(dt.UTC)
    if on is not None:
        now = dt.datetime.combine(on.date(), now.time(), dt.UTC)
    return now.isoformat(timespec="seconds").replace("+00:00", "Z")


def open_workspace(folder: Path | None) -> Workspace:
    """Open the workspace of `-C`."""
    from pipeline.config import workspace

    return workspace(folder)


def selected(
    survey: Survey, kind: tuple[str, ...], town: tuple[str, ...], village: tuple[str, ...]
) -> Selection:
    """Understand `--kind`, `--town`, `--village`."""
    from pipeline.plan import select

    return select(survey.scheme, survey.kinds, survey.roster, kind=kind, town=town, village=village)


def shown(path: Path) -> str:
    """Return a path as short as it can be said from here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
