"""Numbers in the words of both languages, in every way that callers say them."""

from __future__ import annotations

from random import Random

CHINESE = "零一二三四五六七八九"
ENGLISH = "zero one two three four five six seven eight nine".split()
TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def chinese_number(number: int, rng: Random) -> str:
    """0 … 9999; 二 or 两 before 百 by chance, 两 before 千."""
    if number < 10:
        return CHINESE[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return ("" if tens == 1 else CHINESE[tens]) + "十" + (CHINESE[ones] if ones else "")
    size, name = (1000, "千") if number >= 1000 else (100, "百")
    head, rest = divmod(number, size)
    said = ("两" if head == 2 and (size == 1000 or rng.random() < 0.5) else CHINESE[head]) + name
    if not rest:
        return said
    if rest < size // 10:
        return f"{said}零{_after_hundreds(rest, rng)}"
    return said + _after_hundreds(rest, rng)


def _after_hundreds(rest: int, rng: Random) -> str:
    """After 百, ten is 一十."""
    return ("一" if 10 <= rest < 20 else "") + chinese_number(rest, rng)


def english_number(number: int, rng: Random) -> str:
    """0 … 9999, with or without “and”."""
    if number < 10:
        return ENGLISH[number]
    if number < 20:
        return TEENS[number - 10]
    if number < 100:
        tens, ones = divmod(number, 10)
        return TENS[tens - 2] + (f" {ENGLISH[ones]}" if ones else "")
    size, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    head, rest = divmod(number, size)
    said = f"{ENGLISH[head]} {name}"
    if not rest:
        return said
    link = "and " if rest < 100 and rng.random() < 0.5 else ""
    return f"{said} {link}{english_number(rest, rng)}"


def chinese_digits(digits: str, rng: Random) -> str:
    """One by one; 幺 for all ones or for none, as people do."""
    one = "幺" if rng.random() < 0.55 else "一"
    return "".join(one if digit == "1" else CHINESE[int(digit)] for digit in digits)


def english_digits(digits: str, rng: Random) -> str:
    """One by one; “oh” or “zero”, now and then “double two”."""
    nought = "oh" if rng.random() < 0.6 else "zero"
    doubles = rng.random() < 0.12
    said: list[str] = []
    place = 0
    while place < len(digits):
        word = nought if digits[place] == "0" else ENGLISH[int(digits[place])]
        twice = doubles and digits[place : place + 2] == digits[place] * 2
        said += ["double", word] if twice else [word]
        place += 2 if twice else 1
    return " ".join(said)


def chinese_room(digits: str, rng: Random) -> str:
    """A room of three or four digits: mostly one by one, else as a number."""
    if rng.random() < 0.82 or digits[0] == "0":
        return chinese_digits(digits, rng)
    return chinese_number(int(digits), rng)


def english_room(digits: str, rng: Random) -> str:
    """One by one, in pairs (“twelve oh eight”, “eleven fifteen”), or as a number."""
    way = rng.random()
    if way < 0.5 or digits[0] == "0":
        return english_digits(digits, rng)
    if way > 0.92:
        return english_number(int(digits), rng)
    floor, door = digits[:-2], digits[-2:]
    if door == "00":
        return f"{english_number(int(floor), rng)} hundred"
    second = f"oh {ENGLISH[int(door[1])]}" if door[0] == "0" else english_number(int(door), rng)
    return f"{english_number(int(floor), rng)} {second}"
