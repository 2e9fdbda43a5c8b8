"""The example plug-in, with a `piper` that is not Piper: a script that takes the same options."""

from __future__ import annotations

import os
import select
import sys
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pytest

from examples.piper_voice.ivr_piper_voice import PiperVoice, piper
from ivr.audio.level import active_level
from ivr.errors import VoiceError
from ivr.speech.voice_plugins import GROUP, VoiceOptions, open_voice
from tests.conftest import ROOT

FAKE = """#!{python}
import argparse, sys, wave
parser = argparse.ArgumentParser()
for name in ("--model", "--output_file", "--length_scale", "--noise_scale", "--noise_w"):
    parser.add_argument(name, required=True)
given = parser.parse_args()
text = sys.stdin.readline().strip()
if text == "fail":
    sys.exit("first line\\nno such speaker")
length = int(22050 * 0.1 * len(text) * float(given.length_scale))
sound = b"".join(int(8000 * (i // 50 % 2 * 2 - 1)).to_bytes(2, "little", signed=True) for i in range(length))
with wave.open(given.output_file, "wb") as file:
    file.setnchannels(1), file.setsampwidth(2), file.setframerate(22050)
    file.writeframes(b"" if text == "mute" else sound)
"""


@pytest.fixture
def given(tmp_path: Path) -> dict[str, str]:
    """Options for a fake Piper with an English model."""
    program, model = tmp_path / "piper", tmp_path / "voice.onnx"
    program.write_text(FAKE.format(python=sys.executable), encoding="utf-8")
    program.chmod(0o755)
    model.write_bytes(b"model")
    return {"program": str(program), "en": str(model)}


def voice(given: dict[str, str], speed: int = 150) -> PiperVoice:
    return piper(VoiceOptions(speed, Path(), given))


def test_its_sound_has_the_houses_form(given: dict[str, str]) -> None:
    said = voice(given).render("hello\nthere", "en")
    assert said.dtype == np.int16
    assert active_level(said).dbfs == pytest.approx(-20, abs=1)
    assert np.array_equal(said, voice(given).render("hello there", "en"))


def test_speed_and_scale_change_the_length_and_the_name(given: dict[str, str]) -> None:
    usual, slow, scaled = voice(given), voice(given, 75), voice({**given, "scale_en": "2"})
    lengths = [len(each.render("hello there", "en")) for each in (usual, slow, scaled)]
    assert lengths[1] == lengths[2] == pytest.approx(2 * lengths[0], rel=0.05)
    assert usual.name != slow.name == scaled.name


def test_one_that_hangs_is_ended_with_all_that_it_started(given: dict[str, str], tmp_path: Path) -> None:
    program = tmp_path / "hanging"
    program.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > {tmp_path}/child\nwait\n", encoding="utf-8")
    program.chmod(0o755)
    with pytest.raises(VoiceError, match="said nothing for 1 s"):
        voice({**given, "program": str(program), "seconds": "1"}).render("hang", "en")
    assert gone(int((tmp_path / "child").read_text()))


def gone(pid: int) -> bool:
    """Whether a process has ended, or does so within ten seconds of being killed."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], 10)[0])
    finally:
        os.close(process)


@pytest.mark.parametrize(("text", "says"), [("fail", "failed .1.: no such speaker"), ("mute", "gave no sound")])
def test_one_that_fails_says_why(given: dict[str, str], text: str, says: str) -> None:
    with pytest.raises(VoiceError, match=says):
        voice(given).render(text, "en")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"program": "no-such-piper"}, "no program"),
        ({"en": "nowhere.onnx"}, "no such model: nowhere.onnx"),
        ({"scale_en": "fast"}, "expected a number"),
        ({"seconds": "0"}, "expected a number"),
    ],
)
def test_what_it_cannot_use_is_refused_at_the_start(given: dict[str, str], change: dict[str, str], says: str) -> None:
    with pytest.raises(VoiceError, match=says):
        voice({**given, **change})


def test_it_needs_a_model_for_each_language_it_speaks(given: dict[str, str]) -> None:
    with pytest.raises(VoiceError, match="no model for zh"):
        voice(given).render("您好", "zh")
    with pytest.raises(VoiceError, match="needs a model"):
        voice({"program": given["program"]})


def test_its_entry_point_is_one_of_the_desks_voices(given: dict[str, str]) -> None:
    written = tomllib.loads((ROOT / "examples" / "piper_voice" / "pyproject.toml").read_text(encoding="utf-8"))
    ((name, value),) = written["project"]["entry-points"][GROUP].items()
    module, _, attribute = value.partition(":")
    entry = EntryPoint(name, f"examples.piper_voice.{module}:{attribute}", GROUP)
    assert open_voice("piper", VoiceOptions(150, Path(), given), [entry]).render("hello", "en").any()
