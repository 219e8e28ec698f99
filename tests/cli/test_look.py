"""schemes and kinds: a scheme as a person would read it."""

from __future__ import annotations

import json

from tests.conftest import SCHEME, World
from tests.run.test_main_job import juanzong


def test_a_scheme_is_printed_with_figures_and_sources(small: World) -> None:
    words = juanzong(small, "schemes", "show", SCHEME)
    for said in ("人均收入目标", "10000", "一(一) L24", "2016-10-31", "A-HD3", "系统默认", "基本"):
        assert said in words
    assert juanzong(small, "schemes").count(SCHEME) == 1


def test_a_scheme_as_json_is_all_of_it(small: World) -> None:
    read = json.loads(juanzong(small, "schemes", "show", SCHEME, "--json"))
    assert len(read["document"]) == 29
    assert "folder" not in read


def test_the_kinds_of_a_scheme_are_those_it_asks_for(small: World) -> None:
    every, wanted = juanzong(small, "kinds"), juanzong(small, "kinds", "--scheme", SCHEME)
    assert "acceptance_report" in wanted
    assert "dossier" in every
    assert "dossier" not in wanted
