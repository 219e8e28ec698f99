"""Invented names and telephone numbers, some of them awkward on purpose."""

from __future__ import annotations

from itertools import count
from random import Random

SURNAMES: tuple[str, ...] = (
    *"陈李黄张梁林刘吴罗杨曾江王何徐钟邓谢毕汤利赖朱冯叶卢苏潘蔡邝温骆胡麦宋任邱范彭郭",
    *"杜余古龙赵孔高沈谭廖许韩郑区周萧简黎欧姚侯甘庾袁崔宁植关莫戴招伍方霍凌尹祝",
    "欧阳",
    "司徒",
)
"""Surnames as they are common around Guangzhou."""

MALE = (
    "伟强明华建国志文辉杰勇军平东海荣金水木泉根生添福禄寿康健锋钊铭锦耀庆祥兴旺发财贵胜利"
    "永昌盛裕丰达洪波涛江河山石松柏林森桂桐炳炎焕灿煜坤培均城振威雄豪俊彦宇轩浩然天佑嘉诚"
    "信义礼智仁德善良忠厚"
)
FEMALE = (
    "芳秀英丽娟娥珍玉兰梅菊莲桃杏凤燕莺雁霞云雪冰洁静淑惠慧贤敏婷婉娴妙姗姿琴瑶琼珊珠翠碧"
    "艳红彩虹春夏秋冬月仙好妹娣带银笑欢喜容美佩仪思怡悦晴雯雅诗颖欣心柔"
)
RARE = "玥祎镕堃喆䶮㑇𬍛"
"""Characters that old fonts and code pages lose; the last lies outside the first plane."""

AWKWARD = ("那娜", "南楠", "古丽娜尔·艾山", "司徒䶮")
"""Names that software takes for NA or NaN, or whose dot and characters it drops."""

_EVERY = 12
_PHONES = 10_000


class Names:
    """Names drawn from one random stream; women from outside the family get the awkward ones."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._awkward = list(AWKWARD)
        self._outsiders = count(1)

    def surname(self) -> str:
        """Draw a surname."""
        return self._rng.choice(SURNAMES)

    def person(self, sex: str, taken: set[str], surname: str = "") -> str:
        """Draw a full name that isn't taken in the village, and take it."""
        while True:
            name = (surname or self.surname()) + self._given(sex)
            if name not in taken:
                taken.add(name)
                return name

    def outsider(self, sex: str, taken: set[str]) -> str:
        """Draw the full name of somebody who doesn't bear the family's surname."""
        awkward = sex == "2" and self._awkward and next(self._outsiders) % _EVERY == 0
        if awkward and self._awkward[0] not in taken:
            taken.add(self._awkward[0])
            return self._awkward.pop(0)
        return self.person(sex, taken)

    def official(self) -> str:
        """Draw the name of somebody who holds an office."""
        return self.person(self._rng.choice("112"), set())

    def _given(self, sex: str) -> str:
        pool = MALE if sex == "1" else FEMALE
        length = 1 if self._rng.random() < 0.12 else 2
        given = [self._rng.choice(pool) for _ in range(length)]
        if self._rng.random() < 0.02:
            given[-1] = self._rng.choice(RARE)
        return "".join(given)


class Phones:
    """Mobile numbers of a block that no person holds, in order; they repeat after 10000."""

    def __init__(self) -> None:
        self._next = count()

    def mobile(self) -> str:
        """Return the next number."""
        return f"1540000{next(self._next) % _PHONES:04d}"
