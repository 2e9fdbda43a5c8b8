from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ivr.audio.frame import RATE, Samples, silence
from ivr.audio.level import active_level, scale
from ivr.audio.resample import resample
from ivr.audio.tones import noise_floor
from ivr.audio.wav import read_wav, write_wav
from ivr.config import Settings
from ivr.errors import IvrError
from ivr.prompt_import import Recording, known, take, take_folder
from ivr.speech.speaker import Speaker
from ivr.speech.tts import Pyttsx3Voice

KEY = "reception.anything_else"


def _room(length: int) -> Samples:
    return noise_floor(length, -65.0)


@pytest.fixture(scope="module")
def said() -> Samples:
    """The words of KEY, by a voice that stands for a person's."""
    with Pyttsx3Voice() as voice:
        spoken = voice.render("请问还有其他可以帮您的吗？", "zh")
    return scale(np.concatenate([_room(RATE), spoken + _room(len(spoken)), _room(RATE)]), -6)


@pytest.fixture
def site(tmp_path: Path) -> Settings:
    """A site whose prompts are the house's own, in a folder that may be written to."""
    own = Settings()
    prompts = tmp_path / "prompts"
    for language in ("zh", "en"):
        (prompts / language).mkdir(parents=True)
        for path in (own.prompts / language).glob("*.yaml"):
            (prompts / language / path.name).symlink_to(path)
    return own.model_copy(update={"prompts": prompts})


def test_a_recording_is_trimmed_levelled_and_said_from_then_on(site: Settings, said: Samples) -> None:
    wide = resample(said, RATE, 48_000)
    taken = take(site, Recording("microphone", KEY, "zh", wide, 48_000))
    assert (taken.taken, taken.faults) == (True, ())
    kept = read_wav(taken.path)
    assert kept.rate == 48_000
    assert len(kept.samples) / 48_000 < len(said) / RATE - 1.5
    assert active_level(kept.samples, kept.rate).dbfs == pytest.approx(-20, abs=0.5)
    with Pyttsx3Voice() as voice:
        assert Speaker(voice, site.prompts).recorded_keys("zh") == {KEY}


def test_a_folder_is_taken_file_by_file_with_the_reason_for_each_refusal(
    site: Settings, said: Samples, tmp_path: Path
) -> None:
    folder = tmp_path / "studio"
    (folder / "zh").mkdir(parents=True)
    (folder / "en").mkdir()
    cut = said[RATE + 4000 :]
    for name, samples in {
        f"zh/{KEY}": said,
        "zh/reception.anything_els": said,
        "zh/wakeup.confirm": said,
        "zh/reception.yes_or_no": scale(said, 40),
        "zh/wakeup.what_room": scale(said, -30),
        "zh/wakeup.what_time": cut,
        "zh/common.help": said,
        "zh/wakeup.corrected": silence(RATE),
        "en/goodbye.bad_line": silence(RATE),
    }.items():
        write_wav(folder / f"{name}.wav", samples)
    (folder / "zh" / "common.are_you_there.WAV").write_bytes(b"RIFF")
    found = {each.key: each for each in take_folder(site, folder, None)}
    assert [key for key, each in found.items() if each.taken] == [KEY]
    for key, says in {
        "reception.anything_els": "did you mean “reception.anything_else”?",
        "wakeup.confirm": "holds {guest}, {room}, {date}, {time}: only the voice can say it",
        "reception.yes_or_no": "clipped in",
        "wakeup.what_room": "too quiet",
        "wakeup.what_time": "begins within a sound",
        "common.help": "too fast",
        "wakeup.corrected": "nothing but silence",
        "goodbye.bad_line": "nothing but silence",
        "common.are_you_there": "expected a WAV file",
    }.items():
        assert says in "; ".join(found[key].faults), found[key]
        assert not found[key].path
    assert sorted(path.name for path in site.prompts.rglob("*.wav")) == [f"{KEY}.wav"]


def test_force_takes_what_can_be_played_in_spite_of_its_faults(site: Settings, said: Samples, tmp_path: Path) -> None:
    for key in ("common.help", "wakeup.corrected", "wakeup.confirm"):
        write_wav(tmp_path / f"{key}.wav", silence(RATE) if key == "wakeup.corrected" else said)
    found = {each.key: each for each in take_folder(site, tmp_path, "zh", force=True)}
    assert {key: each.taken for key, each in found.items()} == {
        "common.help": True,
        "wakeup.confirm": False,
        "wakeup.corrected": False,
    }
    assert "too fast" in found["common.help"].faults[0]


def test_a_folder_without_recordings_says_what_was_expected(site: Settings, tmp_path: Path) -> None:
    with pytest.raises(IvrError, match=r"zh/KEY\.wav or en/KEY\.wav"):
        list(take_folder(site, tmp_path, None))


def test_who_records_is_told_the_words_first(site: Settings) -> None:
    assert known(site, KEY, "zh") == "请问还有其他可以帮您的吗？"
    with pytest.raises(IvrError, match="only the voice can say it"):
        known(site, "wakeup.confirm", "zh")
    with pytest.raises(IvrError, match=r"did you mean “wakeup\.what_room”"):
        known(site, "wakeup.wat_room", "zh")
