"""Yes and no, in the ways people say them."""

from __future__ import annotations

import re

from ivr.dialogue.understand.answer import NOT_UNDERSTOOD, Answer, Context, QuestionKind, Slot, exact, find, frozen
from ivr.records import Language

AGREED = "agreed"
REFUSED = "refused"

PHRASES = frozen(
    {
        "zh": {
            AGREED: ("是", "是的", "对", "对的", "对对", "好", "好的", "可以", "没错", "没问题", "是的没错", "对没错"),
            REFUSED: (
                "不",
                "不是",
                "不是的",
                "不对",
                "不要",
                "不用",
                "不用了",
                "没有",
                "没有了",
                "不行",
                "错了",
                "不需要",
            ),
        },
        "en": {
            AGREED: (
                "yes",
                "yeah",
                "yep",
                "yes please",
                "yes it is",
                "correct",
                "that's right",
                "right",
                "okay",
                "yes that's right",
            ),
            REFUSED: (
                "no",
                "nope",
                "no thanks",
                "no thank you",
                "wrong",
                "that's wrong",
                "not right",
                "no that's wrong",
            ),
        },
    }
)


def _phrases(language: Language, _context: Context) -> tuple[str, ...]:
    return tuple(phrase for phrases in PHRASES[language].values() for phrase in phrases)


def _from_words(text: str, language: Language, _context: Context) -> Answer:
    said = exact(text, language)
    if not said:
        return NOT_UNDERSTOOD
    outcome = find(said, PHRASES[language]) or _several(said, language)
    return Answer(outcome) if outcome else NOT_UNDERSTOOD


def _several(said: str, language: Language) -> str | None:
    """是的没错, 不不是, no no no: one meaning said several times; two meanings in one breath stay unclear.

    Two different refusals in Chinese may be a double negation (没有错了, 不是不对): one repeated, or led by 不, counts.
    """
    blank = "" if language == "zh" else " "
    agreed, refused = ("|".join(map(re.escape, PHRASES[language][each])) for each in (AGREED, REFUSED))
    again = rf"(?:不(?=不))*(?P<no>{refused})(?P=no)*" if language == "zh" else rf"(?:{refused})(?: (?:{refused}))*"
    if re.fullmatch(rf"(?:{agreed})(?:{blank}(?:{agreed}))*", said):
        return AGREED
    return REFUSED if re.fullmatch(again, said) else None


def _from_keys(keys: str, _context: Context) -> Answer:
    outcome = {"1": AGREED, "2": REFUSED}.get(keys)
    return Answer(outcome) if outcome else NOT_UNDERSTOOD


AGREEMENT = Slot(
    name="agreement",
    kind=QuestionKind.AGREEMENT,
    outcomes=(AGREED, REFUSED),
    phrases=_phrases,
    from_words=_from_words,
    from_keys=_from_keys,
    longest_keys=lambda _context: 1,
)
