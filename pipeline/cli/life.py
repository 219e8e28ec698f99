"""issue, withdraw, adopt: the steps of a paper's life that somebody answers for."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli import options
from pipeline.errors import ExitCode

if TYPE_CHECKING:
    from pipeline.model import Version
    from pipeline.run import stages as run


@click.command()
@options.asks
@options.strict
@click.option("--number", default="", metavar="字号", help="登记处给的发文字号，只选中一份时用")
@click.option("--date", "day", type=options.DAY, metavar="日期", help="成文日期，默认今天")
@options.on
@options.named
@options.jobs
@options.quiet
def issue(
    asked: options.Asked,
    strict: bool,
    number: str,
    day: dt.datetime | None,
    on: dt.datetime | None,
    by: str | None,
    jobs: int | None,
    quiet: bool,
) -> int:
    """印发：草稿定稿，写上成文日期，编号的文书取发文字号，全面测量后封存。

    \b
    例：juanzong issue huadu-2016 --kind 公示 --by 王五
        juanzong issue huadu-2016 --kind 通报 --number 花扶贫办〔2016〕16号 --by 王五
    """
    from pipeline import config
    from pipeline.report import Progress
    from pipeline.report import as_json as shapes
    from pipeline.report import life as words
    from pipeline.run import stages as run

    operator = config.named_operator(by)
    survey = asked.survey()
    wanted = run.plan_papers(survey, asked.selection(survey))
    subjects, at = {paper.subject.code for paper in wanted}, options.moment(on)
    with run.working(survey.workspace, asked.scheme, "issue", subjects=subjects, at=at) as history:
        with run.planning(survey.workspace, "issue", at=at):
            planned = run.papers(survey, wanted, history, strict=strict)
        written = options.day(day) or options.day(on) or options.today()
        if day is None and run.drafts(planned, history):
            words.warn_old_data(written, survey.as_of)
        outcome = run.issue(
            survey,
            planned,
            history,
            day=written,
            number=number,
            jobs=config.jobs(jobs),
            at=at,
            by=operator,
            progress=Progress(silent=quiet),
        )
    if asked.as_json:
        click.echo(shapes.dumps(shapes.issued(outcome.issued, outcome.already, outcome.skipped)))
    else:
        outputs = options.shown(survey.workspace.outputs(asked.scheme))
        words.show_issued(outcome.issued, outcome.already, outcome.skipped, outputs)
    return ExitCode.FINDINGS if outcome.skipped else ExitCode.OK


@click.command()
@options.scheme
@click.argument("document", metavar="文书")
@click.option("--reason", required=True, metavar="原因", help="为什么撤回，记入日志")
@options.on
@options.named
@options.place
@options.as_json
def withdraw(
    scheme: str,
    document: str,
    reason: str,
    on: dt.datetime | None,
    by: str | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """撤回已印发或已签署的文书：内容仍存着，日志写明原因。

    例：juanzong withdraw huadu-2016 publicity_household/440114105202 --reason 名单有误 --by 王五
    """
    from pipeline import config
    from pipeline.report import as_json as shapes
    from pipeline.run import stages as run

    version, event = run.withdraw(
        options.open_workspace(folder),
        scheme,
        document,
        reason=reason,
        at=options.moment(on),
        by=config.named_operator(by),
    )
    if as_json:
        click.echo(
            shapes.dumps({**shapes.version(version), "event": shapes.event(event, [version])})
        )
    else:
        which = f"{version.title}第{version.number}版"
        click.echo(f"已撤回：{which}，原因：{event.reason}（经办 {event.operator}）")


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, metavar="文件.docx…", type=click.Path(path_type=Path)
)
@click.option("--reason", required=True, metavar="原因", help="为什么改，记入日志")
@click.option("--yes", is_flag=True, help="少了或改了数字也照收")
@options.on
@options.named
@options.place
@options.as_json
def adopt(
    paths: tuple[Path, ...],
    reason: str,
    yes: bool,
    on: dt.datetime | None,
    by: str | None,
    folder: Path | None,
    as_json: bool,
) -> int:
    """收回手改的 docx：查数字、转 PDF、测量，记为新的一版；以后不会被悄悄重做。

    例：juanzong adopt 脱贫攻坚责任书.docx --reason 改称谓 --by 王五
    """
    from pipeline import config
    from pipeline.report import as_json as shapes
    from pipeline.report import life as words
    from pipeline.run import stages as run

    def agreed(path: Path, version: Version, missing: Sequence[run.Lost]) -> bool:
        told = [(one.printed, one.labels) for one in missing]
        words.warn_lost(path.name, version, told)
        if yes or not sys.stdin.isatty():
            return yes
        return click.confirm("照收吗？", err=True)

    outcome = run.adopt(
        options.open_workspace(folder),
        paths,
        reason=reason,
        at=options.moment(on),
        by=config.named_operator(by),
        agreed=agreed,
    )
    lines = [
        (version, [(one.printed, one.labels) for one in missing])
        for version, missing in outcome.versions
    ]
    if as_json:
        click.echo(shapes.dumps(shapes.adopted(lines, outcome.skipped)))
    else:
        words.show_adopted([version for version, _ in lines], outcome.skipped)
    return ExitCode.FINDINGS if outcome.skipped else ExitCode.OK


COMMANDS = (issue, withdraw, adopt)
