"""Telephone numbers: found by their shape, said in groups."""

from __future__ import annotations

import re

GROUPED = 7
"""digits from which a bare number is said in groups: more than anybody keeps in mind at once"""

TELEPHONE = re.compile(
    r"(?<![\d.])(?:\+\s?(?P<country>\d{1,3})[ -]?)?(?P<number>"
    r"1[3-9]\d[ -]?\d{4}[ -]?\d{4}"  # a mobile number in China
    r"|\(?0\d{2,3}\)?[ -]?\d{3,4}[ -]?\d{4}"  # with an area code
    r"|[48]00[ -]?\d{3}[ -]?\d{4}|[48]00[ -]?\d{4}[ -]?\d{3}"
    r"|(?(country)\d{2,4}(?:[ -]\d{3,8}){1,3}|(?!))"  # after any country's code
    r"|[2-9]\d{3}[ -]\d{4}"
    r")(?![\d.]|[ -]\d)"
)
LONG = re.compile(rf"\d{{{GROUPED},}}")

_SIZES = {7: (3, 4), 10: (3, 3, 4), 11: (3, 4, 4)}
"""digits → the groups in which they are said: as a Chinese mobile number is, 138 1234 5678"""


def groups(number: str) -> list[str]:
    """The groups of a number: those that it is written in, else by its length."""
    written = re.findall(r"\d+", number)
    return [part for each in written for part in (_cut(each) if len(each) >= GROUPED else [each])]


def _cut(digits: str) -> list[str]:
    sizes = _SIZES.get(len(digits), (4,) * (len(digits) // 4 + 1))
    found, place = [], 0
    for size in sizes:
        found.append(digits[place : place + size])
        place += size
    return [each for each in found if each]
