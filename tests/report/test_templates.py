"""Faults of templates in words: every code has a sentence, and the signs in it are readable."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from pipeline.config import BUILTIN
from pipeline.model import Spot, TemplateFault
from pipeline.report.templates import place, sentence, todo

SAYS = tomllib.loads((BUILTIN / "pipeline/report/templates.toml").read_text(encoding="utf-8"))
NAMES = ("tag", "lost", "other", "name", "said")


def fault(code: str) -> TemplateFault:
    details = {name: f"<{name}>" for name in NAMES}
    return TemplateFault(code=code, severity="error", spot=Spot(file="x"), details=details)


@pytest.mark.parametrize("code", SAYS)
def test_every_code_has_its_sentence_and_remedy(code: str) -> None:
    said = f"{sentence(fault(code))} {todo(fault(code))}"
    assert "{{{" not in said
    assert "}}}" not in said
    assert set(re.findall(r"<(\w+)>", said)) <= set(NAMES)


def test_every_code_that_lint_knows_has_words() -> None:
    files = [*(BUILTIN / "pipeline/render/lint").glob("*.py"), Path("pipeline/render/tags.py")]
    text = "".join((BUILTIN / path).read_text(encoding="utf-8") for path in files)
    assert set(re.findall(r'"(B\d\d)"', text)) == set(SAYS)


def test_signs_in_sentences_are_those_to_write() -> None:
    assert todo(fault("B01")) == "补上 }} 或 %}"
    assert todo(fault("B04")) == "补上 {% end<name> %}"


def test_places_say_as_much_as_is_known() -> None:
    assert place(Spot(file="x", line=7)) == "第7行　"
    cell = Spot(file="x", part="正文", paragraph=12, table=1, row=2, column=3, near="户主")
    assert place(cell) == "正文第12段（表1第2行第3列）“户主”　"
    assert place(Spot(file="x")) == ""
