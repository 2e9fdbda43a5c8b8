"""Planted faults in a small house: each is found with its file and line; the house's own voice is within its pace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from ivr import app
from ivr.audio.frame import RATE, Samples, silence
from ivr.audio.level import normalise, scale
from ivr.audio.tones import noise_floor
from ivr.audio.wav import write_wav
from ivr.config import Settings
from ivr.dialogue.profile import read_profile
from ivr.prompt_review import lines, render, review
from ivr.records import Language
from ivr.sample import units
from ivr.speech.speaker import Speaker

ZH = """hello: 您好，这里是前台，请问有什么可以帮您？
room: 您的房号是{room:room}，请您稍等。
bye:
  hotline: 谢谢您的来电，请您挂机，再见！
  others: 谢谢您的来电，再见！
"""
EN = """hello: Hello, this is the front desk. How may I help you, please?
room: Your room number is {room:room}. One moment, please.
bye:
  hotline: Thank you for calling. Please hang up now. Goodbye!
  others: Thank you for calling. Goodbye, until the next time!
"""

Mouth = Callable[[int], Speaker]


@pytest.fixture
def site(tmp_path: Path, house: Settings) -> Settings:
    """A house with three prompts; rendered sound is shared by the tests."""
    for language, text in (("zh", ZH), ("en", EN)):
        (tmp_path / language / "recordings").mkdir(parents=True)
        (tmp_path / language / "desk.yaml").write_text(text, encoding="utf-8")
    return house.model_copy(update={"prompts": tmp_path})


@pytest.fixture(scope="module")
def mouths(house: Settings) -> Iterator[Mouth]:
    with app.speakers(house.model_copy(update={"prompts": house.data})) as speaker_at:
        yield speaker_at


@pytest.fixture
def said(mouths: Mouth) -> Samples:
    """The Chinese greeting at the house's pace, with some stillness around it."""
    spoken = mouths(150).samples("", "您好，这里是前台，请问有什么可以帮您？", "zh", fixed=True)
    return _in_a_room(spoken)


def _in_a_room(spoken: Samples) -> Samples:
    room = noise_floor(len(spoken) + 2 * RATE // 5, -65.0)
    room[RATE // 5 : RATE // 5 + len(spoken)] += spoken
    return room


def record(site: Settings, key: str, samples: Samples, language: str = "zh") -> Path:
    path = site.prompts / language / "recordings" / f"{key}.wav"
    write_wav(path, samples)
    return path


def problems(site: Settings) -> list[tuple[str, str]]:
    with app.speakers(site) as speaker_at:
        return [(problem.where, problem.message) for problem in review(site, speaker_at)[1]]


@pytest.mark.parametrize("profile", ["hotel", "hotline"])
def test_the_desks_own_voice_passes_at_every_profiles_pace(site: Settings, profile: str) -> None:
    assert problems(site.model_copy(update={"profile": profile})) == []


def test_every_profiles_own_words_are_measured_at_its_own_pace(site: Settings) -> None:
    told = {(line.profile, line.prompt.key): line.target for line in lines(site) if line.words.language == "zh"}
    assert told == {
        ("hotel", "desk.hello"): 150,
        ("hotel", "desk.room"): 150,
        ("hotel", "desk.bye"): 150,
        ("hotline", "desk.bye"): 120,
    }


def test_a_recording_in_order_is_measured_like_the_voice(site: Settings, said: Samples) -> None:
    record(site, "desk.hello", said)
    with app.speakers(site) as speaker_at:
        measured, found = review(site, speaker_at)
    assert found == ()
    sources = {(each.line.prompt.key, each.line.words.language): each.source for each in measured}
    assert [key for key, source in sources.items() if source == "recording"] == [("desk.hello", "zh")]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda sound: np.concatenate([silence(1600), sound[1600:-1600:2], silence(1600)]), "too fast"),
        (lambda sound: scale(sound, 24), "clipped in"),
        (lambda sound: scale(sound, -30), "too quiet"),
        (lambda sound: sound[3000:], "begins within a sound"),
    ],
)
def test_a_spoilt_recording_is_found_with_the_line_of_its_prompt(
    site: Settings, said: Samples, spoil: Callable[[Samples], Samples], says: str
) -> None:
    path = record(site, "desk.hello", spoil(said))
    found = problems(site)
    assert {where for where, _ in found} == {f"{site.prompts}/zh/desk.yaml:1"}
    assert any(says in message and str(path) in message for _, message in found)


def test_a_recording_that_nothing_plays_is_found(site: Settings, said: Samples) -> None:
    stray, filled = record(site, "desk.helo", said), record(site, "desk.room", said)
    told = dict(problems(site))
    assert told[str(stray)] == "no prompt “desk.helo” in zh; did you mean “desk.hello”?"
    assert told[str(filled)] == "“desk.room” holds {room}: only the voice can say it"


class _Steady:
    """A voice that says every prompt in as many seconds as it has characters or words, at one pace."""

    name = "steady"

    def __init__(self, pace: int) -> None:
        self._pace = pace

    def render(self, text: str, language: Language) -> Samples:
        return normalise(noise_floor(round(units(text, language) / self._pace * 60 * RATE), -30.0))


def test_a_voice_at_another_pace_is_found_on_the_profiles_line(house: Settings) -> None:
    profile = read_profile(house.flows, house.profile)
    assert review(house, lambda pace: Speaker(_Steady(pace), None))[1] == ()
    _, found = review(house, lambda pace: Speaker(_Steady(round(pace * 1.2)), None))
    assert [problem.where for problem in found] == [profile.line("speed")] * 2
    assert "zh: 180 a minute on average, expected 150" in found[0].message


def test_each_line_is_rendered_once_and_told(site: Settings) -> None:
    done: list[None] = []
    with app.speakers(site) as speaker_at:
        rendered = list(render(site, speaker_at, lambda: done.append(None)))
    assert len(rendered) == len(done) == len(lines(site)) == 8
    assert all(said.samples.any() for _, said in rendered)
