"""English numbers, digits, clock times and dates as an operator says them; no hyphens: the recogniser's spelling."""

from __future__ import annotations

from datetime import date, time

EN_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
EN_TEENS = (
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
EN_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth"}
_ORDINALS |= {"twelve": "twelfth"}
EN_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
EN_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HALVES = ((12, "in the morning"), (18, "in the afternoon"), (22, "in the evening"), (24, "at night"))
_GROUPS = ((10**9, "billion"), (10**6, "million"), (1000, "thousand"))


def en_number(number: int) -> str:
    """A whole number in words: forty five, one thousand two hundred and eight, minus three."""
    if number < 0:
        return f"minus {en_number(-number)}"
    if number < 10:
        return EN_DIGITS[number]
    if number < 20:
        return EN_TEENS[number - 10]
    if number < 100:
        tens, ones = divmod(number, 10)
        return EN_TENS[tens - 2] + (f" {EN_DIGITS[ones]}" if ones else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return f"{EN_DIGITS[hundreds]} hundred" + (f" and {en_number(rest)}" if rest else "")
    size, name = next(each for each in _GROUPS if number >= each[0])
    high, low = divmod(number, size)
    joint = " and " if low < 100 else " "
    return f"{en_number(high)} {name}" + (joint + en_number(low) if low else "")


def en_decimal(text: str) -> str:
    """`1280`, `2.50`, `0.5` as one thousand two hundred and eighty, two point five zero, zero point five."""
    whole, _, rest = text.partition(".")
    places = "".join(f" {EN_DIGITS[int(digit)]}" for digit in rest)
    return en_number(int(whole)) + (f" point{places}" if rest else "")


def en_digits(digits: str) -> str:
    """Digit by digit, 0 as oh, as rooms and telephones are said; a single 0 is the key zero."""
    if len(digits) == 1:
        return EN_DIGITS[int(digits)]
    return " ".join("oh" if int(digit) == 0 else EN_DIGITS[int(digit)] for digit in digits)


def en_ordinal(number: int) -> str:
    """First, twenty-first, one hundred and first."""
    head, _, last = en_number(number).rpartition(" ")
    regular = last[:-1] + "ieth" if last.endswith("y") else last + "th"
    last = _ORDINALS.get(last, regular)
    joint = "-" if number % 100 > 20 and number % 10 else " "
    return f"{head}{joint}{last}" if head else last


def en_year(year: int) -> str:
    """Twenty twenty six, two thousand and eight, nineteen hundred."""
    high, low = divmod(year, 100)
    if 2000 <= year < 2010:
        return en_number(year)
    if low == 0:
        return f"{en_number(high)} hundred"
    return f"{en_number(high)} {'oh ' if low < 10 else ''}{en_number(low)}"


def en_half(hour: int) -> str:
    """The part of the day that an hour, 0 to 23, belongs to."""
    return next(name for limit, name in _HALVES if hour < limit)


def en_clock(moment: time, *, half: bool = True) -> str:
    """Six thirty in the morning; without `half` of the day where the next words say it."""
    if (moment.hour, moment.minute) in {(0, 0), (12, 0)}:
        return "midnight" if moment.hour == 0 else "twelve noon"
    hour = en_number((moment.hour - 1) % 12 + 1)
    said = f" {en_half(moment.hour)}" if half else ""
    if moment.minute == 0:
        return f"{hour} o'clock{said}"
    minutes = f"oh {EN_DIGITS[moment.minute]}" if moment.minute < 10 else en_number(moment.minute)
    return f"{hour} {minutes}{said}"


def en_date(day: date) -> str:
    """The twenty-second of November."""
    return f"the {en_ordinal(day.day)} of {EN_MONTHS[day.month - 1]}"


def en_weekday(day: date) -> str:
    return EN_WEEKDAYS[day.weekday()]
