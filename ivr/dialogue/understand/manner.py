"""How people speak around an answer: hesitation and politeness before and after it, and corrections of themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from ivr.dialogue.understand.answer import exact
from ivr.records import Language

HESITATIONS: Mapping[Language, tuple[str, ...]] = MappingProxyType(
    {
        "zh": ("嗯", "呃", "啊", "哦", "噢", "喔", "唔", "哎", "诶", "那个", "这个", "那么", "那", "就是", "就"),
        "en": ("uh", "um", "er", "erm", "ah", "hmm", "well", "so", "like", "let me see", "let's see", "you know"),
    }
)
"""they mean nothing, before an answer or between its words"""

_LEADS: Mapping[Language, tuple[str, ...]] = MappingProxyType(
    {
        "zh": (
            *HESITATIONS["zh"],
            *("好的", "好", "是", "对", "请", "麻烦", "麻烦您", "请您", "请在", "您好", "你好"),
            *("我", "我想", "我要", "我想要", "我需要", "我是", "我说", "我说的是", "帮我", "给我", "改成", "换成"),
            *("定", "订", "在", "应该是", "大概是", "可能是"),
        ),
        "en": (
            *HESITATIONS["en"],
            *("okay", "yes", "yeah", "please", "sorry", "hello", "hi", "and", "oh well"),
            *(
                "i want",
                "i'd like",
                "i would like",
                "i said",
                "i need",
                "give me",
                "make it",
                "make that",
                "change it to",
            ),
            *("it's", "it is", "that's", "that is", "this is", "let's say", "say", "i think", "probably", "maybe"),
        ),
    }
)
_TAILS: Mapping[Language, tuple[str, ...]] = MappingProxyType(
    {
        "zh": (
            *(
                "吧",
                "啊",
                "呀",
                "呢",
                "哦",
                "嗯",
                "吧好吗",
                "好吗",
                "可以吗",
                "行吗",
                "谢谢",
                "谢谢您",
                "谢谢你",
                "就行",
            ),
            *("就好", "就可以", "可以", "好了", "左右", "叫我", "叫醒我", "叫我起床", "叫醒", "起床", "的时候", "的"),
        ),
        "en": (
            *("please", "thanks", "thank you", "i think", "i guess", "okay", "if possible", "if that's okay"),
            *("would be fine", "would be great", "is fine", "sir", "madam", "or so"),
        ),
    }
)
_CORRECTIONS: Mapping[Language, tuple[str, ...]] = MappingProxyType(
    {
        "zh": (
            "不不不",
            "不不",
            "不对不对",
            "不对",
            "不是",
            "我说错了",
            "说错了",
            "错了",
            "哦不",
            "应该是",
            "等等",
            "等一下",
        ),
        "en": (
            *(
                "no no no",
                "no no",
                "no wait",
                "no sorry",
                "oh no",
                "sorry no",
                "no",
                "sorry",
                "i mean",
                "wait",
                "i meant",
            ),
            *("actually", "make that", "or rather", "correction", "wrong"),
        ),
    }
)
"""what stands between a slip and what is meant"""


def _any(phrases: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))


_LEAD = {
    "zh": re.compile(rf"^(?:{_any(_LEADS['zh'])})+"),
    "en": re.compile(rf"^(?:(?:{_any(_LEADS['en'])}) )+"),
}
_TAIL = {
    "zh": re.compile(rf"(?:{_any(_TAILS['zh'])})+$"),
    "en": re.compile(rf"(?: (?:{_any(_TAILS['en'])}))+$"),
}
_CORRECTION = {
    "zh": re.compile(rf"(?:{_any(_CORRECTIONS['zh'])})+"),
    "en": re.compile(rf"\b(?:{_any(_CORRECTIONS['en'])})\b"),
}


def forms(text: str, language: Language) -> tuple[str, ...]:
    """The ways to take an utterance, the most literal first: whole, without its trimmings, without what it takes back.

    Empty when something unknown stands between the words, or nothing was said.
    """
    said = exact(text, language)
    if not said:
        return ()
    slip, meant = _taken_back(said, language)
    # 不是七点 takes nothing back: it denies
    found = (said, _trimmed(said, language), *((meant, _trimmed(meant, language)) if slip else ()))
    return tuple(dict.fromkeys(each for each in found if each))


def _taken_back(said: str, language: Language) -> tuple[str, str]:
    """(what was said first, what the speaker puts in its place)."""
    last = max(_CORRECTION[language].finditer(said), key=lambda match: match.end(), default=None)
    if last is None:
        return "", ""
    return _trimmed(said[: last.start()].strip(), language), said[last.end() :].strip()


def _trimmed(said: str, language: Language) -> str:
    return _TAIL[language].sub("", _LEAD[language].sub("", f"{said} ").strip())
