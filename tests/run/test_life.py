"""draft → issued → superseded | withdrawn, as an office does it from the command line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import SCHEME, World
from tests.run.life import NOTICE, answer, issue, run, set_population, text_of, with_notices


@pytest.fixture(scope="module")
def drafted(small: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a workspace with a numbered kind, all its notices and lists drafted."""
    root = tmp_path_factory.mktemp("life") / "w"
    shutil.copytree(small.root, root)
    world = with_notices(World(root))
    villages = [word for one in world.roster().villages[:3] for word in ("--village", one.name)]
    run(world, "make", SCHEME, "--kind", "任务通知", *villages, "-q")
    return world


@pytest.fixture
def world(drafted: World, tmp_path: Path) -> World:
    shutil.copytree(drafted.root, tmp_path / "w")
    return World(tmp_path / "w")


def first_village(world: World) -> tuple[str, str]:
    village = world.roster().villages[0]
    return village.code, village.name


def file_of(world: World, village: str, name: str) -> Path:
    return next(world.outputs.glob(f"内部/*/*/{village}/{name}"))


def test_issued_papers_carry_number_and_date_and_never_change(world: World) -> None:
    told = issue(world, "--kind", "任务通知", code=3)
    assert [one["reason"] for one in told["skipped"]] == ["还没有制作，先运行 juanzong make"] * 3
    numbers = [one["issue"]["number"] for one in told["issued"]]
    # 17 is another organ's paper, 18 was spoilt in the printer.
    assert numbers == [f"花扶贫办〔2016〕{n}号" for n in (16, 19, 20)]
    code, name = first_village(world)
    words = text_of(file_of(world, name, "任务通知.pdf"))
    assert "花扶贫办〔2016〕16号" in words
    assert "2016年11月3日" in words
    again = issue(world, "--kind", "任务通知", code=3)
    assert not again["issued"]
    assert len(again["already"]) == 3
    shown = answer(world, "history", SCHEME, "show", f"{NOTICE}/{code}")
    assert (shown["state"], shown["number"]) == ("issued", 2)
    assert [one["what"] for one in shown["events"]] == ["issued"]
    assert shown["events"][0]["operator"] == "王五"
    asked = ("--kind", "任务通知", "--village", name)
    assert answer(world, "make", SCHEME, *asked, "-q")["made"] == []
    run(world, "history", SCHEME, "verify")


def test_papers_of_unnumbered_kinds_take_no_number(world: World) -> None:
    _, name = first_village(world)
    asked = ("--kind", "贫困户名单公示", "--village", name)
    run(world, "make", SCHEME, *asked, "-q")
    told = issue(world, *asked)
    assert {one["issue"]["number"] for one in told["issued"]} == {""}
    words = text_of(next(world.outputs.glob(f"公开/*/*/{name}/贫困户名单公示.pdf")))
    assert "2016年11月3日" in words
    [series] = answer(world, "history", SCHEME, "log", "--series")
    assert [one["state"] for one in series["numbers"]] == ["空号", "外部登记", "作废"]


def test_changed_data_make_a_draft_that_corrects_the_issued_paper(world: World) -> None:
    code, name = first_village(world)
    issue(world, "--kind", "任务通知", "--village", name)
    before = file_of(world, name, "任务通知.pdf").read_bytes()
    set_population(world, name, 4321)

    plan = answer(world, "plan", SCHEME, "--kind", "任务通知", "--village", name)
    [stale] = plan["stale"]
    assert (stale["document"], stale["state"]) == (f"{NOTICE}/{code}", "issued")
    assert [one["new"] for one in stale["changes"]] == ["4321"]
    [due] = plan["due"]
    assert due["supersedes"] == stale["id"]
    assert "将更正已印发件" in run(world, "plan", SCHEME, "--kind", "任务通知").stdout

    run(world, "make", SCHEME, "--kind", "任务通知", "--village", name, "-q")
    assert file_of(world, name, "任务通知.pdf").read_bytes() == before
    assert "4321" in text_of(file_of(world, name, "任务通知（更正稿）.pdf"))
    draft = answer(world, "history", SCHEME, "show", f"{NOTICE}/{code}")
    assert (draft["state"], draft["supersedes"]) == ("draft", stale["id"])
    assert answer(world, "plan", SCHEME, "--kind", "任务通知", "--village", name)["due"] == []

    [corrected] = issue(world, "--kind", "任务通知", "--village", name)["issued"]
    assert corrected["issue"]["number"] == corrected["issue"]["corrects"] == "花扶贫办〔2016〕16号"
    words = text_of(file_of(world, name, "任务通知（更正）.pdf"))
    assert "（更正：花扶贫办〔2016〕16号）" in words
    assert not list(world.outputs.rglob("*更正稿*"))
    assert file_of(world, name, "任务通知.pdf").read_bytes() == before
    old = answer(world, "history", SCHEME, "show", f"{NOTICE}/{code}@2")
    assert old["state"] == "superseded"
    assert not answer(world, "plan", SCHEME, "--kind", "任务通知", "--village", name)["stale"]


