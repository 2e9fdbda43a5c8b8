"""The words that the model's graph holds: what this house's callers say, and enough characters for what others add."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path

from ivr.dialogue.document import load
from ivr.dialogue.normalise import EN_DIGITS, EN_TEENS, EN_TENS, ZH_DIGITS, en_number, en_ordinal, zh_number
from ivr.dialogue.prompts import read_catalogue
from ivr.dialogue.understand import universal
from ivr.dialogue.understand.answer import Context
from ivr.dialogue.understand.slots import SLOTS
from ivr.errors import ModelError
from ivr.records import LANGUAGES, Language
from ivr.speech.building.units import language_of
from ivr.speech.lexicon import JOINT

ROOT = Path(__file__).resolve().parents[2]
"""the repository: flows/ and prompts/ lie here"""

LISTS = Path(__file__).with_name("words")
PHRASES = Path(__file__).with_name("phrases")

COMMON_CHARACTERS = range(0xB0, 0xD8)
"""first bytes of GB 2312's first level: the 3,755 characters of everyday use"""

ADDRESSES = ("先生", "女士", "小姐", "经理")
"""said with a surname in one breath"""

SPOKEN_DIGITS = ZH_DIGITS + "幺"

ENDLESS = ("clock_time", "room_number", "date", "day", "duration", "surname", "phone_number", "call_back_number")
"""slots of thousands of phrases: their English is heard word by word, and as words they would fill the graph"""

_ENGLISH = re.compile(r"[a-z][a-z'_]*")
_NUMBER = re.compile("[一二三四五六七八九两]千?[零一二三四五六七八九]?百?[零一二三四五六七八九十]+")
_HAN = re.compile(r"[\u4e00-\u9fff]+")


def vocabulary(extra: Iterable[str] = ()) -> tuple[str, ...]:
    """Every word, without doubles, sorted; `extra` are a site's own. Raises ModelError for what is no word."""
    words = {*_phrase_words(), *_prompt_words(), *_listed(), *_chinese_numbers(), *_chinese_times(), *_rooms()}
    words |= {*_calendar(), *_english_numbers(), *common_characters(), *_spoken_in_training(), *_joined(), *extra}
    for word in words:
        if not (_ENGLISH.fullmatch(word) or _HAN.fullmatch(word)):
            raise ModelError(f"“{word}” is no word: expected Han characters or an English word in small letters")
    # characters that only stand inside longer words are words, too: a site's own phrases may need them
    words |= {character for word in words if language_of(word) == "zh" for character in word}
    return tuple(sorted(words))


def house_phrases(language: Language, slots: Iterable[str] = tuple(SLOTS)) -> tuple[str, ...]:
    """Everything that questions of this house listen for: these slots, menus, universals; blanks part words."""
    catalogue = read_catalogue(ROOT / "prompts")
    context = Context(choices=dict.fromkeys(catalogue.choices[language], ""), words=catalogue.choices, saved="06:30")
    phrases = [phrase for slot in slots for phrase in SLOTS[slot].phrases(language, context)]
    phrases += [*universal.phrases(language), *universal.switch_phrases(language)]
    return tuple(dict.fromkeys(phrases))


def house_words() -> frozenset[str]:
    """The words of `house_phrases` in both languages."""
    return frozenset(word for language in LANGUAGES for phrase in house_phrases(language) for word in phrase.split())


def listed_words(name: str) -> tuple[str, ...]:
    """The words of one of our lists, in its order; a line that begins with # is for people."""
    lines = (LISTS / name).read_text(encoding="utf-8").splitlines()
    return tuple(word for line in lines if not line.startswith("#") for word in line.split())


def _phrase_words() -> Iterator[str]:
    """But for numbers: `_chinese_numbers` and `_rooms` have them, or the words that make 三百六十八."""
    for language in LANGUAGES:
        for phrase in house_phrases(language):
            yield from (word for word in phrase.lower().split() if not _NUMBER.fullmatch(word))


def _prompt_words() -> Iterator[str]:
    """The English words of our own prompts: callers say them back. The Chinese ones are there as characters."""
    for prompt in read_catalogue(ROOT / "prompts").prompts["en"].values():
        text = re.sub(r"\{.*?\}", " ", prompt.text.lower().replace("’", "'"))
        yield from (word.strip("'") for word in _ENGLISH.findall(text))


