"""Every value that we say, said back by a caller over a telephone line: how many come back as themselves.

Value → prompt text → normalised text → voice at 8 kHz through µ-law → detector, endpointer and Vosk with the
question's own grammar → value.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from difflib import SequenceMatcher
from enum import StrEnum

from ivr.bench.caller import over_the_line
from ivr.bench.hearing import listen
from ivr.bench.value_cases import ValueCase, written
from ivr.dialogue.understand import slots
from ivr.dialogue.understand.answer import UNCLEAR, UNKNOWN, Answer
from ivr.dialogue.understand.day import NEEDS_DAY
from ivr.dialogue.understand.halves import HALVES, moment
from ivr.dialogue.understand.person import NEEDS_TITLE
from ivr.dialogue.understand.universal import HELP, REPEAT
from ivr.errors import VoiceError
from ivr.records import LANGUAGES, HearingKind, Language
from ivr.speech.endpoint import rule_for
from ivr.speech.listener import Listener
from ivr.speech.tts import Voice
from ivr.speech.vad import WebrtcVoiceDetector
from ivr.speech.voices import CALLER_VOICES
from ivr.speech.vosk_asr import VoskRecogniser

VOICES: Mapping[Language, tuple[str, ...]] = {"zh": ("zh-m3", "zh-f5"), "en": ("en-us-m3", "en-gb-f2")}
"""callers of either sex, and of English two accents; none is the desk's own voice"""


def speakers(names: Sequence[str] | None) -> Mapping[Language, tuple[str, ...]]:
    """The caller voices by language: those of `names`, else VOICES. Raises VoiceError for one that there is not."""
    for name in names or ():
        if name not in CALLER_VOICES:
            raise VoiceError(f"no caller's voice “{name}”: choose among {', '.join(CALLER_VOICES)}")
    if not names:
        return VOICES
    return {each: tuple(n for n in dict.fromkeys(names) if CALLER_VOICES[n].language == each) for each in LANGUAGES}


class Result(StrEnum):
    """What the first try came to."""

    RIGHT = "right"
    ASKED_AGAIN = "asked again"
    """unclear, or a part of the value (needs_half): the next question puts it right"""
    WRONG = "wrong value"
    """another value, or something that nobody asked for: only the read-back can put it right (S9)"""


@dataclass(frozen=True)
class ValueTrial:
    """One value by one voice, and what became of it."""

    case: ValueCase
    voice: str
    heard: str
    got: Answer
    result: Result


async def listen_to_all(
    cases: Iterable[ValueCase], voices: Mapping[str, Voice], recogniser: VoskRecogniser, tell: Callable[[], None]
) -> tuple[ValueTrial, ...]:
    """Say every case by every one of `voices` that speaks its language, at its question; `tell` is called for each."""
    found = []
    for case in cases:
        for name, voice in voices.items():
            found.append(await _trial(case, name, voice, recogniser))
            tell()
    return tuple(found)


async def _trial(case: ValueCase, name: str, voice: Voice, recogniser: VoskRecogniser) -> ValueTrial:
    grammars = slots.grammar(case.slot, case.context, case.language, known=True)
    listener = Listener(recogniser, WebrtcVoiceDetector())
    listener.begin(grammars, rule_for(case.slot.kind.value), case.slot.longest_keys(case.context))
    hearing = await listen(listener, over_the_line(voice.render(case.text, case.language)))
    got = slots.from_speech(hearing.heard, case.slot, case.context, case.language)
    answer = got.answer if hearing.kind is HearingKind.SPEECH else Answer(UNCLEAR)
    return ValueTrial(case, name, got.heard, answer, result_of(case.meant, answer))


def result_of(meant: Answer, got: Answer) -> Result:
    """What `got` is where `meant` was said."""
    if got == meant:
        return Result.RIGHT
    if got.outcome in {UNCLEAR, REPEAT, HELP, NEEDS_DAY} or _part_of(got, meant):
        return Result.ASKED_AGAIN
    return Result.WRONG


def _part_of(got: Answer, meant: Answer) -> bool:
    """Whether only a part is lacking that will be asked for: half past six of 18:30, a surname without its title."""
    if got.outcome == NEEDS_TITLE:
        return meant.value.split()[-1:] == [got.value]
    if got.outcome != "needs_half" or got.also != meant.also:
        return False
    begun = time.fromisoformat(got.value)
    return meant.value in {moment(begun.hour, begun.minute, half).value for half in HALVES["zh"]}


@dataclass(frozen=True)
class ValueShare:
    """The trials of one kind by one voice."""

    kind: str
    language: Language
    voice: str
    values: int
    right: int
    asked_again: int
    wrong: int


def shares(trials: Sequence[ValueTrial]) -> tuple[ValueShare, ...]:
    """One row a language, voice and kind, in the order of the trials, and after each voice one for `all`."""
    groups: dict[tuple[Language, str, str], Counter[Result]] = {}
    for trial in trials:
        for kind in (trial.case.kind, "all"):
            groups.setdefault((trial.case.language, trial.voice, kind), Counter())[trial.result] += 1
    places = sorted(groups, key=lambda place: (place[0] != "zh", place[1], place[2] == "all"))
    return tuple(
        ValueShare(
            kind,
            language,
            voice,
            values=groups[language, voice, kind].total(),
            right=groups[language, voice, kind][Result.RIGHT],
            asked_again=groups[language, voice, kind][Result.ASKED_AGAIN],
            wrong=groups[language, voice, kind][Result.WRONG],
        )
        for language, voice, kind in places
    )


@dataclass(frozen=True)
class Confusion:
    """What was said and what the recogniser made of it, in characters or words; `times` over all trials."""

    language: Language
    said: str
    heard: str
    times: int
    example: ValueTrial


def confusions(trials: Iterable[ValueTrial]) -> tuple[Confusion, ...]:
    """What was confused where the value was not right, the commonest first."""
    counted: Counter[tuple[Language, str, str]] = Counter()
    examples: dict[tuple[Language, str, str], ValueTrial] = {}
    for trial in trials:
        if trial.result is Result.RIGHT:
            continue
        for said, heard in _differences(trial):
            counted[trial.case.language, said, heard] += 1
            examples.setdefault((trial.case.language, said, heard), trial)
    return tuple(Confusion(*what, times, examples[what]) for what, times in counted.most_common())


def _differences(trial: ValueTrial) -> Iterable[tuple[str, str]]:
    language = trial.case.language
    said, heard = _units(written(trial.case.text), language), _units(trial.heard, language)
    joint = "" if language == "zh" else " "
    for what, a, b, c, d in SequenceMatcher(None, said, heard, autojunk=False).get_opcodes():
        if what != "equal":
            yield joint.join(said[a:b]), joint.join(heard[c:d])


def _units(text: str, language: Language) -> list[str]:
    """Characters or words; `[unk]` is one."""
    words = text.split()
    if language == "en":
        return words
    return [unit for word in words for unit in ([word] if word == UNKNOWN else word)]


def run(
    cases: Iterable[ValueCase], voices: Mapping[str, Voice], recogniser: VoskRecogniser, tell: Callable[[], None]
) -> tuple[ValueTrial, ...]:
    """`listen_to_all` for callers without an event loop."""
    return asyncio.run(listen_to_all(cases, voices, recogniser, tell))
