from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from ivr.audio.frame import silence
from ivr.audio.tones import NoiseFloor
from ivr.errors import RecognitionError
from ivr.speech.utterance import Lane, Recogniser, Utterance


class Broken:
    """A recogniser whose library fails, which the real one never does on demand."""

    def __init__(self, result: str) -> None:
        self._result = result

    def AcceptWaveform(self, data: bytes) -> int:  # noqa: N802  Vosk's name
        if not self._result:
            raise Exception("Failed to process waveform")  # noqa: TRY002  as vosk does
        return 0

    def FinalResult(self) -> str:  # noqa: N802  Vosk's name
        return self._result


def give(recogniser: Recogniser) -> Recogniser:
    return recogniser


def fail() -> Recogniser:
    raise Exception("Failed to create a recognizer")  # noqa: TRY002  as vosk does


@pytest.mark.parametrize(
    ("take", "message"),
    [
        (fail, "cannot make a recogniser for en"),
        (partial(give, Broken("")), "failed on en sound"),
        (partial(give, Broken("{nonsense")), "gave no result for en sound"),
    ],
)
async def test_the_librarys_errors_become_ours_and_its_recogniser_is_not_used_again(
    take: Callable[[], Recogniser], message: str
) -> None:
    returned: list[Recogniser] = []
    with ThreadPoolExecutor(1) as pool:
        utterance = Utterance("en", take, returned.append, Lane(pool), NoiseFloor())
        utterance.feed(silence(1600), 0)
        with pytest.raises(RecognitionError, match=message):
            await utterance.result()
    assert returned == []


async def test_unknown_words_are_stripped_at_both_ends_only() -> None:
    words = [("[unk]", 0.1), ("留言", 1.0), ("[unk]", 0.2), ("七点", 0.6), ("[unk]", 0.3)]
    inner = ", ".join(f'{{"word": "{word}", "conf": {confidence}}}' for word, confidence in words)
    recogniser, returned = Broken(f'{{"result": [{inner}]}}'), list[Recogniser]()
    with ThreadPoolExecutor(1) as pool:
        utterance = Utterance("zh", partial(give, recogniser), returned.append, Lane(pool), NoiseFloor())
        heard = await utterance.result()
    assert heard.text == "留言 [unk] 七点"
    assert heard.confidence == pytest.approx(0.6)
    assert returned == [recogniser]


def test_the_jobs_of_a_lane_run_in_order_and_lanes_take_turns() -> None:
    done: list[tuple[int, int]] = []
    begin, ends = threading.Event(), [threading.Event() for _ in range(3)]
    with ThreadPoolExecutor(1) as pool:
        pool.submit(begin.wait)
        lanes = [Lane(pool) for _ in ends]
        for number in range(4):
            for which, lane in enumerate(lanes):
                lane.put(partial(done.append, (number, which)))
        for lane, end in zip(lanes, ends, strict=True):
            lane.put(end.set)
        begin.set()
        assert all(end.wait(5.0) for end in ends)
    assert done == [(number, which) for number in range(4) for which in range(3)]


def test_what_was_cleared_never_runs() -> None:
    done: list[int] = []
    begin = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(begin.wait)
        lane = Lane(pool)
        for number in range(3):
            lane.put(partial(done.append, number))
        lane.clear()
        begin.set()
        lane.put(partial(done.append, 9))
    assert done == [9]
