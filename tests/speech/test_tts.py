from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from ivr.audio.frame import RATE
from ivr.audio.level import active_level, trim
from ivr.errors import VoiceError
from ivr.records import Language
from ivr.speech.tts import CEILING_DBFS, KEEP_MS, LONGEST, Pyttsx3Voice
from ivr.speech.tts_process import SpeechWorker
from ivr.speech.voices import CALLER_VOICES, DEFAULT_VOICES, VoiceChoice

Said = dict[tuple[str, Language], bytes]

ZH = """您好，这里是前台。|请问您需要几点的叫醒服务？
好的，明天早上六点半叫醒您，对吗？|对不起，我没有听清楚。|请再说一遍。
请按一。|您的房号是三零一。|祝您晚安，再见。
请稍等。|正在为您转接总台。|请在提示音之后留言。|您也可以使用电话键盘。|谢谢。|喂，您好？|好。"""
EN = """Hello, this is the front desk.|What time shall we call you?
Half past six tomorrow, is that right?|I am sorry.|Say it again.
Press one.|Your room is three zero one.|Good night, and goodbye.|One moment.|I am connecting you.
Leave your message after the tone.
You can also use the keypad.|Thank you.|Hello? Are you there?|Yes."""
TEXTS: list[tuple[str, Language]] = [
    *((text, "zh") for text in ZH.replace("\n", "|").split("|")),
    *((text, "en") for text in EN.replace("\n", "|").split("|")),
]


@pytest.fixture(scope="module")
def worker() -> Iterator[SpeechWorker]:
    with SpeechWorker() as worker:
        yield worker


@pytest.fixture(scope="module")
def voice(worker: SpeechWorker) -> Pyttsx3Voice:
    return Pyttsx3Voice(worker=worker)


@pytest.fixture(scope="module")
def said(voice: Pyttsx3Voice) -> Said:
    return {(text, language): voice.render(text, language).tobytes() for text, language in TEXTS}


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_text_gives_the_same_samples_in_any_order(voice: Pyttsx3Voice, said: Said, seed: int) -> None:
    order = random.Random(seed).sample(TEXTS, len(TEXTS))  # noqa: S311 - a shuffle, no secret
    assert {(text, language): voice.render(text, language).tobytes() for text, language in order} == said


def test_two_workers_at_once_say_the_same_and_nothing_is_ever_empty(said: Said) -> None:
    with Pyttsx3Voice() as one, Pyttsx3Voice() as other, ThreadPoolExecutor(4) as pool:
        jobs = [(item, pool.submit(voice.render, *item)) for item in reversed(TEXTS) for voice in (one, other)]
        assert all(job.result(60).tobytes() == said[item] for item, job in jobs)


def test_a_text_is_the_same_after_other_voices_and_speeds(
    worker: SpeechWorker, voice: Pyttsx3Voice, said: Said
) -> None:
    for caller in CALLER_VOICES.values():
        other = Pyttsx3Voice({caller.language: caller.choice}, worker)
        breath = other.render("12", caller.language).tobytes()
        assert voice.render(*TEXTS[0]).tobytes() == said[TEXTS[0]]
        assert other.render("12", caller.language).tobytes() == breath


def test_many_threads_may_share_one_voice(voice: Pyttsx3Voice, said: Said) -> None:
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(lambda item: voice.render(*item).tobytes(), TEXTS)) == [said[item] for item in TEXTS]


def test_every_text_is_trimmed_and_at_the_house_level(said: Said) -> None:
    for item, sound in said.items():
        samples = np.frombuffer(sound, dtype=np.int16)
        assert active_level(samples, RATE).dbfs == pytest.approx(-20.0, abs=1.0), item
        assert np.abs(samples.astype(int)).max() <= 32768 * 10 ** (CEILING_DBFS / 20) + 1, item
        assert len(samples) - len(trim(samples, RATE, keep_ms=KEEP_MS)) <= RATE // 100, item


@pytest.mark.parametrize("text", ["", "  ", "。。", "a\x00b", "a\x01b", "\ud800", "好" * (LONGEST + 1)])
def test_a_text_that_cannot_be_said_is_an_error_and_not_a_hang(voice: Pyttsx3Voice, text: str) -> None:
    with pytest.raises(VoiceError, match="text"):
        voice.render(text, "zh")


def test_markup_is_read_and_not_obeyed(voice: Pyttsx3Voice) -> None:
    plain = voice.render("one", "en")
    assert len(voice.render("<break time='5s'/> [[h@loU]] one", "en")) > len(plain)


def test_a_language_without_a_voice_is_an_error(worker: SpeechWorker) -> None:
    with pytest.raises(VoiceError, match="no voice is chosen"):
        Pyttsx3Voice({"zh": DEFAULT_VOICES["zh"]}, worker).render("hello", "en")


def test_the_name_tells_versions_and_settings_apart(worker: SpeechWorker, voice: Pyttsx3Voice) -> None:
    assert "pyttsx3-2.99 espeakng-loader-" in voice.name
    names = {
        Pyttsx3Voice({"zh": choice}, worker).name
        for choice in (
            VoiceChoice("sit/cmn", 128),
            VoiceChoice("sit/cmn+f2", 128),
            VoiceChoice("sit/cmn", 129),
            VoiceChoice("sit/cmn", 128, 0.5),
            VoiceChoice("sit/cmn", 128, 0.6, 51),
        )
    }
    assert len(names) == 5


def test_a_borrowed_worker_outlives_the_voice(worker: SpeechWorker, voice: Pyttsx3Voice) -> None:
    voice.render("您好", "zh")
    before = worker.pid
    with Pyttsx3Voice(worker=worker) as borrowing:
        borrowing.render("您好", "zh")
    assert worker.pid == before
