from __future__ import annotations

from pathlib import Path

import pytest

from ivr.audio.tones import tone
from ivr.audio.wav import write_wav
from ivr.bench.exam.corpus import Clip, Shard, Split
from ivr.bench.exam.trials import caller_trials, corpus_trials, digit_trials, thinned
from ivr.demo import RECORDINGS
from ivr.errors import AudioError, FlowError

CALLERS = RECORDINGS / "callers"
VOICE = tone((300.0, 700.0), 0.5, -20.0)


def _clip(number: int, text: str, split: Split = "test") -> Clip:
    return Clip(f"joe-en-{number}", text, "en", (1,), "joe", "piper", split, 0.5)


def test_a_test_voices_clip_finds_its_question_by_its_text(tmp_path: Path) -> None:
    with Shard(tmp_path, "piper-en") as shard:
        said = ("yes", "one two oh eight", "half past six", "grandpa sleeps", "in room three")
        for number, text in enumerate(said):
            shard.add(_clip(number, text), VOICE)
        shard.add(_clip(9, "no", "train"), VOICE)
    found = {trial.said: trial.question and trial.question.name for trial in corpus_trials(tmp_path)}
    assert found == {
        "yes": "agreement",
        "one two oh eight": "room_number",
        "half past six": "clock_time",
        "grandpa sleeps": None,
        "in room three": None,
    }


def test_training_voices_are_no_trials(tmp_path: Path) -> None:
    with Shard(tmp_path, "piper-en") as shard:
        shard.add(_clip(1, "yes", "train"), VOICE)
        shard.add(_clip(2, "yes", "tune"), VOICE)
    assert list(corpus_trials(tmp_path)) == []


def test_the_callers_recordings_answer_the_products_questions() -> None:
    trials = list(caller_trials(CALLERS))
    assert len(trials) > 100
    assert all(trial.question is not None and trial.question.takes(trial.said) for trial in trials)


def test_human_digits_tell_digit_and_speaker_by_their_names(tmp_path: Path) -> None:
    for name in ("7_ann_0", "7_ann_1", "3_bob_0"):
        write_wav(tmp_path / f"{name}.wav", VOICE)
    assert [(each.said, each.voice) for each in digit_trials(tmp_path)] == [
        ("three", "bob"),
        ("seven", "ann"),
        ("seven", "ann"),
    ]
    assert len(list(digit_trials(tmp_path, 1))) == 2


def test_a_folder_without_digits_is_named(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="7_jackson_12"):
        list(digit_trials(tmp_path))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("file,voice\nyes.wav,ann\n", r"manifest\.csv:2: expected file, voice, engine, language"),
        ("", r"manifest\.csv: cannot be read"),
    ],
)
def test_a_manifest_that_is_not_whole_is_named(tmp_path: Path, text: str, told: str) -> None:
    if text:
        (tmp_path / "manifest.csv").write_text(text, encoding="utf-8")
    with pytest.raises(FlowError, match=told):
        list(caller_trials(tmp_path))


def test_a_silent_clip_is_named_and_never_scored(tmp_path: Path) -> None:
    write_wav(tmp_path / "7_ann_0.wav", VOICE * 0)
    with pytest.raises(AudioError, match=r"7_ann_0: “seven” of ann is silent"):
        list(digit_trials(tmp_path))


def test_every_nth_trial_is_taken() -> None:
    trials = list(caller_trials(CALLERS))
    assert [each.name for each in thinned(trials, 50)] == [each.name for each in trials[::50]]
