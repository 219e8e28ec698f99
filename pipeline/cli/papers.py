"""plan, make, bind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli import options
from pipeline.errors import ExitCode

if TYPE_CHECKING:  # imported when a command runs: --help must be quick
    from pipeline.plan import ShelfLevel
    from pipeline.report.gaps import Row
    from pipeline.run.complete import Completeness
    from pipeline.run.papers import Stale
    from pipeline.run.survey import Survey

_GAPS = 6
"""Gaps told after binding: about those of a village."""
_LEVELS: dict[str, ShelfLevel] = {
    "村": "village",
    "镇": "town",
    "户": "household",
    "项目": "project",
}


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
    from pipeline.report import as_json as shapes
    from pipeline.report.making import show_plan
    from pipeline.run import stages as run

    survey = asked.survey()
    wanted = run.plan_papers(survey, asked.selection(survey))
    with run.past_if_any(survey.workspace, asked.scheme, "plan") as history:
        if stale_signed:
            return _show_stale(asked, run.stale_signed(wanted, history))
        planned = run.papers(survey, wanted, history, strict=strict)
    lacking = [] if asked.narrowed else [rule.name for rule in planned.lacking]
    given = (planned.due, planned.kept, planned.skipped, lacking, planned.roster_changes)
    stale = [(one.version, one.state, one.changes) for one in planned.stale]
    if asked.as_json:
        click.echo(shapes.dumps(shapes.planned(*given, stale)))
    else:
        show_plan(*given, stale)
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
    from pipeline.report import as_json as shapes
    from pipeline.report.making import show_made
    from pipeline.run import stages as run

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
        show_made(*given, options.shown(survey.workspace.outputs(asked.scheme)))
    return ExitCode.FINDINGS if outcome.skipped else ExitCode.OK


@click.command()
@options.asks
@click.option(
    "--level",
    type=click.Choice(list(_LEVELS)),
    default="村",
    show_default=True,
    help="每什么一卷",
)
@click.option(
    "--check", "checking", is_flag=True, help="只核对齐全：缺件、未签章、程序倒置；不装订"
)
@click.option(
    "--xlsx",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="文件.xlsx",
    help="核对结果另存为工作簿",
)
@click.option(
    "--pdf",
    "lists",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="文件夹",
    help="每卷一页缺件清单，存到这里",
)
@options.acts
def bind(
    asked: options.Asked,
    level: str,
    checking: bool,
    xlsx: Path | None,
    lists: Path | None,
    acting: options.Acting,
) -> int:
    """装订卷宗：每村（镇、户、项目）一卷，封面、目录、文书、附件、备考表。只收已记录的文书。

    \b
    例：juanzong bind huadu-2016 --village 联丰村
        juanzong bind huadu-2016 --level 户
        juanzong bind huadu-2016 --check --xlsx 缺件.xlsx --pdf 缺件清单
    附件放在 inputs/方案/attachments/镇/村/，清单是其中的 attachments.csv（可以没有）。
    """
    from pipeline.report import as_json as shapes
    from pipeline.report import gaps
    from pipeline.report.making import show_bound
    from pipeline.run import stages as run

    if (xlsx or lists) and not checking:
        raise click.UsageError("--xlsx、--pdf 和 --check 一起用")
    survey, how = asked.survey(), acting.how()
    each, selection = _LEVELS[level], asked.selection(survey)
    if checking:
        return _complete(asked, survey, each, xlsx, lists)
    subjects = run.dossier_subjects(survey, selection, each)
    with run.working(
        survey.workspace, asked.scheme, "bind", subjects=subjects, at=how["at"]
    ) as history:
        taken = run.take_attachments(survey, selection, history, level=each, **how)
        with run.planning(survey.workspace, "bind", at=how["at"]):
            planned = run.folders(survey, selection, history, taken, level=each)
        result = run.bind(survey, planned, history, **how)
        found = list(run.complete(survey, selection, history, level=each))
    given = (result.bound, result.kept, result.skipped)
    if asked.as_json:
        click.echo(shapes.dumps({**shapes.bound(*given), "lacking": _as_json(found)}))
    else:
        show_bound(*given, options.shown(survey.workspace.outputs(asked.scheme)))
        gaps.list_gaps(_rows(found), _GAPS, "加 --check 看全部")
    return ExitCode.FINDINGS if result.skipped else ExitCode.OK


def _complete(
    asked: options.Asked,
    survey: Survey,
    level: ShelfLevel,
    xlsx: Path | None,
    lists: Path | None,
) -> int:
    """Show what the dossiers lack."""
    from pipeline import files
    from pipeline.report import as_json as shapes
    from pipeline.report import gaps
    from pipeline.run import stages as run

    with run.past_if_any(survey.workspace, asked.scheme, "bind --check") as history:
        found = list(run.complete(survey, asked.selection(survey), history, level=level))
    if xlsx:
        files.write_atomic(xlsx, gaps.gaps_workbook(_rows(found)))
    if lists:
        run.write_lists(survey, found, lists)
    if asked.as_json:
        click.echo(shapes.dumps(_as_json(found)))
    else:
        gaps.show_gaps(_rows(found))
    return ExitCode.OK if all(one.complete for one in found) else ExitCode.FINDINGS


def _rows(found: Sequence[Completeness]) -> list[Row]:
    return [(one.title, one.needed, one.held, one.gaps) for one in found]


def _as_json(found: Sequence[Completeness]) -> list[dict[str, Any]]:
    from pipeline.report import gaps

    return [
        gaps.gaps_json(one.shelf.subject.code, *row)
        for one, row in zip(found, _rows(found), strict=True)
    ]


COMMANDS = (plan, make, bind)
