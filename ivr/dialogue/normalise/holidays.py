"""The days on which a house greets with the holiday instead of the time of day (S2)."""

from __future__ import annotations

from datetime import date

from borax.calendars.lunardate import LunarDate

from ivr.records import Language

SPRING, DRAGON_BOAT, MID_AUTUMN = "spring", "dragon_boat", "mid_autumn"
NEW_YEAR, MAY_DAY, NATIONAL = "new_year", "may_day", "national"

GREETINGS: dict[str, dict[Language, str]] = {
    NEW_YEAR: {"zh": "新年好", "en": "Happy New Year"},
    SPRING: {"zh": "春节好", "en": "Happy Chinese New Year"},
    MAY_DAY: {"zh": "节日好", "en": "Happy Labour Day"},
    DRAGON_BOAT: {"zh": "节日好", "en": "Happy Dragon Boat Festival"},
    MID_AUTUMN: {"zh": "节日好", "en": "Happy Mid-Autumn Festival"},
    NATIONAL: {"zh": "节日好", "en": "Happy National Day"},
}
"""holiday → what is said instead of “good morning”; the Chinese as the house says it (S2)"""

SOLAR = {(1, 1): NEW_YEAR, (5, 1): MAY_DAY, (10, 1): NATIONAL, (10, 2): NATIONAL, (10, 3): NATIONAL}
LUNAR = {(1, 1): SPRING, (1, 2): SPRING, (1, 3): SPRING, (5, 5): DRAGON_BOAT, (8, 15): MID_AUTUMN}
"""(month, day) → holiday: New Year 1 day, Spring Festival 3, May Day 1, Dragon Boat 1, Mid-Autumn 1, National 3 (S2)"""


def holiday(day: date) -> str | None:
    """The holiday of a day, 1900 to 2100; of two on one day the lunar one. None on any other day."""
    return _lunar(day) or SOLAR.get((day.month, day.day))


def _lunar(day: date) -> str | None:
    try:
        lunar = LunarDate.from_solar(day)
    except ValueError:
        return None
    # a leap month repeats the one before, but not its festival
    return None if lunar.leap else LUNAR.get((lunar.month, lunar.day))