def _listed() -> Iterator[str]:
    yield from (*listed_words("zh.txt"), *listed_words("en.txt"))
    for surname in listed_words("surnames.txt"):
        yield from (surname, *(surname + address for address in ADDRESSES))


def _spoken_in_training() -> Iterator[str]:
    """What the network has heard said (text.py); the kinds are of no interest here."""
    for language in LANGUAGES:
        kinds = load(PHRASES / f"{language}.yaml").data
        for phrases in kinds.values() if isinstance(kinds, dict) else ():
            yield from str(phrases).lower().replace(",", " ").split()


def _chinese_numbers() -> Iterator[str]:
    """0 … 9999 take at most four words: 三千 二百 零五, 一千 一百 一十一."""
    digits = ZH_DIGITS[1:]
    yield from (zh_number(number) for number in range(100))
    yield from (f"一{zh_number(number)}" for number in range(10, 20))
    yield from (f"{digit}{unit}" for digit in (*digits, "两") for unit in "百千")
    yield from (f"零{digit}" for digit in ZH_DIGITS)
    yield from (f"第{zh_number(number)}" for number in range(1, 32))


def _chinese_times() -> Iterator[str]:
    """Whole words, .95 against .65 in single characters (facts/models.md); the minutes that people name."""
    hours = ["两", *(zh_number(hour) for hour in range(25))]
    minutes = [zh_number(minute) for minute in range(10, 60, 5)]
    ends = ["", "整", "钟", "半", "一刻", "三刻", "零五", "零五分", "过五分", "过十分", *minutes]
    ends += [f"{minute}分" for minute in minutes]
    yield from (f"{hour}点{end}" for hour, end in product(hours, ends))
    yield from (f"{zh_number(minute)}分" for minute in range(1, 60))
    yield from (f"零{digit}分" for digit in ZH_DIGITS[1:])


def _rooms() -> Iterator[str]:
    """Pairs of digits: halves of a room number, such as 幺幺 and 零二."""
    yield from (first + second for first, second in product(SPOKEN_DIGITS, repeat=2))


def _calendar() -> Iterator[str]:
    yield from (f"{zh_number(month)}月{part}" for month in range(1, 13) for part in ("", "份"))
    yield from (f"{zh_number(day)}{unit}" for day in range(1, 32) for unit in ("号", "日"))
    days = [f"{week}{day}" for week in ("星期", "周", "礼拜") for day in "一二三四五六"]
    days += ["星期天", "星期日", "周日", "礼拜天"]
    yield from (f"{which}{day}" for which in ("", "这", "下", "上") for day in days)


def _english_numbers() -> Iterator[str]:
    """Beside those of en.txt, which go on to thousand."""
    ordinals = (word for number in range(1, 32) for word in en_ordinal(number).split("-"))
    yield from (*EN_DIGITS, *EN_TEENS, *EN_TENS, *ordinals)


def _joined() -> Iterator[str]:
    """English that is said in one breath: as single words “in the morning” loses its “the”, and “a m” its “a”."""
    short = [slot for slot in SLOTS if slot not in ENDLESS]
    phrases = [phrase for phrase in house_phrases("en", short) if " " in phrase]
    phrases += [f"{first} {second}" for first, second in product((*EN_DIGITS, "oh"), repeat=2)]
    phrases += [f"{lead} at" for lead in ("today", "tonight", "tomorrow", "tomorrow morning")]
    phrases += ["tomorrow morning", "my name is"]
    minutes = ["o'clock", "oh five", *(en_number(five) for five in range(10, 60, 5))]
    for hour in map(en_number, range(1, 13)):
        phrases += [f"{lead} {hour}" for lead in ("half past", "quarter past", "quarter to")]
        phrases += [f"{hour} {minute}" for minute in minutes]
    yield from (JOINT.join(phrase.split()) for phrase in phrases)


def common_characters() -> Iterator[str]:
    """Of everyday Chinese, some thousands."""
    for first, second in product(COMMON_CHARACTERS, range(0xA1, 0xFF)):
        # the last row of the first level is short
        yield from bytes([first, second]).decode("gb2312", errors="ignore")