def test_a_withdrawn_paper_is_kept_and_says_why(world: World) -> None:
    code, name = first_village(world)
    [out] = issue(world, "--kind", "任务通知", "--village", name)["issued"]
    document = f"{NOTICE}/{code}"
    run(world, "withdraw", SCHEME, document, "--reason", "人口数有误", code=2)
    told = answer(world, "withdraw", SCHEME, document, "--reason", "人口数有误", "--by", "赵六")
    assert told["event"]["reason"] == "人口数有误"
    shown = answer(world, "history", SCHEME, "show", f"{document}@{out['number']}")
    assert shown["state"] == "withdrawn"
    assert (shown["events"][-1]["what"], shown["events"][-1]["operator"]) == ("withdrawn", "赵六")
    assert not list(world.outputs.glob(f"内部/*/*/{name}/任务通知.pdf"))
    run(world, "history", SCHEME, "verify")
    again = run(world, "withdraw", SCHEME, document, "--reason", "再撤", "--by", "赵六", code=2)
    assert "已撤回，不能撤回" in again.stderr
    [series] = answer(world, "history", SCHEME, "log", "--series")
    first = series["numbers"][0]
    assert (first["state"], first["why"]) == ("已撤回", "人口数有误")
    # What replaces it is a paper of its own, with a number of its own.
    assert "已撤回" in run(world, "issue", SCHEME, "--by", "王五", "--kind", "任务通知",
                         "--village", name, code=3).stdout  # fmt: skip
    run(world, "make", SCHEME, "--kind", "任务通知", "--village", name, "-q")
    [new] = issue(world, "--kind", "任务通知", "--village", name)["issued"]
    assert (new["issue"]["number"], new["issue"]["corrects"]) == ("花扶贫办〔2016〕19号", "")


def test_after_a_withdrawn_correction_the_new_draft_takes_the_old_place(world: World) -> None:
    code, name = first_village(world)
    asked = ("--kind", "任务通知", "--village", name)
    for people in (4321, 5432):
        issue(world, *asked)
        set_population(world, name, people)
        run(world, "make", SCHEME, *asked, "-q")
    issue(world, *asked)
    run(world, "withdraw", SCHEME, f"{NOTICE}/{code}", "--reason", "有误", "--by", "赵六")
    set_population(world, name, 6543)
    run(world, "make", SCHEME, *asked, "-q")
    assert "6543" in text_of(file_of(world, name, "任务通知.pdf"))
    run(world, "history", SCHEME, "verify")
    file_of(world, name, "任务通知.pdf").unlink()
    assert answer(world, "make", SCHEME, *asked, "-q")["restored"] == 1
    run(world, "history", SCHEME, "verify")


