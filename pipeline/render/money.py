"""Amounts in capital figures 大写, as cheques and receipts have them."""

from __future__ import annotations

from decimal import Decimal

_FIGURES = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_MYRIADS = ("", "万", "亿", "万亿")
_LIMIT = Decimal(10) ** 16


def capital(amount: Decimal) -> str:
    """Write an amount of 元 in capital figures: 1409.50 as 壹仟肆佰零玖元伍角.

    Follows 《正确填写票据和结算凭证的基本规定》: 整 after 元 only, one 零 for zeros between
    figures, 零 before 分 where 角 is empty.

    Raises:
        ValueError: for more than two decimals or ten thousand billion 元 and above.
    """
    fen = abs(amount) * 100
    if fen != fen.to_integral_value() or abs(amount) >= _LIMIT:
        raise ValueError(f"{amount}不能写成大写金额")
    whole, rest = divmod(int(fen), 100)
    jiao, odd = divmod(rest, 10)
    text = f"{_whole(whole)}元" if whole or not rest else ""
    if jiao:
        text += f"{_FIGURES[jiao]}角"
    elif odd and whole:
        text += "零"
    text += f"{_FIGURES[odd]}分" if odd else ""
    return ("负" if amount < 0 else "") + text + ("" if rest else "整")


def _whole(number: int) -> str:
    """Write a whole number; zeros between figures are one 零, those at the end none."""
    text, gap, empty = "", False, True
    digits = str(number)
    for place, digit in zip(range(len(digits) - 1, -1, -1), map(int, digits), strict=True):
        if digit:
            text += ("零" if gap else "") + _FIGURES[digit] + _PLACES[place % 4]
            gap, empty = False, False
        else:
            gap = bool(text)
        if place % 4 == 0:
            text += "" if empty else _unit(place // 4, number)
            empty = True
    return text or _FIGURES[0]


def _unit(myriad: int, number: int) -> str:
    """Name a group of four figures; 万亿 says 亿 only where no group of 亿 follows."""
    if myriad == 3 and number // 10**8 % 10**4:
        return "万"
    return _MYRIADS[myriad]
