"""Break a title into lines as GB/T 9704 wants it: words whole, a trapezium or a rhombus.

The words of a title are the names its paper knows, a short list of official terms, and what
stands in 《》 or “”; for the rest a few function words say where it may be divided. No
dictionary: a title is short, and where nothing is known a break only costs more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from markupsafe import Markup, escape

LONGEST = 19
"""Characters of 22 pt that leave a little white beside a full line of 156 mm."""

_TERMS = """关于 印发 开展 做好 加强 推进 实施 落实 调整 成立 公布 下达 转发 报送 召开
进一步 切实 全面 打赢 通知 通报 报告 请示 批复 意见 公示 公告 决定 会议
纪要 方案 实施方案 工作方案 计划 规划 办法 细则 情况 结果 名单 目标 任务
完成 工作 扶贫 脱贫 攻坚 攻坚战 开发 精准 扶持 帮扶 贫困 贫困户 贫困村
贫困人口 相对贫困 建档立卡 农村 新农村 示范村 新一轮 三年 年度 季度 上半年
下半年 第一季度 第二季度 第三季度 第四季度 督查 验收 核查 考核 评估 检查 整改
督促 约谈 进展 进度 成效 项目 资金 产业 收入 使用 管理 安排 拨付 分配
人民政府 村民委员会 居民委员会 委员会 领导小组 办公室 扶贫办 扶贫局 扶贫开发
农业局 财政局 民政局 住房 危房 改造 教育 医疗 社会保障 基础设施 对口 双到
规划到户 责任到人 责任书 年度计划 识别 退出 动态 调查 数据 信息 登记 汇总
问题 有关 事项 村级 户主 家庭 人口 申请 审批 认定
"""
_ATOM = re.compile(
    r"《[^《》]{1,12}》|“[^“”]{1,10}”|（[^（）]{1,8}）|〔[^〔〕]*〕"
    r"|[0-9０-９.％%]+[年月日户人个次号季轮期万亿元]{0,2}度?|[A-Za-z]+"
)
_NOT_FIRST = frozenset("的之等了着上下内外中，。、；：？！）》”〉】〕…—")
_NOT_LAST = frozenset("（《“〈【〔第各本该")
_JOINTS = frozenset("的和及与、并对在于以为将")
_AFTER_JOINT = 0
_BETWEEN_TERMS = 2
_BESIDE_TERM = 8
_WITHIN = 40
_ABOUT_LAST = 30
_NEVER = 10_000


def shape(text: str, words: Iterable[str] = (), longest: int = LONGEST) -> Markup:
    """Set a title in lines, `<br>` between them.

    Args:
        text: the title.
        words: names that stay whole, of places, organs and papers.
        longest: characters that fit on one line.
    """
    return Markup("<br>").join(escape(line) for line in lines(text, words, longest))


def lines(text: str, words: Iterable[str] = (), longest: int = LONGEST) -> tuple[str, ...]:
    """Return the lines of a title; a short one is one line."""
    known = tuple(sorted({word for word in words if 1 < len(word) <= longest}))
    return _lines(" ".join(text.split()), known, longest)


@lru_cache(maxsize=512)
def _lines(text: str, words: tuple[str, ...], longest: int) -> tuple[str, ...]:
    if width(text) <= longest:
        return (text,)
    pieces = tuple(_pieces(text, words))
    costs = tuple(_cost(one, other) for one, other in pairwise(pieces))
    fewest = int(-(-width(text) // longest))
    for count in (fewest, fewest + 1, fewest + 2):
        found = min(_divided(pieces, costs, count, longest), default=None)
        if found is not None and found[0] < _NEVER:
            return found[1]
    return _cut(text, longest)


def width(text: str) -> float:
    """Measure a text in characters; a Latin letter or figure is half of one."""
    return sum(0.5 if letter.isascii() else 1 for letter in text)


def cells(text: str) -> int:
    """Count half characters: two for a Chinese one, one for a Latin letter or figure."""
    return int(width(text) * 2)


def _pieces(text: str, words: Sequence[str]) -> Iterator[str]:
    """Split a title into known words, marks in brackets, figures, and single characters."""
    vocabulary = frozenset(_TERMS.split()) | frozenset(words)
    longest = max(map(len, vocabulary))
    place = 0
    while place < len(text):
        atom = _ATOM.match(text, place)
        word = next(
            (
                text[place : place + size]
                for size in range(min(longest, len(text) - place), 1, -1)
                if text[place : place + size] in vocabulary
            ),
            "",
        )
        piece = max(atom[0] if atom else "", word, text[place], key=len)
        yield piece
        place += len(piece)


def _cost(before: str, after: str) -> int:
    """Say what a break between two pieces costs."""
    if after[0] in _NOT_FIRST or before[-1] in _NOT_LAST:
        return _NEVER
    if before == "关于":
        return _ABOUT_LAST
    if before[-1] in _JOINTS:
        return _AFTER_JOINT
    single = (len(before) == 1) + (len(after) == 1)
    return (_BETWEEN_TERMS, _BESIDE_TERM, _WITHIN)[single]


def _divided(
    pieces: Sequence[str], costs: Sequence[int], count: int, longest: int
) -> Iterator[tuple[float, tuple[str, ...]]]:
    """Yield every division into so many lines that fit, with its cost."""
    widths = [width(piece) for piece in pieces]
    room = sum(widths) / count

    def further(start: int, left: int) -> Iterator[tuple[int, tuple[int, ...]]]:
        reach = 0.0
        for end in range(start + 1, len(pieces) + 1):
            reach += widths[end - 1]
            if reach > longest:
                return
            if left == 1:
                if end == len(pieces):
                    yield 0, ()
                continue
            if reach < room * 0.4 or end == len(pieces):
                continue
            for cost, ends in further(end, left - 1):
                yield costs[end - 1] + cost, (end, *ends)

    for cost, ends in further(0, count):
        bounds = (0, *ends, len(pieces))
        made = tuple("".join(pieces[one:other]).strip() for one, other in pairwise(bounds))
        yield cost + _form([width(line) for line in made]), made


def _form(sizes: Sequence[float]) -> float:
    """Cost a shape: lines that differ by two to four characters, never an hourglass."""
    steps = [other - one for one, other in pairwise(sizes)]
    uneven = sum(max(0, abs(step) - 4) * 3 + max(0, 2 - abs(step)) * 4 for step in steps)
    narrowing = [step < 0 for step in steps]
    hourglass = any(one and not other for one, other in pairwise(narrowing))
    rising = bool(steps) and all(step > 0 for step in steps)
    return uneven + (60 if hourglass else 0) + (1 if rising else 0)


def _cut(text: str, longest: int) -> tuple[str, ...]:
    """Cut a text that has no break worth the name, so that it fits."""
    made, line = [], ""
    for letter in text:
        if width(line + letter) > longest:
            made.append(line)
            line = ""
        line += letter
    return (*made, line)
