from __future__ import annotations

from importlib.metadata import EntryPoint, distribution
from pathlib import Path

import numpy as np
import pytest

from ivr import app
from ivr.audio.frame import RATE, Samples
from ivr.audio.tones import tone
from ivr.config import Settings, load_settings
from ivr.errors import SettingsError, VoiceError
from ivr.records import Language
from ivr.speech import voice_plugins
from ivr.speech.voice_cache import cache_key
from ivr.speech.voice_plugins import GROUP, VoiceOptions, installed, open_voice

HERE = "tests.speech.test_voice_plugins"


class Whistle:
    """A voice that whistles one tone for every text."""

    closed = 0

    def __init__(self, options: VoiceOptions) -> None:
        self.name = f"whistle {options.options.get('pitch', '440')}"
        self._pitch = float(options.options.get("pitch", "440"))

    def render(self, text: str, language: Language) -> Samples:
        if text == "break":
            raise RuntimeError("out of breath")
        if text == "nothing":
            return np.zeros(RATE, dtype=np.int16)
        if text == "floats":
            return np.ones(RATE)  # type: ignore[return-value]  # what a careless plug-in gives
        return tone([self._pitch], 1.0, -20.0)

    def close(self) -> None:
        Whistle.closed += 1


def entry(name: str = "whistle", value: str = f"{HERE}:Whistle") -> EntryPoint:
    return EntryPoint(name, value, GROUP)


def options(**given: str) -> VoiceOptions:
    return VoiceOptions(150, Path(), given)


def test_a_name_that_is_not_installed_is_refused_with_those_that_are() -> None:
    found = [entry("whistle"), entry("hum")]
    assert installed(found) == ("pyttsx3", "hum", "whistle")
    with pytest.raises(SettingsError, match="not installed; there is pyttsx3, hum, whistle"):
        open_voice("pipr", options(), found)


def test_a_plug_ins_voice_is_said_under_its_own_name_and_version() -> None:
    voices = [open_voice("whistle", options(**given), [entry()]) for given in ({}, {"pitch": "880"})]
    assert voices[0].render("hello", "en").any()
    assert all(voice.name.startswith("whistle ") for voice in voices)
    assert len({cache_key(voice.name, "hello", "en") for voice in voices}) == 2


def test_the_name_holds_the_package_of_the_plug_in() -> None:
    own = next(each for each in distribution("pytest").entry_points if each.name == "pytest")
    with pytest.raises(VoiceError, match="cannot be loaded"):
        open_voice("pytest", options(), [own])
    lent = entry()
    vars(lent)["dist"] = distribution("pytest")
    assert f"whistle pytest-{pytest.__version__} speed-150 whistle 440" == open_voice("whistle", options(), [lent]).name


@pytest.mark.parametrize(
    ("text", "says"),
    [("break", "failed: RuntimeError: out of breath"), ("nothing", "gave no sound"), ("floats", "expected int16")],
)
def test_what_a_plug_in_does_wrong_is_a_voice_error(text: str, says: str) -> None:
    with pytest.raises(VoiceError, match=says):
        open_voice("whistle", options(), [entry()]).render(text, "en")


@pytest.mark.parametrize("value", ["no_such_module:Whistle", f"{HERE}:NoSuchName"])
def test_a_plug_in_that_cannot_be_loaded_is_named(value: str) -> None:
    with pytest.raises(VoiceError, match="“whistle” cannot be loaded"):
        open_voice("whistle", options(), [entry(value=value)])


def test_the_desk_speaks_with_the_sites_voice_and_lets_go_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voice_plugins, "entry_points", lambda group: [entry()] if group == GROUP else [])
    chosen = load_settings(
        {"IVR_VOICE": "whistle", "IVR_VOICE_OPTIONS": "pitch=880, loud=no", "IVR_DATA": str(tmp_path)}
    )
    assert chosen.options_of_voice == {"pitch": "880", "loud": "no"}
    before = Whistle.closed
    with app.speakers(chosen) as speaker_at:
        said = speaker_at(150).samples("", "hello", "en", fixed=True)
    assert np.array_equal(said, tone([880.0], 1.0, -20.0))
    assert Whistle.closed == before + 1
    assert len(list((tmp_path / "voice").glob("*.wav"))) == 1


def test_an_unknown_voice_stops_the_desk_with_one_line(tmp_path: Path) -> None:
    with (
        pytest.raises(SettingsError, match="voice = 'pipr': not installed"),
        app.voice(Settings(voice="pipr", data=tmp_path)),
    ):
        pass


@pytest.mark.parametrize("wrong", ["pitch", "=880", "pitch=", "pitch=880,,"])
def test_options_that_are_no_pairs_are_refused(wrong: str) -> None:
    with pytest.raises(SettingsError, match="name=value"):
        load_settings({"IVR_VOICE_OPTIONS": wrong})
