"""Every code anybody can raise has its sentence, remedy and source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.checks import RULES
from pipeline.model import Finding, Source
from pipeline.report import cell, mark_words, sentence, source_words
from pipeline.report.words import rule

ROOT = Path(__file__).parents[2]
MEASURED = sorted(
    set(
        re.findall(
            r'code="([A-Z0-9]+)"',
            "".join(
                path.read_text(encoding="utf-8")
                for path in (ROOT / "pipeline/measure").glob("*.py")
            ),
        )
    )
)
MISFITS = sorted(
    f"T-{problem}"
    for problem in re.findall(
        r'Misfit\("(\w+)"\)', (ROOT / "pipeline/roster/cells.py").read_text(encoding="utf-8")
    )
)


@pytest.mark.parametrize("code", [*RULES, *MEASURED, *MISFITS, "T-empty", "C01"])
def test_every_code_says_what_is_wrong_what_to_do_and_why(code: str) -> None:
    entry = rule(code)
    assert all(entry[key] for key in ("title", "say", "todo", "source"))


def test_the_measure_room_has_codes() -> None:
    assert {"G01", "G16", "G17", "D09", "SAMPLE", "MUST"} <= set(MEASURED)


def test_a_finding_is_a_sentence_with_its_place() -> None:
    at = Source(file="02 贫困户.xlsx", sheet="家庭成员", row=17, column="F")
    finding = Finding(
        code="R02",
        severity="error",
        source=at,
        details={"name": "样一", "expected": "末位应为4", "found": "5"},
    )
    assert sentence(finding) == "样一的证件号码校验不通过（末位应为4，现为5）"
    assert source_words(at) == "02 贫困户.xlsx·家庭成员·F17"
    assert cell(Source(file="x", sheet="y", row=3)) == "第3行"


def test_a_mark_names_its_page() -> None:
    assert mark_words("G01", 2, "210×200", "210×297").startswith("第2页页面不是A4（G01）")
