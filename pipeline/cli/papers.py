"""plan, make, bind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from pipeline.cli import options
from pipeline.errors import ExitCode

if TYPE_CHECKING:
    from pipeline.run.papers import Stale


@click.command()
@options.picks
@options.asks
@options.strict
@click.option("--stale-signed", is_flag=True, help="只列签过字而数据已变、要重签的，和变了什么")
@click.option("--on", type=options.DAY, hidden=True)
def plan(asked: options.Asked, strict: bool, stale_signed: bool, on: dt.datetime | None) -> int:
    """看要制作什么、为什么：新增、哪个数据变了、模板变了、已手改。什么都不写。

    例：juanzong plan huadu-2016 --town 梯面镇
    """
    from pipeline import run
    from pipeline.report import as_json as shapes
    from pipeline.report import terminal

    survey = asked.survey()
    wanted = run.plan_papers(survey, asked.selection(survey))
    with run.past_if_any(survey.workspace, asked.scheme, "plan") as history:
        if stale_signed:
            return _show_stale(asked, run.stale_signed(wanted, history))
        planned = run.papers(survey, wanted, history, strict=strict)
    lacking = [rule.name for rule in planned.lacking]
    given = (planned.due, planned.kept, planned.skipped, lacking, planned.roster_changes)
    stale = [(one.version, one.state, one.changes) for one in planned.stale]
    if asked.as_json:
        click.echo(shapes.dumps(shapes.planned(*given, stale)))
    else:
        terminal.show_plan(*given, stale)
    if planned.not_compared:
        click.echo(f"与上次的名册没有逐格比较：{planned.not_compared}", err=True)
    return ExitCode.FINDINGS if planned.skipped else ExitCode.OK


def _show_stale(asked: options.Asked, found: Sequence[Stale]) -> int:
    from pipeline.report import scans
    from pipeline.report.as_json import dumps

    rows = [(one.version, one.changes) for one in found]
    if asked.as_json:
        click.echo(dumps(scans.stale(rows)))
    else:
        scans.show_stale(rows)
    return ExitCode.FINDINGS if found else ExitCode.OK


@click.command()
@options.picks
@options.asks
@options.strict
@options.acts
def make(asked: options.Asked, strict: bool, acting: options.Acting) -> int:
    """制作文书：填写、转换、测量、记录。没有变化的不重做。

    例：juanzong make lianzhou-2013 --kind 季度通报 --period 2014Q3
    """
    from pipeline import run
    from pipeline.report import as_json as shapes
    from pipeline.report import terminal

    how = acting.how()
    survey = asked.survey()
    how["progress"].say(f"读入名册：截止 {survey.as_of}，{len(survey.roster.files)} 个工作簿")
    wanted = run.plan_papers(survey, asked.selection(survey))
    subjects = {paper.subject.code for paper in wanted}
    at = how["at"]
    with run.working(survey.workspace, asked.scheme, "make", subjects=subjects, at=at) as history:
        with run.planning(survey.workspace, "make", at=at):
            planned = run.papers(survey, wanted, history, strict=strict)
        how["progress"].say(f"计划：制作 {len(planned.due)} 份，无需改动 {len(planned.kept)} 份")
        outcome = run.make(survey, planned, history, **how)
    given = (outcome.made, outcome.kept, outcome.skipped, outcome.restored)
    if asked.as_json:
        click.echo(shapes.dumps(shapes.made(*given)))
    else:
        terminal.show_made(*given, options.shown(survey.workspace.outputs(asked.scheme)))
    return ExitCode.FINDINGS if outcome.skipped else ExitCode.OK


@click.command()
@options.asks
@options.acts
def bind(asked: options.Asked, acting: options.Acting) -> int:
    """装订卷宗：每村一卷，封面、目录、文书、备考表。只收已记录的文书。

    例：juanzong bind huadu-2016 --village 联丰村
    """
    from pipeline import run
    from pipeline.report import as_json as shapes
    from pipeline.report import terminal

    survey, how = asked.survey(), acting.how()
    selection = asked.selection(survey)
    subjects = run.dossier_subjects(survey, selection)
    with run.working(
        survey.workspace, asked.scheme, "bind", subjects=subjects, at=how["at"]
    ) as history:
        result = run.bind(survey, selection, history, **how)
    given = (result.bound, result.kept, result.skipped)
    if asked.as_json:
        click.echo(shapes.dumps(shapes.bound(*given)))
    else:
        terminal.show_bound(*given, options.shown(survey.workspace.outputs(asked.scheme)))
    return ExitCode.FINDINGS if result.skipped else ExitCode.OK


COMMANDS = (plan, make, bind)
