"""Room numbers, however they are read: digit by digit, counted, or floor and room (十二零八, twelve oh eight)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from ivr.dialogue.normalise import EN_DIGITS, EN_TENS, ZH_DIGITS, en_number, zh_number
from ivr.dialogue.understand.answer import NOT_UNDERSTOOD, Answer, Context, QuestionKind, Slot
from ivr.dialogue.understand.digits import ZH_SPOKEN, digits
from ivr.dialogue.understand.manner import forms
from ivr.dialogue.understand.numbers import from_en, from_zh
from ivr.records import Language

_EN_PAIRS = (*(en_number(value) for value in range(10, 60)), *EN_TENS[4:])
_ZH_FLOORS = tuple(zh_number(floor) for floor in range(10, 31))
_ZH_RESTS = tuple(zh_number(100 + rest).removeprefix("一百") for rest in range(10, 100))
_ZH_LEAD = re.compile(r"^(?:我?的?(?:房间号码?|房号|房间|客房)?(?:是|住在?)?|住在?)")
_ZH_TAIL = re.compile(r"(?:号?房间?|号|室)$")
_ZH_FLOOR = re.compile(r"(?P<floor>[一二两三四五六七八九]?十?[一二三四五六七八九]?)(?:楼|层)?的?(?P<room>.+)")
_EN_LEAD = re.compile(r"^(?:in |i'm in |i am in )?(?:my |the )?(?:room )?(?:number )?(?:is )?")


def _phrases(language: Language, context: Context) -> tuple[str, ...]:
    """English in pairs: Vosk makes a bigram of a grammar, so pairs of digits span every number."""
    if language == "zh":
        lengths = {part for length in context.room_lengths for part in ((3, 4) if length > 4 else (length,))}
        rooms = (phrase for length in sorted(lengths) for phrase in _zh_rooms(length))
        return tuple(dict.fromkeys([*rooms, *_zh_counted(context.room_lengths)]))
    names = (*EN_DIGITS, "oh")
    singles = [f"{first} {second}" for first in names for second in names]
    pairs = [f"{first} {second}" for first in (*names[1:], *_EN_PAIRS) for second in _EN_PAIRS]
    hundreds = [f"{first} oh {digit}" for first in _EN_PAIRS[:11] for digit in EN_DIGITS[1:]]
    return tuple(dict.fromkeys([*singles, *pairs, *hundreds, *_en_doubled(names), *_en_counted(context.room_lengths)]))


def _en_doubled(names: tuple[str, ...]) -> Iterator[str]:
    """Doubled digits, and what is said before a number."""
    for first in names:
        yield from (f"double {first}", f"triple {first}", f"room {first} one", f"room number {first} one")
        yield from (f"{first} double {second}" for second in names)
        yield from (f"double {first} {second}" for second in names)


def _en_counted(lengths: tuple[int, ...]) -> Iterator[str]:
    """Three hundred and one, twelve hundred, one thousand two hundred and eight."""
    if 3 in lengths:
        yield from (f"{first} hundred" for first in EN_DIGITS[1:])
        yield from (f"{first} hundred and {en_number(rest)}" for first in EN_DIGITS[1:] for rest in range(1, 100))
    if 4 in lengths:
        yield from (f"{en_number(first)} hundred" for first in range(10, 100) if first % 10)
        yield from (f"{first} thousand {second} hundred" for first in EN_DIGITS[1:] for second in EN_DIGITS[1:])
        yield from (f"{first} thousand and {second}" for first in EN_DIGITS[1:] for second in EN_DIGITS[1:])


def _zh_rooms(length: int) -> Iterator[str]:
    """All of up to four digits, two a word, since no digit is lost of a word. Three and four span longer ones."""
    pairs = tuple(first + second for first, second in product(ZH_SPOKEN, repeat=2))
    parts = [pairs] * (length // 2) + [tuple(ZH_SPOKEN)] * (length % 2)
    yield from (" ".join(chosen) for chosen in product(*parts))


def _zh_counted(lengths: tuple[int, ...]) -> Iterator[str]:
    """三百零一, 一千二百零八, 十二零八: again the bigrams span the rest."""
    ones = ZH_DIGITS[1:]
    if 3 in lengths:
        yield from (f"{hundred}百零{one}" for hundred in (*ones, "两") for one in ones)
        yield from (f"{hundred}百{rest}" for hundred in (*ones, "两") for rest in ("", *_ZH_RESTS))
    if 4 in lengths:
        yield from (f"{thousand}千{hundred}百零{one}" for thousand in ones for hundred in ones for one in ones)
        yield from (f"{floor} 零{one}" for floor in _ZH_FLOORS for one in ones)
        yield from (f"{floor} {ten}{one}" for floor in _ZH_FLOORS for ten in ones for one in ZH_SPOKEN)


def _from_words(text: str, language: Language, context: Context) -> Answer:
    readings = _zh_readings if language == "zh" else _en_readings
    for said in forms(text, language):
        found = {each for each in readings(said) if len(each) in context.room_lengths}
        if found:
            # one utterance that may be two rooms is none
            return Answer("understood", found.pop()) if len(found) == 1 else NOT_UNDERSTOOD
    return NOT_UNDERSTOOD


def _from_keys(keys: str, context: Context) -> Answer:
    return Answer("understood", keys) if keys.isdigit() and len(keys) in context.room_lengths else NOT_UNDERSTOOD


def _zh_readings(said: str) -> Iterator[str]:
    """Every number that the words may be."""
    said = _ZH_TAIL.sub("", _ZH_LEAD.sub("", said))
    row = digits(said, "zh")
    if row is not None:
        yield row
        return
    counted = from_zh(said)
    if counted is not None:
        yield str(counted)
    match = _ZH_FLOOR.fullmatch(said)
    if match:
        floor, room = from_zh(match["floor"]), _last_two(match["room"])
        if floor and room:
            yield f"{floor}{room}"


def _last_two(said: str) -> str | None:
    """The room behind its floor, two digits: 零八, 一八, 十八."""
    row, counted = digits(said, "zh"), from_zh(said)
    if row is not None:
        return row if len(row) == 2 else None
    return str(counted) if counted is not None and 10 <= counted <= 99 else None


def _en_readings(said: str) -> Iterator[str]:
    said = _EN_LEAD.sub("", said, count=1)
    row = digits(said, "en")
    if row is not None:
        yield row
    counted = from_en(said)
    if counted is not None and counted >= 100:
        yield str(counted)


ROOM_NUMBER = Slot(
    name="room_number",
    kind=QuestionKind.DIGITS,
    outcomes=("understood",),
    phrases=_phrases,
    from_words=_from_words,
    from_keys=_from_keys,
    longest_keys=lambda context: max(context.room_lengths),
)
