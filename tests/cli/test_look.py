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
    assert len(read["document"]) == 30
    assert "folder" not in read


def test_kinds_are_those_there_are_templates_for(small: World) -> None:
    words = juanzong(small, "kinds")
    assert "acceptance_report" in words
    read = {one["id"]: one for one in json.loads(juanzong(small, "kinds", "--json"))}
    assert read["acceptance_report"]["family"] == "验收"
    assert "folder" not in read["acceptance_report"]


def test_the_papers_of_a_scheme_are_listed_with_source_and_what_becomes_of_them(
    small: World,
) -> None:
    words = juanzong(small, "kinds", "--scheme", SCHEME)
    for said in ("督查验收通知", "六(二) L95", "制作", "未做", "政策要的文书 26 份", "系统默认"):
        assert said in words
    read = json.loads(juanzong(small, "kinds", "--scheme", SCHEME, "--json"))
    assert read["asked"] == sum(read["counts"].values()) == 26
    paper = next(one for one in read["documents"] if one["id"] == "HD-D25")
    assert paper["state"] == "made"
    assert paper["level"] == "village"
    assert paper["family"] == "验收"
    assert paper["source"] == "六(二) L95"
