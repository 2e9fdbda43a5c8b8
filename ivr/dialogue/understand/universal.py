"""What a caller may say at any question: repeat, help, operator, cancel, the other language, an emergency (R4)."""

from __future__ import annotations

from types import MappingProxyType

from ivr.dialogue.understand.answer import find, frozen, plain
from ivr.records import Language

REPEAT = "repeat"
HELP = "help"
OPERATOR = "operator"
CANCEL = "cancel"
LANGUAGE = "language"
EMERGENCY = "emergency"
UNIVERSALS = (REPEAT, HELP, OPERATOR, CANCEL, LANGUAGE, EMERGENCY)

PHRASES = frozen(
    {
        "zh": {
            REPEAT: ("再说一遍", "请再说一遍", "重复"),
            HELP: ("帮助", "怎么用"),
            OPERATOR: ("人工", "人工服务", "转人工"),
            CANCEL: ("取消",),
            LANGUAGE: ("英文", "英语", "讲英文", "说英语"),
            EMERGENCY: ("火警", "着火了", "救命", "急救", "报警", "煤气", "煤气漏了", "救护车", "着火"),
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

KEYS = MappingProxyType({"*": REPEAT, "0": OPERATOR, "9": LANGUAGE})
"""single keys, where the question takes no number of its own; `*` everywhere"""


def phrases(language: Language) -> tuple[str, ...]:
    """Every universal in the language being spoken."""
    return tuple(phrase for rows in PHRASES[language].values() for phrase in rows)


def switch_phrases(language: Language) -> tuple[str, ...]:
    """The words, in `language` itself, that ask for `language`."""
    return _SWITCH_TO[language][LANGUAGE]


def from_words(text: str, language: Language) -> str | None:
    """The universal that was said, if the whole utterance is one."""
    return find(plain(text, language), PHRASES[language])


def asks_for(text: str, language: Language) -> bool:
    """Whether the words, heard in `language`, ask to go on in `language`."""
    return find(plain(text, language), _SWITCH_TO[language]) is not None


def from_keys(keys: str, *, takes_number: bool) -> str | None:
    """The universal behind one key; a question for a number keeps its digits."""
    if takes_number and keys != "*":
        return None
    return KEYS.get(keys)
