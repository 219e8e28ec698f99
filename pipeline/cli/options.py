"""What several commands are asked in the same words, gathered into one object each."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.passwords import Passwords

if TYPE_CHECKING:
    from pipeline.config import Workspace
    from pipeline.plan import Selection
    from pipeline.run.survey import Survey

DAY = click.DateTime(formats=["%Y-%m-%d"])
_Command = Callable[..., Any]

scheme = click.argument("scheme", metavar="方案")
as_json = click.option("--json", "as_json", is_flag=True, help="输出 JSON")
quiet = click.option("-q", "--quiet", is_flag=True, help="不显示进度")
place = click.option(
    "-C",
    "folder",
    type=click.Path(path_type=Path),
    metavar="文件夹",
    help="工作区，默认当前文件夹",
)
cut_off = click.option(
    "--as-of", type=DAY, metavar="日期", help="数据截止日期（名册文件夹名），默认最新"
)
kind = click.option(
    "--kind", multiple=True, metavar="文书", help="只要这种文书（中文名或 id，可多次）"
)
town = click.option(
    "--town", multiple=True, metavar="镇街", help="只要这个镇街（名称或代码，可多次）"
)
village = click.option(
    "--village", multiple=True, metavar="村", help="只要这个村（村名或12位代码，可多次）"
)
household = click.option(
    "--household", multiple=True, metavar="户", help="只要这一户（户主姓名或户编号，可多次）"
)
period = click.option(
    "--period", multiple=True, metavar="期间", help="只要这一期：2014、2014Q3 或 2014-07（可多次）"
)
on = click.option(
    "--on", type=DAY, metavar="日期", help="当作今天的日期，只用于登记，不影响文书内容"
)
strict = click.option("--strict", is_flag=True, help="提醒也算数：有提醒的村、户，文书也不制作")
by = click.option("--by", metavar="姓名", help="经办人，默认 JUANZONG_BY 或当前账户")
named = click.option("--by", metavar="姓名", help="经办人；不写则取 JUANZONG_BY，两者都没有就不办")
jobs = click.option("--jobs", type=click.IntRange(1), metavar="数", help="并行进程数，默认每核一个")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which scheme, which data, which papers, in which workspace, answered how."""

    scheme: str
    kind: tuple[str, ...]
    town: tuple[str, ...]
    village: tuple[str, ...]
    as_of: dt.datetime | None
    folder: Path | None
    as_json: bool
    household: tuple[str, ...] = ()
    period: tuple[str, ...] = ()

    @property
    def narrowed(self) -> bool:
        """Whether only some papers are asked for."""
        return any((self.kind, self.town, self.village, self.household, self.period))

    def workspace(self) -> Workspace:
        """Open the workspace."""
        return open_workspace(self.folder)

    def survey(self) -> Survey:
        """Read and check all inputs."""
        from pipeline.run import stages as run

        return run.survey(self.workspace(), self.scheme, day(self.as_of), Passwords())

    def selection(self, survey: Survey) -> Selection:
        """Understand what `--kind` to `--period` ask for in this roster."""
        from pipeline.plan import select

        return select(
            survey.scheme,
            survey.kinds,
            survey.roster,
            kind=self.kind,
            town=self.town,
            village=self.village,
            household=self.household,
            period=self.period,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Who acts, on which day, with how many processes, and how loudly."""

    on: dt.datetime | None
    by: str | None
    jobs: int | None
    quiet: bool

    def how(self) -> dict[str, Any]:
        """Return what `run.make` and `run.bind` want to know."""
        from pipeline import config
        from pipeline.report import Progress

        return {
            "jobs": config.jobs(self.jobs),
            "at": moment(self.on),
            "by": config.operator(self.by),
            "progress": Progress(silent=self.quiet),
        }


def asks(command: _Command) -> _Command:
    """Give a command the questions of `Asked`, and the answers as its first argument."""

    @functools.wraps(command)
    def asking(**given: Any) -> Any:
        names = Asked.__dataclass_fields__
        asked = Asked(**{name: given.pop(name) for name in names if name in given})
        return command(asked, **given)

    return _with(asking, scheme, kind, town, village, cut_off, place, as_json)


def picks(command: _Command) -> _Command:
    """Let a command that `asks` also be asked for papers of one household or one period."""
    return _with(command, household, period)


def acts(command: _Command) -> _Command:
    """Give a command the questions of `Acting`, and the answers as `acting`."""

    @functools.wraps(command)
    def acting(*args: Any, **given: Any) -> Any:
        names = Acting.__dataclass_fields__
        told = Acting(**{name: given.pop(name) for name in names})
        return command(*args, acting=told, **given)

    return _with(acting, on, by, jobs, quiet)


def _with(command: _Command, *decorators: Callable[[_Command], _Command]) -> _Command:
    for decorator in reversed(decorators):
        command = decorator(command)
    return command


def day(value: dt.datetime | None) -> dt.date | None:
    """Return the day of an option."""
    return value.date() if value else None


def today() -> dt.date:
    """Return the day it is here."""
    return dt.datetime.now().astimezone().date()


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


def shown(path: Path) -> str:
    """Return a path as short as it can be said from here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
