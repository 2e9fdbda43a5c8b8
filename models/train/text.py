"""What callers say, made up without end from a seed: answers to a front desk's questions, and everyday words.

The everyday share matters as much: only varied neighbours teach the sounds themselves, so that a site's own words work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, count
from pathlib import Path
from random import Random

import yaml
from wordfreq import get_frequency_dict

from ivr.dialogue.understand import agreement, universal
from ivr.errors import ModelError
from ivr.records import Language
from ivr.speech.building.units import chinese_units, english_units
from models.train.numbers import (
    chinese_digits,
    chinese_number,
    chinese_room,
    english_digits,
    english_number,
    english_room,
)
from models.train.times import chinese_time, english_time

FOLDER = Path(__file__).parent / "phrases"

FLATTEN = 0.35
"""power on a word's frequency: rare words come often enough to matter"""

COMMON = {"zh": 15_000, "en": 9_000}
"""words drawn from for everyday speech, the most frequent"""


@dataclass(frozen=True)
class Sentence:
    """One thing to say; a blank in Chinese parts stretches that are said as one."""

    text: str
    language: Language


Maker = Callable[[Random, Mapping[str, tuple[str, ...]]], str]


def sentence(language: Language, seed: str) -> Sentence:
    """The sentence that belongs to this seed; the same on every machine."""
    rng = Random(seed)  # noqa: S311 - not for secrets
    said = phrases(language)
    makers = MAKERS[language]
    for _ in count():
        make = rng.choices([maker for maker, _ in makers], [share for _, share in makers])[0]
        text = " ".join(make(rng, said).split())
        if _sayable(text, language):
            return Sentence(text, language)
    raise AssertionError


def sentences(language: Language, seed: str) -> Iterator[Sentence]:
    """Without end."""
    for number in count():
        yield sentence(language, f"{seed}/{number}")


@lru_cache(maxsize=2)
def phrases(language: Language) -> Mapping[str, tuple[str, ...]]:
    """Kind → phrases, of phrases/*.yaml and the product's own answers; ModelError names a file that cannot be used."""
    file = FOLDER / f"{language}.yaml"
    try:
        # BaseLoader, since YAML takes yes and no for truth
        loaded = yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - makes nothing but text
    except (OSError, yaml.YAMLError) as error:
        raise ModelError(f"cannot be read ({error})", where=file) from error
    divide = r"\s+" if language == "zh" else r"\s*,\s*"
    kinds = {kind: tuple(each for each in re.split(divide, text.strip()) if each) for kind, text in loaded.items()}
    ours = agreement.PHRASES[language]
    kinds["agree"] += ours[agreement.AGREED]
    kinds["refuse"] += ours[agreement.REFUSED]
    kinds["universal"] += universal.phrases(language)
    return {kind: tuple(dict.fromkeys(each)) for kind, each in kinds.items()}


@lru_cache(maxsize=2)
def common_words(language: Language) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """The most frequent words, and the cumulative weights to draw them by."""
    shape = re.compile("[\u4e00-\u9fff]{1,4}" if language == "zh" else "[a-z]+(?:'[a-z]+)?")
    ranked = (
        (word, share)
        for word, share in get_frequency_dict(language, "best" if language == "en" else "small").items()
        if shape.fullmatch(word)
        and (language == "zh" or len(word) > 1 or word in ("a", "i"))
        and _sayable(word, language)
    )
    taken = [pair for pair, _ in zip(ranked, range(COMMON[language]), strict=False)]
    return tuple(word for word, _ in taken), tuple(accumulate(share**FLATTEN for _, share in taken))


def _everyday(language: Language, lengths: tuple[int, ...]) -> Maker:
    def make(rng: Random, _said: Mapping[str, tuple[str, ...]]) -> str:
        words, weights = common_words(language)
        return " ".join(rng.choices(words, cum_weights=weights, k=rng.choice(lengths)))

    return make


@lru_cache(maxsize=1)
def _words_with() -> Mapping[int, tuple[str, ...]]:
    """Unit → the common Chinese words that hold it."""
    found: dict[int, list[str]] = {}
    for word in common_words("zh")[0]:
        for unit in set(chinese_units(word)):
            found.setdefault(unit, []).append(word)
    return {unit: tuple(words) for unit, words in found.items()}


def _zh_rare(rng: Random, _said: Mapping[str, tuple[str, ...]]) -> str:
    """Words by sound: every initial and toned final comes as often as any other."""
    words = _words_with()
    units = sorted(words)
    return " ".join(rng.choice(words[rng.choice(units)]) for _ in range(rng.choice([1, 1, 2, 3])))


def _one_of(*kinds: str) -> Maker:
    """A phrase of one of these kinds, each kind as likely as the next."""
    return lambda rng, said: rng.choice(said[rng.choice(kinds)])


def _room_digits(rng: Random) -> str:
    """Real rooms: floor and door; repeats and noughts come often, since they are the hard ones."""
    if rng.random() < 0.25:
        return "".join(rng.choice("0123456789") for _ in range(rng.choice([3, 4])))
    floor = rng.choice([*range(1, 10), *range(1, 30), 11, 12, 22])
    return f"{floor}{rng.choice([rng.randrange(1, 30), rng.randrange(1, 12), 1, 10, 11, 22]):02d}"


def _zh_digits(rng: Random, _said: Mapping[str, tuple[str, ...]]) -> str:
    length = rng.choice([1, 1, 1, 2, 3, 4, 4, 4, 5, 6, 8, 11])
    return chinese_digits("".join(rng.choice("0123456789") for _ in range(length)), rng)


