"""A workspace with a numbered kind, and the command in it."""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from pipeline.cli.main import main
from tests.conftest import SCHEME, Sheet, World

NOTICE = "village_notice"
OFFICE = "花都区扶贫办公室"
_KIND = f"""
id = "{NOTICE}"
title = "任务通知"
family = "通报"
level = "village"
audience = "internal"
why = "按公文格式排版，印发用"
numbered = true

[must]
"贫困户" = ["totals.households"]

[shows]
scheme = ["year", "as_of", "sample", "area", "area_full"]
document = ["name", "issuer", "extra"]
subject = ["name", "town", "county"]
village = ["population"]
totals = ["households", "persons"]
"""
_TEMPLATE = """{% extends "_gongwen/base.html" %}
{% block name %}{{ document.name }}{% endblock %}
{% block body %}
{{ paper.head(document.issuer) }}
{{ paper.title("关于下达" ~ subject.name ~ document.name) }}
{{ paper.to(subject.name ~ "民委员会") }}
<p>截至{{ scheme.as_of | riqi }}，你村户籍人口{{ village.population }}人，
其中贫困户{{ totals.households }}户、{{ totals.persons }}人。</p>
{{ paper.signature(document.issuer) }}
{{ paper.imprint((), document.issuer) }}
{% endblock %}
"""
_RULE = f"""
[[series]]
organ = "{OFFICE}"
mark = "花扶贫办"
year = 2016
start = 16
external = [{{ number = 17, title = "关于召开会议的通知" }}]
void = [{{ number = 18, reason = "打印时作废" }}]

[[document]]
id = "T-N1"
kind = "{NOTICE}"
name = "任务通知"
level = "village"
issuer = "{OFFICE}"
source = "测试"
"""


def with_notices(world: World, *, sample: bool = False) -> World:
    """Add a numbered kind and its series to a workspace."""
    folder = world.root / "templates/html" / NOTICE
    folder.mkdir(parents=True)
    (folder / "kind.toml").write_text(_KIND, encoding="utf-8")
    (folder / "template.html").write_text(_TEMPLATE, encoding="utf-8")
    path = world.root / "inputs" / SCHEME / "scheme.toml"
    text = path.read_text(encoding="utf-8") + _RULE
    if not sample:
        text = text.replace("\nsample = true", "\nsample = false", 1)
    path.write_text(text, encoding="utf-8")
    return world


@dataclass(frozen=True)
class Said:
    """What a command printed."""

    stdout: str
    stderr: str


def run(world: World, *words: str, code: int = 0) -> Said:
    """Run the command in a workspace; its exit code must be `code`.

    In this process: the workers of one command are warm for the next.
    """
    out, err = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        patch.setattr(sys, "argv", ["juanzong", *words, "-C", str(world.root)])
        patch.setenv("JUANZONG_DEBUG", "1")
        patch.delenv("JUANZONG_BY", raising=False)
        with pytest.raises(SystemExit) as ended:
            main()
    assert ended.value.code == code, out.getvalue() + err.getvalue()
    return Said(out.getvalue(), err.getvalue())


def answer(world: World, *words: str, code: int = 0) -> Any:
    """Run the command with --json and return what it says."""
    return json.loads(run(world, *words, "--json", code=code).stdout)


def issue(world: World, *words: str, code: int = 0) -> Any:
    """Issue papers on a fixed day, by 王五."""
    return answer(world, "issue", SCHEME, "--by", "王五", "--on", "2016-11-03", *words, code=code)


def text_of(path: Path) -> str:
    """Return the words of a PDF, without spaces."""
    with pypdfium2.PdfDocument(path) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return "".join("".join(pages).split())


def set_population(world: World, village: str, number: int) -> None:
    """Correct the population of a village."""

    def edit(sheet: Sheet) -> None:
        sheet.set(sheet.find("行政村名称", village), "户籍人口", number)

    world.change("01", "行政村", edit)
