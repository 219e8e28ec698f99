"""The command and its one funnel for errors."""

from __future__ import annotations

import os
import sys
import traceback

import click

from pipeline import __version__
from pipeline.cli import ask, data, keep, life, pages, paper, papers, past, start, templates
from pipeline.cli.chinese import speak_chinese, told
from pipeline.cli.pipes import outlive_readers
from pipeline.errors import ExitCode, JuanzongError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(
    __version__, "-V", "--version", message="卷宗 juanzong %(version)s", help="显示版本"
)
def cli() -> None:
    """卷宗：名册进，公文、责任书、验收报告和每村一卷的案卷出。

    \b
    通常的次序：
      juanzong check huadu-2016     检查名册
      juanzong plan  huadu-2016     看要制作什么、为什么
      juanzong make  huadu-2016     制作文书
      juanzong issue huadu-2016     印发：定稿、成文日期、发文字号
      juanzong bind  huadu-2016     装订成卷

    \b
    退出码：0 正常　1 程序出错　2 用法　3 有错误级发现或跳过的文书
           4 名册或文件　5 方案或模板　6 外部程序　7 输出　8 历史
    """


for command in (
    *start.COMMANDS,
    *data.COMMANDS,
    *papers.COMMANDS,
    *life.COMMANDS,
    *pages.COMMANDS,
    *paper.COMMANDS,
    *keep.COMMANDS,
    templates.templates,
):
    cli.add_command(command)


for question in ask.QUESTIONS:
    past.history.add_command(question)

speak_chinese(cli)


def main() -> None:
    """Run the command; an expected reason to stop is one message, never a traceback."""
    outlive_readers()
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        _say("已中断")
        code = 130
    except click.ClickException as error:
        told(error).show()
        code = ExitCode.USAGE
    except JuanzongError as error:
        _say(str(error))
        code = error.exit_code
    except Exception as error:  # the last place where a crash can become a sentence
        if os.environ.get("JUANZONG_DEBUG"):
            traceback.print_exc()
        _say(f"程序出错：{type(error).__name__}：{error}")
        click.echo("  请设 JUANZONG_DEBUG=1 重跑，把输出发给维护者", err=True)
        code = ExitCode.CRASH
    sys.exit(code if isinstance(code, int) else ExitCode.OK)


def _say(words: str) -> None:
    click.echo(f"错误：{words}", err=True)
