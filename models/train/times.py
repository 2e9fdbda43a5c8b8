"""Times of day in the words of both languages, in every way that callers say them."""

from __future__ import annotations

from random import Random

from models.train.numbers import CHINESE, chinese_number, english_number


def chinese_clock(rng: Random) -> str:  # noqa: PLR0911 - one return a way to say it
    """One of the ways: 六点半, 七点三刻, 六点四十五分, 差五分八点, 十八点整."""
    hour = rng.randrange(1, 13) if rng.random() < 0.9 else rng.choice([0, *range(13, 25)])
    name = "两" if hour == 2 and rng.random() < 0.9 else chinese_number(hour, rng)
    way = rng.random()
    if way < 0.28:
        return f"{name}点{rng.choice(['', '', '整', '钟'])}"
    if way < 0.48:
        return f"{name}点半"
    if way < 0.60:
        return f"{name}点{rng.choice(['一刻', '三刻'])}"
    if way < 0.68:
        return f"{name}点零{CHINESE[rng.randrange(1, 10)]}{rng.choice(['分', ''])}"
    if way < 0.72:
        return f"差{rng.choice(['五分', '十分', '一刻'])}{name}点"
    if way < 0.76:
        return f"{name}点过{rng.choice(['五分', '十分', '一刻'])}"
    minute = rng.choice([10, 15, 20, 25, 30, 35, 40, 45, 50, 55, rng.randrange(10, 60)])
    return f"{name}点{chinese_number(minute, rng)}{rng.choice(['', '分'])}"


def chinese_time(rng: Random, days: tuple[str, ...], halves: tuple[str, ...]) -> str:
    """Day, half of the day and time, each of the first two by chance; a blank between them."""
    day = rng.choice(days) if rng.random() < 0.4 else ""
    # 今晚 and 明早 hold the half already
    half = rng.choice(halves) if rng.random() < 0.5 and not day.endswith(("晚", "早", "晚上", "早上", "下午")) else ""
    return " ".join(part for part in (day, half, chinese_clock(rng)) if part)


def english_clock(rng: Random) -> str:  # noqa: PLR0911 - likewise
    """One of the ways: half past six, quarter to seven, six forty five, seven oh five, seven o'clock."""
    name = english_number(rng.randrange(1, 13), rng)
    way = rng.random()
    if way < 0.18:
        return name + rng.choice(["", " o'clock"])
    if way < 0.34:
        return f"half past {name}"
    if way < 0.48:
        return f"{rng.choice(['a quarter', 'quarter'])} {rng.choice(['past', 'to', 'after'])} {name}"
    if way < 0.58:
        minutes = rng.choice(["five", "ten", "twenty", "twenty five"]) + rng.choice(["", " minutes"])
        return f"{minutes} {rng.choice(['past', 'to', 'after'])} {name}"
    if way < 0.66:
        return f"{name} oh {english_number(rng.randrange(1, 10), rng)}"
    if way < 0.69:
        return rng.choice(["noon", "midnight", "twelve noon"])
    minute = rng.choice([10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 15, 30, 45, rng.randrange(10, 60)])
    return f"{name} {english_number(minute, rng)}"


def english_time(rng: Random, days: tuple[str, ...]) -> str:
    """A time with its day before it or its half of the day behind it, each by chance."""
    half = rng.choice(
        ["", "", "", " a m", " p m", " in the morning", " in the afternoon", " in the evening", " at night", " please"]
    )
    day = f"{rng.choice(days)} " if rng.random() < 0.35 else ""
    at = "at " if rng.random() < (0.7 if day else 0.2) else ""
    return f"{day}{at}{english_clock(rng)}{half}"
