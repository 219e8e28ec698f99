"""What a person is told who has written a command wrongly, and a pipe that is closed early."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from pipeline.cli.chinese import WORDS
from pipeline.errors import ExitCode
from tests.conftest import SCHEME, World
from tests.run.test_main_job import juanzong

NEVER_SHOWN = """
    d | Aborted! | deprecated | Repeat for confirmation | Press any key to continue...
    Do you want to continue? | Confirm the action without prompting. | unknown error | file
    directory | path | Positional arguments | (dynamic) | Show the version and exit.
    %(prog)s, version %(version)s | {name} {filename!r} is not executable.
    Error: The two entered values do not match. | env var: {var}
    Could not open file {filename!r}: {message} | Choice({choices})
    Value must be an iterable. | Unknown color {colour!r}
    {value!r} is not a valid boolean. Recognized values: {states}
    {value!r} is not a valid UUID. | {len_type} values are required, but {len_value} was given.
    {len_type} values are required, but {len_value} were given. | Choose from:
"""
"""Of Click's sentences, those our commands have no use for, and what it says to programmers."""
PUT_TOGETHER = """
    Invalid value: {message} | Invalid value for {param_hint}: {message} | Missing argument
    Missing option | Missing parameter | Missing {param_type} | Missing parameter: {param_name}
    No such option {name!r}. | No such command {name!r}. | Did you mean {possibility}?
    (Did you mean one of: {possibilities}?)
"""
"""Those `told` says in other words."""


def sentences() -> set[str]:
    """Return what the installed Click hands to gettext and might show to a user of ours."""
    found = set()
    for name in ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types"):
        code = (Path(click.__file__).parent / f"{name}.py").read_text(encoding="utf-8")
        for call in ast.walk(ast.parse(code)):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in ("_", "ngettext"):
                found |= {
                    part.value
                    for part in call.args
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                }
    return found


def test_every_sentence_of_click_has_its_chinese() -> None:
    other = {words.strip() for words in (NEVER_SHOWN + PUT_TOGETHER).replace("\n", "|").split("|")}
    programmers = ("DeprecationWarning", "Name '", "Boolean option", "Could not determine")
    programmers += ("No options defined", "Arguments take", "Invalid start character")
    told = [
        words
        for words in sentences()
        if not words.startswith(programmers) and words.split("\n")[0] not in other
    ]
    assert sorted(set(told) - set(WORDS)) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("plna huadu-2016", "没有命令 plna，是不是 plan？"),
        ("history huadu-2016 lgo", "没有命令 lgo，是不是 log？"),
        ("history log huadu-2016", "方案写在前面，命令写在后面：juanzong history 方案 log …"),
        ("history huadu-2016", "还没有写要用哪一条命令"),
        ("plan huadu-2016 --twon 梯面镇", "没有选项 --twon，是不是 --town？"),
        ("plan huadu-2016 -Z", "没有选项 -Z"),
        ("plan huadu-2016 --town", "选项 --town 后面要写值"),
        ("plan huadu-2016 --json=3", "选项 --json 后面不写值"),
        ("scan huadu-2016 --assign 1", "选项 --assign 后面要写 2 个值"),
        ("plan", "还没有写 方案"),
        ("withdraw huadu-2016 x", "还没有写 --reason"),
        ("plan huadu-2016 x y", "多了“x y”，这里用不着"),
        ("bind huadu-2016 --level 县", "--level：没有“县”，只有 '村', '镇', '户', '项目'"),
        ("plan huadu-2016 --as-of 2016年", "--as-of：“2016年”不是日期，要写成 2016-10-31 这样"),
        ("make huadu-2016 --jobs 0", "--jobs：0 超出范围 x>=1"),
        ("make huadu-2016 --jobs 两", "--jobs：“两”不是数"),
        ("map huadu-2016 --file 无此.xls", "--file：没有“无此.xls”"),
        ("history huadu-2016 import 无此", "文件夹：没有“无此”"),
        ("-C ws plan huadu-2016", "-C 要写在命令之后：juanzong 命令 … -C …"),
        ("templates -C ws lint", "-C 要写在命令之后：juanzong templates 命令 … -C …"),
        ("measure a.pdf -C ws", "juanzong measure 不用工作区，不写 -C"),
    ],
)
def test_a_wrong_command_line_is_answered_in_chinese(words: str, told: str) -> None:
    done = start(*words.split())
    assert done.returncode == ExitCode.USAGE
    assert f"错误：{told}\n" in done.stderr
    assert not {"Usage", "Error", "Try", "OPTIONS", "COMMAND"} & set(done.stderr.split())
    assert done.stdout == ""


def test_a_wrong_name_is_answered_with_the_nearest(small: World) -> None:
    roster = small.roster()
    village, household = roster.villages[0], roster.households[0]
    town = roster.town[village.town_code].name
    other = next(one.name for one in roster.towns if one.name != town)
    for words, told in (
        (("--town", town[:-1]), f"名册里没有镇街“{town[:-1]}”，是不是“{town}”"),
        (("--village", f"小{village.name}"), f"行政村“小{village.name}”，是不是“{village.name}”"),
        (("--household", household.head[:-1]), f"“{household.head}”"),
        (("--kind", "责任"), "没有“责任”这种文书的模板，是不是“脱贫攻坚责任书”？"),
        (("--town", other, "--village", village.name), "请核对镇街和村名"),
    ):
        assert told in juanzong(small, "plan", SCHEME, *words, code=2)
    assert "，是不是" not in juanzong(small, "plan", SCHEME, "--village", "XYZ", code=2)
    assert f"，是不是“{SCHEME}”？" in juanzong(small, "plan", "huadu2016", code=2)
    said = juanzong(small, "explain", SCHEME, "HD-T1", f"小{village.name}", code=2)
    assert f"，是不是“{village.name}”" in said
    said = juanzong(small, "templates", "lint", "责任书", code=2)
    assert "，是不是“脱贫攻坚责任书”？" in said


def test_papers_without_template_are_told_of_the_whole_scheme_only(small: World) -> None:
    assert "尚无模板的文书 16 项" in juanzong(small, "plan", SCHEME)
    village = small.roster().villages[0].code
    assert "尚无模板" not in juanzong(small, "plan", SCHEME, "--village", village)


def test_help_speaks_chinese() -> None:
    for words in ((), ("plan",), ("history", SCHEME), ("init",)):
        said = start(*words, "--help").stdout
        assert said.startswith("用法: juanzong ")
        assert "\n选项:\n" in said
        assert "显示这份说明" in said
        assert not {"Usage:", "Options:", "Commands:", "Show", "[default:"} & set(said.split())


def start(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the installed program, whose name Click repeats."""
    code = "import sys; sys.argv[0] = 'juanzong'; from pipeline.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False
    )


def test_a_reader_that_leaves_early_stops_nothing(world: World) -> None:
    """`juanzong make … 2>&1 | head -1`: all papers are made, and nothing is said about the pipe."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "make", SCHEME, "-C", str(world.root)],
        stdout=writer,
        stderr=writer,
        check=False,
    )
    os.close(writer)
    assert done.returncode == 0
    assert "没有变化，无需制作" in juanzong(world, "make", SCHEME)


def test_head_gets_its_line_and_no_complaint(small: World) -> None:
    command = f"{sys.executable} -m pipeline check {SCHEME} --json -C {small.root}"
    done = subprocess.run(
        ["bash", "-c", f"{command} | head -1; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "{\n", "")
