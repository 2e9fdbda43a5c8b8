from __future__ import annotations

import numpy as np
import pytest

from ivr.audio.frame import FRAME, RATE, Samples, frames, silence
from ivr.audio.level import scale
from ivr.audio.tones import NoiseFloor
from ivr.bench.voices import recorded
from ivr.calls.equipment import Equipment
from ivr.dialogue.understand.answer import Context
from ivr.dialogue.understand.room import ROOM_NUMBER
from ivr.records import Hearing, HearingKind
from ivr.speech.endpoint import rule_for
from ivr.speech.listener import Listener
from ivr.speech.listening import KEY_GAP, LATENCY
from ivr.speech.vad import WebrtcVoiceDetector
from tests.conftest import RECORDINGS

YES = RECORDINGS / "callers" / "jm_kumo" / "en-agreement-yes.wav"
GRAMMARS = {"en": ("yes", "no"), "zh": ("是的", "不是")}


def listener(equipment: Equipment) -> Listener:
    ears = Listener(equipment.recogniser, WebrtcVoiceDetector())
    ears.begin(GRAMMARS, rule_for("agreement"), longest_keys=4)  # type: ignore[arg-type]  # plain strings are languages
    return ears


async def listen(ears: Listener, line: Samples, keys: dict[int, str] | None = None) -> Hearing:
    for number, frame in enumerate(frames(line)):
        if ears.push(frame, (keys or {}).get(number, "")):
            return await ears.result()
    raise AssertionError("no outcome")


def answer(after: float = 0.5, quiet: float = 6.0) -> Samples:
    return np.concatenate([silence(round(after * RATE)), recorded(YES), silence(round(quiet * RATE))])


async def test_a_spoken_yes_is_heard_by_each_recogniser_and_measured(equipment: Equipment) -> None:
    hearing = await listen(listener(equipment), answer())
    assert hearing.kind is HearingKind.SPEECH
    assert hearing.heard[0].text == "yes"
    assert [each.language for each in hearing.heard] == ["en", "zh"]
    assert hearing.level_dbfs == pytest.approx(-20, abs=2)


async def test_the_outcome_is_due_a_fixed_time_after_the_endpoint(equipment: Equipment) -> None:
    hearing = await listen(listener(equipment), answer())
    assert hearing.voice_end is not None
    # 500 ms of silence end a yes, then comes the modelled thinking time
    assert hearing.decided - hearing.voice_end == RATE // 2 + LATENCY


async def test_the_same_sound_gives_the_same_hearing_every_time(equipment: Equipment) -> None:
    line = NoiseFloor(-60.0, seed=3).add(answer(), 0)
    first = await listen(listener(equipment), line)
    assert [await listen(listener(equipment), line) for _ in range(5)] == [first] * 5


async def test_five_seconds_without_a_voice_are_silence(equipment: Equipment) -> None:
    hearing = await listen(listener(equipment), silence(10 * RATE))
    assert hearing == Hearing(HearingKind.SILENT, line="silent", decided=5 * RATE)


async def test_hiss_is_silence_too_and_becomes_no_words(equipment: Equipment) -> None:
    hearing = await listen(listener(equipment), NoiseFloor(-55.0, seed=1).add(silence(10 * RATE), 0))
    assert hearing.kind is HearingKind.SILENT


async def test_keys_end_with_a_hash_at_once(equipment: Equipment) -> None:
    hearing = await listen(listener(equipment), silence(10 * RATE), {10: "8", 20: "0", 30: "#"})
    assert (hearing.kind, hearing.keys, hearing.decided) == (HearingKind.KEYS, "80#", 31 * FRAME)


async def test_keys_end_when_as_many_came_as_the_question_takes(equipment: Equipment) -> None:
    hearing = await listen(listener(equipment), silence(10 * RATE), dict.fromkeys(range(10, 14), "1"))
    assert (hearing.keys, hearing.decided) == ("1111", 14 * FRAME)


async def test_keys_end_when_no_further_one_comes(equipment: Equipment) -> None:
    hearing = await listen(listener(equipment), silence(10 * RATE), {10: "63"})
    assert (hearing.keys, hearing.decided) == ("63", 10 * FRAME + KEY_GAP)


async def test_a_hash_alone_is_no_answer(equipment: Equipment) -> None:
    hearing = await listen(listener(equipment), silence(10 * RATE), {10: "#"})
    assert hearing.kind is HearingKind.SILENT


async def test_keys_win_over_a_voice_in_the_middle_of_a_word(equipment: Equipment) -> None:
    hearing = await listen(listener(equipment), answer(), {40: "2", 41: "#"})
    assert (hearing.kind, hearing.keys) == (HearingKind.KEYS, "2#")


async def test_the_loudness_of_a_quiet_caller_is_measured(equipment: Equipment) -> None:
    hearing = await listen(listener(equipment), scale(answer(), -15))
    assert hearing.level_dbfs == pytest.approx(-35, abs=2)


async def test_a_listener_that_was_stopped_listens_no_more(equipment: Equipment) -> None:
    ears = listener(equipment)
    for frame in frames(answer(quiet=0)):
        ears.push(frame)
    ears.stop()
    ears.stop()
    with pytest.raises(RuntimeError):
        ears.push(next(frames(silence(FRAME))))


@pytest.mark.parametrize("early", [0.1, 0.3, 0.6])
async def test_an_answer_that_begins_before_the_prompt_ends_keeps_its_beginning(
    equipment: Equipment, early: float
) -> None:
    """八零五 without its beginning is 205, understood: a wrong room."""
    voice = recorded(RECORDINGS / "callers" / "jm_kumo" / "zh-room-balingwu.wav")
    start = round(0.15 * RATE)  # the recording's own margin
    line = np.concatenate([silence(2 * RATE), voice, silence(4 * RATE)])
    prompt_ends = (2 * RATE + start + round(early * RATE)) // FRAME
    ears = Listener(equipment.recogniser, WebrtcVoiceDetector())
    grammar = {"zh": ROOM_NUMBER.phrases("zh", Context())}
    for number, frame in enumerate(frames(line)):
        if number < prompt_ends:
            ears.watch(frame, silence(FRAME))
            continue
        if number == prompt_ends:
            ears.begin(grammar, rule_for("room"), longest_keys=4)  # type: ignore[arg-type]  # a plain string
        if ears.push(frame):
            break
    hearing = await ears.result()
    assert ROOM_NUMBER.from_words(hearing.heard[0].text, "zh", Context()).value == "805"


async def test_what_was_said_and_ended_during_the_prompt_is_no_answer(equipment: Equipment) -> None:
    ears = Listener(equipment.recogniser, WebrtcVoiceDetector())
    for frame in frames(answer(quiet=1.0)):
        ears.watch(frame, silence(FRAME))
    ears.begin(GRAMMARS, rule_for("agreement"), longest_keys=1)  # type: ignore[arg-type]  # plain strings
    assert (await listen(ears, silence(6 * RATE))).kind is HearingKind.SILENT
