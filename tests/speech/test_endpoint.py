from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.audio.frame import FRAME, RATE, Frame
from ivr.speech.endpoint import LONGEST_MS, TRAILING_MS, Endpoint, Endpointer, EndpointRule, rule_for

LOUD, FAINT = 0.1, 0.1 * 10 ** (-30 / 20)
START = 16_000
"""the prompts before ended here"""

PATTERN = np.array([1, -1] * (FRAME // 2)) * 32767

RULE = EndpointRule(wait=RATE, trailing=RATE // 2, longest=2 * RATE)


def listen(pattern: str, rule: EndpointRule = RULE) -> tuple[Endpointer, list[tuple[Endpoint, int]]]:
    """One letter a frame: V voice, v voice 30 dB fainter, anything else none; events with the frame's end."""
    endpointer, events = Endpointer(rule), []
    for number, letter in enumerate(pattern):
        level = {"V": LOUD, "v": FAINT}.get(letter, 0.0)
        frame = Frame((PATTERN * level).astype(np.int16), RATE, START + number * FRAME)
        event = endpointer.push(frame, letter in "Vv")
        if event is not None:
            events.append((event, frame.end - START))
    return endpointer, events


def test_silence_is_silent_after_the_wait_exactly() -> None:
    _, events = listen("." * 100)
    assert events == [(Endpoint.SILENT, RATE)]


def test_three_voiced_frames_of_six_make_a_beginning() -> None:
    endpointer, events = listen("..V.V.V")
    assert events == [(Endpoint.VOICE_STARTED, 7 * FRAME)]
    assert endpointer.voice_start == START + 2 * FRAME


def test_clicks_further_apart_make_none() -> None:
    _, events = listen("V..V..V..V..V..V" + "." * 60)
    assert [event for event, _ in events] == [Endpoint.SILENT]


def test_an_utterance_ends_after_its_trailing_silence() -> None:
    endpointer, events = listen("...." + "V" * 20 + "." * 60)
    assert events[1:] == [(Endpoint.ENDED, 24 * FRAME + RATE // 2)]
    assert endpointer.voice_start == START + 4 * FRAME
    assert endpointer.voice_end == START + 24 * FRAME


def test_a_pause_shorter_than_that_does_not_end_it() -> None:
    endpointer, events = listen("V" * 10 + "." * 24 + "V" * 10 + "." * 60)
    assert [event for event, _ in events] == [Endpoint.VOICE_STARTED, Endpoint.ENDED]
    assert endpointer.voice_end == START + 44 * FRAME


def test_a_voice_that_begins_at_the_last_moment_is_heard() -> None:
    _, events = listen("." * 48 + "VV" + "V" * 10 + "." * 60)
    assert [event for event, _ in events] == [Endpoint.VOICE_STARTED, Endpoint.ENDED]


def test_babble_under_the_voice_does_not_prolong_it() -> None:
    endpointer, events = listen("V" * 20 + "v" * 200)
    assert events[-1] == (Endpoint.ENDED, 20 * FRAME + RATE // 2)
    assert endpointer.voice_end == START + 20 * FRAME


def test_a_weak_syllable_on_a_quiet_line_does_prolong_it() -> None:
    endpointer, _ = listen("." * 20 + "V" * 20 + "v" * 10 + "." * 60)
    assert endpointer.voice_end == START + 50 * FRAME


def test_babble_that_was_there_before_the_voice_does_not_prolong_it_either() -> None:
    rule = EndpointRule(wait=RATE, trailing=RATE // 2, longest=4 * RATE)
    endpointer, events = Endpointer(rule), []
    for number, letter in enumerate("v" * 20 + "V" * 20 + "v" * 60):
        samples = (PATTERN * (LOUD if letter == "V" else FAINT)).astype(np.int16)
        # the detector takes the babble for voice only once somebody has spoken
        events.append(endpointer.push(Frame(samples, RATE, START + number * FRAME), number >= 20))
    assert events.index(Endpoint.ENDED) == 40 + 24
    assert endpointer.voice_end == START + 40 * FRAME


def test_one_click_is_no_peak() -> None:
    endpointer, events = listen("v" * 10 + "V" + "v" * 20 + "." * 60)
    assert endpointer.voice_end == START + 31 * FRAME
    assert events[-1][0] is Endpoint.ENDED


def test_an_endless_voice_is_cut() -> None:
    _, events = listen("V" * 400)
    assert events[-1] == (Endpoint.TOO_LONG, 2 * RATE)


def test_nothing_comes_after_the_end() -> None:
    endpointer, events = listen("." * 60 + "V" * 50)
    assert [event for event, _ in events] == [Endpoint.SILENT]
    assert endpointer.outcome is Endpoint.SILENT
    assert endpointer.voice_start is None


@pytest.mark.parametrize(("kind", "milliseconds"), TRAILING_MS.items())
def test_each_kind_of_question_has_its_trailing_silence(kind: str, milliseconds: int) -> None:
    rule = rule_for(kind, wait=3 * RATE)
    assert (rule.trailing, rule.wait) == (milliseconds * 8, 3 * RATE)
    assert rule.longest == LONGEST_MS[kind] * 8


def test_an_answer_is_not_cut_before_the_wait_is_over_that_tells_who_talks_to_others() -> None:
    """A question that waits for 8 s, as one to a voice that is too quiet, and an answer of 6 s at most (S5)."""
    assert rule_for("agreement", wait=8 * RATE).longest > 8 * RATE


def test_eleven_digits_with_pauses_are_not_cut_by_their_length() -> None:
    endpointer, _ = listen(("V" * 25 + "." * 35) * 11 + "." * 50, rule_for("room"))
    assert endpointer.voice_end == START + (10 * 60 + 25) * FRAME


@given(st.text(alphabet="Vv.", max_size=220))
def test_it_always_ends_and_its_events_come_in_order(pattern: str) -> None:
    endless = (pattern or ".") * (400 // max(1, len(pattern)) + 1)
    endpointer, events = listen(endless)
    kinds = [event for event, _ in events]
    last = events[-1][1]
    assert kinds in (
        [Endpoint.SILENT],
        [Endpoint.VOICE_STARTED, Endpoint.ENDED],
        [Endpoint.VOICE_STARTED, Endpoint.TOO_LONG],
    )
    assert last <= RULE.wait + RULE.begin_within + RULE.longest
    if endpointer.voice_start is not None and endpointer.voice_end is not None:
        assert START <= endpointer.voice_start < endpointer.voice_end <= START + last