def _zh_room(rng: Random, _said: Mapping[str, tuple[str, ...]]) -> str:
    lead = rng.choice(["", "", "", "", "房间", "房号", "我住", "转", "请转", "我是", "我的房间是"])
    return f"{lead} {chinese_room(_room_digits(rng), rng)}{rng.choice(['', '', '', '', '号', '房间', '号房'])}"


def _zh_number(rng: Random, _said: Mapping[str, tuple[str, ...]]) -> str:
    number = rng.randrange(10_000) if rng.random() < 0.35 else rng.randrange(100)
    lead = rng.choice(["", "", "", "请按", "按", "第"])
    return f"{lead}{chinese_number(number, rng)}{rng.choice(['', '', '号', '项', '个', '楼', '层', '块', '分钟'])}"


def _zh_time(rng: Random, said: Mapping[str, tuple[str, ...]]) -> str:
    lead = rng.choice(["", "", "", "", "", "请在", "我要", "改成"])
    return f"{lead} {chinese_time(rng, said['day'] + said['weekday'], said['half'])}"


def _zh_day(rng: Random, said: Mapping[str, tuple[str, ...]]) -> str:
    if rng.random() < 0.25:
        date = f"{chinese_number(rng.randrange(1, 13), rng)}月{chinese_number(rng.randrange(1, 32), rng)}"
        return date + rng.choice(["号", "日"])
    return rng.choice(said[rng.choice(["day", "half", "half", "weekday"])])


def _zh_menu(rng: Random, said: Mapping[str, tuple[str, ...]]) -> str:
    return rng.choice(["", "", "", "", "我要", "请", "我想"]) + rng.choice(said["menu"])


def _zh_name(rng: Random, said: Mapping[str, tuple[str, ...]]) -> str:
    surname = rng.choice(said["surname"])
    who = surname + rng.choice(said["title" if rng.random() < 0.6 else "given"])
    return rng.choice(["", "", "我姓", "我是", "找", "请找", "我叫"]) + who


def _en_digits(rng: Random, _said: Mapping[str, tuple[str, ...]]) -> str:
    length = rng.choice([1, 1, 1, 2, 3, 4, 4, 4, 5, 6, 7, 10])
    return english_digits("".join(rng.choice("0123456789") for _ in range(length)), rng)


def _en_room(rng: Random, _said: Mapping[str, tuple[str, ...]]) -> str:
    lead = rng.choice(
        ["", "", "", "", "room", "room number", "extension", "my room is", "i'm in", "it's", "transfer to room"]
    )
    return f"{lead} {english_room(_room_digits(rng), rng)}{rng.choice(['', '', '', '', ' please'])}"


def _en_number(rng: Random, _said: Mapping[str, tuple[str, ...]]) -> str:
    number = rng.randrange(10_000) if rng.random() < 0.35 else rng.randrange(100)
    return f"{rng.choice(['', '', '', 'press', 'option', 'number', 'floor'])} {english_number(number, rng)}"


def _en_time(rng: Random, said: Mapping[str, tuple[str, ...]]) -> str:
    return english_time(rng, said["day"] + said["weekday"])


def _en_day(rng: Random, said: Mapping[str, tuple[str, ...]]) -> str:
    if rng.random() < 0.2:
        return f"{rng.choice(said['month'])} {english_number(rng.randrange(1, 32), rng)}"
    return rng.choice(said[rng.choice(["day", "half", "half", "weekday"])])


def _en_menu(rng: Random, said: Mapping[str, tuple[str, ...]]) -> str:
    lead = rng.choice(["", "", "", "", "", "please ", "i want ", "i need "])
    return lead + rng.choice(said["menu"]) + rng.choice(["", "", "", "", " please"])


def _en_name(rng: Random, said: Mapping[str, tuple[str, ...]]) -> str:
    lead = rng.choice(["", "", "my name is", "this is", "can i speak to", "i'm"])
    return f"{lead} {rng.choice(said['title' if rng.random() < 0.5 else 'given'])} {rng.choice(said['surname'])}"


MAKERS: Mapping[Language, tuple[tuple[Maker, float], ...]] = {
    "zh": (
        (_zh_digits, 0.11),
        (_zh_room, 0.12),
        (_zh_time, 0.16),
        (_one_of("agree", "refuse"), 0.11),
        (_zh_number, 0.05),
        (_zh_day, 0.05),
        (_zh_menu, 0.08),
        (_one_of("universal", "emergency"), 0.05),
        (_one_of("request"), 0.03),
        (_zh_name, 0.04),
        (_everyday("zh", (1, 2, 2, 3, 4, 5)), 0.15),
        (_zh_rare, 0.05),
    ),
    "en": (
        (_en_digits, 0.14),
        (_en_room, 0.12),
        (_en_time, 0.17),
        (_one_of("agree", "refuse"), 0.10),
        (_en_number, 0.05),
        (_en_day, 0.05),
        (_en_menu, 0.08),
        (_one_of("universal", "emergency"), 0.05),
        (_one_of("request"), 0.03),
        (_en_name, 0.04),
        (_everyday("en", (1, 2, 3, 4, 5)), 0.17),
    ),
}
"""how often each kind comes; what the interim model hears worst, yes/no, rooms and times, comes most"""


def _sayable(text: str, language: Language) -> bool:
    try:
        return bool(chinese_units(text) if language == "zh" else english_units(text))
    except ModelError:
        return False
