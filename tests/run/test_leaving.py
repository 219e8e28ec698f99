"""What the ruler calls an error keeps a paper from being issued."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from pipeline.config import BUILTIN, Workspace
from pipeline.errors import OutputError
from pipeline.model import DocumentKind
from pipeline.run.make import check
from pipeline.schemes import read_kinds
from tests.measure.gongwen import PARTS, gongwen

DAY = date(2016, 10, 31)


@pytest.fixture(scope="module")
def kind() -> DocumentKind:
    kinds = read_kinds({"html": Workspace(BUILTIN).template_roots("html")})
    return dataclasses.replace(kinds["acceptance_notice"], must={})


def test_a_right_paper_may_leave(kind: DocumentKind) -> None:
    check(gongwen(), kind, sample=False, as_of=DAY, full=True)


@pytest.mark.parametrize(
    ("part", "words", "said"),
    [
        ("more", "<p>（此页无正文）</p>" + PARTS["more"], "此页无正文"),
        ("date", "<span>2016年07月04日</span>", "成文日期"),
        ("number", "样府[2016]015号", "发文字号"),
    ],
)
def test_an_error_of_the_ruler_keeps_it_here(
    kind: DocumentKind, part: str, words: str, said: str
) -> None:
    pdf = gongwen(**{part: words})
    with pytest.raises(OutputError, match=said):
        check(pdf, kind, sample=False, as_of=DAY, full=True)


def test_a_warning_does_not(kind: DocumentKind) -> None:
    check(gongwen(".mark{top:38mm}"), kind, sample=False, as_of=DAY, full=True)
