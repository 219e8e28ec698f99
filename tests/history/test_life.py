"""States from events, numbers from many processes, and papers issued only once."""

from __future__ import annotations

import multiprocessing
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.history import History, NewVersion, Wanted, verify
from pipeline.model import External, Issue, Series, Version, Void
from tests.history.papers import AT, LETTER, paper, store

SERIES = Series(
    organ="区扶贫办",
    mark="花扶贫办",
    year=2016,
    start=5,
    external=(External(number=8, title="会议通知"),),
    void=(Void(number=9, reason="打印作废"),),
)
_PROCESSES = 16


def issued(draft: Version, text: str, *, supersedes: str = "") -> NewVersion:
    old = paper(text, document=draft.document)
    values = {name: getattr(old, name) for name in NewVersion.__dataclass_fields__}
    issue = Issue(day=date(2016, 11, 3), number="", corrects="", data=draft.context)
    return NewVersion(**{**values, "issue": issue, "supersedes": supersedes})


def test_states_follow_from_events(tmp_path: Path) -> None:
    with History.open(store(tmp_path)) as history:
        [draft] = history.record([paper("一")], at=AT, operator="王五")
        [first] = history.issue([(issued(draft, "一"), draft)], at=AT, operator="王五")
        assert first is not None
        life = history.lives([LETTER])[LETTER]
        assert [life.state(one) for one in life.versions] == ["draft", "issued"]
        assert life.standing == first
        history.mark("signed", [first], at=AT, operator="王五")
        assert history.lives([LETTER])[LETTER].state(first) == "signed"
        [second] = history.record([paper("二")], at=AT, operator="王五")
        entry = issued(second, "二", supersedes=first.manifest)
        [correction] = history.issue([(entry, second)], at=AT, operator="王五")
        assert correction is not None
        history.withdraw(correction, at=AT, operator="赵六", reason="不对")
        life = history.lives([LETTER])[LETTER]
        # What was wrong doesn't come into force again by itself.
        assert [life.state(one) for one in life.versions] == [
            "draft", "superseded", "draft", "withdrawn",
        ]  # fmt: skip
        assert life.standing is None


def test_a_manifest_keeps_what_a_version_was_issued_as(tmp_path: Path) -> None:
    with History.open(store(tmp_path)) as history:
        [draft] = history.record([paper("一")], at=AT, operator="王五")
        history.issue([(issued(draft, "一"), draft)], at=AT, operator="王五")
    with History.open(store(tmp_path)) as history:
        read = history.version(f"{LETTER}@2")
        assert read.issue == Issue(
            day=date(2016, 11, 3), number="", corrects="", data=draft.context
        )
        assert read.data == draft.data == draft.context


def test_a_draft_is_issued_once(tmp_path: Path) -> None:
    with History.open(store(tmp_path)) as history:
        [draft] = history.record([paper("一")], at=AT, operator="王五")
        assert history.issue([(issued(draft, "一"), draft)], at=AT, operator="王五") != (None,)
        assert history.issue([(issued(draft, "一"), draft)], at=AT, operator="赵六") == (None,)
        assert [event.what for event in history.log()] == ["recorded", "issued"]


def test_only_what_went_out_can_be_withdrawn(tmp_path: Path) -> None:
    with History.open(store(tmp_path)) as history:
        [draft] = history.record([paper("一")], at=AT, operator="王五")
        with pytest.raises(UsageError, match="是草稿，不能撤回"):
            history.withdraw(draft, at=AT, operator="王五", reason="写错")
        with pytest.raises(UsageError, match="写明原因"):
            history.withdraw(draft, at=AT, operator="王五", reason=" ")


def test_a_number_held_by_a_killed_run_is_given_to_the_same_paper(tmp_path: Path) -> None:
    with History.open(store(tmp_path)) as history:
        one, two = history.record(
            [paper("一"), paper("二", document="notice/1")], at=AT, operator="王五"
        )
        assert history.reserve([Wanted(draft=one, series=SERIES)], at=AT, operator="王五") == (
            "花扶贫办〔2016〕5号",
        )
        # The run dies here. The data change, a new draft is made, and issued by the next run.
        [new] = history.record([paper("一改")], at=AT, operator="王五")
        wanted = [Wanted(draft=two, series=SERIES), Wanted(draft=new, series=SERIES)]
        assert history.reserve(wanted, at=AT, operator="王五") == (
            "花扶贫办〔2016〕6号",
            "花扶贫办〔2016〕5号",
        )
        states = [(line.text, line.state) for line in history.ledger(SERIES)]
        assert states == [
            ("花扶贫办〔2016〕5号", "预留"),
            ("花扶贫办〔2016〕6号", "预留"),
            ("花扶贫办〔2016〕7号", "空号"),
            ("花扶贫办〔2016〕8号", "外部登记"),
            ("花扶贫办〔2016〕9号", "作废"),
        ]


@pytest.mark.parametrize("papers", [64, pytest.param(1000, marks=pytest.mark.slow)])
def test_numbers_are_never_given_twice(tmp_path: Path, papers: int) -> None:
    with History.open(store(tmp_path)) as history:
        drafts = history.record(
            [paper("x", document=f"notice/{n:012d}") for n in range(papers)],
            at=AT,
            operator="王五",
        )
    context = multiprocessing.get_context("forkserver")
    shares = [(store(tmp_path), drafts[start::_PROCESSES]) for start in range(_PROCESSES)]
    with context.Pool(_PROCESSES) as pool:
        given = [text for share in pool.starmap(take, shares, chunksize=1) for text in share]
    assert len(set(given)) == len(given) == papers
    with History.open(store(tmp_path)) as history:
        lines = history.ledger(SERIES)
    assert verify(store(tmp_path), tmp_path)[1]["events"] == 1 + papers
    # From the first number to the last one each is there once, and says what it is.
    assert [line.text for line in lines] == [SERIES.text(n) for n in range(5, 5 + papers + 2)]
    assert {line.text for line in lines if line.state == "预留"} == set(given)
    rest = [line for line in lines if line.state != "预留"]
    assert [(line.state, line.title or line.why) for line in rest] == [
        ("外部登记", "会议通知"), ("作废", "打印作废"),
    ]  # fmt: skip
    assert len({line.document for line in lines if line.state == "预留"}) == papers


def take(folder: Path, drafts: tuple[Version, ...]) -> list[str]:
    """Take numbers one by one: what another process does."""
    given = []
    for draft in drafts:
        with History.open(folder, command="issuer") as history:
            given += history.reserve([Wanted(draft=draft, series=SERIES)], at=AT, operator="王五")
    return given
