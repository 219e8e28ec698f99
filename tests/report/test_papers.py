"""Which papers a scheme asks for and what we make of each: on the screen, as JSON, in the docs."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import BUILTIN, Workspace
from pipeline.report.papers import Asked, asked, counted
from pipeline.run.look import scheme

ASKED = {
    "huadu-2016": 26,
    "lianzhou-2013": 33,
    "mazhang-2016": 61,
    "futian-2016": 27,
    "heyuan-2016": 32,
}
"""How many documents each policy asks for."""


def rows(name: str) -> dict[str, Asked]:
    found = asked(*scheme(Workspace(BUILTIN), name))
    return {one.rule.id: one for one in found}


@pytest.mark.parametrize(("name", "documents"), ASKED.items())
def test_every_document_of_a_policy_is_there_once_with_its_source(
    name: str, documents: int
) -> None:
    found = rows(name)
    assert sum(counted(tuple(found.values())).values()) == documents
    assert all(one.rule.source and one.rule.issuer for one in found.values())
    for one in found.values():
        assert one.rule.of in {"", *found}
        assert bool(one.file) is (one.state in ("made", "prefilled"))


@pytest.mark.parametrize(
    ("name", "document", "state", "file"),
    [
        ("huadu-2016", "HD-D24", "made", "内部/花都区/督查验收通知.pdf"),
        ("huadu-2016", "HD-D25", "made", "内部/花都区/〈镇街〉/〈村〉/督查验收报告.pdf"),
        (
            "mazhang-2016",
            "MZ-D40",
            "made",
            "内部/麻章区/〈镇街〉/〈村〉/〈户〉/脱贫认定表.docx、pdf",
        ),
        ("mazhang-2016", "MZ-D48", "made", "内部/麻章区/年度考核〈年〉.pdf"),
        ("mazhang-2016", "MZ-D47", "prefilled", "内部/麻章区/扶贫脱贫成效第三方评估样表.pdf"),
        (
            "heyuan-2016",
            "HY-D25",
            "made",
            "内部/河源市/〈县区〉/〈镇街〉/〈村〉/〈户〉/危房改造竣工验收表.docx、pdf",
        ),
        (
            "futian-2016",
            "FT-D02",
            "made",
            "内部/福田区/帮扶单位/〈单位〉/精准扶贫精准脱贫目标责任书.docx、pdf",
        ),
        ("lianzhou-2013", "LZ-D28", "received", ""),
        ("huadu-2016", "HD-X01", "made", "公开/花都区/〈镇街〉/〈村〉/贫困户名单公示.pdf"),
    ],
)
def test_what_becomes_of_a_paper(name: str, document: str, state: str, file: str) -> None:
    one = rows(name)[document]
    assert (one.state, one.file) == (state, file)


def test_a_further_paper_of_a_document_is_not_counted_again() -> None:
    overview = rows("huadu-2016")["HD-D25Z"]
    assert overview.rule.of == "HD-D25"
    assert not overview.own


def test_the_coverage_page_names_every_paper_of_every_scheme() -> None:
    text = (Path(__file__).parents[2] / "docs/coverage.md").read_text(encoding="utf-8")
    for name in ASKED:
        for one in rows(name).values():
            line = next(line for line in text.splitlines() if line.startswith(f"| {one.rule.id} |"))
            assert one.rule.source in line
            assert one.file in line
