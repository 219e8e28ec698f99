"""check, accept."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli import options
from pipeline.cli.passwords import Passwords
from pipeline.errors import ExitCode

if TYPE_CHECKING:
    from pipeline.model import Finding
    from pipeline.report.explain import Operand
    from pipeline.run.explain import Explanation
    from pipeline.run.survey import Survey


@click.command()
@options.scheme
@options.cut_off
@options.place
@options.as_json
@options.quiet
@click.option("--strict", is_flag=True, help="提醒也算数：有提醒时退出码也是 3")
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="旧名册",
    help="与旧名册（工作簿或文件夹）比：谁来了、谁走了、谁的人口收入大变",
)
@click.option(
    "--annotate",
    "into",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="文件夹",
    help="把有问题的工作簿另存到这里：单元格着色加批注，另附清单；原件不动",
)
def check(
    scheme: str,
    as_of: dt.datetime | None,
    folder: Path | None,
    as_json: bool,
    quiet: bool,
    strict: bool,
    against: Path | None,
    into: Path | None,
) -> int:
    """检查名册：每处问题指到文件、工作表、行、列。

    \b
    例：juanzong check huadu-2016 --against 去年/02 贫困户名册.xlsx
        juanzong check huadu-2016 --annotate 退回修改
    """
    from pipeline.report import as_json as shapes
    from pipeline.report.checking import show_check
    from pipeline.run import stages as run

    survey = run.survey(options.open_workspace(folder), scheme, options.day(as_of), Passwords())
    findings = survey.findings + (run.changes(survey, against) if against else ())
    if as_json:
        found = shapes.checked(
            scheme,
            survey.as_of,
            survey.roster.counts,
            findings,
            survey.roster.notices,
            tuple(survey.unchecked()),
        )
        click.echo(shapes.dumps(found))
    else:
        names = {table.id: table.name for table in survey.roster.tables.values()}
        show_check(
            survey.roster.counts,
            findings,
            survey.unchecked(),
            names,
            quiet,
            notices=survey.roster.notices,
            towns=survey.by_town(findings),
        )
    if into:
        _annotate(survey, findings, into)
    counted = {"error", "warning"} if strict else {"error"}
    stop = any(finding.severity in counted for finding in findings)
    return ExitCode.FINDINGS if stop else ExitCode.OK


def _annotate(survey: Survey, findings: tuple[Finding, ...], into: Path) -> None:
    """Write marked copies, say where they are and which workbooks have none."""
    from pipeline.report.annotate import annotate, clean
    from pipeline.roster.sheet import grids

    # Y02, who left, is told of the older roster: its place isn't in these workbooks.
    found = [*(one for one in findings if one.code != "Y02"), *survey.roster.notices]
    secret = {one.source.file for one in found if one.code == "N-locked"}
    here = [one for one in found if one.source.file not in secret]
    for path in annotate(survey.folder, here, into, grids):
        click.echo(f"已标注：{options.shown(path)}", err=True)
    if secret:
        click.echo(f"没有标注（加了密码，副本会是明文）：{'、'.join(sorted(secret))}", err=True)
    if unmarked := "、".join(clean(survey.roster.files, found)):
        click.echo(f"没有发现：{unmarked}", err=True)


@click.command()
@options.asks
@click.option("--on", type=options.DAY, hidden=True)
@click.option(
    "--xlsx",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="文件",
    help="写成工作簿：镇街以上、村、户逐项结论，未达标和差额，资金，排名",
)
def accept(asked: options.Asked, on: dt.datetime | None, xlsx: Path | None) -> int:
    """逐村验收：每项目标的数字、门槛、结论，和算它的单元格。

    \b
    例：juanzong accept huadu-2016 --town 梯面镇
        juanzong accept mazhang-2016 --xlsx 验收.xlsx
    """
    from pipeline.files import write_atomic
    from pipeline.report import as_json as shapes
    from pipeline.report.acceptance import workbook
    from pipeline.report.standing import show_acceptance, show_funds
    from pipeline.run import stages as run

    survey = asked.survey()
    result = run.accept(survey, asked.selection(survey))
    if asked.as_json:
        shown = {
            "scheme": asked.scheme,
            "as_of": result.facts.as_of,
            "above": [
                shapes.standing(one.subject, one.tally, one.verdicts, result.sources)
                for one in result.above
            ],
            "funds": [shapes.fund(one) for one in result.facts.funds],
            "payments": {
                code: [shapes.payment(one) for one in rows]
                for (_, code), rows in result.facts.payments.items()
            },
            "rankings": [
                shapes.ranking(name, period, places)
                for (name, period), places in result.facts.rankings.items()
            ],
            "villages": [
                shapes.village(
                    one.town, one.village, one.tally, one.verdicts, one.rows, result.sources
                )
                for one in result.villages
            ],
        }
        click.echo(shapes.dumps(shown))
    else:
        rows = (
            (one.town, one.village.name, one.tally, result.conclusion(one), one.verdicts)
            for one in result.villages
        )
        show_acceptance(rows, result.above[0].verdicts)
        show_funds(result.facts.funds)
    if xlsx:
        data = workbook(survey.scheme, result.facts, result.lines(), result.sources)
        write_atomic(xlsx, data)
        click.echo(f"已写出 {options.shown(xlsx)}", err=True)
    return ExitCode.OK


@click.command()
@options.scheme
@click.option("--on", type=options.DAY, metavar="日期", help="看这一天的情况，默认今天")
@click.option("--all", "everything", is_flag=True, help="全部事项，默认只列逾期、应办和两个月内的")
@click.option(
    "--ics",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="文件",
    help="写成日历文件（.ics），可导入手机和办公软件",
)
@options.cut_off
@options.place
@options.as_json
def due(
    scheme: str,
    on: dt.datetime | None,
    everything: bool,
    ics: Path | None,
    as_of: dt.datetime | None,
    folder: Path | None,
    as_json: bool,
) -> int:
    """期限日历：哪些事应办、逾期、已办，由谁办，出处在哪。

    例：juanzong due lianzhou-2013 --on 2014-07-01 --ics 期限.ics
    """
    from pipeline.files import write_atomic
    from pipeline.report import as_json as shapes
    from pipeline.report import timetable
    from pipeline.run import stages as run

    survey = run.survey(options.open_workspace(folder), scheme, options.day(as_of))
    day = options.day(on) or options.today()
    duties = run.due(survey, day)
    if as_json:
        shown = {"scheme": scheme, "on": day, "duties": [timetable.as_json(one) for one in duties]}
        click.echo(shapes.dumps(shown))
    else:
        timetable.show_duties(duties, day, everything=everything)
    if ics:
        write_atomic(ics, timetable.calendar(duties, survey.scheme, day))
        click.echo(f"已写出 {options.shown(ics)}", err=True)
    return ExitCode.OK


@click.command()
@options.scheme
@click.argument("indicator", metavar="指标")
@click.argument("subject", metavar="对象")
@options.cut_off
@options.place
@options.as_json
def explain(
    scheme: str,
    indicator: str,
    subject: str,
    as_of: dt.datetime | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """说明一个数怎么来的：单元格、算式、门槛、结论、差多少。

    指标写目标编号、指标编号或名称；对象写镇街、村、户主的名称或代码。

    例：juanzong explain huadu-2016 HD-T1 民安村
    """
    from pipeline.report import as_json as shapes
    from pipeline.report.explain import show_explanation
    from pipeline.run import stages as run

    survey = run.survey(options.open_workspace(folder), scheme, options.day(as_of), Passwords())
    found = run.explain(survey, indicator, subject)
    if as_json:
        click.echo(shapes.dumps([shapes.explanation(one.verdict, _operands(one)) for one in found]))
        return
    for one in found:
        show_explanation(one.verdict, _operands(one), one.below, survey.scheme, survey.roster)


def _operands(one: Explanation) -> list[Operand]:
    return [(cell.field, cell.value, cell.unit, cell.source) for cell in one.operands]


@click.command("map")
@options.scheme
@click.option(
    "--file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="文件",
    help="看这个文件，默认看名册的全部工作簿",
)
@click.option("--dry", is_flag=True, help="只看，不写 mapping.toml")
@options.cut_off
@options.place
@options.as_json
def map_columns(
    scheme: str,
    file: Path | None,
    dry: bool,
    as_of: dt.datetime | None,
    folder: Path | None,
    as_json: bool,
) -> int:
    """看每一列怎么理解：哪个表头是哪个字段，哪些没认出、像哪个；记下来下次照办。

    例：juanzong map huadu-2016 --file 梯面镇报来.xls
    """
    from pipeline.report import as_json as shapes
    from pipeline.report.checking import show_columns
    from pipeline.run import stages as run

    sheets, written = run.understood(
        options.open_workspace(folder),
        scheme,
        file=file,
        as_of=options.day(as_of),
        write=not dry,
        passwords=Passwords(),
    )
    if as_json:
        click.echo(shapes.dumps([dataclasses.asdict(sheet) for sheet in sheets]))
    else:
        show_columns(
            (sheet.file, sheet.sheet, sheet.name, sheet.rows, sheet.guessed, column)
            for sheet in sheets
            for column in (
                [
                    (one.letters, one.heading, one.name, one.field, one.unit, one.near)
                    for one in sheet.columns
                ]
                or [("", "", "", "", "", "")]
            )
        )
        for sheet in sheets:
            if sheet.lacking:
                click.echo(f"{sheet.file}·{sheet.sheet} 缺少列：{'、'.join(sheet.lacking)}")
    if written:
        guessed = any(column.near for sheet in sheets for column in sheet.columns)
        hint = "（猜的以 # 开头：核对后去掉 # 即采用）" if guessed else ""
        click.echo(f"已写下：{options.shown(written)}{hint}", err=True)
    return ExitCode.FINDINGS if any(sheet.lacking for sheet in sheets) else ExitCode.OK


COMMANDS = (check, accept, explain, due, map_columns)
