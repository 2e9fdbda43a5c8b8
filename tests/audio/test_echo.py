from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from ivr.audio.echo import Cancelled, EchoCanceller
from ivr.audio.frame import FRAME, RATE, Samples, silence
from ivr.audio.g711 import decode_ulaw, encode_ulaw
from ivr.audio.level import rms_dbfs, scale
from ivr.audio.tones import NoiseFloor
from ivr.audio.wav import read_wav
from ivr.errors import AudioError
from tests.conftest import RECORDINGS

SECOND = RATE


def said(voice: str, seconds: int) -> Samples:
    """Phrases of one caller, one after the other, at 8 kHz."""
    files = sorted((RECORDINGS / "callers" / voice).glob("zh-*.wav"))
    pieces = [read_wav(path).samples for path in files]
    return np.concatenate(pieces)[: seconds * SECOND]


@pytest.fixture(scope="module")
def ours() -> Samples:
    return said("jm_kumo", 6)


@pytest.fixture(scope="module")
def caller() -> Samples:
    return said("jf_nezumi", 6)


def echo(ours: Samples, delay_ms: int, db: float = -20.0) -> Samples:
    """Three reflections of `ours`, the first `delay_ms` late, through mu-law there."""
    sent, late = decode_ulaw(encode_ulaw(ours)).astype(float), delay_ms * RATE // 1000
    sound = np.zeros(len(ours))
    for later, share in ((0, 1.0), (50, -0.4), (170, 0.25)):
        sound[late + later :] += share * sent[: len(sent) - late - later]
    return scale(np.rint(sound / 1.7).astype(np.int16), db + 4.0)


def line(*sounds: Samples) -> Samples:
    """The sounds together over a line's noise, through mu-law."""
    together = np.sum([sound.astype(np.int32) for sound in sounds], axis=0)
    noisy = NoiseFloor(-65.0).add(np.clip(together, -32768, 32767).astype(np.int16), 0)
    return decode_ulaw(encode_ulaw(noisy))


def run(canceller: EchoCanceller, ours: Samples, theirs: Samples) -> Iterator[Cancelled]:
    for start in range(0, len(ours) // FRAME * FRAME, FRAME):
        yield canceller.push(ours[start : start + FRAME], theirs[start : start + FRAME])


def left(canceller: EchoCanceller, ours: Samples, theirs: Samples) -> Samples:
    return np.concatenate([each.samples for each in run(canceller, ours, theirs)])


def taken(before: Samples, after: Samples, start: float, end: float) -> float:
    """By how many dB a stretch became quieter; seconds."""
    part = slice(round(start * SECOND), round(end * SECOND))
    return rms_dbfs(before[part]) - rms_dbfs(after[part])


@pytest.mark.parametrize("delay_ms", [0, 20, 173, 350, 395])
def test_an_echo_of_any_delay_is_taken_out_within_a_second_and_a_half(ours: Samples, delay_ms: int) -> None:
    came = line(echo(ours, delay_ms))
    assert taken(came, left(EchoCanceller(), ours, came), 1.5, 6.0) > 15.0


def test_what_is_left_is_what_came_where_there_is_no_echo(ours: Samples, caller: Samples) -> None:
    came = line(caller)
    assert (left(EchoCanceller(), ours, came) == came).all()


def test_what_is_left_is_what_came_while_we_are_silent(caller: Samples) -> None:
    came = line(caller)
    assert (left(EchoCanceller(), silence(len(came)), came) == came).all()


def test_the_path_is_kept_from_prompt_to_prompt_whatever_the_caller_says_between(
    ours: Samples, caller: Samples
) -> None:
    canceller = EchoCanceller()
    prompt = np.concatenate([ours, silence(SECOND // 2)])
    came = line(echo(prompt, 120))
    left(canceller, prompt, came)
    left(canceller, silence(len(caller)), line(caller))
    assert taken(came, left(canceller, ours, came), 0.0, 0.7) > 12.0


def test_the_tail_of_our_last_word_is_taken_out_after_the_prompt(ours: Samples) -> None:
    sent = np.concatenate([ours[: 3 * SECOND], silence(SECOND)])
    came = line(echo(sent, 350))
    assert taken(came, left(EchoCanceller(), sent, came), 3.0, 3.35) > 10.0


def test_a_caller_over_the_echo_keeps_the_voice_and_spoils_nothing(ours: Samples, caller: Samples) -> None:
    over = np.concatenate([silence(2 * SECOND), caller[: 2 * SECOND], silence(2 * SECOND)])
    came = line(echo(ours, 120), over)
    rest = left(EchoCanceller(), ours, came)
    spoken = slice(2 * SECOND, 4 * SECOND)
    assert rms_dbfs((rest - over)[spoken]) < rms_dbfs(over[spoken]) - 15.0
    assert taken(came, rest, 4.0, 6.0) > 15.0


def test_a_path_that_changes_is_learnt_anew(ours: Samples) -> None:
    canceller = EchoCanceller()
    left(canceller, ours, line(echo(ours, 120)))
    came = line(echo(ours, 210, -16.0))
    assert taken(came, left(canceller, ours, came), 2.0, 6.0) > 15.0


def test_an_echo_that_ends_leaves_nothing_of_ours_behind(ours: Samples) -> None:
    canceller = EchoCanceller()
    left(canceller, ours, line(echo(ours, 120)))
    came = line(silence(len(ours)))
    assert taken(came, left(canceller, ours, came), 0.0, 6.0) > -0.1


def test_the_same_call_gives_the_same_samples(ours: Samples) -> None:
    came = line(echo(ours, 60))
    first, second = (list(run(EchoCanceller(), ours, came)) for _ in range(2))
    assert all(
        (one.samples == two.samples).all() and one.leak_dbfs == two.leak_dbfs
        for one, two in zip(first, second, strict=True)
    )


def test_the_leak_tells_how_loud_the_echo_may_be_that_is_left(ours: Samples) -> None:
    found = list(run(EchoCanceller(), ours, line(echo(ours, 60, -10.0))))
    # nothing is known yet: all of our voice may come back
    assert max(each.leak_dbfs for each in found[:20]) > -25.0
    late = found[150:]
    loud = [each for each in late if rms_dbfs(each.samples) > -60.0]
    assert len(loud) > 15
    assert all(rms_dbfs(each.samples) < each.leak_dbfs + 9.0 for each in loud)
    assert max(each.leak_dbfs for each in late) < -35.0


def test_nothing_leaks_on_a_line_without_echo(ours: Samples) -> None:
    found = list(run(EchoCanceller(), ours, line(silence(len(ours)))))
    assert max(each.leak_dbfs for each in found[75:]) < -50.0


@pytest.mark.parametrize("wrong", [silence(80), silence(0), np.zeros(FRAME, dtype=np.float64)])
def test_another_shape_than_a_frame_is_refused(wrong: Samples) -> None:
    with pytest.raises(AudioError, match="expected"):
        EchoCanceller().push(wrong, silence(FRAME))
    with pytest.raises(AudioError, match="expected"):
        EchoCanceller().push(silence(FRAME), wrong)