def test_a_number_of_the_registry_leaves_an_explained_gap(world: World) -> None:
    villages = [village.name for village in world.roster().villages]
    given = ("--number", "花扶贫办[2016]021号")
    [one] = issue(world, "--kind", "任务通知", "--village", villages[0], *given)["issued"]
    assert one["issue"]["number"] == "花扶贫办〔2016〕21号"
    refused = run(world, "issue", SCHEME, "--by", "王五", "--kind", "任务通知",
                  "--village", villages[1], *given, code=2)  # fmt: skip
    assert "已经给了" in refused.stderr
    for number, why in (
        ("17", "关于召开会议的通知"),
        ("18", "打印时作废"),
        ("十九", "不是发文字号"),
    ):
        refused = run(world, "issue", SCHEME, "--by", "王五", "--kind", "任务通知",
                      "--village", villages[1], "--on", "2016-11-03",
                      "--number", number, code=2)  # fmt: skip
        assert why in refused.stderr
    [series] = answer(world, "history", SCHEME, "log", "--series")
    states = [line["state"] for line in series["numbers"]]
    assert states == ["空号", "外部登记", "作废", "空号", "空号", "已用"]
    assert all(line["why"] or line["title"] for line in series["numbers"])
    [two] = issue(world, "--kind", "任务通知", "--village", villages[1])["issued"]
    assert two["issue"]["number"] == "花扶贫办〔2016〕16号"


def test_a_sample_scheme_takes_no_number(small: World, tmp_path: Path) -> None:
    shutil.copytree(small.root, tmp_path / "w")
    world = with_notices(World(tmp_path / "w"), sample=True)
    _, name = first_village(world)
    asked = ("--kind", "任务通知", "--village", name)
    run(world, "make", SCHEME, *asked, "-q")
    refused = run(world, "issue", SCHEME, *asked, "--by", "王五", "--number", "16", code=2)
    assert "样例方案不能取真实的发文字号" in refused.stderr
    [out] = issue(world, *asked)["issued"]
    assert out["issue"]["number"] == "（样例）"
    assert "（样例）" in text_of(file_of(world, name, "任务通知.pdf"))
    [series] = answer(world, "history", SCHEME, "log", "--series")
    assert "已用" not in {line["state"] for line in series["numbers"]}


def test_only_current_drafts_go_out_and_only_by_somebody(world: World) -> None:
    _, name = first_village(world)
    asked = ("--kind", "任务通知", "--village", name)
    assert "经办人" in run(world, "issue", SCHEME, *asked, code=2).stderr
    early = run(world, "issue", SCHEME, *asked, "--by", "王五", "--date", "2016-10-01", code=2)
    assert "早于数据截止日期" in early.stderr
    set_population(world, name, 4321)
    told = issue(world, *asked, code=3)
    assert not told["issued"]
    assert "先运行 juanzong make" in told["skipped"][0]["reason"]
    assert "户籍人口" in told["skipped"][0]["reason"]


def test_a_day_nobody_chose_far_from_the_data_is_remarked_upon(world: World) -> None:
    names = [village.name for village in world.roster().villages]
    asked = ("issue", SCHEME, "--kind", "贫困户名单公示", "--by", "王五", "--village")
    run(world, "make", SCHEME, "--kind", "贫困户名单公示", "-q")
    assert "注意" not in run(world, *asked, names[0], "--date", "2026-11-30").stderr
    said = run(world, *asked, names[1], "--on", "2026-11-30").stderr
    assert "成文日期写 2026-11-30，数据截止日期却是 2016-10-31，隔了 10 年" in said
    assert "--date 2016-11-03" in said
    assert "注意" not in run(world, *asked, names[1], "--on", "2026-11-30").stderr
    assert "注意" not in run(world, *asked, names[2], "--on", "2016-11-03").stderr


def test_the_log_answers_by_state_user_and_day(world: World) -> None:
    code, name = first_village(world)
    issue(world, "--kind", "任务通知", "--village", name)
    by_state = answer(world, "history", SCHEME, "log", "--state", "已印发")
    assert [one["what"] for one in by_state] == ["issued"]
    assert [one["document"] for one in by_state[0]["versions"]] == [f"{NOTICE}/{code}"]
    by_user = answer(world, "history", SCHEME, "log", "--user", "王五")
    assert [one["what"] for one in by_user] == ["numbered", "issued"]
    assert answer(world, "history", SCHEME, "log", "--since", "2099-01-01") == []
    assert "没有状态" in run(world, "history", SCHEME, "log", "--state", "飞", code=2).stderr
