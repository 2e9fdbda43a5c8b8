"""Yes and no, in the ways people say them: hesitant, repeated, polite, corrected."""

from __future__ import annotations

import re
from functools import cache

from ivr.dialogue.understand.agreement_words import AGREED, CHANGED, PHRASES, POLITE, REFUSED
from ivr.dialogue.understand.answer import NOT_UNDERSTOOD, Answer, Context, QuestionKind, Slot, exact, find
from ivr.dialogue.understand.manner import HESITATIONS
from ivr.records import Language

__all__ = ["AGREED", "AGREEMENT", "PHRASES", "REFUSED"]


def _phrases(language: Language, _context: Context) -> tuple[str, ...]:
    return tuple(phrase for phrases in PHRASES[language].values() for phrase in phrases)


def _from_words(text: str, language: Language, _context: Context) -> Answer:
    said = exact(text, language)
    if not said:
        return NOT_UNDERSTOOD
    outcome = find(said, PHRASES[language]) or _several(said, language) or _corrected(said, language)
    return Answer(outcome) if outcome else NOT_UNDERSTOOD


def _several(said: str, language: Language) -> str | None:
    """是的没错, 嗯对, 不不是, no no no thanks: one meaning, several times; two meanings in one breath stay unclear."""
    outcomes = [outcome for outcome in (AGREED, REFUSED) if _again(outcome, language).fullmatch(said)]
    return outcomes[0] if len(outcomes) == 1 else None


def _corrected(said: str, language: Language) -> str | None:
    """The last word counts where the first is taken back: “no no yes”, “yes, no wait, no”, 对哦不不对.

    A mere “no yes” or 是不是 stays unclear: it is as likely a question, or one word heard as two.
    """
    match = _change(language).fullmatch(said)
    return (AGREED if match["yes"] else REFUSED) if match else None


@cache
def _again(outcome: str, language: Language) -> re.Pattern[str]:
    """Two different refusals in Chinese may be a double negation (不是不对): one repeated, or led by 不, counts."""
    words, blank = _any(PHRASES[language][outcome]), _blank(language)
    around = _any((*HESITATIONS[language], *POLITE[language]))
    again = rf"(?P<one>{words})(?:{blank}(?:{words}|{around}))*"
    if language == "zh" and outcome == REFUSED:
        again = rf"(?:不(?=不))*(?P<one>{words})(?:(?P=one)|{around})*"
    return re.compile(rf"(?:(?:{around}){blank})*{again}")


@cache
def _change(language: Language) -> re.Pattern[str]:
    agreed, refused = (_any(PHRASES[language][each]) for each in (AGREED, REFUSED))
    blank, changed, around = (
        _blank(language),
        _any(CHANGED[language]),
        _any((*HESITATIONS[language], *POLITE[language])),
    )
    taken_back = rf"(?:{agreed}|{refused}){blank}(?:{changed})(?:{blank}(?:{changed}))*"
    if language == "en":
        taken_back += r"|no(?: no)+"
    return re.compile(rf"(?:{taken_back}){blank}(?:(?P<yes>{agreed})|{refused})(?:{blank}(?:{around}))*")


def _any(phrases: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))


def _blank(language: Language) -> str:
    return "" if language == "zh" else " "


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
