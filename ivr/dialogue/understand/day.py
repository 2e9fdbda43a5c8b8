"""Today or tomorrow. Which date that is, the desk decides by the site's day boundary."""

from __future__ import annotations

from ivr.dialogue.understand.answer import NOT_UNDERSTOOD, Answer, Context, QuestionKind, Slot, find, frozen, plain
from ivr.records import Language

PHRASES = frozen(
    {
        "zh": {"today": ("今天",), "tomorrow": ("明天",)},
        "en": {"today": ("today",), "tomorrow": ("tomorrow",)},
    }
)
_LONGER = frozen(
    {
        "zh": {"today": ("今天", "今晚", "今天早上"), "tomorrow": ("明天", "明早", "明天早上")},
        "en": {"today": ("today", "tonight"), "tomorrow": ("tomorrow", "tomorrow morning")},
    }
)


def _phrases(language: Language, _context: Context) -> tuple[str, ...]:
    return tuple(phrase for phrases in _LONGER[language].values() for phrase in phrases)


def _from_words(text: str, language: Language, _context: Context) -> Answer:
    day = find(plain(text, language), _LONGER[language])
    return Answer("understood", day) if day else NOT_UNDERSTOOD


def _from_keys(keys: str, _context: Context) -> Answer:
    day = {"1": "today", "2": "tomorrow"}.get(keys)
    return Answer("understood", day) if day else NOT_UNDERSTOOD


DAY = Slot(
    name="day",
    kind=QuestionKind.MENU,
    outcomes=("understood",),
    phrases=_phrases,
    from_words=_from_words,
    from_keys=_from_keys,
    longest_keys=lambda _context: 1,
)
