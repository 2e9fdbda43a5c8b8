"""What a caller may say at any question: repeat, help, operator, cancel, the other language, an emergency (R4), abuse
and complaints (S12), that the call shall not be recorded (K4).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ivr.dialogue.understand.answer import find, frozen, plain
from ivr.records import Language

REPEAT = "repeat"
HELP = "help"
OPERATOR = "operator"
CANCEL = "cancel"
LANGUAGE = "language"
EMERGENCY = "emergency"
ABUSIVE = "abusive"
COMPLAINT = "complaint"
NO_RECORDING = "no_recording"
HOUSE = (ABUSIVE, COMPLAINT, NO_RECORDING)
"""their words are the house's own, in choices.yaml"""

UNIVERSALS = (REPEAT, HELP, OPERATOR, CANCEL, LANGUAGE, EMERGENCY, *HOUSE)

HouseWords = Mapping[Language, Mapping[str, tuple[str, ...]]]
"""choice → its words, as in `Context.words`"""

NONE: HouseWords = MappingProxyType({})

PHRASES = frozen(
    {
        "zh": {
            REPEAT: ("再说一遍", "请再说一遍", "重复"),
            HELP: ("帮助", "怎么用"),
            OPERATOR: ("人工", "人工服务", "转人工"),
            CANCEL: ("取消",),
            LANGUAGE: ("英文", "英语", "讲英文", "说英语"),
            EMERGENCY: (
                "火警",
                "着火了",
                "救命",
                "急救",
                "报警",
                "煤气",
                "煤气漏了",
                "救护车",
                "着火",
                "流氓",
                "抓流氓",
            ),
        },
        "en": {
            REPEAT: ("repeat", "repeat please", "say that again"),
            HELP: ("help",),
            OPERATOR: ("operator",),
            CANCEL: ("cancel",),
            LANGUAGE: ("chinese", "speak chinese", "chinese please"),
            EMERGENCY: ("fire", "there is a fire", "emergency", "ambulance", "police", "gas leak"),
        },
    }
)

_SWITCH_TO = frozen(
    {
        "zh": {LANGUAGE: ("中文", "讲中文", "说中文", "普通话")},
        "en": {LANGUAGE: ("english", "speak english", "english please")},
    }
)

KEYS = MappingProxyType({"*": REPEAT, "0": OPERATOR, "8": NO_RECORDING, "9": LANGUAGE})
"""single keys, where the question takes no number of its own; `*` everywhere"""


def phrases(language: Language, words: HouseWords = NONE) -> tuple[str, ...]:
    """Every universal in the language being spoken."""
    own = words.get(language, {})
    house = tuple(phrase for name in HOUSE for phrase in own.get(name, ()))
    return (*(phrase for rows in PHRASES[language].values() for phrase in rows), *house)


def rows(language: Language, words: HouseWords = NONE) -> Mapping[str, tuple[str, ...]]:
    """Universal → what means it, in the form in which words are heard."""
    own = words.get(language, {})
    house = {name: tuple(plain(each.lower(), language) for each in own[name]) for name in HOUSE if name in own}
    return {**PHRASES[language], **house}


def switch_phrases(language: Language) -> tuple[str, ...]:
    """The words, in `language` itself, that ask for `language`."""
    return _SWITCH_TO[language][LANGUAGE]


def from_words(text: str, language: Language, words: HouseWords = NONE) -> str | None:
    """The universal that was said, if the whole utterance is one."""
    return find(plain(text, language), rows(language, words))


def asks_for(text: str, language: Language) -> bool:
    """Whether the words, heard in `language`, ask to go on in `language`."""
    return find(plain(text, language), _SWITCH_TO[language]) is not None


def from_keys(keys: str, *, takes_number: bool) -> str | None:
    """The universal behind one key; a question for a number keeps its digits."""
    if takes_number and keys != "*":
        return None
    return KEYS.get(keys)
