from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.render.titles import LONGEST, lines, shape, width

NAMES = ("花都区", "梯面镇", "联丰村", "广州市花都区")
HAN = st.text(st.sampled_from("关于的通知扶贫工作花都区梯面镇2016年《》“”（）、和"), max_size=60)


@pytest.mark.parametrize(
    ("title", "shaped"),
    [
        ("联丰村2016年贫困户名单公示", ("联丰村2016年贫困户名单公示",)),
        (
            "关于做好我区2016年新一轮农村扶贫开发攻坚战督查验收工作的通知",
            ("关于做好我区2016年新一轮农村", "扶贫开发攻坚战督查验收工作的通知"),
        ),
        (
            "广州市花都区人民政府办公室关于2016年第三季度全区农村扶贫开发工作进展情况的通报",
            (
                "广州市花都区人民政府",
                "办公室关于2016年第三季度全区农村",
                "扶贫开发工作进展情况的通报",
            ),
        ),
    ],
)
def test_titles_are_broken_between_words(title: str, shaped: tuple[str, ...]) -> None:
    assert lines(title, NAMES) == shaped


@pytest.mark.parametrize("lead", range(1, 24))
def test_a_known_name_is_never_divided(lead: int) -> None:
    made = lines("某" * lead + "石角镇" + "某" * 18, ["石角镇"])
    assert any("石角镇" in line for line in made)


@given(HAN)
def test_nothing_is_lost_and_every_line_fits(title: str) -> None:
    made = lines(title, NAMES)
    assert "".join(made) == title
    assert all(width(line) <= LONGEST for line in made)
    assert len(made) == 1 or width(title) > LONGEST


@pytest.mark.parametrize("count", range(6, 24))
def test_no_line_begins_with_a_particle_or_a_closing_mark(count: int) -> None:
    for title in (f"关于{'扶贫' * count}工作的通知", f"印发《{'扶贫' * count}方案》的通知"):
        made = lines(title)
        assert not any(line[0] in "的》" for line in made)
        assert not any(line[-1] in "《" for line in made)


def test_three_lines_are_no_hourglass() -> None:
    for count in range(17, 27):
        sizes = [width(line) for line in lines(f"关于{'扶贫' * count}工作的通知")]
        inner = range(1, len(sizes) - 1)
        assert not any(sizes[n] < min(sizes[n - 1], sizes[n + 1]) for n in inner)


def test_markup_in_a_title_is_text() -> None:
    shaped = shape("<b>关于</b>&" + "字" * 20)
    assert shaped.startswith("&lt;b&gt;关于&lt;/b&gt;&amp;字")
    assert shaped.count("<br>") == 1
    assert shaped.count("字") == 20
