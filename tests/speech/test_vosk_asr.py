from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ivr.audio.frame import RATE, Samples, silence
from ivr.audio.tones import NoiseFloor, noise_floor
from ivr.audio.wav import read_wav
from ivr.errors import ModelError, RecognitionError
from ivr.records import Heard, Language
from ivr.speech.models import BUNDLED, SpeechModel, open_model
from ivr.speech.vosk_asr import VoskRecogniser

FOLDER = Path(__file__).parents[1] / "audio" / "hearing"

PHRASES: dict[Language, tuple[str, ...]] = {
    "zh": ("是的", "不是", "早上七点半", "早上八点", "一二零八", "一二零七", "再说一遍", "转人工"),
    "en": ("yes", "no", "half past six", "half past seven", "one two oh eight", "one two oh nine", "operator"),
}

SAID = {
    "zh-yes": "是的",
    "zh-half-past-seven": "早上 七点半",
    "zh-room-1208": "一二 零八",
    "en-yes": "yes",
    "en-half-past-six": "half past six",
    "en-room-1208": "one two oh eight",
}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> SpeechModel:
    return open_model(BUNDLED / "front-desk-zh-en", tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def recogniser(model: SpeechModel) -> Iterator[VoskRecogniser]:
    with VoskRecogniser({"zh": model, "en": model}) as recogniser:
        yield recogniser


def sound(name: str) -> Samples:
    return read_wav(FOLDER / f"{name}.wav").samples


def language_of(name: str) -> Language:
    return "zh" if name.startswith("zh") else "en"


def hoarse(name: str, dbfs: float = -17.0) -> Samples:
    """The phrase under noise 3 dB louder than it; under 6 dB more of it words go wrong."""
    return NoiseFloor(dbfs, seed=4).add(sound(name), 0)


async def hear(
    recogniser: VoskRecogniser, language: Language, samples: Samples, *, piece: int = 160, offset: int = 0
) -> Heard:
    utterance = recogniser.begin(language, PHRASES[language])
    for start in range(0, len(samples), piece):
        utterance.feed(samples[start : start + piece], offset + start)
    return await utterance.result()


@pytest.mark.parametrize("name", SAID)
async def test_spoken_phrases_are_heard(recogniser: VoskRecogniser, name: str) -> None:
    heard = await hear(recogniser, language_of(name), sound(name))
    assert heard.text == SAID[name]
    assert heard.language == language_of(name)
    assert 0.5 < heard.confidence <= 1.0


async def test_the_same_sound_gives_the_same_words_twenty_times_alone_and_four_at_once(
    recogniser: VoskRecogniser,
) -> None:
    samples = hoarse("zh-room-1208")
    alone = [await hear(recogniser, "zh", samples) for _ in range(8)]
    together: list[Heard] = []
    for _ in range(3):
        together += await asyncio.gather(*(hear(recogniser, "zh", samples) for _ in range(4)))
    assert len(set(alone + together)) == 1


async def test_a_recogniser_that_was_used_before_hears_as_a_new_one_does(model: SpeechModel) -> None:
    chinese = [name for name in SAID if name.startswith("zh")]
    samples = [hoarse(name, -14.0) for name in chinese]
    fresh = []
    for sound_ in samples:
        with VoskRecogniser({"zh": model}, threads=1) as new:
            fresh.append(await hear(new, "zh", sound_))
    # where every word is right, a difference would not show
    assert any(heard.text not in {"", SAID[name]} for heard, name in zip(fresh, chinese, strict=True))
    with VoskRecogniser({"zh": model}, threads=1) as used:
        for order in (1, -1):
            again = [await hear(used, "zh", sound_) for sound_ in samples[::order]]
            assert again == fresh[::order]
        # a call that was given up half-way leaves nothing behind
        given_up = used.begin("zh", PHRASES["zh"])
        given_up.feed(samples[1][:9000], 0)
        given_up.cancel()
        assert await hear(used, "zh", samples[0]) == fresh[0]


async def test_the_words_do_not_depend_on_how_the_sound_is_cut(recogniser: VoskRecogniser) -> None:
    samples = hoarse("en-room-1208")
    heard = {await hear(recogniser, "en", samples, piece=piece) for piece in (160, 333, 800, 100_000)}
    assert len(heard) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("dbfs", [None, -70.0, -50.0, -35.0])
async def test_silence_and_noise_are_no_words(
    recogniser: VoskRecogniser, language: Language, dbfs: float | None
) -> None:
    samples = silence(3 * RATE) if dbfs is None else noise_floor(3 * RATE, dbfs, seed=9)
    assert await hear(recogniser, language, samples) == Heard(language, "", 0.0)


async def test_digital_silence_around_a_phrase_adds_no_words(recogniser: VoskRecogniser) -> None:
    samples = np.concatenate([silence(RATE), sound("en-yes"), silence(2 * RATE)])
    assert (await hear(recogniser, "en", samples)).text == "yes"


async def test_no_sound_at_all_is_no_words(recogniser: VoskRecogniser) -> None:
    assert await recogniser.begin("en", PHRASES["en"]).result() == Heard("en", "", 0.0)


async def test_two_languages_listen_side_by_side(recogniser: VoskRecogniser) -> None:
    samples = sound("en-half-past-six")
    chinese, english = await asyncio.gather(hear(recogniser, "zh", samples), hear(recogniser, "en", samples))
    assert english.text == "half past six"
    assert chinese.language == "zh"


def test_the_grammar_is_plain_utf8_sorted_and_has_the_unknown_word(recogniser: VoskRecogniser) -> None:
    assert recogniser.grammar("zh", ("是的", "早上七点半", "早上 七点半")) == '["[unk]", "早上 七点半", "是的"]'


def test_a_model_without_the_unknown_word_gets_none(model: SpeechModel) -> None:
    plain = SpeechModel(model.path, model.languages, model.vocabulary - {"[unk]"})
    with VoskRecogniser({"en": plain}) as recogniser:
        assert recogniser.grammar("en", ("yes",)) == '["yes"]'


@pytest.mark.parametrize("phrases", [(), ("",), ("yes", "  ")])
def test_an_empty_grammar_is_refused_before_vosk_dies_of_it(
    recogniser: VoskRecogniser, phrases: tuple[str, ...]
) -> None:
    with pytest.raises(RecognitionError, match="expected en phrases"):
        recogniser.begin("en", phrases)


@pytest.mark.parametrize(
    ("language", "phrase"), [("en", "wakup call"), ("zh", "早上龘点"), ("en", "[unk]"), ("en", '"')]
)
def test_a_word_that_the_model_lacks_is_refused(recogniser: VoskRecogniser, language: Language, phrase: str) -> None:
    with pytest.raises(RecognitionError, match=f"the {language} speech model lacks"):
        recogniser.begin(language, (phrase,))


def test_a_language_without_a_model_is_refused(model: SpeechModel) -> None:
    with VoskRecogniser({"en": model}) as recogniser, pytest.raises(RecognitionError, match="loaded for zh"):
        recogniser.begin("zh", ("是的",))


def test_a_model_that_vosk_cannot_load_is_an_error(model: SpeechModel, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Vosk cannot load") as caught:
        VoskRecogniser({"en": SpeechModel(tmp_path, (), model.vocabulary)})
    assert caught.value.where == str(tmp_path)


async def test_whoever_waits_for_a_cancelled_utterance_is_told(recogniser: VoskRecogniser) -> None:
    utterance = recogniser.begin("en", PHRASES["en"])
    utterance.feed(sound("en-yes"), 0)
    utterance.cancel()
    utterance.cancel()
    with pytest.raises(RecognitionError, match="cancelled"):
        await utterance.result()
    with pytest.raises(RecognitionError, match="has ended"):
        utterance.feed(sound("en-yes"), 0)


async def test_the_result_may_be_asked_twice(recogniser: VoskRecogniser) -> None:
    utterance = recogniser.begin("en", PHRASES["en"])
    utterance.feed(sound("en-yes"), 0)
    assert await utterance.result() == await utterance.result()


async def test_a_wait_that_is_cancelled_gives_the_utterance_up(recogniser: VoskRecogniser) -> None:
    utterance = recogniser.begin("zh", PHRASES["zh"])
    utterance.feed(sound("zh-room-1208"), 0)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await utterance.result()
    assert (await hear(recogniser, "zh", sound("zh-yes"))).text == "是的"


async def test_closing_ends_what_is_still_being_heard(model: SpeechModel) -> None:
    recogniser = VoskRecogniser({"en": model}, threads=1)
    waiting = [asyncio.create_task(hear(recogniser, "en", sound("en-room-1208"))) for _ in range(6)]
    open_ = recogniser.begin("en", PHRASES["en"])
    await asyncio.sleep(0)
    recogniser.close()
    recogniser.close()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(result, RecognitionError | Heard) for result in results)
    assert any(isinstance(result, RecognitionError) for result in results)
    with pytest.raises(RecognitionError):
        await open_.result()
    with pytest.raises(RecognitionError, match="closed"):
        recogniser.begin("en", PHRASES["en"])
