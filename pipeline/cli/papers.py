"""plan, make, bind."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from pipeline.cli import options
from pipeline.errors import ExitCode


@click.command()
@options.scheme
@options.which
@options.cut_off
@options.place
@options.as_json
@click.option("--on", type=options.DAY, hidden=True)
def plan(
    scheme: str,
    kind: tuple[str, ...],
    town: tuple[str, ...],
    village: tuple[str, ...],
    as_of: dt.datetime | None,
    folder: Path | None,
    as_json: bool,
    on: dt.datetime | None,
) -> int:
    """看要制作什么、为什么：新增、哪个数据变了、模板变了、已手改。什么都不写。

    例：juanzong plan huadu-2016 --town 梯面镇
    """
    from pipeline import run
    from pipeline.report import as_json as shapes
    from pipeline.report import terminal

    workspace = options.open_workspace(folder)
    survey = run.survey(workspace, scheme, options.day(as_of))
    wanted = run.plan_papers(survey, options.selected(survey, kind, town, village))
    with run.past_if_any(workspace, scheme, "plan") as history:
        planned = run.papers(survey, wanted, history)
    lacking = [rule.name for rule in planned.lacking]
    given = (planned.due, planned.kept, planned.skipped, lacking, planned.roster_changes)
    if as_json:
        click.echo(shapes.dumps(shapes.planned(*given)))
    else:
        terminal.show_plan(*given)
    return ExitCode.FINDINGS if planned.skipped else ExitCode.OK


@click.command()
@options.scheme
@options.which
@options.cut_off
@options.today
@options.jobs
@options.place
@options.as_json
@options.quiet
def make(
    scheme: str,
    kind: tuple[str, ...],
    town: tuple[str, ...],
    village: tuple[str, ...],
    as_of: dt.datetime | None,
    on: dt.datetime | None,
    by: str | None,
    jobs: int | None,
    folder: Path | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """制作文书：填写、转换、测量、记录。没有变化的不重做。

    例：juanzong make huadu-2016 --kind 责任书
    """
    from pipeline import config, run
    from pipeline.report import Progress, terminal
    from pipeline.report import as_json as shapes

    workspace = options.open_workspace(folder)
    progress = Progress(silent=quiet)
    survey = run.survey(workspace, scheme, options.day(as_of))
    progress.say(f"读入名册：截止 {survey.as_of}，{len(survey.roster.files)} 个工作簿")
    wanted = run.plan_papers(survey, options.selected(survey, kind, town, village))
    with run.open_history(workspace, scheme, "make") as history:
        planned = run.papers(survey, wanted, history)
        progress.say(f"计划：制作 {len(planned.due)} 份，无需改动 {len(planned.kept)} 份")
        outcome = run.make(
            survey,
            planned,
            history,
            jobs=config.jobs(jobs),
            at=options.moment(on),
            by=config.operator(by),
            progress=progress,
        )
    given = (outcome.made, outcome.kept, outcome.skipped, outcome.restored)
    if as_json:
        click.echo(shapes.dumps(shapes.made(*given)))
    else:
        terminal.show_made(*given, options.shown(workspace.outputs(scheme)))
    return ExitCode.FINDINGS if outcome.skipped else ExitCode.OK


@click.command()
@options.scheme
@options.which
@options.cut_off
@options.today
@options.jobs
@options.place
@options.as_json
@options.quiet
def bind(
    scheme: str,
    kind: tuple[str, ...],
    town: tuple[str, ...],
    village: tuple[str, ...],
    as_of: dt.datetime | None,
    on: dt.datetime | None,
    by: str | None,
    jobs: int | None,
    folder: Path | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """装订卷宗：每村一卷，封面、目录、文书、备考表。只收已记录的文书。

    例：juanzong bind huadu-2016 --village 联丰村
    """
    from pipeline import config, run
    from pipeline.report import Progress, terminal
    from pipeline.report import as_json as shapes

    workspace = options.open_workspace(folder)
    survey = run.survey(workspace, scheme, options.day(as_of))
    with run.open_history(workspace, scheme, "bind") as history:
        result = run.bind(
            survey,
            options.selected(survey, kind, town, village),
            history,
            jobs=config.jobs(jobs),
            at=options.moment(on),
            by=config.operator(by),
            progress=Progress(silent=quiet),
        )
    given = (result.bound, result.kept, result.skipped)
    if as_json:
        click.echo(shapes.dumps(shapes.bound(*given)))
    else:
        terminal.show_bound(*given, options.shown(workspace.outputs(scheme)))
    return ExitCode.FINDINGS if result.skipped else ExitCode.OK


COMMANDS = (plan, make, bind)
