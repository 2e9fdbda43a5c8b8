"""Chinese numbers, digits, clock times and dates as an operator says them."""

from __future__ import annotations

from datetime import date, time

ZH_DIGITS = "零一二三四五六七八九"
_PHONE_DIGITS = "零幺二三四五六七八九"
_PLACES = ((1000, "千"), (100, "百"), (10, "十"), (1, ""))
_GROUPS = ((10**8, "亿"), (10**4, "万"))
_WEEKDAYS = "一二三四五六日"
_HALVES = ((5, "凌晨"), (9, "早上"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))
_QUARTERS = {0: "", 15: "一刻", 30: "半", 45: "三刻"}


def zh_number(number: int) -> str:
    """A whole number as it is counted: 十二, 四十五, 一百零五, 两千, 负三."""
    if number < 0:
        return "负" + zh_number(-number)
    if number == 0:
        return ZH_DIGITS[0]
    said = _counted(number).removeprefix("一") if 10 <= number < 20 else _counted(number)
    # 二 before 百, 千, 万, 亿 at the beginning is 两; 二十 stays
    return "两" + said[1:] if said[0] == "二" and said[1:2] not in {"", "十"} else said


def _counted(number: int) -> str:
    for size, name in _GROUPS:
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if low and low < size // 10 else ""
            return f"{_counted(high)}{name}{gap}{_counted(low)}"
    said = ""
    for size, name in _PLACES:
        digit, number = divmod(number, size)
        if digit:
            said += ZH_DIGITS[digit] + name
        elif said and number and not said.endswith("零"):
            said += "零"
    return said


def zh_amount(number: int) -> str:
    """A number before a measure word: 两间, not 二间; everything else as `zh_number`."""
    return "两" if number == 2 else zh_number(number)


def zh_decimal(text: str) -> str:
    """`1280`, `2.50`, `0.5` as 一千二百八十, 二点五零, 零点五."""
    whole, _, rest = text.partition(".")
    return zh_number(int(whole)) + ("点" + zh_plain(rest) if rest else "")


def zh_plain(digits: str) -> str:
    """Digit by digit, 一 as 一: years and places after the point."""
    return "".join(ZH_DIGITS[int(digit)] for digit in digits)


def zh_digits(digits: str) -> str:
    """Digit by digit, 一 as 幺, as rooms and telephones are said; a single digit is 一."""
    return zh_plain(digits) if len(digits) == 1 else "".join(_PHONE_DIGITS[int(digit)] for digit in digits)


def zh_half(hour: int) -> str:
    """The part of the day that an hour, 0 to 23, belongs to."""
    return next(name for limit, name in _HALVES if hour < limit)


def zh_clock(moment: time, *, half: bool = True) -> str:
    """早上六点半; without `half` of the day where the words before it have said it."""
    hour = moment.hour if moment.hour <= 12 else moment.hour - 12
    minutes = _QUARTERS.get(moment.minute)
    if minutes is None:
        minutes = ("零" if moment.minute < 10 else "") + zh_number(moment.minute) + "分"
    return f"{zh_half(moment.hour) if half else ''}{zh_amount(hour)}点{minutes}"


def zh_date(day: date) -> str:
    """十一月二十二日."""
    return f"{zh_number(day.month)}月{zh_number(day.day)}日"


def zh_weekday(day: date) -> str:
    return f"星期{_WEEKDAYS[day.weekday()]}"
