from __future__ import annotations

from pathlib import Path

import pytest

from ivr.audio.frame import RATE
from ivr.audio.level import active_level
from ivr.audio.wav import read_wav
from ivr.bench.voices import known_recordings, recorded_voices, recordings
from ivr.errors import FlowError, IvrError, VoiceError
from tests.conftest import RECORDINGS


def test_every_recording_of_the_manifest_is_there_at_telephone_rate_and_level() -> None:
    found = recordings(RECORDINGS)
    assert len(found) >= 100
    for each in found:
        sound = read_wav(each.path)
        assert sound.rate == RATE
        assert active_level(sound.samples).dbfs == pytest.approx(-20, abs=2), each.path


def test_a_recorded_voice_says_what_was_recorded() -> None:
    voice = recorded_voices(RECORDINGS)["jm_kumo"]
    assert len(voice.render("早上六点半", "zh")) > RATE // 2


def test_a_recorded_voice_names_what_it_can_say() -> None:
    voice = recorded_voices(RECORDINGS)["jm_kumo"]
    with pytest.raises(VoiceError, match="jm_kumo has no recording of “abracadabra”; it can say: yes"):
        voice.render("abracadabra", "en")


def test_a_folder_without_a_manifest_has_no_voices(tmp_path: Path) -> None:
    assert recorded_voices(tmp_path) == {}


def test_a_row_that_is_not_whole_is_named(tmp_path: Path) -> None:
    manifest = tmp_path / "callers" / "manifest.csv"
    manifest.parent.mkdir()
    manifest.write_text("file,voice,engine,language,kind,text,licence\na.wav,v,e,fr,menu,bonjour,free\n")
    with pytest.raises(FlowError) as caught:
        recordings(tmp_path)
    assert caught.value.where == f"{manifest}:2"


def test_what_measures_with_recordings_says_where_they_are_when_they_are_not_here(tmp_path: Path) -> None:
    with pytest.raises(IvrError, match="a clone of the project has them"):
        known_recordings(tmp_path)
